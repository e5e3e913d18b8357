//! `name.common-name-only`

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use crate::check::Subject;
use crate::name::{Pattern, PatternFault};
use crate::rules::{Aspect, Evidence, Kind};

/// The server's name stands in the subject only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CommonNameOnly {
    /// Subject, escaped.
    pub subject: String,
    /// The common name, escaped.
    pub common_name: String,
}

impl Evidence for CommonNameOnly {
    const RULE: Rule = Rule {
        code: "name.common-name-only",
        severity: Severity::Warning,
        title: "The server's name stands in the common name only",
        why: "Clients once fell back to the common name of the subject. Browsers (Chrome since 58, \
              Firefox since 48), Safari, Go (since 1.15) and rustls no longer do; curl, Python, \
              Java and GnuTLS do, where there is no other name.",
        fix: "Have it issued again with this name in subjectAltName (openssl: -addext \
              subjectAltName=DNS:…).",
        sources: &[
            "RFC 9525, section 2",
            "CA/B Forum Baseline Requirements, section 7.1.4.3",
        ],
    };
    const ASPECT: Aspect = Aspect::Named;

    fn message(&self) -> String {
        format!(
            "The name {} stands in the common name, where browsers do not look.",
            self.common_name
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("subject.commonName")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let has_names =
        certificate.dns_names().next().is_some() || certificate.ip_addresses().next().is_some();
    if has_names || !subject.is_server_leaf() {
        return;
    }
    let names = certificate.subject.common_names();
    if let Some(common_name) = names.iter().find(|name| looks_like_host(name)) {
        out.push(
            CommonNameOnly {
                subject: certificate.subject.short(),
                common_name: escape::text(common_name),
            }
            .into(),
        );
    }
}

pub(crate) fn looks_like_host(name: &str) -> bool {
    let pattern = Pattern::parse(name.as_bytes());
    matches!(pattern, Ok(_) | Err(PatternFault::IpAddress))
}
