//! Python, which asks OpenSSL to be strict since 3.13.

use super::openssl::too_large;
use super::{Family, cannot_help};

pub(super) const FAMILY: Family = Family {
    name: "Python",
    source: "Python 3.13: ssl.create_default_context (python/cpython#107361)",
    enforces: &["policy.missing-ski"],
    ignores: &[],
    refuses: too_large,
    missing: |evidence| cannot_help(evidence, "python/cpython#62817 (bpo-18617)"),
};
