//! DSA keys: recognised, so that a person is told what they hold. No TLS 1.3 client takes one.

use der::asn1::{AnyRef, UintRef};
use der::{Decode, Reader};

use super::private_key::Material;
use super::product::bit_length;
use super::{KeyAlgorithm, KeyError, KeyForm, pkcs8};
use crate::container::pbe::Algorithm;
use crate::container::{oid, positive, sequence};

/// `OpenSSL`'s form: SEQUENCE of 0, p, q, g, y, x. The public y is the file's own.
pub(super) fn read_legacy(der: &[u8]) -> Result<Material, KeyError> {
    let malformed = |_| KeyError::malformed(KeyForm::Dsa);
    let any = AnyRef::from_der(der).map_err(malformed)?;
    any.sequence(|reader| -> der::Result<Material> {
        let _version: u8 = reader.decode()?;
        let prime: UintRef<'_> = reader.decode()?;
        let order: UintRef<'_> = reader.decode()?;
        let generator: UintRef<'_> = reader.decode()?;
        let public: UintRef<'_> = reader.decode()?;
        let private: UintRef<'_> = reader.decode()?;
        let parameters = sequence(&[
            &positive(prime.as_bytes()),
            &positive(order.as_bytes()),
            &positive(generator.as_bytes()),
        ]);
        Ok(Material {
            algorithm: KeyAlgorithm::Dsa {
                bits: bit_length(prime.as_bytes()),
            },
            identifier: sequence(&[&oid(&pkcs8::DSA), &parameters]),
            public_identifier: None,
            private: positive(private.as_bytes()),
            public: positive(public.as_bytes()).to_vec(),
        })
    })
    .map_err(malformed)
}

/// PKCS#8 holds only x, and y is not worth a modular exponentiation: the kind is named.
pub(super) fn read_pkcs8(identifier: &Algorithm<'_>) -> Result<Material, KeyError> {
    let prime = identifier.parameters.and_then(|any| {
        any.sequence(|reader| -> der::Result<u32> {
            let p: UintRef<'_> = reader.decode()?;
            let _q: UintRef<'_> = reader.decode()?;
            let _g: UintRef<'_> = reader.decode()?;
            Ok(bit_length(p.as_bytes()))
        })
        .ok()
    });
    Err(match prime {
        Some(bits) => KeyError::Unsupported {
            algorithm: KeyAlgorithm::Dsa { bits },
        },
        None => KeyError::malformed(KeyForm::Pkcs8),
    })
}
