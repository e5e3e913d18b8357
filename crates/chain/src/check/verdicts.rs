use keyway_report::{Severity, Verdict};
use serde::Serialize;

use super::Context;
use crate::rules::{Aspect, Finding};

/// The separate answers, and the two that people ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Verdicts {
    /// Everything given could be read.
    pub reads: Verdict,
    /// The private key belongs to the leaf.
    pub pairs: Verdict,
    /// There is a path from the leaf to an anchor.
    pub chains: Verdict,
    /// The leaf carries every name asked for.
    pub named: Verdict,
    /// Leaf and path are within their validity.
    pub timely: Verdict,
    /// Purpose, strength and profile are right.
    pub fit: Verdict,
    /// What a careful client says: all of the above but `reads` and `pairs`, and rustls-webpki agrees.
    pub accepted: Verdict,
    /// Whether a server can serve the files as they are, and clients will take it.
    pub servable: Verdict,
}

/// Joins findings and the verifier's answer: the stricter one stands.
pub(super) fn join(context: &Context<'_>, findings: &[Finding]) -> Verdicts {
    let errors: Vec<Aspect> = findings
        .iter()
        .filter(|finding| finding.severity() == Severity::Error)
        .map(|finding| finding.kind.aspect())
        .collect();
    let clean = |aspect| Verdict::known(!errors.contains(&aspect));
    let has_leaf = context.leaf.is_some();
    let of_leaf = |aspect| {
        if has_leaf {
            clean(aspect)
        } else {
            Verdict::Unknown
        }
    };

    let reads = clean(Aspect::Reads);
    let pairs = if !has_leaf || context.bundle.keys.is_empty() {
        clean(Aspect::Pairs).and(Verdict::Unknown)
    } else {
        clean(Aspect::Pairs)
    };
    let chains = if context.path.gap.is_some() && has_leaf {
        Verdict::No
    } else {
        of_leaf(Aspect::Chains)
    };
    let named = if context.options.hosts.is_empty() {
        of_leaf(Aspect::Named).and(Verdict::Unknown)
    } else {
        of_leaf(Aspect::Named)
    };
    let timely = of_leaf(Aspect::Timely);
    let fit = of_leaf(Aspect::Fit);
    let verifier = Verdict::known(context.refusal.is_none());
    let judged =
        chains
            .and(timely)
            .and(fit)
            .and(if has_leaf { verifier } else { Verdict::Unknown });
    let accepted = judged.and(named);
    // A server loads files without being asked for a name.
    let named_if_asked = if named == Verdict::No {
        Verdict::No
    } else {
        Verdict::Yes
    };
    let servable = judged
        .and(named_if_asked)
        .and(reads)
        .and(pairs)
        .and(of_leaf(Aspect::Serves));
    Verdicts {
        reads,
        pairs,
        chains,
        named,
        timely,
        fit,
        accepted,
        servable,
    }
}
