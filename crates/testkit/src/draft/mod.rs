//! A certificate before it is signed: every field can be set, and every field can be set wrongly.

mod extensions;
mod faults;
mod fields;
mod issue;

use crate::{Certificate, Extension, Key, Name, SignatureAlgorithm, der, timestamps};

/// A certificate to be. Methods override one field each; [`Draft::build`] signs it.
#[derive(Clone, Debug)]
#[must_use = "a draft becomes a certificate with build()"]
pub struct Draft {
    pub(crate) subject: Name,
    pub(crate) key: Key,
    /// `None`: signed with its own key.
    issuer: Option<Issuer>,
    issuer_name: Option<Name>,
    serial: Option<Vec<u8>>,
    pub(crate) not_before: i64,
    pub(crate) not_after: i64,
    algorithm: Option<SignatureAlgorithm>,
    extensions: Vec<Entry>,
    faults: Faults,
}

/// Who signs.
#[derive(Clone, Debug)]
pub(crate) struct Issuer {
    pub(crate) name: Name,
    pub(crate) key: Key,
    pub(crate) key_id: Vec<u8>,
    /// Certificates above it; decides which of the fixed RSA keys a subject gets.
    pub(crate) depth: usize,
}

/// An extension, or one whose value is known only when the keys are.
#[derive(Clone, Debug)]
enum Entry {
    Given(Extension),
    SubjectKeyId,
    AuthorityKeyId,
}

/// Raw bytes in place of fields.
#[derive(Clone, Debug, Default)]
struct Faults {
    version: Option<Vec<u8>>,
    validity: Option<Vec<u8>>,
    spki: Option<Vec<u8>>,
    inner_algorithm: Option<Vec<u8>>,
    outer_algorithm: Option<Vec<u8>>,
    unique_ids: Vec<u8>,
    extensions: Option<Vec<u8>>,
    tbs: Option<fn(&mut Vec<Vec<u8>>)>,
    signature: Option<Vec<u8>>,
    broken_signature: bool,
    trailing: Vec<u8>,
}

impl Draft {
    /// Signs the draft.
    pub fn build(self) -> Certificate {
        let signer = self.issuer.as_ref().map_or(&self.key, |issuer| &issuer.key);
        let algorithm = self
            .algorithm
            .unwrap_or_else(|| SignatureAlgorithm::usual(signer.kind()));
        let name = algorithm.der(signer);
        let tbs = self.tbs_der(self.faults.inner_algorithm.as_ref().unwrap_or(&name));
        let mut signature = self
            .faults
            .signature
            .clone()
            .unwrap_or_else(|| algorithm.sign(signer, &tbs));
        if self.faults.broken_signature {
            // The last bit: both forms of signature stay well-formed.
            if let Some(last) = signature.last_mut() {
                *last ^= 1;
            }
        }
        let outer = self.faults.outer_algorithm.clone().unwrap_or(name);
        let mut der = der::sequence(&[tbs, outer, der::bit_string(0, &signature)]);
        der.extend(&self.faults.trailing);
        Certificate::new(der, self)
    }

    /// `TBSCertificate` (RFC 5280 4.1.2).
    fn tbs_der(&self, algorithm: &[u8]) -> Vec<u8> {
        let version = der::explicit(0, &der::integer(2));
        let faults = &self.faults;
        let mut parts = vec![
            faults.version.clone().unwrap_or(version),
            der::integer_bytes(&self.serial()),
            algorithm.to_vec(),
            self.issuer_name().der(),
            faults.validity.clone().unwrap_or_else(|| self.validity()),
            self.subject.der(),
            faults.spki.clone().unwrap_or_else(|| self.key.spki_der()),
            faults.unique_ids.clone(),
            faults
                .extensions
                .clone()
                .unwrap_or_else(|| self.extensions_der()),
        ];
        if let Some(change) = faults.tbs {
            change(&mut parts);
        }
        der::sequence(&parts)
    }

    fn validity(&self) -> Vec<u8> {
        der::sequence(&[
            timestamps::time(self.not_before),
            timestamps::time(self.not_after),
        ])
    }

    pub(crate) fn issuer_name(&self) -> &Name {
        let of_signer = self
            .issuer
            .as_ref()
            .map_or(&self.subject, |issuer| &issuer.name);
        self.issuer_name.as_ref().unwrap_or(of_signer)
    }

    /// The content of the serial number: 16 bytes of a hash unless they were given.
    pub(crate) fn serial(&self) -> Vec<u8> {
        self.serial.clone().unwrap_or_else(|| {
            let start = self.not_before.to_be_bytes();
            let what = [self.issuer_name().der(), self.subject.der(), start.to_vec()].concat();
            let mut serial = crate::Digest::Sha256.of(&what);
            serial.truncate(16);
            serial[0] = serial[0] & 0x3f | 0x40;
            serial
        })
    }

    pub(crate) fn depth(&self) -> usize {
        self.issuer.as_ref().map_or(0, |issuer| issuer.depth + 1)
    }
}
