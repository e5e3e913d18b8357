use keyway_report::{Severity, Verdict};
use rustls_pki_types::CertificateDer;
use serde::Serialize;

use super::{Context, Purpose};
use crate::name::Host;
use crate::rules::{Aspect, Finding, Kind};

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
    /// What a careful peer says: all of the above but `reads` and `pairs`, and rustls-webpki agrees.
    /// A client's certificate is named for no host: with [`Purpose::Client`] and no host asked for,
    /// `named` is unknown and is not waited for.
    pub accepted: Verdict,
    /// Whether a server can serve the files as they are, and clients will take it.
    pub servable: Verdict,
}

/// Joins findings and the verifier's answer: the stricter one stands.
pub(super) fn join(context: &Context<'_>, findings: &[Finding]) -> Verdicts {
    let errors = Errors::of(context, findings);
    let clean = |aspect| errors.clean(aspect);
    let has_leaf = context.leaf.is_some();
    let of_leaf = |aspect| {
        if has_leaf {
            clean(aspect)
        } else {
            Verdict::Unknown
        }
    };

    let reads = clean(Aspect::Reads);
    let pairing = |leaf| {
        if context.options.key_is_proven {
            Verdict::Yes
        } else {
            context.bundle.pairing(leaf)
        }
    };
    let leaf = context.leaf_certificate();
    let paired = leaf.map_or(Verdict::Unknown, pairing);
    let pairs = clean(Aspect::Pairs).and(paired);
    let chains = of_leaf(Aspect::Chains).and(reaches_anchor(context));
    let named = if context.options.hosts.is_empty() {
        of_leaf(Aspect::Named).and(Verdict::Unknown)
    } else {
        of_leaf(Aspect::Named)
    };
    let timely = of_leaf(Aspect::Timely);
    let fit = of_leaf(Aspect::Fit);
    let verifier = verifier(context);
    let judged =
        chains
            .and(timely)
            .and(fit)
            .and(if has_leaf { verifier } else { Verdict::Unknown });
    // A server loads files without being asked for a name.
    let named_if_asked = if named == Verdict::No {
        Verdict::No
    } else {
        Verdict::Yes
    };
    // Nobody connects to a client: no host is missing where none was given.
    let is_unasked_client =
        context.options.purpose == Purpose::Client && context.options.hosts.is_empty();
    let accepted = judged.and(if is_unasked_client {
        named_if_asked
    } else {
        named.and(verifier_names(context))
    });
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

/// Aspects with findings of severity error, and how sure they are.
struct Errors {
    certain: Vec<Aspect>,
    /// On certificates above the leaf, or by what stands above it, while the search was cut short:
    /// another path may be free of them.
    uncertain: Vec<Aspect>,
}

impl Errors {
    fn of(context: &Context<'_>, findings: &[Finding]) -> Self {
        let cut_short = context.undecided();
        let (uncertain, certain): (Vec<&Finding>, Vec<&Finding>) = findings
            .iter()
            .filter(|finding| finding.severity() == Severity::Error)
            .partition(|finding| {
                let of_path = matches!(
                    finding.kind.aspect(),
                    Aspect::Chains | Aspect::Timely | Aspect::Fit
                );
                // The leaf is the first of the report's certificates, on whatever path.
                let of_leaf = finding.at.certificate == Some(0) && !rests_on_issuers(&finding.kind);
                cut_short && of_path && !of_leaf
            });
        let aspects = |found: Vec<&Finding>| found.iter().map(|f| f.kind.aspect()).collect();
        Self {
            certain: aspects(certain),
            uncertain: aspects(uncertain),
        }
    }

    fn clean(&self, aspect: Aspect) -> Verdict {
        if self.certain.contains(&aspect) {
            Verdict::No
        } else if self.uncertain.contains(&aspect) {
            Verdict::Unknown
        } else {
            Verdict::Yes
        }
    }
}

/// Whether a fault of the leaf is one only below the issuers that the path at hand has.
fn rests_on_issuers(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::AkiMismatch(_)
            | Kind::BadSignature(_)
            | Kind::IssuerNameDiffers(_)
            | Kind::NameConstraints(_)
    )
}

/// Whether the path ends at an anchor. Not known when the search was cut short, when a signature is of a kind
/// that is not verified, or when there is nobody to trust.
fn reaches_anchor(context: &Context<'_>) -> Verdict {
    let has_gap = context.path.gap.is_some();
    if context.undecided() || (has_gap && context.options.anchors.is_empty()) {
        Verdict::Unknown
    } else if has_gap {
        Verdict::No
    } else if context.has_unverified {
        Verdict::Unknown
    } else {
        Verdict::Yes
    }
}

/// What rustls-webpki says of all hosts together.
fn verifier_names(context: &Context<'_>) -> Verdict {
    let Some(leaf) = context.leaf_certificate() else {
        return Verdict::Unknown;
    };
    let der = CertificateDer::from(leaf.der().as_ref());
    let Ok(leaf) = webpki::EndEntityCert::try_from(&der) else {
        return Verdict::No;
    };
    // "unknown" for text that it cannot be asked about.
    let says = |host: &Host| match host.server_name() {
        Some(name) => Verdict::known(leaf.verify_is_valid_for_subject_name(&name).is_ok()),
        None => Verdict::Unknown,
    };
    let hosts = context.options.hosts.iter();
    hosts.fold(Verdict::Yes, |all, host| all.and(says(host)))
}

/// rustls-webpki's answer; never "yes" where it refused.
fn verifier(context: &Context<'_>) -> Verdict {
    let Some(refusal) = context.refusal else {
        return Verdict::Yes;
    };
    let untrusting =
        context.options.anchors.is_empty() && refusal.error == webpki::Error::UnknownIssuer;
    if context.undecided() || untrusting {
        Verdict::Unknown
    } else {
        Verdict::No
    }
}
