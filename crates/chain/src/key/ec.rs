//! Elliptic-curve keys (RFC 5915), inside PKCS#8 or bare.

use der::asn1::{AnyRef, BitStringRef, OctetStringRef};
use der::{Decode, Encode, Reader};
use p256::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
use p256::elliptic_curve::{AffinePoint, CurveArithmetic, FieldBytesSize, PublicKey, SecretKey};
use zeroize::Zeroizing;

use super::private_key::Material;
use super::product::trimmed;
use super::{Curve, KeyAlgorithm, KeyError, KeyForm, pkcs8};
use crate::container::{element, integer, oid, sequence};

/// `ECPrivateKey`.
struct EcPrivateKey<'a> {
    scalar: &'a [u8],
    parameters: Option<AnyRef<'a>>,
    public: Option<&'a [u8]>,
}

/// Reads `sec1`, an `ECPrivateKey`. The curve is in `outer`, PKCS#8's parameters, or inside; a
/// public part is inside, or outside in PKCS#8 version 2.
pub(super) fn read(
    sec1: &[u8],
    outer: Option<AnyRef<'_>>,
    outer_public: Option<&[u8]>,
) -> Result<Material, KeyError> {
    let malformed = || KeyError::malformed(KeyForm::Sec1);
    let key = decode(sec1).map_err(|_| malformed())?;
    let parameters = outer.or(key.parameters).ok_or_else(malformed)?;
    let (curve, explicit_parameters) = Curve::read(parameters).ok_or_else(malformed)?;
    let algorithm = KeyAlgorithm::Ec {
        curve,
        explicit_parameters,
    };
    if let (Some(inner), Some(outer)) = (key.public, outer_public)
        && inner != outer
    {
        return Err(KeyError::PublicPartDiffers);
    }
    let mut material = material(algorithm, curve, key.scalar, key.public.or(outer_public))?;
    if explicit_parameters {
        let spelled_out = parameters.to_der().map_err(|_| malformed())?;
        material.public_identifier = Some(sequence(&[&oid(&pkcs8::EC), &spelled_out]));
    }
    Ok(material)
}

/// The material of a private number on a curve, with the public part that came along.
pub(super) fn material(
    algorithm: KeyAlgorithm,
    curve: Curve,
    scalar: &[u8],
    public: Option<&[u8]>,
) -> Result<Material, KeyError> {
    let name = curve.oid().ok_or(KeyError::Unsupported { algorithm })?;
    let scalar = padded(scalar, curve.scalar_len())?;
    let public = match curve {
        Curve::P256 => point::<p256::NistP256>(&scalar, public)?,
        Curve::P384 => point::<p384::NistP384>(&scalar, public)?,
        Curve::P521 => point::<p521::NistP521>(&scalar, public)?,
        _ => pkcs8::believed(algorithm, public)?,
    };
    let bits = element(0x03, &[&[0], &public]);
    Ok(Material {
        algorithm,
        identifier: sequence(&[&oid(&pkcs8::EC), &oid(&name)]),
        public_identifier: None,
        private: sequence(&[
            &integer(1),
            &element(0x04, &[&scalar]),
            &element(0xa1, &[&bits]),
        ]),
        public,
    })
}

fn decode(sec1: &[u8]) -> der::Result<EcPrivateKey<'_>> {
    /// Identifier octets of `[0]` and `[1]`, both explicit.
    const PARAMETERS: u8 = 0xa0;
    const PUBLIC: u8 = 0xa1;
    AnyRef::from_der(sec1)?.sequence(|reader| {
        let _version: u8 = reader.decode()?;
        let scalar: &OctetStringRef = reader.decode()?;
        let mut key = EcPrivateKey {
            scalar: scalar.as_bytes(),
            parameters: None,
            public: None,
        };
        while let Some(tag) = reader.peek_byte() {
            let field: AnyRef<'_> = reader.decode()?;
            match tag {
                PARAMETERS => key.parameters = Some(AnyRef::from_der(field.value())?),
                PUBLIC => key.public = <BitStringRef<'_>>::from_der(field.value())?.as_bytes(),
                _ => {}
            }
        }
        Ok(key)
    })
}

/// The private number in exactly `length` bytes: RFC 5915, 3 wants that, some writers drop
/// leading zeros or add one.
fn padded(scalar: &[u8], length: Option<usize>) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let digits = trimmed(scalar);
    let length = length.unwrap_or(scalar.len());
    let zeros = length
        .checked_sub(digits.len())
        .ok_or(KeyError::Inconsistent {
            fault: "the private number is longer than the curve's order",
        })?;
    let mut out = Zeroizing::new(vec![0; length]);
    out[zeros..].copy_from_slice(digits);
    Ok(out)
}

/// The public point of `scalar`. When the file brought one it must be the same point, and its
/// encoding is kept: compressed in the key is compressed in the certificate.
fn point<C>(scalar: &[u8], given: Option<&[u8]>) -> Result<Vec<u8>, KeyError>
where
    C: CurveArithmetic,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
{
    let secret = SecretKey::<C>::from_slice(scalar).map_err(|_| KeyError::Inconsistent {
        fault: "the private number is not between 0 and the curve's order",
    })?;
    let computed = secret.public_key();
    let Some(given) = given else {
        return Ok(computed
            .as_affine()
            .to_sec1_point(false)
            .as_bytes()
            .to_vec());
    };
    match PublicKey::<C>::from_sec1_bytes(given) {
        Ok(public) if public == computed => Ok(given.to_vec()),
        _ => Err(KeyError::PublicPartDiffers),
    }
}
