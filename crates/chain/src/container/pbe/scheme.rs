//! The entry: an algorithm identifier, a password, and bytes to open.

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Sequence};
use zeroize::Zeroizing;

use super::{Budget, Cipher, pbes1, pbes2};

/// `AlgorithmIdentifier` (RFC 5280, 4.1.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct Algorithm<'a> {
    pub(crate) oid: ObjectIdentifier,
    #[asn1(optional = "true")]
    pub(crate) parameters: Option<AnyRef<'a>>,
}

impl<'a> Algorithm<'a> {
    /// The parameters read as `T`.
    pub(crate) fn parameters<T>(&self) -> Result<T, PbeError>
    where
        T: Decode<'a> + der::DecodeValue<'a> + der::FixedTag + 'a,
    {
        self.parameters
            .and_then(|any| any.decode_as().ok())
            .ok_or(PbeError::Malformed)
    }
}

/// Why bytes could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PbeError {
    /// An algorithm that this crate does not know.
    Unsupported { algorithm: ObjectIdentifier },
    /// Parameters that break their standard.
    Malformed,
    /// The file asks for more than `limit` of `what`.
    Limit { what: &'static str, limit: u64 },
    /// The padding came out wrong: the password, or damaged data.
    Decrypt,
}

/// A password in the two forms that schemes want.
pub(crate) struct Password<'a> {
    /// As given: PBES1 and PBES2.
    pub(crate) bytes: &'a [u8],
    /// A `BMPString` ending in two zero bytes: PKCS#12 (RFC 7292, B.1).
    pub(crate) bmp: Zeroizing<Vec<u8>>,
}

impl<'a> Password<'a> {
    /// The password as UTF-8; bytes that are no UTF-8 count as Latin-1, as `OpenSSL` does.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        let mut bmp = match core::str::from_utf8(bytes) {
            Ok(text) => bmp(bytes.len(), text.encode_utf16()),
            Err(_) => bmp(bytes.len(), bytes.iter().map(|byte| u16::from(*byte))),
        };
        bmp.extend_from_slice(&[0, 0]);
        Self { bytes, bmp }
    }

    /// Every byte widened, also where the bytes are UTF-8: what `OpenSSL` before 1.1 wrote.
    pub(crate) fn widened(bytes: &'a [u8]) -> Self {
        let mut bmp = bmp(bytes.len(), bytes.iter().map(|byte| u16::from(*byte)));
        bmp.extend_from_slice(&[0, 0]);
        Self { bytes, bmp }
    }

    /// No password at all, which is not the same as an empty one: not even the two zero bytes.
    pub(crate) fn missing() -> Self {
        Self {
            bytes: b"",
            bmp: Zeroizing::new(Vec::new()),
        }
    }
}

/// Big-endian units, with room for the two zero bytes (UTF-16 has no more units than UTF-8 bytes).
fn bmp(length: usize, units: impl Iterator<Item = u16>) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(2 * length + 2));
    out.extend(units.flat_map(u16::to_be_bytes));
    out
}

/// The cipher that is named, where it is known.
pub(crate) fn cipher(algorithm: &Algorithm<'_>) -> Option<Cipher> {
    if algorithm.oid == pbes2::PBES2 {
        return pbes2::named(algorithm);
    }
    pbes1::named(&algorithm.oid)
}

/// Opens `ciphertext`.
pub(crate) fn decrypt(
    algorithm: &Algorithm<'_>,
    password: &Password<'_>,
    ciphertext: &[u8],
    budget: &mut Budget<'_>,
) -> Result<Zeroizing<Vec<u8>>, PbeError> {
    if algorithm.oid == pbes2::PBES2 {
        return pbes2::decrypt(algorithm, password.bytes, ciphertext, budget);
    }
    pbes1::decrypt(algorithm, password, ciphertext, budget).unwrap_or(Err(PbeError::Unsupported {
        algorithm: algorithm.oid,
    }))
}
