//! Python, which asks OpenSSL to be strict since 3.13.

use super::evidence;
use super::openssl::HANDSHAKE;
use super::revocation::Revocation;
use super::{Family, cannot_help};

pub(super) const FAMILY: Family = Family {
    name: "Python",
    source: "Python 3.13: ssl.create_default_context (python/cpython#107361)",
    handshake: HANDSHAKE,
    logging: None,
    revocation: Revocation::not_asked("Python: ssl.VERIFY_DEFAULT"),
    // What X509_V_FLAG_X509_STRICT adds (check_extensions in OpenSSL's x509_vfy.c).
    enforces: &[
        "policy.empty-ca-subject",
        "policy.key-usage-without-ca",
        "policy.missing-aki",
        "policy.missing-basic-constraints",
        "policy.missing-ski",
        "policy.not-critical",
        "policy.path-length-without-ca",
    ],
    // OpenSSL's library verifies.
    passes: &[evidence::ISSUER_NAME, evidence::PARAMETERS],
    unsure: &[],
    refuses: |_| None,
    missing: |evidence| cannot_help(evidence, "python/cpython#62817 (bpo-18617)"),
};
