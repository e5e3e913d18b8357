//! RSA PKCS#1 v1.5 and PSS (RFC 8017; certificates: RFC 4055), with public keys: what verifies, and no more.

use super::power::power;
use core::ops::RangeInclusive;
use der::Decode;
use rustls_pki_types::InvalidSignature;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// Sizes of the modulus, in bits: rustls-webpki's `RSA_PKCS1_2048_8192_*`. The lower bound is
/// also the CA/B Forum's (Baseline Requirements 6.1.5).
const MODULUS_BITS: RangeInclusive<usize> = 2048..=8192;

/// Bits of the exponent: AWS-LC stops at 33, against keys made to be slow
/// (<https://www.imperialviolet.org/2012/03/17/rsados.html>); with 1, a padded digest is its own signature.
const EXPONENT_BITS: RangeInclusive<usize> = 2..=33;

/// A digest, and the last number of its object identifier, 2.16.840.1.101.3.4.2.x (RFC 8017 appendix B.1).
pub(super) trait Named: Digest {
    const NUMBER: u8;
}

impl Named for Sha256 {
    const NUMBER: u8 = 1;
}

impl Named for Sha384 {
    const NUMBER: u8 = 2;
}

impl Named for Sha512 {
    const NUMBER: u8 = 3;
}

/// RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2.2): the signature has to hold, byte for byte, what would be signed.
pub(super) fn pkcs1<D: Named>(
    public_key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), InvalidSignature> {
    let (opened, _) = open(public_key, signature)?;
    let digest = D::digest(message);
    let length = u8::try_from(digest.len()).map_err(|_| InvalidSignature)?;
    // DigestInfo, section 9.2, note 1.
    let info = [
        &[0x30, 17 + length, 0x30, 0x0d, 0x06, 0x09][..],
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, D::NUMBER],
        &[0x05, 0x00, 0x04, length],
        &digest,
    ]
    .concat();
    // Eight bytes of filler at the least, which every modulus in range leaves room for.
    let filler = opened.len().checked_sub(info.len() + 3);
    let filler = vec![
        0xff;
        filler
            .filter(|filler| *filler >= 8)
            .ok_or(InvalidSignature)?
    ];
    let signed = [&[0, 1][..], &filler, &[0], &info].concat();
    matching(signed == opened)
}

/// RSASSA-PSS (RFC 8017 sections 8.1.2 and 9.1.2), MGF1 with the same digest, a salt as long as the digest.
pub(super) fn pss<D: Named>(
    public_key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), InvalidSignature> {
    let (mut opened, bits) = open(public_key, signature)?;
    // What is signed has one bit less than the modulus: the bits above are zero, a whole byte of them now
    // and then.
    let spare = opened.len() * 8 - (bits - 1);
    if spare == 8 && opened.remove(0) != 0 {
        return Err(InvalidSignature);
    }
    let above = 0xff_u8.checked_shl(8 - u32::try_from(spare % 8).unwrap_or(0));
    let above = above.unwrap_or(0);
    let length = <D as Digest>::output_size();
    let (block, rest) = opened
        .len()
        .checked_sub(length + 1)
        .and_then(|end| opened.split_at_mut_checked(end))
        .ok_or(InvalidSignature)?;
    let (hash, trailer) = rest.split_at(length);
    let first = *block.first().ok_or(InvalidSignature)?;
    if trailer != [0xbc] || first & above != 0 {
        return Err(InvalidSignature);
    }
    mask::<D>(hash, block);
    block[0] &= !above;
    let (padding, salt) = block
        .len()
        .checked_sub(length)
        .map(|end| block.split_at(end))
        .ok_or(InvalidSignature)?;
    let (one, zeros) = padding.split_last().ok_or(InvalidSignature)?;
    let signed = D::new()
        .chain_update([0; 8])
        .chain_update(D::digest(message))
        .chain_update(salt)
        .finalize();
    matching(*one == 1 && zeros.iter().all(|byte| *byte == 0) && signed[..] == *hash)
}

/// MGF1 (RFC 8017 appendix B.2.1), added to the block.
fn mask<D: Digest>(seed: &[u8], block: &mut [u8]) {
    for (counter, part) in (0_u32..).zip(block.chunks_mut(<D as Digest>::output_size())) {
        let mask = D::new()
            .chain_update(seed)
            .chain_update(counter.to_be_bytes())
            .finalize();
        for (byte, mask) in part.iter_mut().zip(mask) {
            *byte ^= mask;
        }
    }
}

/// RSAVP1 (RFC 8017 section 5.2.2): what was signed, as long as the modulus, and the bits of that. The key is an
/// `RSAPublicKey` (appendix A.1.1) whose exponent is odd, above 1 and small.
fn open(public_key: &[u8], signature: &[u8]) -> Result<(Vec<u8>, usize), InvalidSignature> {
    let key = pkcs1::RsaPublicKeyRef::from_der(public_key).map_err(|_| InvalidSignature)?;
    let (modulus, exponent) = (key.modulus.as_bytes(), key.public_exponent.as_bytes());
    let bits = bits(modulus);
    let in_range = MODULUS_BITS.contains(&bits) && EXPONENT_BITS.contains(&self::bits(exponent));
    if !in_range || signature.len() != modulus.len() {
        return Err(InvalidSignature);
    }
    let exponent = exponent
        .iter()
        .fold(0, |number, byte| number << 8 | u64::from(*byte));
    let opened = power(signature, exponent, modulus).ok_or(InvalidSignature)?;
    Ok((opened, bits))
}

/// Bits of a number without zeros in front.
fn bits(number: &[u8]) -> usize {
    number
        .first()
        .map_or(0, |first| number.len() * 8 - first.leading_zeros() as usize)
}

fn matching(is_right: bool) -> Result<(), InvalidSignature> {
    is_right.then_some(()).ok_or(InvalidSignature)
}
