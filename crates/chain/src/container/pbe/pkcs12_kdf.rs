//! The key derivation of PKCS#12 (RFC 7292, appendix B).

use sha1::Sha1;
use sha2::digest::{Digest, Output, common::BlockSizeUser};
use sha2::{Sha224, Sha256, Sha384, Sha512};
use zeroize::{Zeroize, Zeroizing};

use super::{Budget, PbeError};

/// What the derived bytes are for (RFC 7292, B.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Key = 1,
    Iv = 2,
    Mac = 3,
}

/// A hash function that PKCS#12 names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// What one round costs, with SHA-256 as the measure: processors have instructions for SHA-1
    /// and SHA-256, and none for the long ones, which take more than twice the time.
    pub(crate) fn weight(self) -> usize {
        match self {
            Self::Sha1 | Self::Sha224 | Self::Sha256 => 1,
            Self::Sha384 | Self::Sha512 => 2,
        }
    }

    /// Output length in bytes.
    pub(crate) fn output_len(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// Where a derivation starts: the password as a `BMPString`, the salt and the rounds.
pub(crate) struct Input<'a> {
    pub(crate) password: &'a [u8],
    pub(crate) salt: &'a [u8],
    pub(crate) iterations: u32,
}

/// `length` bytes for `purpose`.
pub(crate) fn derive(
    hash: Hash,
    purpose: Purpose,
    input: &Input<'_>,
    length: usize,
    budget: &mut Budget<'_>,
) -> Result<Zeroizing<Vec<u8>>, PbeError> {
    let blocks = length.div_ceil(hash.output_len());
    budget.spend(input.iterations, blocks * hash.weight())?;
    Ok(derive_unbudgeted(hash, purpose, input, length))
}

/// [`derive`] where our own side chose the rounds.
pub(crate) fn derive_unbudgeted(
    hash: Hash,
    purpose: Purpose,
    input: &Input<'_>,
    length: usize,
) -> Zeroizing<Vec<u8>> {
    match hash {
        Hash::Sha1 => run::<Sha1>(purpose, input, length),
        Hash::Sha224 => run::<Sha224>(purpose, input, length),
        Hash::Sha256 => run::<Sha256>(purpose, input, length),
        Hash::Sha384 => run::<Sha384>(purpose, input, length),
        Hash::Sha512 => run::<Sha512>(purpose, input, length),
    }
}

/// Steps 1 to 9 of B.2; the letters are the RFC's.
fn run<D: Digest + BlockSizeUser>(
    purpose: Purpose,
    input: &Input<'_>,
    length: usize,
) -> Zeroizing<Vec<u8>> {
    let v = D::block_size();
    let diversifier = vec![purpose as u8; v];
    let mut i = Zeroizing::new(Vec::with_capacity(
        (input.salt.len() + input.password.len() + 2 * v).next_multiple_of(v),
    ));
    stretch(&mut i, input.salt, v);
    stretch(&mut i, input.password, v);
    let mut out = Zeroizing::new(Vec::with_capacity(length + <D as Digest>::output_size()));
    while out.len() < length {
        let mut a = D::new()
            .chain_update(&diversifier)
            .chain_update(&*i)
            .finalize();
        for _ in 1..input.iterations {
            a = D::digest(&a);
        }
        out.extend_from_slice(&a);
        advance::<D>(&mut i, &a, v);
        a.zeroize();
    }
    out.truncate(length);
    out
}

/// Appends copies of `bytes` up to the next multiple of `v`; nothing stays nothing.
fn stretch(out: &mut Vec<u8>, bytes: &[u8], v: usize) {
    let length = bytes.len().next_multiple_of(v);
    out.extend(bytes.iter().copied().cycle().take(length));
}

/// Step 6C: every block of I becomes (block + B + 1) mod 2^(8v).
fn advance<D: Digest>(i: &mut [u8], a: &Output<D>, v: usize) {
    for block in i.chunks_mut(v) {
        let mut carry = 1u16;
        for (at, byte) in block.iter_mut().enumerate().rev() {
            let sum = u16::from(*byte) + u16::from(a[at % a.len()]) + carry;
            *byte = sum.to_be_bytes()[1];
            carry = sum >> 8;
        }
    }
}
