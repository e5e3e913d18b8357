//! `policy.no-reserved-policy`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::{Aspect, Evidence, Kind};

/// A public server certificate does not say how its holder was validated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoReservedPolicy {
    /// Subject, escaped.
    pub subject: String,
}

impl Evidence for NoReservedPolicy {
    const RULE: Rule = Rule {
        code: "policy.no-reserved-policy",
        severity: Severity::Notice,
        title: "The certificate does not say how its holder was validated",
        why: "Every certificate of a public CA names one of the CA/Browser Forum's policies: \
              domain, organisation, individual or extended validation. One without is not from a \
              public CA, or from before 2020.",
        fix: "Nothing, if it is from a CA of your own.",
        sources: &[
            "CA/B Forum Baseline Requirements, section 7.1.2.7.9",
            "CA/B Forum Baseline Requirements, section 7.1.6.1",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!(
            "\"{}\" names none of the policies 2.23.140.1.1 and 2.23.140.1.2.1 to .3.",
            self.subject
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.certificatePolicies")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let has_reserved = certificate
        .extensions
        .policies
        .iter()
        .any(|policy| RESERVED.iter().any(|reserved| policy.is(reserved)));
    if subject.is_server_leaf() && !has_reserved {
        out.push(
            NoReservedPolicy {
                subject: certificate.subject.short(),
            }
            .into(),
        );
    }
}

/// BR 7.1.6.1: extended, domain, organisation and individual validation.
const RESERVED: [&[u8]; 4] = [
    &[0x67, 0x81, 0x0c, 1, 1],
    &[0x67, 0x81, 0x0c, 1, 2, 1],
    &[0x67, 0x81, 0x0c, 1, 2, 2],
    &[0x67, 0x81, 0x0c, 1, 2, 3],
];
