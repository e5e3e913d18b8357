//! `policy.missing-eku`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::oids;

/// A public server certificate lists no purposes at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissingEku {
    /// Subject, escaped.
    pub subject: String,
}

impl Evidence for MissingEku {
    const RULE: Rule = Rule {
        code: "policy.missing-eku",
        severity: Severity::Error,
        title: "The server certificate does not list its purposes",
        why: "Public CAs must put extKeyUsage with serverAuth into every server certificate. \
              Without it the certificate would be good for anything, and strict clients refuse \
              it.",
        fix: "Have it issued again with extKeyUsage serverAuth. For a CA of your own, check with \
              the profile private.",
        sources: &[
            "CA/B Forum Baseline Requirements, section 7.1.2.7.6",
            "CA/B Forum Baseline Requirements, section 7.1.2.7.10",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!("\"{}\" has no extKeyUsage extension.", self.subject)
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.extKeyUsage")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if subject.is_server_leaf()
        && certificate
            .extensions
            .find(oids::EXTENDED_KEY_USAGE)
            .is_none()
    {
        out.push(
            MissingEku {
                subject: certificate.subject.short(),
            }
            .into(),
        );
    }
}
