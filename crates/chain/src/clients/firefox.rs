//! Firefox, with its preloaded intermediates.

use super::evidence::Evidence;
use super::{Claim, Family, not_logged};
use crate::x509::PublicKeyAlgorithm;

pub(super) const FAMILY: Family = Family {
    name: "Firefox",
    source: "NSS: lib/mozpkix",
    enforces: &[],
    ignores: &[],
    refuses,
    missing,
};

fn refuses(evidence: &Evidence<'_, '_>) -> Option<Claim> {
    if evidence.leaf_key(&PublicKeyAlgorithm::Ed25519) {
        return Some(Claim::no(
            "It does not support Ed25519 for certificates.",
            "cabforum/servercert#451",
        ));
    }
    not_logged(
        evidence,
        "dev-security-policy, 2025-02-04: Certificate Transparency is now enforced in Firefox 135",
    )
}

fn missing(evidence: &Evidence<'_, '_>) -> Claim {
    let subject = evidence.missing_subject();
    Claim::unknown(
        format!(
            "It does not fetch, but knows the intermediates of public CAs beforehand: it accepts \
             when \"{subject}\" is one of them."
        ),
        "Mozilla Security Blog, 2020-11-13: Preloading Intermediate CA Certificates into Firefox",
    )
}
