//! Python, which asks OpenSSL to be strict since 3.13.

use super::evidence::Evidence;
use super::openssl::HANDSHAKE;
use super::revocation::Revocation;
use super::{Claim, Family, asked, cannot_help};

pub(super) const FAMILY: Family = Family {
    name: "Python",
    source: "Python 3.13: ssl.create_default_context (python/cpython#107361)",
    table_source: "Tried with Python 3.11 as 3.13 sets it up: ssl.VERIFY_X509_STRICT, ssl.VERIFY_X509_PARTIAL_CHAIN (python/cpython#107361)",
    handshake: HANDSHAKE,
    logging: None,
    revocation: Revocation::not_asked("Python: ssl.VERIFY_DEFAULT"),
    refuses,
    missing: |evidence| cannot_help(evidence, "python/cpython#62817 (bpo-18617)"),
};

fn refuses(evidence: &Evidence<'_, '_>) -> Option<Claim> {
    let reason = if asked::has_underscore_below_wildcard(evidence.leaf()?, evidence.hosts()) {
        "Its wildcards do not stand for a label with an underscore."
    } else if asked::has_final_dot(evidence.hosts()) {
        "It looks for the name with the dot at its end, which no certificate carries."
    } else {
        return None;
    };
    Some(Claim::no(reason, FAMILY.table_source))
}
