//! Certificate revocation lists.

use crate::draft::Issuer;
use crate::{
    Certificate, DAY, Digest, Extension, NOW, Name, SignatureAlgorithm, der, oid, pem, timestamps,
};

/// A revocation list to be (RFC 5280 section 5).
#[derive(Clone, Debug)]
#[must_use = "a draft becomes a list with build()"]
pub struct CrlDraft {
    issuer: Issuer,
    revoked: Vec<Vec<u8>>,
    this_update: i64,
    next_update: Option<i64>,
    version: Option<u64>,
    algorithm: SignatureAlgorithm,
    extensions: Vec<Extension>,
    broken_signature: bool,
}

/// A signed revocation list.
#[derive(Clone, Debug)]
pub struct Crl {
    der: Vec<u8>,
}

impl Crl {
    /// Begins a list by that CA: empty, made a day before [`NOW`], the next one due six days after.
    pub fn by(ca: &Certificate) -> CrlDraft {
        let issuer = ca.issuer();
        let number = Extension::new(oid::CRL_NUMBER, false, der::integer(1));
        CrlDraft {
            algorithm: SignatureAlgorithm::usual(issuer.key.kind()),
            extensions: vec![Extension::authority_key_id(&issuer.key_id), number],
            issuer,
            revoked: Vec::new(),
            this_update: NOW - DAY,
            next_update: Some(NOW + 6 * DAY),
            version: Some(1),
            broken_signature: false,
        }
    }

    /// The list.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The list as one PEM block.
    pub fn pem(&self) -> String {
        pem::encode("X509 CRL", &self.der)
    }
}

impl CrlDraft {
    /// Revokes a certificate as of two days before [`NOW`], for a compromised key.
    pub fn revoke(self, certificate: &Certificate) -> Self {
        self.revoke_serial(&certificate.serial_bytes(), NOW - 2 * DAY, Some(1))
    }

    /// Revokes a serial number, with a reason code (RFC 5280 5.3.1) or without.
    pub fn revoke_serial(mut self, serial: &[u8], seconds: i64, reason: Option<u8>) -> Self {
        let mut entry = vec![der::integer_bytes(serial), timestamps::time(seconds)];
        if let Some(reason) = reason {
            let code = der::tlv(0x0a, &[reason]); // ENUMERATED
            let extension = Extension::new(oid::CRL_REASON, false, code);
            entry.push(der::sequence(&[extension.der()]));
        }
        self.revoked.push(der::sequence(&entry));
        self
    }

    /// When the list was made.
    pub fn this_update(mut self, seconds: i64) -> Self {
        self.this_update = seconds;
        self
    }

    /// When the next list is due; `None` leaves the field out, which RFC 5280 5.1.2.5 forbids.
    pub fn next_update(mut self, seconds: Option<i64>) -> Self {
        self.next_update = seconds;
        self
    }

    /// The version field: 1 is version 2, `None` is version 1.
    pub fn version(mut self, number: Option<u64>) -> Self {
        self.version = number;
        self
    }

    /// An issuer name that is not the signer's.
    pub fn issuer_named(mut self, name: Name) -> Self {
        self.issuer.name = name;
        self
    }

    /// Sets an extension, in the place of the one with its identifier.
    pub fn extension(self, extension: Extension) -> Self {
        let mut list = self.without(&extension.oid);
        list.extensions.push(extension);
        list
    }

    /// Leaves out the extension with that identifier.
    pub fn without(mut self, oid: &str) -> Self {
        self.extensions.retain(|extension| extension.oid != oid);
        self
    }

    /// The digest of the signature.
    pub fn digest(mut self, digest: Digest) -> Self {
        self.algorithm = self.algorithm.with_digest(digest);
        self
    }

    /// One bit of the signature flipped.
    pub fn broken_signature(mut self) -> Self {
        self.broken_signature = true;
        self
    }

    /// Signs the list.
    pub fn build(self) -> Crl {
        let algorithm = self.algorithm.der(&self.issuer.key);
        let list = self.list_der(&algorithm);
        let mut signature = self.algorithm.sign(&self.issuer.key, &list);
        if self.broken_signature
            && let Some(last) = signature.last_mut()
        {
            *last ^= 1;
        }
        Crl {
            der: der::sequence(&[list, algorithm, der::bit_string(0, &signature)]),
        }
    }

    /// `TBSCertList` (RFC 5280 5.1.2).
    fn list_der(&self, algorithm: &[u8]) -> Vec<u8> {
        let mut parts: Vec<_> = self.version.map(der::integer).into_iter().collect();
        parts.push(algorithm.to_vec());
        parts.push(self.issuer.name.der());
        parts.push(timestamps::time(self.this_update));
        parts.extend(self.next_update.map(timestamps::time));
        if !self.revoked.is_empty() {
            parts.push(der::sequence(&self.revoked));
        }
        if !self.extensions.is_empty() {
            let all: Vec<_> = self.extensions.iter().map(Extension::der).collect();
            parts.push(der::explicit(0, &der::sequence(&all)));
        }
        der::sequence(&parts)
    }
}
