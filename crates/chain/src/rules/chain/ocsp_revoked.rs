//! `chain.ocsp-revoked`

use keyway_report::{Rule, Severity, Timestamp};
use serde::Serialize;

use crate::check::{PathView, Standing, words};
use crate::read::Source;
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::OcspStatus;

/// An OCSP response says that a certificate of the path is revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OcspRevoked {
    /// The certificate, escaped.
    pub subject: String,
    /// Its serial number, hexadecimal.
    pub serial: String,
    /// The input that holds the response, escaped.
    pub response: String,
    /// The moment that the response speaks of.
    pub response_of: Timestamp,
    /// When the certificate was revoked.
    pub revoked_at: Timestamp,
    /// Why, when the response says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    #[serde(skip)]
    source: Option<Source>,
}

impl Evidence for OcspRevoked {
    const RULE: Rule = Rule {
        code: "chain.ocsp-revoked",
        severity: Severity::Error,
        title: "An OCSP response says that a certificate is revoked",
        why: "Its issuer took it back: the key may be known to others, or the names are no longer the \
              owner's. A server that staples the response says so itself to every client.",
        fix: "Make a new key and have a new certificate issued for it. If an intermediate is revoked, \
              have the certificate issued again by another one.",
        sources: &["RFC 6960, section 2.2", "RFC 6066, section 8"],
    };
    const ASPECT: Aspect = Aspect::Chains;

    fn source(&self) -> Option<&Source> {
        self.source.as_ref()
    }

    fn message(&self) -> String {
        let reason = self
            .reason
            .map_or_else(String::new, |reason| format!(" ({reason})"));
        format!(
            "\"{}\", serial {}, was revoked on {}{reason}: the OCSP response of {} in {} says so.",
            self.subject,
            self.serial,
            self.revoked_at.date(),
            self.response_of.date(),
            self.response,
        )
    }
}

pub(crate) fn check(view: &PathView<'_>, out: &mut Vec<(usize, Kind)>) {
    for word in words(view) {
        let (Standing::Said(answer), Some(certificate)) =
            (&word.standing, view.certificate(word.position))
        else {
            continue;
        };
        let OcspStatus::Revoked { at, reason } = answer.status else {
            continue;
        };
        let evidence = OcspRevoked {
            subject: certificate.subject.short(),
            serial: certificate.serial_hex(),
            response: word.input,
            response_of: answer.this_update,
            revoked_at: at,
            reason,
            source: word.held.sources.first().cloned(),
        };
        out.push((word.position, evidence.into()));
    }
}
