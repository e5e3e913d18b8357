//! The ASN.1 of RFC 7292, as far as reading needs it, and its identifiers.

use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, Reader, Sequence, SliceReader};

use super::Pkcs12Error;
use crate::container::pbe::Algorithm;

pub(super) const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
pub(super) const ENCRYPTED_DATA: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");

pub(super) const KEY_BAG: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.1");
pub(super) const SHROUDED_KEY_BAG: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
pub(super) const CERT_BAG: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.3");
pub(super) const CRL_BAG: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.4");
pub(super) const SAFE_CONTENTS_BAG: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.6");

pub(super) const X509_CERTIFICATE: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.22.1");
pub(super) const X509_CRL: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.23.1");

/// PFX.
#[derive(Sequence)]
pub(super) struct PfxFile<'a> {
    pub(super) version: u8,
    pub(super) auth_safe: ContentInfo<'a>,
    #[asn1(optional = "true")]
    pub(super) mac: Option<MacData<'a>>,
}

/// `ContentInfo` (RFC 5652, 3).
#[derive(Sequence)]
pub(super) struct ContentInfo<'a> {
    pub(super) content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) content: Option<AnyRef<'a>>,
}

/// `MacData`; one iteration when the file does not say.
#[derive(Sequence)]
pub(super) struct MacData<'a> {
    pub(super) mac: DigestInfo<'a>,
    pub(super) salt: &'a OctetStringRef,
    #[asn1(optional = "true")]
    pub(super) iterations: Option<u32>,
}

#[derive(Sequence)]
pub(super) struct DigestInfo<'a> {
    pub(super) algorithm: Algorithm<'a>,
    pub(super) digest: &'a OctetStringRef,
}

#[derive(Sequence)]
pub(super) struct EncryptedData<'a> {
    pub(super) version: u8,
    pub(super) content: EncryptedContentInfo<'a>,
}

#[derive(Sequence)]
pub(super) struct EncryptedContentInfo<'a> {
    pub(super) content_type: ObjectIdentifier,
    pub(super) algorithm: Algorithm<'a>,
    /// `[0] IMPLICIT OCTET STRING`, whole or in pieces; see [`octets`].
    pub(super) content: AnyRef<'a>,
}

/// `EncryptedPrivateKeyInfo` (RFC 5958, 3).
#[derive(Sequence)]
pub(super) struct EncryptedKey<'a> {
    pub(super) algorithm: Algorithm<'a>,
    pub(super) data: &'a OctetStringRef,
}

/// `CertBag` and `CRLBag`: a kind, and the thing in an OCTET STRING.
#[derive(Sequence)]
pub(super) struct TypedOctets<'a> {
    pub(super) kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) value: AnyRef<'a>,
}

#[derive(Sequence)]
pub(super) struct SafeBag<'a> {
    pub(super) kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) value: AnyRef<'a>,
    #[asn1(optional = "true")]
    pub(super) attributes: Option<AnyRef<'a>>,
}

/// The elements of a SEQUENCE or SET, at most `limit`.
pub(super) fn elements<'a, T: Decode<'a>>(
    contents: &'a [u8],
    limit: usize,
) -> Result<Vec<T>, Pkcs12Error> {
    let mut reader = SliceReader::new(contents).map_err(|_| Pkcs12Error::Malformed)?;
    let mut found = Vec::new();
    while !reader.is_finished() {
        if found.len() == limit {
            return Err(Pkcs12Error::Limit {
                what: "items",
                limit: u64::try_from(limit).unwrap_or(u64::MAX),
            });
        }
        found.push(T::decode(&mut reader).map_err(|_| Pkcs12Error::Malformed)?);
    }
    Ok(found)
}

/// The octets of an implicitly tagged OCTET STRING. In BER it may come in pieces, and the tag
/// does not tell the normaliser that they are octets.
pub(super) fn octets(any: AnyRef<'_>) -> Result<Vec<u8>, Pkcs12Error> {
    if !any.header().is_constructed() {
        return Ok(any.value().to_vec());
    }
    let pieces: Vec<&OctetStringRef> = elements(any.value(), usize::MAX)?;
    Ok(pieces
        .into_iter()
        .flat_map(|piece| piece.as_bytes().iter().copied())
        .collect())
}
