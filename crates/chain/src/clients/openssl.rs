//! curl, and most programs that link OpenSSL.

use super::evidence::Evidence;
use super::handshake::{Handshake, NIST_CURVES};
use super::revocation::Revocation;
use super::stance::Stance;
use super::{Claim, Family, asked, cannot_help};
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
    compressed: Stance::Passes,
    keys_source: "OpenSSL: tls12_sigalgs in ssl/t1_lib.c; SSL_CTX_set_security_level(3), level 2 by \
                  default since 3.2",
    message: 100 * 1024,
    message_source: "OpenSSL: SSL_CTX_set_max_cert_list(3)",
};

pub(super) const FAMILY: Family = Family {
    name: "curl and OpenSSL",
    source: "OpenSSL: openssl-verification-options(1)",
    table_source: "Tried with curl 7.88 and OpenSSL 3.0",
    handshake: HANDSHAKE,
    logging: None,
    revocation: Revocation::not_asked(
        "curl(1), --crlfile; OpenSSL: openssl-verification-options(1), -crl_check",
    ),
    refuses,
    missing: |evidence| cannot_help(evidence, "curl/curl#2793"),
};

fn refuses(evidence: &Evidence<'_, '_>) -> Option<Claim> {
    let reason = if evidence.ends_below_another() {
        "The trusted certificate is not self-signed. curl ends there (X509_V_FLAG_PARTIAL_CHAIN); other \
         programs on OpenSSL look for one above it."
    } else if asked::has_underscore_below_wildcard(evidence.leaf()?, evidence.hosts()) {
        "curl's wildcards stand for a label with an underscore, OpenSSL's own do not."
    } else if asked::has_final_dot(evidence.hosts()) {
        "curl leaves out the dot at the name's end; OpenSSL itself looks for the name with it, which no \
         certificate carries."
    } else {
        return None;
    };
    Some(Claim::unknown(reason, FAMILY.table_source))
}
