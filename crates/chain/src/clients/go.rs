//! Programs in Go.

use super::evidence::Evidence;
use super::handshake::{Handshake, NIST_CURVES};
use super::revocation::Revocation;
use super::stance::Stance;
use super::{Claim, Family, cannot_help, limits};
use crate::x509::{GeneralName, PublicKeyAlgorithm as Algorithm};

pub(super) const FAMILY: Family = Family {
    name: "Go",
    source: "Go: crypto/x509, Certificate.Verify",
    table_source: "Tried with Go 1.27",
    handshake: Handshake {
        keys: &[Algorithm::Rsa, Algorithm::Ec, Algorithm::Ed25519],
        modulus: 1024..=8192,
        curves: NIST_CURVES,
        depends: &[],
        compressed: Stance::Minds,
        keys_source: "Go: crypto/tls, defaultSupportedSignatureAlgorithms; golang/go#68762 (1024 bits, \
                      since 1.24), #61460 (8192)",
        message: 256 * 1024,
        message_source: "Go: crypto/tls, maxHandshakeCertificateMsg",
    },
    logging: None,
    revocation: Revocation::not_asked("Go: crypto/x509, Certificate.Verify"),
    refuses,
    missing: |evidence| cannot_help(evidence, "Go: crypto/x509, VerifyOptions.Intermediates"),
};

fn refuses(evidence: &Evidence<'_, '_>) -> Option<Claim> {
    let is_odd = |base: &GeneralName| {
        matches!(
            base,
            GeneralName::Directory(_) | GeneralName::Other(_) | GeneralName::Unread(_)
        )
    };
    if limits::critical(evidence, is_odd) {
        return Some(Claim::no(
            limits::UNSUPPORTED,
            "Go: crypto/x509, parseNameConstraintsExtension",
        ));
    }
    let reason = if limits::counts_more(evidence) {
        limits::COUNTED
    } else if limits::has_mapped_address(evidence) {
        "It reads no certificate with an address of IPv4 in the form of IPv6."
    } else {
        return None;
    };
    Some(Claim::no(reason, FAMILY.table_source))
}
