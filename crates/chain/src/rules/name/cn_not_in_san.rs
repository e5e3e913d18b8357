//! `name.cn-not-in-san`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use super::common_name::{Standing, first};
use crate::check::{Profile, Subject};
use crate::rules::{Aspect, Evidence, Kind};

/// The common name is not one of the names of subjectAltName.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CnNotInSan {
    /// Subject, escaped.
    pub subject: String,
    /// The common name, escaped.
    pub common_name: String,
}

impl Evidence for CnNotInSan {
    const RULE: Rule = Rule {
        code: "name.cn-not-in-san",
        severity: Severity::Error,
        title: "The common name is not among the certificate's names",
        why: "Public CAs may put into the common name only what stands in subjectAltName, letter \
              for letter: DNS names in their xn-- form, IPv4 addresses with dots and no leading \
              zeros, IPv6 addresses as RFC 5952 writes them. Strict clients refuse the \
              certificate otherwise. One with internal names is not judged: it cannot be from a \
              public CA.",
        fix: "Have it issued again with a common name that is one of its names, or without a \
              common name.",
        sources: &["CA/B Forum Baseline Requirements, section 7.1.4.3"],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!(
            "The common name \"{}\" is not one of the names in subjectAltName as they are written there.",
            self.common_name
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("subject.commonName")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    if let Some(common_name) = first(subject, Standing::Stray) {
        let evidence = CnNotInSan {
            subject: subject.certificate.subject.short(),
            common_name,
        };
        out.push(evidence.into());
    }
}
