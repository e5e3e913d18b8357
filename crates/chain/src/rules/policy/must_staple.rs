//! `policy.must-staple`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Role, Subject};
use crate::rules::{Aspect, Evidence, Kind};

/// The certificate demands a stapled OCSP answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MustStaple {
    /// Subject, escaped.
    pub subject: String,
    /// Whether it names an OCSP service.
    pub has_responder: bool,
}

impl Evidence for MustStaple {
    const RULE: Rule = Rule {
        code: "policy.must-staple",
        severity: Severity::Warning,
        title: "The certificate demands OCSP stapling, which is going away",
        why: "With must-staple, Firefox refuses the connection unless the server sends an OCSP \
              answer along. Let's Encrypt switched its OCSP service off on 2025-08-06 and other \
              CAs may follow, so there may be no answer to send.",
        fix: "Renew without must-staple (certbot: drop --must-staple), or make sure that the CA \
              still answers and that the server staples.",
        sources: &["RFC 7633, section 4", "Let's Encrypt, post of 2025-08-06"],
    };
    const ASPECT: Aspect = Aspect::Fit;

    fn message(&self) -> String {
        format!(
            "\"{}\" demands a stapled OCSP answer; {}.",
            self.subject,
            if self.has_responder {
                "it names an OCSP service"
            } else {
                "it names no OCSP service at all"
            }
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.tlsfeature")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if subject.role == Role::Leaf && certificate.extensions.must_staple {
        out.push(
            MustStaple {
                subject: certificate.subject.short(),
                has_responder: !certificate.extensions.ocsp.is_empty(),
            }
            .into(),
        );
    }
}
