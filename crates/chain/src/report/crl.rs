use keyway_report::Timestamp;
use serde::Serialize;

use super::hex;
use crate::read::{Bundle, HeldCrl};

/// A certificate revocation list, as facts. Texts are escaped.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CrlFacts {
    /// SHA-256 of the DER, hexadecimal.
    pub sha256: String,
    /// Issuer, RFC 4514.
    pub issuer: String,
    /// When it was issued.
    pub this_update: Timestamp,
    /// When the next one is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_update: Option<Timestamp>,
    /// Its number: decimal, past 128 bits hexadecimal after `0x`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// How many certificates it revokes.
    pub revoked: usize,
    /// Signature algorithm.
    pub signature: String,
    /// Name of the input.
    pub input: String,
    /// First line.
    pub line: u32,
}

impl CrlFacts {
    pub(super) fn new(held: &HeldCrl, bundle: &Bundle) -> Self {
        let list = &held.list;
        let (input, line) = super::first_place(bundle, &held.sources);
        Self {
            sha256: hex(&list.sha256),
            issuer: list.issuer.text().to_owned(),
            this_update: list.this_update,
            next_update: list.next_update,
            number: list.number.clone(),
            revoked: list.revoked,
            signature: list.signature_algorithm.name.clone(),
            input,
            line,
        }
    }
}
