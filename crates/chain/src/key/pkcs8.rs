//! PKCS#8 (RFC 5208 and RFC 5958): the algorithm outside, the key inside.

use der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, Encode, Reader};

use super::{KeyAlgorithm, KeyError, KeyForm, PrivateKey, dsa, ec, edwards, rsa};
use crate::container::pbe::Algorithm;

pub(super) const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
pub(super) const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
pub(super) const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
pub(super) const DSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10040.4.1");
pub(super) const X25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.110");
pub(super) const X448: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.111");
pub(super) const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
pub(super) const ED448: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.113");

/// `OneAsymmetricKey`; attributes are passed over.
struct Info<'a> {
    algorithm: Algorithm<'a>,
    private: &'a [u8],
    public: Option<&'a [u8]>,
}

/// Reads a PKCS#8 key in DER.
pub(super) fn read(der: &[u8]) -> Result<PrivateKey, KeyError> {
    let malformed = |_| KeyError::malformed(KeyForm::Pkcs8);
    let info = info(der).map_err(malformed)?;
    let identifier = info.algorithm.to_der().map_err(malformed)?;
    let material = match info.algorithm.oid {
        RSA | RSA_PSS => rsa::read(info.private, Some(&identifier))?,
        EC => ec::read(info.private, info.algorithm.parameters, info.public)?,
        ED25519 | ED448 | X25519 | X448 => {
            edwards::read(&info.algorithm, info.private, info.public)?
        }
        DSA => dsa::read_pkcs8(&info.algorithm)?,
        oid => {
            return Err(KeyError::Unsupported {
                algorithm: KeyAlgorithm::Other(oid),
            });
        }
    };
    Ok(PrivateKey::new(KeyForm::Pkcs8, &material))
}

/// The version is not looked at: files exist that carry a public key under version 1.
fn info(der: &[u8]) -> der::Result<Info<'_>> {
    /// Identifier octets of `[1] IMPLICIT BIT STRING`, as the RFC has it and as some write it.
    const PUBLIC: u8 = 0x81;
    const PUBLIC_CONSTRUCTED: u8 = 0xa1;
    AnyRef::from_der(der)?.sequence(|reader| {
        let _version: u8 = reader.decode()?;
        let algorithm = reader.decode()?;
        let private: &OctetStringRef = reader.decode()?;
        let mut public = None;
        while let Some(tag) = reader.peek_byte() {
            let field: AnyRef<'_> = reader.decode()?;
            public = match tag {
                // The first octet of a bit string counts unused bits: none in a key.
                PUBLIC => field.value().split_first().map(|(_, bits)| bits),
                PUBLIC_CONSTRUCTED => BitStringRef::from_der(field.value())?.as_bytes(),
                _ => public,
            };
        }
        Ok(Info {
            algorithm,
            private: private.as_bytes(),
            public,
        })
    })
}

/// The material of a key that only its file's public part can speak for.
pub(super) fn believed(
    algorithm: KeyAlgorithm,
    public: Option<&[u8]>,
) -> Result<Vec<u8>, KeyError> {
    public
        .map(<[u8]>::to_vec)
        .ok_or(KeyError::Unsupported { algorithm })
}
