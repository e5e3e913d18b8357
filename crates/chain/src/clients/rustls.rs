//! Programs in Rust on rustls: rustls-webpki's answer, as it was given, and then the handshake.

use keyway_report::Verdict;

use super::Claim;
use super::evidence::Evidence;
use super::handshake::Handshake;
use super::revocation::Revocation;
use super::stance::Stance;
use crate::x509::PublicKeyAlgorithm as Algorithm;

pub(super) const NAME: &str = "rustls";

const SOURCE: &str = "rustls-webpki: EndEntityCert::verify_for_usage, asked here";

const HANDSHAKE: Handshake = Handshake {
    keys: &[Algorithm::Rsa, Algorithm::Ec, Algorithm::Ed25519],
    modulus: 2048..=8192,
    curves: &["P-256", "P-384"],
    depends: &[(
        "P-521",
        "the provider that the program chose: aws-lc-rs verifies it, ring does not",
    )],
    compressed: Stance::Unknown,
    keys_source: "rustls: SUPPORTED_SIG_ALGS in src/crypto/aws_lc_rs/mod.rs and src/crypto/ring/mod.rs",
    message: 0xffff,
    message_source: "rustls: MAX_HANDSHAKE_SIZE in src/msgs/deframer",
};

const REVOCATION: Revocation =
    Revocation::not_asked("rustls: ServerCertVerifierBuilder::with_crls");

pub(super) fn answer(evidence: &Evidence<'_, '_>) -> Claim {
    if evidence.undecided() {
        return Claim::unknown("The search for a path was given up.", SOURCE);
    }
    // It never gets to see what it does not read.
    if let Some(claim) = HANDSHAKE.too_large(evidence) {
        return claim;
    }
    if !evidence.webpki_accepts() {
        if evidence.trusted() == Verdict::Unknown {
            return Claim::unknown("No trusted roots were given.", SOURCE);
        }
        return Claim::no(format!("It says {}.", evidence.webpki_error()), SOURCE);
    }
    if !evidence.is_named() {
        return Claim::no("The certificate is not for this name.", SOURCE);
    }
    HANDSHAKE
        .refusal(evidence)
        .or_else(|| REVOCATION.claim(evidence))
        .unwrap_or_else(|| Claim {
            accepts: evidence.trusted(),
            reason: evidence.acceptance(false),
            source: SOURCE,
        })
}
