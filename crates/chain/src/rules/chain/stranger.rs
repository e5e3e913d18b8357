//! `chain.stranger`

use std::collections::BTreeSet;

use keyway_report::{Rule, Severity};
use serde::Serialize;

use super::issuer_name_differs::{Signer, signer};
use super::second_leaf::is_second;
use crate::check::{Context, Gap};
use crate::rules::{Aspect, Evidence, Kind};

/// A certificate that nothing leads to from the leaf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stranger {
    /// Its subject, escaped.
    pub subject: String,
    /// The leaf, escaped.
    pub leaf: String,
    /// Whether it is a CA certificate.
    pub is_ca: bool,
    /// Whether it may be the issuer of a certificate that is missing.
    pub may_be_needed: bool,
}

impl Evidence for Stranger {
    const RULE: Rule = Rule {
        code: "chain.stranger",
        severity: Severity::Warning,
        title: "A certificate has nothing to do with the chain",
        why: "It issued neither the server's certificate nor any of its issuers, so no client needs \
              it. In the server's file it makes every handshake larger, and clients that expect each \
              certificate to be followed by its issuer may refuse.",
        fix: "Remove it; `keyway fix` does. If you expected it to be the issuer, it is the wrong one.",
        sources: &["RFC 8446, section 4.4.2", "RFC 5246, section 7.4.2"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        let what = if self.is_ca {
            "CA certificate"
        } else {
            "certificate"
        };
        let doubt = if self.may_be_needed {
            " It may have issued the one that is missing."
        } else {
            ""
        };
        format!(
            "The {what} \"{}\" is on no path from \"{}\".{doubt}",
            self.subject, self.leaf
        )
    }

    fn fix(&self) -> String {
        if self.may_be_needed {
            "Find the missing certificate first; then look whether this one is still on no path."
                .to_owned()
        } else {
            Self::RULE.fix.to_owned()
        }
    }
}

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    let Some(leaf) = cx.leaf else { return };
    let related = related(cx, leaf);
    for (index, held) in cx.bundle.certificates.iter().enumerate() {
        let certificate = &held.certificate;
        if related.contains(&index) || is_second(cx, index) {
            continue;
        }
        let evidence = Stranger {
            subject: certificate.subject.short(),
            leaf: cx.bundle.certificates[leaf].certificate.subject.short(),
            is_ca: certificate.is_ca(),
            may_be_needed: certificate.is_ca() && cx.path.gap == Some(Gap::IssuerMissing),
        };
        out.push((Some(index), evidence.into()));
    }
}

/// The leaf and everything that carries the name of an issuer above it; other cross-signatures of
/// the same CA are no strangers. Each certificate enters once, so this ends.
fn related(cx: &Context<'_>, leaf: usize) -> BTreeSet<usize> {
    let held = &cx.bundle.certificates;
    let mut related = BTreeSet::from([leaf]);
    let mut open = vec![leaf];
    // Its key signed, whatever name it has.
    if let Some(Signer::Held(index)) = signer(cx) {
        related.insert(index);
        open.push(index);
    }
    while let Some(child) = open.pop() {
        let issuer = held[child].certificate.issuer.der();
        for (index, candidate) in held.iter().enumerate() {
            if candidate.certificate.subject.der() == issuer && related.insert(index) {
                open.push(index);
            }
        }
    }
    related
}
