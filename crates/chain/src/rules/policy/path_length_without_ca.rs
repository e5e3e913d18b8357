//! `policy.path-length-without-ca`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::{Aspect, Evidence, Kind};

/// A path length stands where it means nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PathLengthWithoutCa {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// The path length.
    pub path_length: u32,
}

impl Evidence for PathLengthWithoutCa {
    const RULE: Rule = Rule {
        code: "policy.path-length-without-ca",
        severity: Severity::Error,
        title: "A path length is set in a certificate that issues nothing",
        why: "pathLenConstraint limits the intermediates below a CA. In a certificate that is no \
              CA it has no meaning; RFC 5280 forbids it, and OpenSSL's strict mode and Go refuse \
              it.",
        fix: "Have it issued again without the path length (openssl: \
              basicConstraints=critical,CA:FALSE).",
        sources: &[
            "RFC 5280, section 4.2.1.9",
            "CA/B Forum Baseline Requirements, section 7.1.2.7.8",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        format!(
            "The {} \"{}\" is no CA and has the path length {}.",
            self.part, self.subject, self.path_length
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.basicConstraints")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let Some(constraints) = certificate.extensions.basic_constraints else {
        return;
    };
    if !constraints.ca
        && let Some(path_length) = constraints.path_len
    {
        out.push(
            PathLengthWithoutCa {
                subject: certificate.subject.short(),
                part: subject.part(),
                path_length,
            }
            .into(),
        );
    }
}
