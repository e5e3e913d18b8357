//! RSA PKCS#1 v1.5 and PSS (RFC 8017; certificates: RFC 4055).

use core::ops::RangeInclusive;
use der::Decode;
use rsa::{
    BoxedUint, pkcs1v15, pss,
    sha2::digest::{Digest, FixedOutputReset, const_oid::AssociatedOid},
    signature::Verifier,
};
use rustls_pki_types::InvalidSignature;

/// Sizes of the modulus, in bits: rustls-webpki's `RSA_PKCS1_2048_8192_*`. The lower bound is
/// also the CA/B Forum's (Baseline Requirements 6.1.5).
const MODULUS_BITS: RangeInclusive<usize> = 2048..=8192;

/// Longest modulus worth converting, in bytes; the exact check on bits comes after.
const MAX_MODULUS_BYTES: usize = 8192 / 8;

/// Longest exponent, in bytes: `rsa` and AWS-LC both stop at 33 bits, against keys made to be
/// slow (<https://www.imperialviolet.org/2012/03/17/rsados.html>).
const MAX_EXPONENT_BYTES: usize = 5;

/// RSASSA-PKCS1-v1_5.
pub(super) fn pkcs1<D: Digest + AssociatedOid>(
    public_key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), InvalidSignature> {
    let key = pkcs1v15::VerifyingKey::<D>::new(read_key(public_key)?);
    let signature = pkcs1v15::Signature::try_from(signature).map_err(|_| InvalidSignature)?;
    key.verify(message, &signature)
        .map_err(|_| InvalidSignature)
}

/// RSASSA-PSS, MGF1 with the same digest, a salt as long as the digest.
pub(super) fn pss<D: Digest + FixedOutputReset>(
    public_key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), InvalidSignature> {
    let key = pss::VerifyingKey::<D>::new(read_key(public_key)?);
    let signature = pss::Signature::try_from(signature).map_err(|_| InvalidSignature)?;
    key.verify(message, &signature)
        .map_err(|_| InvalidSignature)
}

/// An `RSAPublicKey` (RFC 8017 appendix A.1.1) whose exponent is odd, above 1 and small.
fn read_key(der: &[u8]) -> Result<rsa::PublicKey, InvalidSignature> {
    let key = pkcs1::RsaPublicKeyRef::from_der(der).map_err(|_| InvalidSignature)?;
    let modulus = read_integer(key.modulus.as_bytes(), MAX_MODULUS_BYTES)?;
    let exponent = read_integer(key.public_exponent.as_bytes(), MAX_EXPONENT_BYTES)?;
    rsa::PublicKey::new_with_size_limits(modulus, exponent, MODULUS_BITS)
        .map_err(|_| InvalidSignature)
}

fn read_integer(bytes: &[u8], limit: usize) -> Result<BoxedUint, InvalidSignature> {
    if bytes.len() > limit {
        return Err(InvalidSignature);
    }
    Ok(BoxedUint::from_be_slice_vartime(bytes))
}
