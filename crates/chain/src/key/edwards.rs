//! The keys of RFC 8410: Ed25519 and Ed448, X25519 and X448.

use der::Decode;
use der::asn1::OctetStringRef;
use ed25519_dalek::SigningKey;

use super::private_key::Material;
use super::{KeyAlgorithm, KeyError, KeyForm, ed448, pkcs8};
use crate::container::pbe::Algorithm;
use crate::container::{element, oid, sequence};

/// Reads `private`, a `CurvePrivateKey`, and compares the public part when there is one.
pub(super) fn read(
    identifier: &Algorithm<'_>,
    private: &[u8],
    public: Option<&[u8]>,
) -> Result<Material, KeyError> {
    let secret = <&OctetStringRef>::from_der(private)
        .map_err(|_| KeyError::malformed(KeyForm::Pkcs8))?
        .as_bytes();
    let (algorithm, length) = match identifier.oid {
        pkcs8::ED25519 => (KeyAlgorithm::Ed25519, 32),
        pkcs8::ED448 => (KeyAlgorithm::Ed448, ed448::LENGTH),
        pkcs8::X25519 => (KeyAlgorithm::X25519, 32),
        _ => (KeyAlgorithm::X448, 56),
    };
    if secret.len() != length {
        return Err(KeyError::malformed(KeyForm::Pkcs8));
    }
    if algorithm == KeyAlgorithm::Ed25519 {
        return ed25519(secret, public);
    }
    let public = match algorithm {
        KeyAlgorithm::Ed448 => matching(ed448::public(secret), public)?,
        _ => pkcs8::believed(algorithm, public)?,
    };
    Ok(Material {
        algorithm,
        identifier: sequence(&[&oid(&identifier.oid)]),
        public_identifier: None,
        private: element(0x04, &[secret]),
        public,
    })
}

/// The material of an Ed25519 secret of 32 bytes.
pub(super) fn ed25519(secret: &[u8], public: Option<&[u8]>) -> Result<Material, KeyError> {
    let seed: &[u8; 32] = secret
        .try_into()
        .map_err(|_| KeyError::malformed(KeyForm::Pkcs8))?;
    let computed = SigningKey::from_bytes(seed).verifying_key().to_bytes();
    Ok(Material {
        algorithm: KeyAlgorithm::Ed25519,
        identifier: sequence(&[&oid(&pkcs8::ED25519)]),
        public_identifier: None,
        private: element(0x04, &[secret]),
        public: matching(computed.to_vec(), public)?,
    })
}

/// The computed public key, when the file's own does not say otherwise.
fn matching(computed: Vec<u8>, given: Option<&[u8]>) -> Result<Vec<u8>, KeyError> {
    match given {
        Some(given) if given != computed => Err(KeyError::PublicPartDiffers),
        _ => Ok(computed),
    }
}
