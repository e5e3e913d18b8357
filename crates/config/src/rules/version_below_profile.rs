//! `config.version-below-profile`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::check::Examination;
use crate::model::ProtocolVersion;

/// The profile is newer than the oldest version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VersionBelowProfile {
    /// The oldest version that is written
    pub min: String,
    /// The oldest version of the profile
    pub profile: String,
}

impl Evidence for VersionBelowProfile {
    const RULE: Rule = Rule {
        code: "config.version-below-profile",
        severity: Severity::Warning,
        title: "The profile is newer than the oldest version",
        why: "A profile names the cipher suites with the versions: modern has none for TLS 1.2. The profile has the last word, and clients that know nothing newer than the version that is written are refused.",
        fix: "Leave `min_version` out, or set `profile` to intermediate.",
        sources: &["Mozilla server-side TLS guidelines 6.0"],
    };

    fn message(&self) -> String {
        format!(
            "`tls.min_version` is {}, and the profile begins with {}.",
            self.min, self.profile
        )
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let tls = &on.draft.service.tls;
    let profile = tls.profile.guideline().min_version;
    let Some(min) = tls.min_version else {
        return;
    };
    // Older ones are `config.version-range`.
    if (ProtocolVersion::Tls12..profile).contains(&min) {
        let evidence = VersionBelowProfile {
            min: min.to_string(),
            profile: profile.to_string(),
        };
        on.found("tls.min_version", evidence);
    }
}
