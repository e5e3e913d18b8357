//! `policy.no-sct`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::Subject;
use crate::rules::{Aspect, Evidence, Kind};

/// A public server certificate carries no log timestamps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoSct {
    /// Subject, escaped.
    pub subject: String,
}

impl Evidence for NoSct {
    const RULE: Rule = Rule {
        code: "policy.no-sct",
        severity: Severity::Notice,
        title: "The certificate carries no signed certificate timestamps",
        why: "Chrome, Safari, Firefox and Edge accept a publicly trusted certificate only with \
              timestamps of certificate transparency logs. They can also come with the handshake \
              or an OCSP answer, which hardly any server does. A CA of your own needs none.",
        fix: "If it is from a public CA: ask for one with embedded timestamps, which is what they \
              issue by default.",
        sources: &[
            "RFC 6962, section 3.3",
            "Chrome Certificate Transparency Policy",
            "Apple: certificate transparency policy (HT205280)",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;

    fn message(&self) -> String {
        format!(
            "\"{}\" carries no signed certificate timestamps.",
            self.subject
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.signedCertificateTimestampList")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if subject.is_server_leaf() && certificate.extensions.scts.is_none_or(|count| count == 0) {
        out.push(
            NoSct {
                subject: certificate.subject.short(),
            }
            .into(),
        );
    }
}
