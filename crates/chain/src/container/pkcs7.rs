//! PKCS#7 / CMS `SignedData`: the certificates and revocation lists it carries (RFC 5652).
//!
//! Signatures over content are not verified: a `.p7b` from a CA has none, and a signed one is
//! read for the chain inside.

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Reader, Sequence, SliceReader};

use super::ber::{self, BerError};
use super::{element, integer, oid, sequence};

/// Certificates and revocation lists taken from one file. The largest known bundle, the US
/// Department of Defense's, holds under 100.
pub const MAX_ITEMS: usize = 4096;

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");

/// Why a PKCS#7 file cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Pkcs7Error {
    /// Not BER, or over a limit of [`ber`].
    #[error(transparent)]
    Ber(#[from] BerError),
    /// PKCS#7, but another content than `SignedData`: encrypted, or plain data.
    #[error("the PKCS#7 content is {content_type}, not signed data")]
    NotSignedData {
        /// The content type that is there.
        content_type: ObjectIdentifier,
    },
    /// Not the structure of RFC 5652.
    #[error("not a PKCS#7 structure")]
    Malformed,
    /// More than [`MAX_ITEMS`] certificates and revocation lists.
    #[error("more than {MAX_ITEMS} certificates and revocation lists")]
    TooMany,
}

/// What a `SignedData` carries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pkcs7 {
    /// Certificates in DER, in the file's order (which says nothing: it is a SET).
    pub certificates: Vec<Vec<u8>>,
    /// Certificate revocation lists in DER.
    pub crls: Vec<Vec<u8>>,
    /// How many attribute certificates and other formats were passed over.
    pub others: usize,
    /// Bytes after the structure, which belong to nothing.
    pub trailing: usize,
    /// Whether the file was BER and not DER.
    pub was_ber: bool,
}

#[derive(Sequence)]
struct ContentInfo<'a> {
    content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    content: Option<AnyRef<'a>>,
}

/// The two sets of a `SignedData` that are wanted, each `IMPLICIT` and optional (RFC 5652, 5.1).
#[derive(Default)]
struct Sets<'a> {
    certificates: &'a [u8],
    crls: &'a [u8],
}

/// Reads a PKCS#7 file in DER or BER.
///
/// # Errors
///
/// [`Pkcs7Error`] when the bytes are not a `SignedData`, or past a limit.
pub fn read(bytes: &[u8]) -> Result<Pkcs7, Pkcs7Error> {
    let normal = ber::normalise(bytes)?;
    let info = ContentInfo::from_der(&normal).map_err(|_| Pkcs7Error::Malformed)?;
    if info.content_type != SIGNED_DATA {
        return Err(Pkcs7Error::NotSignedData {
            content_type: info.content_type,
        });
    }
    let sets = sets(info.content.ok_or(Pkcs7Error::Malformed)?)?;
    let mut found = Pkcs7 {
        trailing: bytes.len() - normal.consumed(),
        was_ber: normal.was_rewritten(),
        ..Pkcs7::default()
    };
    let (certificates, others) = plain_items(sets.certificates)?;
    let (crls, other_crls) = plain_items(sets.crls)?;
    if certificates.len() + crls.len() > MAX_ITEMS {
        return Err(Pkcs7Error::TooMany);
    }
    found.certificates = certificates;
    found.crls = crls;
    found.others = others + other_crls;
    Ok(found)
}

/// version, digestAlgorithms, encapContentInfo, the sets, signerInfos.
fn sets(signed: AnyRef<'_>) -> Result<Sets<'_>, Pkcs7Error> {
    /// Identifier octets of `[0]` and `[1]`, constructed.
    const CERTIFICATES: u8 = 0xa0;
    const CRLS: u8 = 0xa1;
    let read = signed.sequence(|reader| -> der::Result<Sets<'_>> {
        let _version: AnyRef<'_> = reader.decode()?;
        let _digest_algorithms: AnyRef<'_> = reader.decode()?;
        let _content: ContentInfo<'_> = reader.decode()?;
        let mut sets = Sets::default();
        if reader.peek_byte() == Some(CERTIFICATES) {
            sets.certificates = reader.decode::<AnyRef<'_>>()?.value();
        }
        if reader.peek_byte() == Some(CRLS) {
            sets.crls = reader.decode::<AnyRef<'_>>()?.value();
        }
        let _signers: AnyRef<'_> = reader.decode()?;
        Ok(sets)
    });
    read.map_err(|_| Pkcs7Error::Malformed)
}

/// The SEQUENCEs of a set, and how many elements have another tag (RFC 5652, 10.2.1 and 10.2.2:
/// the plain form has none, every other choice is tagged).
fn plain_items(set: &[u8]) -> Result<(Vec<Vec<u8>>, usize), Pkcs7Error> {
    let malformed = |_| Pkcs7Error::Malformed;
    let mut reader = SliceReader::new(set).map_err(malformed)?;
    let (mut items, mut others) = (Vec::new(), 0);
    while !reader.is_finished() {
        let plain = reader.peek_byte() == Some(0x30);
        let bytes = reader.tlv_bytes().map_err(malformed)?;
        if !plain {
            others += 1;
        } else if items.len() < MAX_ITEMS {
            items.push(bytes.to_vec());
        } else {
            return Err(Pkcs7Error::TooMany);
        }
    }
    Ok((items, others))
}

/// A `SignedData` without signers that carries `certs` (each in DER), as CAs hand chains out.
///
/// The same certificates give the same bytes: they are put in DER's order of a SET (X.690, 11.6).
pub fn write(certs: &[&[u8]]) -> Vec<u8> {
    let mut sorted = certs.to_vec();
    sorted.sort_unstable();
    let empty_set = element(0x31, &[]);
    let certificates = element(0xa0, &sorted);
    let signed = sequence(&[
        &integer(1),
        &empty_set,
        &sequence(&[&oid(&DATA)]),
        &certificates,
        &empty_set,
    ]);
    let mut info = sequence(&[&oid(&SIGNED_DATA), &element(0xa0, &[&signed])]);
    core::mem::take(&mut *info)
}
