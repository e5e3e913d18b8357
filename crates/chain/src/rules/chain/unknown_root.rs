//! `chain.unknown-root`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use super::issuer_name_differs::signer;
use crate::check::{Breakage, Context};
use crate::rules::{Aspect, Evidence, Kind};

/// The path ends at a root that is not trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnknownRoot {
    /// Subject of the root, RFC 4514, escaped.
    pub root: String,
    /// Whether its certificate was given; else another certificate names it.
    pub given: bool,
    /// Whether an anchor has the same name and another key.
    pub name_is_known: bool,
    /// How many anchors there are.
    pub anchors: usize,
}

impl Evidence for UnknownRoot {
    const RULE: Rule = Rule {
        code: "chain.unknown-root",
        severity: Severity::Error,
        title: "The root is not a trusted one",
        why: "The chain is complete, but nobody is told to trust the CA at its end. Clients refuse it \
              unless that very root is installed on each of them.",
        fix: "For the public, have the certificate issued by a public CA. Within your own walls, \
              install this root on the clients, and check with `--roots FILE --profile private`.",
        sources: &["RFC 5280, section 6.1.1 (d)"],
    };
    const ASPECT: Aspect = Aspect::Chains;

    fn message(&self) -> String {
        let anchors = match self.anchors {
            1 => "the 1 root that is trusted here".to_owned(),
            count => format!("the {count} roots that are trusted here"),
        };
        let name = if self.name_is_known {
            " One of them has the same name, but another key."
        } else {
            ""
        };
        let given = if self.given {
            ""
        } else {
            " Its certificate was not given; that it is self-signed follows from the authority key \
             identifier of the one below."
        };
        format!(
            "The chain ends at \"{}\", which is not among {anchors}.{name}{given}",
            self.root
        )
    }
}

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    let given = match cx.breakage() {
        Some(Breakage::UnknownRoot) => true,
        Some(Breakage::UnknownRootNotGiven) if signer(cx).is_none() => false,
        _ => return,
    };
    // Without anchors nothing can be unknown; the report lists trust as not checked.
    let Some(last) = cx.last().filter(|_| !cx.options.anchors.is_empty()) else {
        return;
    };
    let evidence = UnknownRoot {
        root: last.issuer.text().to_owned(),
        given,
        name_is_known: cx.options.anchors.named(last.issuer.der()).next().is_some(),
        anchors: cx.options.anchors.len(),
    };
    out.push((cx.last_held(), evidence.into()));
}
