//! What stands around a file where the main one includes it: what servers take from there, and what holds for all of them
//! (nginx.org: "Inheritance").

use std::collections::BTreeSet;

use super::guards::{self, IN_DATA};
use super::inherited;
use super::syntax::Directive;

/// What a server of another file is called here: where it listens and for which names is all that counts of it. No
/// directive has a name with a blank.
pub(super) const BESIDE: &str = "server beside";

/// Such a server.
fn beside(mut server: Directive) -> Directive {
    server.words = vec![BESIDE.to_owned()];
    let said = server.block.iter_mut();
    for block in said {
        block.retain(|inner| ["listen", "server_name", "ssl"].contains(&inner.name()));
    }
    server
}

/// Where the lines of the file are counted that is read: behind the first, up to the last.
pub(super) type Range = (usize, usize);

/// Whether a line is one of the file.
fn is_in(own: &[Range], line: usize) -> bool {
    own.iter()
        .any(|(before, last)| line > *before && line <= *last)
}

/// The hosts, or groups, that somebody is led to.
fn passes(directives: &[Directive], found: &mut BTreeSet<String>) {
    for directive in directives {
        let to = directive.arguments().first().copied().unwrap_or_default();
        if directive.name().ends_with("_pass") {
            let rest = to.split_once("://").map_or(to, |(_, rest)| rest);
            let host = rest.split(['/', ':']).next().unwrap_or_default();
            found.insert(host.to_owned());
        }
        if let Some(block) = &directive.block {
            passes(block, found);
        }
    }
}

/// Whether a directive beside the file counts for its servers.
fn counts(directive: &Directive, passes: &BTreeSet<String>) -> bool {
    let name = directive.name();
    match (name, &directive.block) {
        ("upstream", Some(_)) => {
            let group = directive.arguments().first().copied().unwrap_or_default();
            passes.contains(group)
        }
        (name, Some(_)) => IN_DATA.contains(&name),
        (name, None) => {
            inherited::is_taken(name) || name == "include" || guards::keeps_out_alone(directive)
        }
    }
}

/// The directives of a file inside of the context that includes it, with what counts there; as they are where none does.
/// The lines of the file are these.
pub(super) fn within(
    directives: Vec<Directive>,
    main: Vec<Directive>,
    own: &[Range],
) -> Vec<Directive> {
    let is_context = |directive: &Directive| {
        let mut block = directive.block.iter().flatten();
        ["http", "stream"].contains(&directive.name()) && block.any(|inner| is_in(own, inner.line))
    };
    let Some(context) = main.into_iter().find(is_context) else {
        return directives;
    };
    let mut found = BTreeSet::new();
    passes(&directives, &mut found);
    let (mut around, mut directives) = (Vec::new(), Some(directives));
    for inner in context.block.into_iter().flatten() {
        if is_in(own, inner.line) {
            // It stands where it is included.
            around.extend(directives.take().into_iter().flatten());
        } else if inner.name() == "server" {
            around.push(beside(inner));
        } else if counts(&inner, &found) {
            around.push(inner);
        }
    }
    vec![Directive {
        line: context.line,
        words: context.words,
        block: Some(around),
    }]
}
