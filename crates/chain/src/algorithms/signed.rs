//! The two halves of a verification, as rustls-webpki cuts them out of DER.

//!
//! One check asks for the same few keys and signatures over and over, so the headers are read here
//! directly: of DER, only what these structures need.

const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;

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
        let mut rest = contents;
        let algorithm = take(&mut rest, SEQUENCE)?;
        let key = take_bit_string(&mut rest)?;
        rest.is_empty().then_some(Self { algorithm, key })
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
        let (signed, rest) = Self::split(sequence(der)?)?;
        rest.is_empty().then_some(signed)
    }

    /// Splits the contents of what is signed, and gives what stands behind the signature.
    pub(crate) fn split(contents: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let mut rest = contents;
        take(&mut rest, SEQUENCE)?;
        let message = &contents[..contents.len() - rest.len()];
        let algorithm = take(&mut rest, SEQUENCE)?;
        let signature = take_bit_string(&mut rest)?;
        let signed = Self {
            message,
            algorithm,
            signature,
        };
        Some((signed, rest))
    }
}

fn sequence(der: &[u8]) -> Option<&[u8]> {
    let mut rest = der;
    let contents = take(&mut rest, SEQUENCE)?;
    rest.is_empty().then_some(contents)
}

/// Takes the contents of a value with this tag off the front. The length has the one form that DER
/// allows (X.690, section 10.1), and is at most what four octets say.
pub(crate) fn take<'a>(rest: &mut &'a [u8], tag: u8) -> Option<&'a [u8]> {
    let (&[found, first], behind) = rest.split_first_chunk()?;
    let (length, behind) = match first {
        0..=0x7f => (usize::from(first), behind),
        0x81..=0x84 => {
            let (octets, behind) = behind.split_at_checked(usize::from(first & 0x7f))?;
            let number = |number, octet: &u8| (number << 8) | usize::from(*octet);
            let length = octets.iter().fold(0, number);
            let is_shortest = length > 0x7f && octets[0] != 0;
            (is_shortest.then_some(length)?, behind)
        }
        _ => return None,
    };
    let (contents, behind) = behind.split_at_checked(length)?;
    *rest = behind;
    (found == tag).then_some(contents)
}

/// Keys and signatures are whole octets; unused bits are refused, as rustls-webpki does.
fn take_bit_string<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (&unused, octets) = take(rest, BIT_STRING)?.split_first()?;
    (unused == 0).then_some(octets)
}
