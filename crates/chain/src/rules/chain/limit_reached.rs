//! `chain.limit-reached`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::algorithms::SIGNATURE_BUDGET;
use crate::check::Context;
use crate::rules::{Aspect, Evidence, Kind};

/// The search for a path was given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LimitReached {
    /// Signatures that were verified.
    pub signatures: usize,
    /// Most that are.
    pub limit: usize,
}

impl Evidence for LimitReached {
    const RULE: Rule = Rule {
        code: "chain.limit-reached",
        severity: Severity::Warning,
        title: "The search for a path was given up",
        why: "CAs that certify one another in every combination make more paths than anybody can try; \
              clients stop too. What was not tried is neither good nor bad: the verdicts that rest on \
              it are \"unknown\".",
        fix: "Give only the certificates of this chain.",
        sources: &[
            "rustls-webpki: Budget in verify_cert.rs",
            "CVE-2018-16875 (Go crypto/x509)",
        ],
    };
    const ASPECT: Aspect = Aspect::Chains;

    fn message(&self) -> String {
        format!(
            "No path was accepted before a limit was reached ({} of at most {} signatures verified).",
            self.signatures, self.limit
        )
    }
}

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    if cx.undecided() {
        let evidence = LimitReached {
            signatures: cx.memo.computed(),
            limit: SIGNATURE_BUDGET,
        };
        out.push((None, evidence.into()));
    }
}
