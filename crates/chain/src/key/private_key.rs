use core::fmt;

use zeroize::Zeroizing;

use super::{KeyAlgorithm, KeyForm};
use crate::container::{element, integer, sequence};

/// A private key and the public key that belongs to it.
#[derive(Clone)]
#[non_exhaustive]
pub struct PrivateKey {
    /// The key as PKCS#8 version 1 in DER: what `openssl pkey` writes, so an elliptic-curve key
    /// names its curve outside and carries its public point inside. Overwritten when dropped.
    pub pkcs8: Zeroizing<Vec<u8>>,
    /// The `SubjectPublicKeyInfo` in DER (RFC 5280, 4.1.2.7), computed from the private key where
    /// that is possible: RSA, P-256, P-384, P-521, Ed25519, Ed448. A curve that the file spells out is
    /// spelled out here too, because a certificate made with that file has it so.
    pub spki: Vec<u8>,
    /// What kind of key it is.
    pub algorithm: KeyAlgorithm,
    /// The form it was read from.
    pub form: KeyForm,
    /// Whether the file was not DER, or went on behind the key: stricter readers refuse it.
    pub untidy: bool,
}

/// What a reader for one kind of key makes of its bytes.
pub(super) struct Material {
    pub(super) algorithm: KeyAlgorithm,
    /// The `AlgorithmIdentifier` in DER.
    pub(super) identifier: Zeroizing<Vec<u8>>,
    /// That of the public key, where the file writes it in another way.
    pub(super) public_identifier: Option<Zeroizing<Vec<u8>>>,
    /// Contents of PKCS#8's `privateKey` octets.
    pub(super) private: Zeroizing<Vec<u8>>,
    /// Contents of the public key's bit string.
    pub(super) public: Vec<u8>,
}

impl PrivateKey {
    pub(super) fn new(form: KeyForm, material: &Material) -> Self {
        let octets = element(0x04, &[&material.private]);
        let bits = element(0x03, &[&[0], &material.public]);
        let identifier = material.public_identifier.as_ref();
        let mut spki = sequence(&[identifier.unwrap_or(&material.identifier), &bits]);
        Self {
            pkcs8: sequence(&[&integer(0), &material.identifier, &octets]),
            spki: core::mem::take(&mut *spki),
            algorithm: material.algorithm,
            form,
            untidy: false,
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey")
            .field("pkcs8", &"[redacted]")
            .field("algorithm", &self.algorithm)
            .field("form", &self.form)
            .finish_non_exhaustive()
    }
}
