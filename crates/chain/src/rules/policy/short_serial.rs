//! `policy.short-serial`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Role, Subject};
use crate::rules::{Aspect, Evidence, Kind};

/// The serial number can hardly hold 64 random bits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShortSerial {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// Octets without leading zeros.
    pub octets: usize,
    /// The number, hexadecimal.
    pub serial: String,
}

impl Evidence for ShortSerial {
    const RULE: Rule = Rule {
        code: "policy.short-serial",
        severity: Severity::Notice,
        title: "A serial number is too short to be random",
        why: "Public CAs put at least 64 random bits into every serial number, so that nobody can \
              foresee what will be signed. A random number that long is shorter than 8 octets \
              once in 256 times, so one such number proves nothing; all of them from one CA do.",
        fix: "Nothing has to change in this certificate. For a CA of your own: make serial \
              numbers from 16 random bytes.",
        sources: &["CA/B Forum Baseline Requirements, section 7.1.2.7"],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        let plural = if self.octets == 1 { "" } else { "s" };
        format!(
            "The serial number of the {} \"{}\" has {} octet{plural}: {}.",
            self.part, self.subject, self.octets, self.serial
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("serialNumber")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let zeros = certificate.serial.iter().take_while(|&&byte| byte == 0);
    let significant = certificate.serial.len() - zeros.count();
    // Negative numbers and zero are `policy.serial`.
    let is_negative = certificate
        .serial
        .first()
        .is_some_and(|byte| byte & 0x80 != 0);
    if subject.role != Role::Root && !is_negative && (1..MIN_OCTETS).contains(&significant) {
        out.push(
            ShortSerial {
                subject: certificate.subject.short(),
                part: subject.part(),
                octets: significant,
                serial: certificate.serial_hex(),
            }
            .into(),
        );
    }
}

/// 64 bits.
const MIN_OCTETS: usize = 8;
