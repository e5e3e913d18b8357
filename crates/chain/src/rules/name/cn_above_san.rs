//! `name.cn-above-san`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use super::common_name::{Standing, first};
use crate::check::{Profile, Subject};
use crate::rules::{Aspect, Evidence, Kind};

/// The common name is the domain of the certificate's names, but none of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CnAboveSan {
    /// Subject, escaped.
    pub subject: String,
    /// The common name, escaped.
    pub common_name: String,
}

impl Evidence for CnAboveSan {
    const RULE: Rule = Rule {
        code: "name.cn-above-san",
        severity: Severity::Warning,
        title: "The common name is the domain above the certificate's names",
        why: "Public CAs may put into the common name only what stands in subjectAltName. Clients \
              look at subjectAltName alone, so the certificate does not cover the domain that it \
              seems to be for.",
        fix: "Have it issued again with the domain itself among its names, or with another common \
              name.",
        sources: &[
            "CA/B Forum Baseline Requirements, section 7.1.4.3",
            "RFC 9525, section 2",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!(
            "The common name \"{}\" lies above the names of the certificate, and is none of them.",
            self.common_name
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("subject.commonName")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    if let Some(common_name) = first(subject, Standing::Above) {
        let evidence = CnAboveSan {
            subject: subject.certificate.subject.short(),
            common_name,
        };
        out.push(evidence.into());
    }
}
