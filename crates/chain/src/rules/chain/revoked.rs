//! `chain.revoked`

use keyway_report::{Rule, Severity, Timestamp};
use serde::Serialize;

use crate::algorithms::Outcome;
use crate::check::PathView;
use crate::rules::{Aspect, Evidence, Kind};

/// A revocation list names a certificate of the path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Revoked {
    /// The certificate, escaped.
    pub subject: String,
    /// Its serial number, hexadecimal.
    pub serial: String,
    /// The input that holds the list, escaped.
    pub list: String,
    /// When the list was issued.
    pub list_of: Timestamp,
    /// When the certificate was revoked.
    pub revoked_at: Timestamp,
    /// Why, when the list says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

impl Evidence for Revoked {
    const RULE: Rule = Rule {
        code: "chain.revoked",
        severity: Severity::Error,
        title: "A certificate is revoked",
        why: "Its issuer took it back: the key may be known to others, or the names are no longer the \
              owner's. Clients that ask for revocation refuse it, for good.",
        fix: "Make a new key and have a new certificate issued for it. If an intermediate is revoked, \
              have the certificate issued again by another one.",
        sources: &["RFC 5280, section 6.3.3", "RFC 5280, section 5.3.1"],
    };
    const ASPECT: Aspect = Aspect::Chains;

    fn message(&self) -> String {
        let reason = self
            .reason
            .map_or_else(String::new, |reason| format!(" ({reason})"));
        format!(
            "\"{}\", serial {}, was revoked on {}{reason}: the list of {} in {} says so.",
            self.subject,
            self.serial,
            self.revoked_at.date(),
            self.list_of.date(),
            self.list,
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("serialNumber")
    }
}

pub(crate) fn check(view: &PathView<'_>, out: &mut Vec<(usize, Kind)>) {
    for covered in view.revocation.coverage(view) {
        let (Some(certificate), Some(entry)) = (view.certificate(covered.position), covered.entry)
        else {
            continue;
        };
        // Anybody can write a list; only the issuer's counts.
        if covered.signature != Outcome::Valid {
            continue;
        }
        let evidence = Revoked {
            subject: certificate.subject.short(),
            serial: certificate.serial_hex(),
            list: covered.list.input.clone(),
            list_of: covered.list.this_update,
            revoked_at: entry.date,
            reason: entry.reason,
        };
        out.push((covered.position, evidence.into()));
    }
}
