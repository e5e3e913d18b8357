//! `policy.version`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Role, Subject};
use crate::rules::{Aspect, Evidence, Kind};

/// The certificate is not of version 3.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CertificateVersion {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// The version, as people count: 1, 2 or 3.
    pub version: u32,
}

impl Evidence for CertificateVersion {
    const RULE: Rule = Rule {
        code: "policy.version",
        severity: Severity::Error,
        title: "A certificate is not of version 3",
        why: "Only version 3 has the extensions that say which names a certificate is for and \
              whether it is a CA. Clients refuse older versions for servers and intermediates; a \
              root of version 1 is let pass by a CA of your own only.",
        fix: "Have it issued again as version 3; every CA program does so when it adds \
              extensions.",
        sources: &[
            "RFC 5280, section 4.1.2.1",
            "CA/B Forum Baseline Requirements, section 7.1.1",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;

    fn message(&self) -> String {
        format!(
            "The {} \"{}\" is of version {}.",
            self.part, self.subject, self.version
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("version")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let is_judged = subject.role != Role::Root || subject.options.profile != Profile::Private;
    if certificate.version != 3 && is_judged {
        out.push(
            CertificateVersion {
                subject: certificate.subject.short(),
                part: subject.part(),
                version: certificate.version,
            }
            .into(),
        );
    }
}
