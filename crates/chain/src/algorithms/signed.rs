//! The two halves of a verification, as rustls-webpki cuts them out of DER.

use der::{Decode, Reader, SliceReader, Tag, Tagged, asn1::AnyRef, asn1::BitStringRef};

/// A public key and the algorithm it is for: a `SubjectPublicKeyInfo` (RFC 5280 4.1.2.7), split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey<'a> {
    /// Contents of the `AlgorithmIdentifier`, without its SEQUENCE header.
    pub algorithm: &'a [u8],
    /// Contents of the BIT STRING.
    pub key: &'a [u8],
}

impl<'a> PublicKey<'a> {
    /// Splits a whole `SubjectPublicKeyInfo`. `None` when it is not one in DER.
    pub fn read(spki: &'a [u8]) -> Option<Self> {
        Self::read_contents(sequence(spki)?)
    }

    /// Splits the contents of a `SubjectPublicKeyInfo`, as `TrustAnchor` keeps them: without the
    /// outer SEQUENCE header. `None` when they are not in DER.
    pub fn read_contents(contents: &'a [u8]) -> Option<Self> {
        let mut reader = SliceReader::new(contents).ok()?;
        let algorithm = next_sequence(&mut reader)?;
        let key = next_bit_string(&mut reader)?;
        reader.is_finished().then_some(Self { algorithm, key })
    }
}

/// Something signed, split: a certificate, a CSR or a CRL (`tbs`, `signatureAlgorithm`,
/// `signature`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed<'a> {
    /// The bytes that were signed, header included.
    pub message: &'a [u8],
    /// Contents of the `AlgorithmIdentifier`, without its SEQUENCE header.
    pub algorithm: &'a [u8],
    /// Contents of the BIT STRING.
    pub signature: &'a [u8],
}

impl<'a> Signed<'a> {
    /// Splits a whole `Certificate` (RFC 5280 4.1), `CertificationRequest` (RFC 2986) or
    /// `CertificateList` (RFC 5280 5.1). `None` when it is not shaped like one in DER.
    pub fn read(der: &'a [u8]) -> Option<Self> {
        let mut reader = SliceReader::new(sequence(der)?).ok()?;
        let message = reader.tlv_bytes().ok()?;
        let algorithm = next_sequence(&mut reader)?;
        let signature = next_bit_string(&mut reader)?;
        reader.is_finished().then_some(Self {
            message,
            algorithm,
            signature,
        })
    }
}

fn sequence(der: &[u8]) -> Option<&[u8]> {
    let any = AnyRef::from_der(der).ok()?;
    (any.tag() == Tag::Sequence).then(|| any.value())
}

fn next_sequence<'a>(reader: &mut SliceReader<'a>) -> Option<&'a [u8]> {
    let any = AnyRef::decode(reader).ok()?;
    (any.tag() == Tag::Sequence).then(|| any.value())
}

/// Keys and signatures are whole octets; unused bits are refused, as rustls-webpki does.
fn next_bit_string<'a>(reader: &mut SliceReader<'a>) -> Option<&'a [u8]> {
    BitStringRef::decode(reader).ok()?.as_bytes()
}
