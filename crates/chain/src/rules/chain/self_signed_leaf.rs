//! `chain.self-signed-leaf`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Breakage, Context};
use crate::rules::{Aspect, Evidence, Kind};

/// The leaf is signed with its own key and nobody is told to trust it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SelfSignedLeaf {
    /// Its subject, escaped.
    pub subject: String,
    /// Whether an anchor has the same name and another key.
    pub name_is_known: bool,
}

impl Evidence for SelfSignedLeaf {
    const RULE: Rule = Rule {
        code: "chain.self-signed-leaf",
        severity: Severity::Error,
        title: "The server's certificate is self-signed",
        why: "It vouches for itself, so it proves nothing to a client that does not already know it. \
              Browsers show a full-page warning, programs refuse.",
        fix: "Have a certificate issued by a CA: a public one for the public, your own for your own \
              machines.",
        sources: &["RFC 5280, section 3.2", "RFC 5280, section 6.1"],
    };
    const ASPECT: Aspect = Aspect::Chains;

    fn message(&self) -> String {
        let known = if self.name_is_known {
            ", although a trusted root has the same name"
        } else {
            ""
        };
        format!(
            "\"{}\" is signed with its own key and is not trusted{known}.",
            self.subject
        )
    }
}

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    if cx.breakage() != Some(Breakage::SelfSignedLeaf) || cx.options.anchors.is_empty() {
        return;
    }
    let Some(leaf) = cx.leaf_certificate() else {
        return;
    };
    let evidence = SelfSignedLeaf {
        subject: leaf.subject.short(),
        name_is_known: cx.options.anchors.named(leaf.issuer.der()).next().is_some(),
    };
    out.push((cx.leaf, evidence.into()));
}
