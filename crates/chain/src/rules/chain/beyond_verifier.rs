//! `chain.beyond-verifier`

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use super::name_constraints::{MAX_COMPARISONS, violations};
use crate::algorithms::Outcome;
use crate::check::{Context, PathView, Profile, Purpose, Refusal, carries, counts_self_issued};
use crate::name::{Host, Presented};
use crate::rules::entries::named;
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::{Certificate, GeneralName, oids};

/// The chain may be right by the standard, and rustls-webpki does not support what it uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BeyondVerifier {
    /// What is not supported.
    pub feature: String,
    /// webpki's error, escaped.
    pub verifier: String,
}

impl Evidence for BeyondVerifier {
    const RULE: Rule = Rule {
        code: "chain.beyond-verifier",
        severity: Severity::Error,
        title: "The chain uses something that rustls-webpki does not support",
        why: "Programs built on rustls refuse the chain, and so does this check, whose verdict is \
              rustls-webpki's. Other clients may accept it: the list of clients says which.",
        fix: "If clients built on rustls matter to you, have the certificate issued without it.",
        sources: &[
            "rustls-webpki: subject_name/mod.rs, verify_cert.rs, x509.rs",
            "RFC 5280, sections 4.2.1.10, 4.2.1.12",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;

    fn message(&self) -> String {
        format!("rustls-webpki does not support it: {}.", self.feature)
    }
}

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    out.extend(rooted_name(cx));
    let Some(refusal) = cx.refusal else { return };
    if is_explained(cx) {
        return;
    }
    if let Some((at, feature)) = feature(cx, refusal) {
        let verifier = escape::text(&format!("{:?}", refusal.error));
        out.push((at, BeyondVerifier { feature, verifier }.into()));
    }
}

/// A host that the leaf carries for others and not for rustls-webpki. The standard profiles call such
/// an entry malformed.
fn rooted_name(cx: &Context<'_>) -> Option<(Option<usize>, Kind)> {
    if Profile::STANDARD.contains(&cx.options.profile) {
        return None;
    }
    let leaf = cx.leaf_certificate()?;
    let is_only_rooted = |host: &&Host| {
        let mut carrying = leaf.presented().iter().filter(|entry| entry.matches(host));
        host.name().is_some()
            && carries(leaf, host)
            && carrying.all(|entry| {
                matches!(
                    entry,
                    Presented::Dns {
                        pattern: Err(_),
                        ..
                    }
                )
            })
    };
    let host = cx.options.hosts.iter().find(is_only_rooted)?;
    let host = escape::text(&host.to_string());
    let feature = format!("it does not match {host}. with an entry that ends in a dot");
    let verifier = "CertNotValidForName".to_owned();
    Some((cx.leaf, BeyondVerifier { feature, verifier }.into()))
}

/// Whether a gap in the path, an error on it or a limit says why there is no acceptance.
pub(super) fn is_explained(cx: &Context<'_>) -> bool {
    let ours = cx.refusal.is_none_or(|refusal| refusal.ours);
    ours || cx.path_errors > 0 || cx.path.gap.is_some() || cx.undecided()
}

/// rustls-webpki reads certificates of at most this many bytes (`TWO_BYTE_DER_SIZE` in `der.rs`).
const MAX_CERTIFICATE: usize = 0xffff;

/// What of the chain rustls-webpki cannot do, and on which certificate.
pub(super) fn feature(cx: &Context<'_>, refusal: &Refusal) -> Option<(Option<usize>, String)> {
    use webpki::Error as E;
    if let Some(found) = oversized(cx) {
        return Some(found);
    }
    let leaf = |words: &str| Some((cx.leaf, words.to_owned()));
    // Its error is that of the best of all paths it tried, so the path at hand is looked at as well.
    match refusal.error {
        E::NameConstraintViolation => leaf(CONSTRAINTS),
        E::PathLenConstraintViolated => leaf(PATH_LENGTH),
        E::MalformedNameConstraint | E::InvalidNetworkMaskConstraint => {
            leaf("it does not read a CA's name constraints")
        }
        E::UnsupportedCriticalExtension => critical(cx),
        E::BadDer | E::TrailingData(_) | E::MalformedExtensions if unread(cx).is_some() => {
            unread(cx)
        }
        _ if looks_for_purpose(cx) => leaf(ANY_PURPOSE),
        _ if binds_more(&cx.view()) => leaf(CONSTRAINTS),
        _ if counts_self_issued(&cx.view()) => leaf(PATH_LENGTH),
        _ => unsupported_signature(cx),
    }
}

const CONSTRAINTS: &str = "it refuses directory names, e-mail addresses and URIs wherever a CA \
    constrains them, and binds self-issued CAs to the constraints above them";

const PATH_LENGTH: &str = "it counts self-issued intermediates against a path length";

const ANY_PURPOSE: &str = "it looks for the purpose itself in an intermediate that lists \
    anyExtendedKeyUsage";

/// Whether an intermediate is for any purpose, without the one that is asked for.
fn looks_for_purpose(cx: &Context<'_>) -> bool {
    let view = cx.view();
    let wanted = match cx.options.purpose {
        Purpose::Server => oids::SERVER_AUTH,
        Purpose::Client => oids::CLIENT_AUTH,
    };
    let mut usages = view.issuers().filter_map(|at| {
        let usage = &view.certificate(at)?.extensions.extended_key_usage;
        usage.as_ref()
    });
    usages.any(|usage| usage.has(oids::ANY_EXTENDED_KEY_USAGE) && !usage.has(wanted))
}

/// Whether it applies name constraints where the standard does not, or cannot compare them.
fn binds_more(view: &PathView<'_>) -> bool {
    let compares = |base: &GeneralName| matches!(base, GeneralName::Dns(_) | GeneralName::Ip(_));
    view.issuers().any(|above| {
        let constraints = view.constraints(above);
        let below = || (0..above).filter_map(|at| view.certificate(at));
        constraints.is_some_and(|constraints| {
            let subtrees = constraints.permitted.iter().chain(&constraints.excluded);
            subtrees.flatten().any(|base| !compares(base))
                || below()
                    .any(|c| !violations(&constraints, c, &mut { MAX_COMPARISONS }).is_empty())
        })
    })
}

fn oversized(cx: &Context<'_>) -> Option<(Option<usize>, String)> {
    let (index, certificate) = held(cx).find(|(_, c)| c.der().len() > MAX_CERTIFICATE)?;
    let words = format!(
        "the certificate \"{}\" has {} bytes, and it reads at most {MAX_CERTIFICATE}",
        certificate.subject.short(),
        certificate.der().len()
    );
    Some((Some(index), words))
}

fn unsupported_signature(cx: &Context<'_>) -> Option<(Option<usize>, String)> {
    let view = cx.view();
    let position =
        (0..view.len()).find(|&at| view.signature(at) == Some(Outcome::UnsupportedAlgorithm))?;
    let certificate = view.certificate(position)?;
    let words = format!(
        "the signature of \"{}\" is {}, with a key that it does not verify with",
        certificate.subject.short(),
        escape::text(&certificate.signature_algorithm.name)
    );
    Some((cx.path_index(position), words))
}

/// An extension that it cannot read, where the profile does not mind.
fn unread(cx: &Context<'_>) -> Option<(Option<usize>, String)> {
    held(cx).find_map(|(index, certificate)| {
        let extensions = &certificate.extensions;
        let unreadable = extensions.all.iter().find(|extension| !extension.readable);
        let constraints = extensions.name_constraints.as_ref();
        let what = if let Some(extension) = unreadable {
            named(&[extension.oid.to_string()])
        } else if constraints.is_some_and(|constraints| constraints.has_bounds) {
            "minimum or maximum in the name constraints".to_owned()
        } else {
            return None;
        };
        let subject = certificate.subject.short();
        Some((
            Some(index),
            format!("it does not read the {what} of \"{subject}\""),
        ))
    })
}

/// A critical extension of the standard that it does not process.
fn critical(cx: &Context<'_>) -> Option<(Option<usize>, String)> {
    // basicConstraints, keyUsage, extKeyUsage, subjectAltName, nameConstraints, CRL points.
    const KNOWN: [u8; 6] = [15, 17, 19, 30, 31, 37];
    let is_known = |oid: &[u8]| matches!(oid, [0x55, 0x1d, last] if KNOWN.contains(last));
    held(cx).find_map(|(index, certificate)| {
        let mut all = certificate.extensions.all.iter();
        let extension = all.find(|e| e.critical && !is_known(e.oid.as_bytes()))?;
        let words = format!(
            "\"{}\" has the critical extension {}, which it does not process",
            certificate.subject.short(),
            extension.oid
        );
        Some((Some(index), words))
    })
}

/// The certificates of the path that were given.
fn held<'a>(cx: &'a Context<'_>) -> impl Iterator<Item = (usize, &'a Certificate)> {
    let view = cx.view();
    (0..view.len()).filter_map(move |at| Some((cx.path_index(at)?, view.certificate(at)?)))
}
