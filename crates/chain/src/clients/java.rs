//! Programs on the Java platform.

use super::{Family, cannot_help};

pub(super) const FAMILY: Family = Family {
    name: "Java",
    source: "JDK: PKI Programmer's Guide",
    enforces: &[],
    ignores: &[],
    refuses: |_| None,
    missing: |evidence| {
        cannot_help(
            evidence,
            "JDK: com.sun.security.enableAIAcaIssuers, off by default (security-dev, 2024-04-10)",
        )
    },
};
