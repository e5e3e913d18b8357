//! A signed certificate with its key, and what it signs in turn.

use crate::draft::Issuer;
use crate::{Draft, Key, Name, pem};

/// A certificate and the private key that belongs to it. Whether it is a CA is what its extensions
/// say: any certificate can sign here, so that wrong chains can be built too.
#[derive(Clone, Debug)]
pub struct Certificate {
    der: Vec<u8>,
    draft: Box<Draft>,
}

impl Certificate {
    /// Begins a self-signed CA.
    pub fn root(name: &str) -> Draft {
        Draft::root(name)
    }

    /// Begins a self-signed server certificate.
    pub fn self_signed(host: &str) -> Draft {
        Draft::self_signed(host)
    }

    pub(crate) fn new(der: Vec<u8>, draft: Draft) -> Self {
        Self {
            der,
            draft: Box::new(draft),
        }
    }

    /// Begins a CA below this one.
    pub fn issue_ca(&self, name: &str) -> Draft {
        Draft::intermediate(name, self.issuer())
    }

    /// Begins a server certificate for that host.
    pub fn issue(&self, host: &str) -> Draft {
        Draft::leaf(host, Some(self.issuer()))
    }

    /// Begins a certificate by this CA for the subject and the key of another one.
    pub fn cross_sign(&self, other: &Certificate) -> Draft {
        let subject = other.subject().clone();
        Draft::intermediate("cross", self.issuer())
            .subject(subject)
            .with_key(other.key())
    }

    /// The draft this was built from, to build it again with a change.
    pub fn draft(&self) -> Draft {
        (*self.draft).clone()
    }

    /// The certificate.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The certificate as one PEM block.
    pub fn pem(&self) -> String {
        pem::encode("CERTIFICATE", &self.der)
    }

    /// Its key.
    pub fn key(&self) -> &Key {
        &self.draft.key
    }

    /// Its private key as `PRIVATE KEY`.
    pub fn key_pem(&self) -> String {
        self.key().pem()
    }

    /// Its private key as PKCS#8.
    pub fn key_der(&self) -> Vec<u8> {
        self.key().pkcs8_der()
    }

    /// `SubjectPublicKeyInfo` of its key (not of a faulty one that was written instead).
    pub fn spki_der(&self) -> Vec<u8> {
        self.key().spki_der()
    }

    /// Its subject.
    pub fn subject(&self) -> &Name {
        &self.draft.subject
    }

    /// The content octets of its serial number.
    pub fn serial_bytes(&self) -> Vec<u8> {
        self.draft.serial()
    }

    /// First moment and last second of validity, in seconds since 1970.
    pub fn validity(&self) -> (i64, i64) {
        (self.draft.not_before, self.draft.not_after)
    }

    /// What the next certificate below needs to know of this one.
    pub(crate) fn issuer(&self) -> Issuer {
        Issuer {
            name: self.subject().clone(),
            key: self.key().clone(),
            key_id: self.draft.own_key_id(),
            depth: self.draft.depth(),
        }
    }
}
