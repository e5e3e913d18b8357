//! `policy.unreadable-key`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::Subject;
use crate::rules::{Aspect, Evidence, Kind};

/// The public key does not have the form its algorithm demands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnreadableKey {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// What is wrong.
    pub fault: &'static str,
}

impl Evidence for UnreadableKey {
    const RULE: Rule = Rule {
        code: "policy.unreadable-key",
        severity: Severity::Error,
        title: "A public key cannot be read",
        why: "Clients need the key to verify the handshake or the certificates below. One that \
              does not have the form of its algorithm is refused.",
        fix: "Have it issued again for a key that your TLS library made.",
        sources: &["RFC 3279, section 2.3", "RFC 5480, section 2"],
    };
    const ASPECT: Aspect = Aspect::Fit;

    fn message(&self) -> String {
        format!(
            "The key of the {} \"{}\" cannot be read: {}.",
            self.part, self.subject, self.fault
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("subjectPublicKeyInfo")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if let Some(fault) = certificate.public_key.fault {
        out.push(
            UnreadableKey {
                subject: certificate.subject.short(),
                part: subject.role.word(),
                fault,
            }
            .into(),
        );
    }
}
