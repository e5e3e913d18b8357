//! `chain.split-files`

use std::collections::BTreeSet;

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use crate::check::{Context, served};
use crate::rules::{Aspect, Evidence, Kind};

/// The server's certificate and those that it has to send with it are in different files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SplitFiles {
    /// The files that hold a part of the chain, escaped.
    pub files: Vec<String>,
}

impl Evidence for SplitFiles {
    const RULE: Rule = Rule {
        code: "chain.split-files",
        severity: Severity::Warning,
        title: "The chain is spread over several files",
        why: "Together they are a chain, and so they were judged. Most servers load one file and send \
              what is in it: with the server's certificate alone, clients miss the intermediate, though \
              everything is there.",
        fix: "Join them, the server's certificate first, or run `keyway fix` and serve fullchain.pem.",
        sources: &["RFC 8446, section 4.4.2", "nginx: ssl_certificate"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!(
            "What the server has to send is in {} files ({}).",
            self.files.len(),
            self.files.join(", ")
        )
    }
}

/// Most files that are listed: chains have three certificates.
const MAX_LISTED: usize = 8;

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    let now = cx.options.now.seconds();
    let chain = served(cx.path, cx.bundle, cx.options.anchors, now);
    let inputs = |index: &usize| -> BTreeSet<usize> {
        let sources = &cx.bundle.certificates[*index].sources;
        sources.iter().map(|source| source.input).collect()
    };
    let held: Vec<BTreeSet<usize>> = chain.iter().map(inputs).collect();
    let Some((leaf, others)) = held.split_first() else {
        return;
    };
    let is_whole = |input: &usize| others.iter().all(|held| held.contains(input));
    if leaf.iter().any(is_whole) {
        return;
    }
    let first = held.iter().filter_map(BTreeSet::first);
    let files: BTreeSet<usize> = first.copied().collect();
    let named = files
        .iter()
        .filter_map(|input| cx.bundle.inputs.get(*input));
    let evidence = SplitFiles {
        files: named
            .take(MAX_LISTED)
            .map(|input| escape::text(&input.name))
            .collect(),
    };
    out.push((cx.leaf, evidence.into()));
}
