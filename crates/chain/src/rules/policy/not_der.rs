//! `policy.not-der`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Role, Subject};
use crate::rules::entries::{identifiers, named, shown};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::DerFault;

/// Something in a certificate is not written in the one way that DER allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotDer {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// What, and where; escaped.
    pub faults: Vec<String>,
}

impl Evidence for NotDer {
    const RULE: Rule = Rule {
        code: "policy.not-der",
        severity: Severity::Error,
        title: "A certificate is not written in DER",
        why: "Certificates are signed as bytes, so there must be one way to write each value: DER. \
              Strict clients refuse another, and software that writes the certificate anew changes \
              what was signed. A serial number with needless zeros is missed in revocation lists.",
        fix: "Have it issued again; the program of the CA writes BER.",
        sources: &[
            "RFC 5280, section 4.1",
            "X.690, sections 8.3.2, 11.1, 11.2, 11.5",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        format!(
            "The {} \"{}\" is not DER: {}.",
            self.part,
            self.subject,
            self.faults.join("; ")
        )
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let faults = certificate.der_faults.iter();
    let faults: Vec<String> = faults
        .filter(|fault| !is_let_pass(subject, fault))
        .map(words)
        .collect();
    if !faults.is_empty() {
        out.push(
            NotDer {
                subject: certificate.subject.short(),
                part: subject.part(),
                faults: shown(faults),
            }
            .into(),
        );
    }
}

/// Two public roots (Trustwave's of 2017) write keyUsage with an octet of zeros; clients trust them, and
/// nobody verifies the signature of a root.
fn is_let_pass(subject: &Subject<'_>, fault: &DerFault) -> bool {
    subject.role == Role::Root && *fault == DerFault::KeyUsageBits
}

fn words(fault: &DerFault) -> String {
    match fault {
        DerFault::Serial => "the serial number has needless leading octets (8.3.2)".to_owned(),
        DerFault::DefaultWritten { extension, field } => format!(
            "{field} FALSE is written out in {} (11.5)",
            named(&identifiers(std::iter::once(extension)))
        ),
        DerFault::Boolean { extension, field } => format!(
            "{field} TRUE is not 0xFF in {} (11.1)",
            named(&identifiers(std::iter::once(extension)))
        ),
        DerFault::KeyUsageBits => "keyUsage does not end with its last set bit (11.2)".to_owned(),
    }
}
