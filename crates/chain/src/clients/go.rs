//! Programs in Go.

use super::evidence::Evidence;
use super::{Claim, Family, cannot_help};

pub(super) const FAMILY: Family = Family {
    name: "Go",
    source: "Go: crypto/x509, Certificate.Verify",
    enforces: &[],
    ignores: &[],
    refuses,
    missing: |evidence| cannot_help(evidence, "Go: crypto/x509, VerifyOptions.Intermediates"),
};

fn refuses(evidence: &Evidence<'_, '_>) -> Option<Claim> {
    evidence.constrains_directory_names().then(|| {
        Claim::no(
            "A critical name constraint is about directory names, which it does not support.",
            FAMILY.source,
        )
    })
}
