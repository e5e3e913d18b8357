//! curl, and most programs that link OpenSSL.

use super::evidence;
use super::handshake::{Handshake, NIST_CURVES};
use super::revocation::Revocation;
use super::{Family, cannot_help};
use crate::x509::PublicKeyAlgorithm as Algorithm;

/// On what the curves depend that TLS 1.3 got back in RFC 8734.
const BRAINPOOL: &str = "OpenSSL's version: 3.2 and later offer such keys in TLS 1.3";

/// What OpenSSL itself sets.
pub(super) const HANDSHAKE: Handshake = Handshake {
    keys: &[
        Algorithm::Rsa,
        Algorithm::RsaPss,
        Algorithm::Ec,
        Algorithm::Ed25519,
        Algorithm::Ed448,
    ],
    modulus: 2048..=u32::MAX,
    curves: NIST_CURVES,
    depends: &[
        ("brainpoolP256r1", BRAINPOOL),
        ("brainpoolP384r1", BRAINPOOL),
        ("brainpoolP512r1", BRAINPOOL),
    ],
    keys_source: "OpenSSL: tls12_sigalgs in ssl/t1_lib.c; SSL_CTX_set_security_level(3), level 2 by \
                  default since 3.2",
    message: 100 * 1024,
    message_source: "OpenSSL: SSL_CTX_set_max_cert_list(3)",
};

pub(super) const FAMILY: Family = Family {
    name: "curl and OpenSSL",
    source: "OpenSSL: openssl-verification-options(1)",
    handshake: HANDSHAKE,
    logging: None,
    revocation: Revocation::not_asked(
        "curl(1), --crlfile; OpenSSL: openssl-verification-options(1), -crl_check",
    ),
    enforces: &[],
    // Tried with OpenSSL 3.0.
    passes: &[evidence::ISSUER_NAME, evidence::PARAMETERS],
    unsure: &[],
    refuses: |_| None,
    missing: |evidence| cannot_help(evidence, "curl/curl#2793"),
};
