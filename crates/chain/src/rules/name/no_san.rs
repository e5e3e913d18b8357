//! `name.no-san`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::Subject;
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::oids;

/// The leaf has no subjectAltName, or one without names of servers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoSan {
    /// Subject, escaped.
    pub subject: String,
    /// Whether the extension is there.
    pub has_extension: bool,
}

impl Evidence for NoSan {
    const RULE: Rule = Rule {
        code: "name.no-san",
        severity: Severity::Error,
        title: "The certificate names no server at all",
        why: "Browsers (since 2017), Safari, Go and rustls look for the server's name in \
              subjectAltName and nowhere else, and RFC 9525 asks that of all. curl, Python, Java \
              and GnuTLS still fall back to the common name.",
        fix: "Have it issued again with every name and address in subjectAltName.",
        sources: &[
            "RFC 9525, section 2",
            "RFC 5280, section 4.2.1.6",
            "CA/B Forum Baseline Requirements, section 7.1.2.7.12",
        ],
    };
    const ASPECT: Aspect = Aspect::Named;

    fn message(&self) -> String {
        format!(
            "\"{}\" {}.",
            self.subject,
            if self.has_extension {
                "has a subjectAltName without any DNS name or IP address"
            } else {
                "has no subjectAltName"
            }
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.subjectAltName")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let has_names =
        certificate.dns_names().next().is_some() || certificate.ip_addresses().next().is_some();
    if subject.is_server_leaf() && !has_names {
        out.push(
            NoSan {
                subject: certificate.subject.short(),
                has_extension: certificate
                    .extensions
                    .find(oids::SUBJECT_ALT_NAME)
                    .is_some(),
            }
            .into(),
        );
    }
}
