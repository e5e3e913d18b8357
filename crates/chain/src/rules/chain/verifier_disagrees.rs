//! `chain.verifier-disagrees`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use super::beyond_verifier::{feature, is_explained};
use crate::check::Context;
use crate::rules::{Aspect, Evidence, Kind};

/// rustls-webpki refuses, and no rule of ours says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerifierDisagrees {
    /// webpki's error.
    pub verifier: String,
}

impl Evidence for VerifierDisagrees {
    const RULE: Rule = Rule {
        code: "chain.verifier-disagrees",
        severity: Severity::Error,
        title: "The verifier refuses the chain for a reason that no rule explains",
        why: "The verdict is rustls-webpki's, and the stricter answer stands: clients built on it \
              will refuse the chain. That our own rules see nothing wrong is worth a report.",
        fix: "Read the verifier's error; please report the case, with the certificates, as a defect.",
        sources: &["rustls-webpki: enum Error"],
    };
    const ASPECT: Aspect = Aspect::Chains;

    fn message(&self) -> String {
        format!("rustls-webpki refuses this chain: {}.", self.verifier)
    }
}

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    let Some(refusal) = cx.refusal else { return };
    if is_explained(cx) || feature(cx, refusal).is_some() {
        return;
    }
    let verifier = keyway_report::escape::text(&format!("{:?}", refusal.error));
    out.push((cx.leaf, VerifierDisagrees { verifier }.into()));
}
