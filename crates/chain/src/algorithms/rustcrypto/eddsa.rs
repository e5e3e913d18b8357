//! Ed25519 (RFC 8032; certificates: RFC 8410).

use ed25519_dalek::{Signature, Verifier, VerifyingKey};
use rustls_pki_types::InvalidSignature;

/// Ed25519 without a cofactor, refusing a non-canonical `S` (RFC 8032 section 5.1.7).
pub(super) fn ed25519(
    public_key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), InvalidSignature> {
    let key = VerifyingKey::try_from(public_key).map_err(|_| InvalidSignature)?;
    let signature = Signature::from_slice(signature).map_err(|_| InvalidSignature)?;
    key.verify(message, &signature)
        .map_err(|_| InvalidSignature)
}
