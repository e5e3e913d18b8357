//! Certificate signing requests.

use crate::{Extension, GeneralName, Key, KeyKind, Name, SignatureAlgorithm, der, oid, pem};

/// A certificate signing request (RFC 2986), built at once.
#[derive(Clone, Debug)]
pub struct Request {
    der: Vec<u8>,
    key: Key,
}

impl Request {
    /// A request for one host, with its own P-256 key.
    pub fn new(host: &str) -> Self {
        let key = Key::new(KeyKind::P256, host);
        Self::of(&key, &Name::common(host), &[GeneralName::dns(host)])
    }

    /// A request for that key, subject and alternative names (none: no attribute).
    pub fn of(key: &Key, subject: &Name, names: &[GeneralName]) -> Self {
        let mut attributes = Vec::new();
        if !names.is_empty() {
            let asked = der::sequence(&[Extension::subject_alt_name(names).der()]);
            let values = der::set(&[asked]);
            attributes = der::sequence(&[der::oid(oid::EXTENSION_REQUEST), values]);
        }
        let info = der::sequence(&[
            der::integer(0),
            subject.der(),
            key.spki_der(),
            der::explicit(0, &attributes),
        ]);
        let algorithm = SignatureAlgorithm::usual(key.kind());
        let signature = der::bit_string(0, &algorithm.sign(key, &info));
        let der = der::sequence(&[info, algorithm.der(key), signature]);
        Self {
            der,
            key: key.clone(),
        }
    }

    /// The request.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The request as one PEM block.
    pub fn pem(&self) -> String {
        pem::encode("CERTIFICATE REQUEST", &self.der)
    }

    /// The key that asks.
    pub fn key(&self) -> &Key {
        &self.key
    }
}
