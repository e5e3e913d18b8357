//! `policy.no-digital-signature`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Role, Subject};
use crate::rules::chain::ca_as_leaf::names_no_server;
use crate::rules::{Aspect, Evidence, Kind};

/// The key of who shows the certificate may not sign handshakes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoDigitalSignature {
    /// Subject, escaped.
    pub subject: String,
}

impl Evidence for NoDigitalSignature {
    const RULE: Rule = Rule {
        code: "policy.no-digital-signature",
        severity: Severity::Error,
        title: "The key may not sign handshakes",
        why: "In TLS 1.3, and in TLS 1.2 with forward secrecy, whoever shows a certificate signs the \
              handshake with its key. A keyUsage without digitalSignature forbids that. An EC or Ed25519 \
              key can do nothing else in TLS; an RSA key with keyEncipherment could in TLS 1.2 without \
              forward secrecy, which is going out of use. Chrome, Java and GnuTLS refuse both, though the \
              chain is fine; OpenSSL, Firefox and Go look less closely.",
        fix: "Have it issued again with digitalSignature in keyUsage.",
        sources: &[
            "RFC 8446, section 4.4.2.2",
            "RFC 8422, sections 2.2 and 5.3",
            "RFC 5480, section 3",
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
