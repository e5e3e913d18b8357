use keyway_report::Timestamp;
use serde::Serialize;

use super::hex;
use crate::read::{Bundle, HeldOcspResponse};
use crate::x509::{OcspAnswer, OcspStatus, minimal};

/// An OCSP response, as facts. Texts are escaped.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OcspFacts {
    /// SHA-256 of the DER, hexadecimal.
    pub sha256: String,
    /// When it was signed.
    pub produced_at: Timestamp,
    /// What it says, certificate by certificate.
    pub answers: Vec<OcspAnswerFacts>,
    /// Name of the input.
    pub input: String,
    /// First line.
    pub line: u32,
}

/// What an OCSP response says of one certificate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OcspAnswerFacts {
    /// The certificate's serial number, hexadecimal.
    pub serial: String,
    /// `good`, `revoked` or `unknown` (RFC 6960, section 2.2).
    pub status: &'static str,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
    /// Why it was revoked, when the response says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// The moment that it is known to be so at.
    pub this_update: Timestamp,
    /// Until when there will be newer word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_update: Option<Timestamp>,
}

impl OcspFacts {
    pub(super) fn new(held: &HeldOcspResponse, bundle: &Bundle) -> Self {
        let (input, line) = super::first_place(bundle, &held.sources);
        let response = &held.response;
        Self {
            sha256: hex(&response.sha256),
            produced_at: response.produced_at,
            answers: response.answers.iter().map(OcspAnswerFacts::new).collect(),
            input,
            line,
        }
    }
}

impl OcspAnswerFacts {
    fn new(answer: &OcspAnswer) -> Self {
        let (status, revoked_at, reason) = match answer.status {
            OcspStatus::Good => ("good", None, None),
            OcspStatus::Revoked { at, reason } => ("revoked", Some(at), reason),
            OcspStatus::Unknown => ("unknown", None, None),
        };
        Self {
            serial: hex(minimal(&answer.serial)),
            status,
            revoked_at,
            reason,
            this_update: answer.this_update,
            next_update: answer.next_update,
        }
    }
}
