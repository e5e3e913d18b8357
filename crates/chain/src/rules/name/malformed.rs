//! `name.malformed`

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use crate::check::{Profile, Role, Subject};
use crate::name::{PatternFault, Presented};
use crate::rules::entries::Entries;
use crate::rules::{Aspect, Evidence, Kind};

/// An entry of subjectAltName is none that clients match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MalformedName {
    /// The entries.
    #[serde(flatten)]
    pub entries: Entries,
}

impl Evidence for MalformedName {
    const RULE: Rule = Rule {
        code: "name.malformed",
        severity: Severity::Error,
        title: "A name in the certificate is malformed",
        why: "Clients pass over an entry that is no DNS name, no sound wildcard or no address, \
              and some refuse the whole certificate for it.",
        fix: "Have it issued again with the name written right: a wildcard is the whole first \
              label, international names stand in their xn-- form, no dot at the end.",
        sources: &[
            "RFC 5280, section 4.2.1.6",
            "RFC 9525, section 6.3",
            "CA/B Forum Baseline Requirements, section 7.1.2.7.12",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        format!("Names that clients cannot match: {}.", self.entries.text())
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.subjectAltName")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if subject.role != Role::Leaf {
        return;
    }
    let names: Vec<String> = certificate.presented().iter().filter_map(fault).collect();
    let entries = Entries::of(certificate, names);
    out.extend(entries.map(|entries| Kind::from(MalformedName { entries })));
}

fn fault(entry: &Presented) -> Option<String> {
    let (text, fault) = match entry {
        // An address as a name has a rule of its own.
        Presented::Dns {
            pattern: Err(PatternFault::IpAddress),
            ..
        } => return None,
        Presented::Dns { raw, pattern } => {
            let fault = pattern.as_ref().err()?.to_string();
            (escape::bytes(raw), fault)
        }
        Presented::Ip { raw, address } => {
            let fault = address.as_ref().err()?.to_string();
            (format!("#{}", crate::report::hex(raw)), fault)
        }
    };
    Some(format!("\"{text}\": {fault}"))
}
