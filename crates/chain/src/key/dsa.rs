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
        let p: UintRef<'_> = reader.decode()?;
        let q: UintRef<'_> = reader.decode()?;
        let g: UintRef<'_> = reader.decode()?;
        let y: UintRef<'_> = reader.decode()?;
        let x: UintRef<'_> = reader.decode()?;
        let numbers = [p, q, g].map(|number| positive(number.as_bytes()));
        let parameters = sequence(&[&numbers[0], &numbers[1], &numbers[2]]);
        Ok(Material {
            algorithm: KeyAlgorithm::Dsa {
                bits: bit_length(p.as_bytes()),
            },
            identifier: sequence(&[&oid(&pkcs8::DSA), &parameters]),
            private: positive(x.as_bytes()),
            public: positive(y.as_bytes()).to_vec(),
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
