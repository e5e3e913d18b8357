//! curl, and most programs that link OpenSSL.

use super::evidence::Evidence;
use super::{Claim, Family, cannot_help};

/// Most bytes of certificates that it takes in a handshake (`SSL_MAX_CERT_LIST_DEFAULT`).
pub(super) const MAX_SENT: usize = 100 * 1024;

pub(super) const FAMILY: Family = Family {
    name: "curl and OpenSSL",
    source: "OpenSSL: openssl-verification-options(1)",
    enforces: &[],
    ignores: &[],
    refuses: too_large,
    missing: |evidence| cannot_help(evidence, "curl/curl#2793"),
};

/// More certificates than it reads.
pub(super) fn too_large(evidence: &Evidence<'_, '_>) -> Option<Claim> {
    let sent = evidence.sent_bytes();
    (sent > MAX_SENT).then(|| {
        Claim::no(
            format!("The certificates have {sent} bytes; by default it reads at most {MAX_SENT}."),
            "OpenSSL: SSL_CTX_set_max_cert_list(3)",
        )
    })
}
