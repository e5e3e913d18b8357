//! `key.missing`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::Context;
use crate::rules::{Aspect, Evidence, Kind};

/// No private key was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyMissing {
    /// The leaf, escaped.
    pub leaf: String,
}

impl Evidence for KeyMissing {
    const RULE: Rule = Rule {
        code: "key.missing",
        severity: Severity::Notice,
        title: "No private key was given",
        why: "A server needs the private key that the certificate was made for. Without it, whether the \
              two belong together was not checked.",
        fix: "Give the key as well: `keyway check … --key FILE`. It stays on this machine and is never \
              shown. If it is lost, make a new one and have the certificate issued again.",
        sources: &["RFC 8446, section 4.4.3"],
    };
    const ASPECT: Aspect = Aspect::Pairs;

    fn message(&self) -> String {
        format!(
            "The private key of \"{}\" is not among the files.",
            self.leaf
        )
    }
}

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    let Some(leaf) = cx.leaf_certificate() else {
        return;
    };
    // A key that is there and locked has been told of already, and one that a peer has is not missed.
    if !cx.options.key_is_proven && cx.bundle.keys.is_empty() && cx.bundle.locked_keys.is_empty() {
        let leaf = leaf.subject.short();
        out.push((None, KeyMissing { leaf }.into()));
    }
}
