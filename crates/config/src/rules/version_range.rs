//! `config.version-range`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::check::Examination;
use crate::model::ProtocolVersion;

/// No version of TLS is left to offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VersionRange {
    /// The oldest version offered.
    pub min: String,
    /// The newest.
    pub max: String,
    /// What is wrong.
    pub fault: &'static str,
}

impl Evidence for VersionRange {
    const RULE: Rule = Rule {
        code: "config.version-range",
        severity: Severity::Error,
        title: "No version of TLS is left to offer",
        why: "TLS 1.0 and 1.1 are forbidden (RFC 8996) and SSL 3.0 before them; servers offer 1.2 and 1.3. A range that holds neither leaves no client.",
        fix: "Set `min_version` to 1.2 and leave `max_version` out.",
        sources: &["RFC 8996", "RFC 9325, section 3.1.1"],
    };

    fn message(&self) -> String {
        format!("From {} to {}: {}.", self.min, self.max, self.fault)
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let tls = &on.draft.service.tls;
    let first = tls.profile.guideline().min_version;
    let min = tls.min_version.unwrap_or(first);
    let max = tls.max_version.unwrap_or(ProtocolVersion::Tls13);
    let (field, fault) = if min > max {
        ("tls.max_version", "the oldest is newer than the newest")
    } else if min < ProtocolVersion::Tls12 {
        ("tls.min_version", "versions before TLS 1.2 are not served")
    } else if max < first {
        ("tls.max_version", "the profile has none of these")
    } else {
        return;
    };
    let evidence = VersionRange {
        min: min.to_string(),
        max: max.to_string(),
        fault,
    };
    on.found(field, evidence);
}
