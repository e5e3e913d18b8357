//! RSA keys (RFC 8017, A.1.2).

use der::asn1::{AnyRef, UintRef};
use der::{Decode, Reader};
use zeroize::Zeroizing;

use super::private_key::Material;
use super::product::{bit_length, product, trimmed};
use super::{KeyAlgorithm, KeyError, KeyForm};
use crate::container::{element, integer, positive, sequence};

/// The longest modulus in bits: `OpenSSL`'s `OPENSSL_RSA_MAX_MODULUS_BITS`.
pub const MAX_RSA_BITS: u32 = 16_384;

/// Primes of one key. RFC 8017 sets no limit, `OpenSSL` stops at five.
const MAX_PRIMES: u32 = 5;

/// Bytes of any number of a key: all of them are below the modulus.
pub(super) const MAX_NUMBER: usize = MAX_RSA_BITS as usize / 8;

/// The numbers of an `RSAPrivateKey` that matter here, big-endian.
struct Numbers<'a> {
    modulus: &'a [u8],
    exponent: &'a [u8],
    factors: Zeroizing<Vec<u8>>,
    primes: u32,
}

/// Reads `pkcs1`, an `RSAPrivateKey`, under `identifier`, its algorithm in DER.
pub(super) fn read(pkcs1: &[u8], identifier: Option<&[u8]>) -> Result<Material, KeyError> {
    let numbers = numbers(pkcs1)?;
    check(&numbers)?;
    let bits = bit_length(numbers.modulus);
    let plain = plain_identifier();
    let algorithm = match identifier {
        Some(identifier) if identifier != plain.as_slice() && is_pss(identifier) => {
            KeyAlgorithm::RsaPss { bits }
        }
        _ => KeyAlgorithm::Rsa {
            bits,
            primes: numbers.primes,
        },
    };
    let identifier = match (algorithm, identifier) {
        (KeyAlgorithm::RsaPss { .. }, Some(given)) => Zeroizing::new(given.to_vec()),
        _ => plain,
    };
    let public = sequence(&[&positive(numbers.modulus), &positive(numbers.exponent)]);
    Ok(Material {
        algorithm,
        identifier,
        public_identifier: None,
        private: Zeroizing::new(pkcs1.to_vec()),
        public: public.to_vec(),
    })
}

/// An `RSAPrivateKey` of two primes from its numbers, all big-endian.
pub(super) fn compose(numbers: [&[u8]; 8]) -> Zeroizing<Vec<u8>> {
    let encoded: Vec<_> = numbers.into_iter().map(positive).collect();
    let version = integer(0);
    let mut parts: Vec<&[u8]> = vec![&version];
    parts.extend(encoded.iter().map(|part| part.as_slice()));
    sequence(&parts)
}

/// rsaEncryption with its NULL (RFC 3279, 2.3.1).
fn plain_identifier() -> Zeroizing<Vec<u8>> {
    sequence(&[
        &element(0x06, &[super::pkcs8::RSA.as_bytes()]),
        &element(0x05, &[]),
    ])
}

fn is_pss(identifier: &[u8]) -> bool {
    AnyRef::from_der(identifier).is_ok_and(|any| {
        any.value()
            .get(2..)
            .is_some_and(|oid| oid.starts_with(super::pkcs8::RSA_PSS.as_bytes()))
    })
}

fn numbers(pkcs1: &[u8]) -> Result<Numbers<'_>, KeyError> {
    let any = AnyRef::from_der(pkcs1).map_err(|_| KeyError::malformed(KeyForm::Pkcs1))?;
    any.sequence(|reader| -> der::Result<Numbers<'_>> {
        let _version: u8 = reader.decode()?;
        let modulus: UintRef<'_> = reader.decode()?;
        let exponent: UintRef<'_> = reader.decode()?;
        let _private_exponent: UintRef<'_> = reader.decode()?;
        let p: UintRef<'_> = reader.decode()?;
        let q: UintRef<'_> = reader.decode()?;
        for _ in 0..3 {
            let _crt: UintRef<'_> = reader.decode()?;
        }
        let mut factors = product(number(p)?, number(q)?);
        let mut primes = 2;
        if !reader.is_finished() {
            let others: AnyRef<'_> = reader.decode()?;
            primes += other_primes(others, &mut factors)?;
        }
        Ok(Numbers {
            modulus: modulus.as_bytes(),
            exponent: exponent.as_bytes(),
            factors,
            primes,
        })
    })
    .map_err(|_| KeyError::malformed(KeyForm::Pkcs1))
}

/// The bytes of a factor, which is bounded before anything is computed with it.
fn number(factor: UintRef<'_>) -> der::Result<&[u8]> {
    if factor.as_bytes().len() > MAX_NUMBER {
        return Err(der::Tag::Integer.length_error().into());
    }
    Ok(factor.as_bytes())
}

/// Multiplies `factors` with the primes past the second, and counts those.
fn other_primes(others: AnyRef<'_>, factors: &mut Zeroizing<Vec<u8>>) -> der::Result<u32> {
    others.sequence(|reader| {
        let mut count = 0;
        while !reader.is_finished() {
            count += 1;
            if count + 2 > MAX_PRIMES {
                return Err(der::Tag::Sequence.length_error().into());
            }
            let prime = reader.sequence(|info| -> der::Result<&[u8]> {
                let prime = number(info.decode()?)?;
                let _exponent: UintRef<'_> = info.decode()?;
                let _coefficient: UintRef<'_> = info.decode()?;
                Ok(prime)
            })?;
            *factors = product(factors, prime);
        }
        Ok(count)
    })
}

fn check(numbers: &Numbers<'_>) -> Result<(), KeyError> {
    if bit_length(numbers.modulus) > MAX_RSA_BITS {
        return Err(KeyError::Limit {
            what: "bits of an RSA modulus",
            limit: u64::from(MAX_RSA_BITS),
        });
    }
    let fault = if trimmed(numbers.modulus).is_empty() {
        "the modulus is zero"
    } else if trimmed(&numbers.factors) != trimmed(numbers.modulus) {
        "the modulus is not the product of the primes"
    } else if numbers.exponent.last().is_none_or(|low| low % 2 == 0) {
        "the public exponent is even"
    } else {
        return Ok(());
    };
    Err(KeyError::Inconsistent { fault })
}
