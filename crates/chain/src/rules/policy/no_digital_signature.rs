//! `policy.no-digital-signature`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Role, Subject};
use crate::rules::chain::ca_as_leaf::names_no_server;
use crate::rules::{Aspect, Evidence, Kind};

/// The server's key may not sign handshakes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoDigitalSignature {
    /// Subject, escaped.
    pub subject: String,
}

impl Evidence for NoDigitalSignature {
    const RULE: Rule = Rule {
        code: "policy.no-digital-signature",
        severity: Severity::Warning,
        title: "The server's key may not sign handshakes",
        why: "In TLS 1.3, and in TLS 1.2 with forward secrecy, the server signs the handshake. A \
              keyUsage without digitalSignature forbids that: Chrome, GnuTLS and others then \
              refuse the connection, though the chain is fine.",
        fix: "Have it issued again with digitalSignature in keyUsage.",
        sources: &[
            "RFC 8446, section 4.4.2.2",
            "CA/B Forum Baseline Requirements, section 7.1.2.7.11",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;

    fn message(&self) -> String {
        format!(
            "The keyUsage of \"{}\" does not hold digitalSignature.",
            self.subject
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.keyUsage")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let Some(usage) = certificate.extensions.key_usage else {
        return;
    };
    let is_shown = subject.role == Role::Leaf && !names_no_server(certificate);
    if is_shown && !usage.is_empty() && !usage.digital_signature() {
        out.push(
            NoDigitalSignature {
                subject: certificate.subject.short(),
            }
            .into(),
        );
    }
}
