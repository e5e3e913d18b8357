//! `chain.second-leaf`

use keyway_report::{Rule, Severity, Timestamp};
use serde::Serialize;

use crate::check::{Choice, Context, preferred, same_server};
use crate::report::{brief, hex};
use crate::rules::{Aspect, Evidence, Kind};

/// Another certificate for the names of the leaf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SecondLeaf {
    /// The name that both have, escaped.
    pub name: String,
    /// First and last moment of the one that is not used.
    pub valid: [Timestamp; 2],
    /// SHA-256 of the one that is not used.
    pub sha256: String,
    /// First and last moment of the one that is.
    pub chosen_valid: [Timestamp; 2],
    /// SHA-256 of the one that is.
    pub chosen_sha256: String,
    /// Why that one is.
    pub because: Choice,
}

impl Evidence for SecondLeaf {
    const RULE: Rule = Rule {
        code: "chain.second-leaf",
        severity: Severity::Warning,
        title: "There is a second certificate for the same name",
        why: "A server shows one certificate; a renewed one and its predecessor, or one for each kind \
              of key, lie side by side here. In one file the server shows the first, and sends the other \
              along for nothing. What is said here is said of the one that pairs with the key, else of \
              the one that was issued last.",
        fix: "Keep each in a file of its own; `keyway fix` writes the one that was chosen. If you meant \
              the other, give the key that it was made for (`--key FILE`), or leave this one away.",
        sources: &["RFC 8446, section 4.4.2"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        let days = |[from, to]: [Timestamp; 2]| format!("{} to {}", from.date(), to.date());
        let because = match self.because {
            Choice::Key => "it pairs with the key that was given",
            Choice::Host => "it carries every name that was asked for",
            Choice::Now => "it is valid at this moment",
            Choice::IssuedLater => "it was issued later",
            Choice::StandsFirst => "it stands first in its file",
            Choice::Fingerprint => {
                "nothing else tells them apart and its fingerprint is the lower one"
            }
        };
        if self.valid == self.chosen_valid {
            return format!(
                "Two certificates for \"{}\" are here, both valid from {}. The one with SHA-256 {} was \
                 chosen, because {because}; this one, with {}, is not used.",
                self.name,
                days(self.valid),
                brief(&self.chosen_sha256),
                brief(&self.sha256)
            );
        }
        format!(
            "Two certificates for \"{}\" are here. The one that is valid from {} was chosen, because \
             {because}; this one, valid from {}, is not used.",
            self.name,
            days(self.chosen_valid),
            days(self.valid)
        )
    }
}

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    let Some(chosen) = cx.leaf else { return };
    for index in 0..cx.bundle.certificates.len() {
        let other = &cx.bundle.certificates[index].certificate;
        if let Some(leaf) = cx.leaf_certificate()
            && is_second(cx, index)
        {
            let evidence = SecondLeaf {
                name: leaf.subject.short(),
                valid: [other.not_before, other.not_after],
                sha256: hex(other.sha256()),
                chosen_valid: [leaf.not_before, leaf.not_after],
                chosen_sha256: hex(leaf.sha256()),
                because: preferred(cx.bundle, cx.options, chosen, index),
            };
            out.push((Some(index), evidence.into()));
        }
    }
}

/// Whether a certificate of the bundle is for the same server as the leaf, and is not the leaf.
pub(super) fn is_second(cx: &Context<'_>, index: usize) -> bool {
    let other = &cx.bundle.certificates[index].certificate;
    let leaf = cx.leaf_certificate();
    let same = leaf.is_some_and(|leaf| same_server(leaf, other, cx.options.hosts));
    cx.leaf != Some(index) && !other.is_ca() && same
}
