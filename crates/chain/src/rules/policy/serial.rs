//! `policy.serial`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Role, Subject};
use crate::rules::{Aspect, Evidence, Kind};

/// The serial number is zero, negative or too long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SerialNumber {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// What is wrong with it.
    pub fault: &'static str,
    /// The number, hexadecimal.
    pub serial: String,
}

impl Evidence for SerialNumber {
    const RULE: Rule = Rule {
        code: "policy.serial",
        severity: Severity::Error,
        title: "A serial number is not a positive number of at most 20 octets",
        why: "Revocation lists name certificates by issuer and serial number, and software \
              reserves 20 octets for it. RFC 5280 demands a positive number; strict clients \
              refuse others. The zero of an old root is let pass: nobody revokes a root by its \
              number.",
        fix: "Have it issued again with a random positive serial number.",
        sources: &[
            "RFC 5280, section 4.1.2.2",
            "CA/B Forum Baseline Requirements, section 7.1.2.7",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        format!(
            "The serial number of the {} \"{}\" is {} ({}).",
            self.part, self.subject, self.fault, self.serial
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("serialNumber")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let number = certificate.serial.as_slice();
    let fault = if number.is_empty() {
        Some("without any octet")
    } else if number[0] & 0x80 != 0 {
        Some("negative")
    } else if number.len() > MAX_OCTETS {
        Some("longer than 20 octets")
    } else if subject.role != Role::Root && number.iter().all(|&byte| byte == 0) {
        Some("zero")
    } else {
        None
    };
    if let Some(fault) = fault {
        out.push(
            SerialNumber {
                subject: certificate.subject.short(),
                part: subject.part(),
                fault,
                serial: certificate.serial_hex(),
            }
            .into(),
        );
    }
}

/// RFC 5280, section 4.1.2.2: contents octets, the sign's included.
const MAX_OCTETS: usize = 20;
