//! `policy.unreadable-key`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Role, Subject};
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
              does not have the form of its algorithm, or is no point of its curve, is refused.",
        fix: "Have it issued again for a key that your TLS library made.",
        sources: &[
            "RFC 3279, section 2.3",
            "RFC 5480, section 2.2",
            "SEC 1, section 2.3.4",
            "RFC 8017, sections 3.1, A.1.1",
            "RFC 8032, sections 5.1.5, 5.2.5",
        ],
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
    // A CA's key that is none has made no signature below; looking into it costs time for nothing.
    let fault = if subject.role == Role::Leaf {
        certificate.key_fault()
    } else {
        certificate.public_key.fault
    };
    if let Some(fault) = fault {
        out.push(
            UnreadableKey {
                subject: certificate.subject.short(),
                part: subject.part(),
                fault,
            }
            .into(),
        );
    }
}
