use keyway_report::escape;
use serde::Serialize;

use super::certificate::{address, other_name};
use super::hex;
use crate::check::Context;
use crate::read::HeldRequest;
use crate::x509::{GeneralName, PublicKey};

/// A certificate signing request, as facts. Texts are escaped.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RequestFacts {
    /// SHA-256 of the DER, hexadecimal.
    pub sha256: String,
    /// SHA-256 of the SubjectPublicKeyInfo, hexadecimal.
    pub spki_sha256: String,
    /// Subject, RFC 4514.
    pub subject: String,
    /// DNS names of the subjectAltName that is asked for.
    pub dns_names: Vec<String>,
    /// IP addresses of it.
    pub ip_addresses: Vec<String>,
    /// Other names of it, each with its kind: `email:`, `URI:`, `directory:`, `other:`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_names: Vec<String>,
    /// Public key.
    pub key: PublicKey,
    /// Signature algorithm.
    pub signature: String,
    /// The private key that it was made with: an index into `keys`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_key: Option<usize>,
    /// Name of the input.
    pub input: String,
    /// First line.
    pub line: u32,
}

impl RequestFacts {
    pub(super) fn new(held: &HeldRequest, context: &Context<'_>) -> Self {
        let request = &held.request;
        let names = |pick: fn(&GeneralName) -> Option<String>| -> Vec<String> {
            request.names.iter().filter_map(pick).collect()
        };
        let mut keys = context.bundle.keys.iter();
        let (input, line) = super::first_place(context.bundle, &held.sources);
        Self {
            sha256: hex(&request.sha256),
            spki_sha256: hex(&request.spki_sha256),
            subject: request.subject.text().to_owned(),
            dns_names: names(|name| match name {
                GeneralName::Dns(bytes) => Some(escape::bytes(bytes)),
                _ => None,
            }),
            ip_addresses: names(|name| match name {
                GeneralName::Ip(bytes) => Some(address(bytes)),
                _ => None,
            }),
            other_names: names(other_name),
            key: request.public_key.clone(),
            signature: request.signature_algorithm.name.clone(),
            private_key: keys.position(|key| {
                key.spki_sha256 == request.spki_sha256 || key.key.belongs_to(&request.spki)
            }),
            input,
            line,
        }
    }
}
