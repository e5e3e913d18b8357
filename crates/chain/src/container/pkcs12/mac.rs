//! The integrity code of a PFX file: HMAC with a key from the password.

use der::Sequence;
use der::asn1::ObjectIdentifier;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};

use super::Pkcs12Error;
use super::structure::MacData;
use crate::container::pbe::pkcs12_kdf::{self, Hash, Input, Purpose};
use crate::container::pbe::{Algorithm, Budget, Password, pbes2};

const PBMAC1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.14");

/// PBMAC1-params (RFC 8018, A.5).
#[derive(Sequence)]
struct Pbmac1<'a> {
    key_derivation: Algorithm<'a>,
    message_authentication: Algorithm<'a>,
}

/// Whether the code of `contents` under `password` is the one in the file.
pub(super) fn verify(
    data: &MacData<'_>,
    contents: &[u8],
    password: &Password<'_>,
    budget: &mut Budget<'_>,
) -> Result<bool, Pkcs12Error> {
    let algorithm = &data.mac.algorithm;
    let expected = data.mac.digest.as_bytes();
    if algorithm.oid == PBMAC1 {
        let parameters: Pbmac1<'_> = algorithm.parameters()?;
        let scheme = parameters.message_authentication.oid;
        let hash =
            pbes2::hmac_hash(&scheme).ok_or(Pkcs12Error::Unsupported { algorithm: scheme })?;
        let key = pbes2::derive(&parameters.key_derivation, password.bytes, None, budget)?;
        return Ok(matches(hash, &key, contents, expected));
    }
    let hash = digest(&algorithm.oid).ok_or(Pkcs12Error::Unsupported {
        algorithm: algorithm.oid,
    })?;
    let input = Input {
        password: &password.bmp,
        salt: data.salt.as_bytes(),
        iterations: data.iterations.unwrap_or(1),
    };
    let key = pkcs12_kdf::derive(hash, Purpose::Mac, &input, hash.output_len(), budget)?;
    Ok(matches(hash, &key, contents, expected))
}

fn digest(oid: &ObjectIdentifier) -> Option<Hash> {
    match oid.to_string().as_str() {
        "1.3.14.3.2.26" => Some(Hash::Sha1),
        "2.16.840.1.101.3.4.2.4" => Some(Hash::Sha224),
        "2.16.840.1.101.3.4.2.1" => Some(Hash::Sha256),
        "2.16.840.1.101.3.4.2.2" => Some(Hash::Sha384),
        "2.16.840.1.101.3.4.2.3" => Some(Hash::Sha512),
        _ => None,
    }
}

fn matches(hash: Hash, key: &[u8], contents: &[u8], expected: &[u8]) -> bool {
    match hash {
        Hash::Sha1 => equal::<Hmac<Sha1>>(key, contents, expected),
        Hash::Sha224 => equal::<Hmac<Sha224>>(key, contents, expected),
        Hash::Sha256 => equal::<Hmac<Sha256>>(key, contents, expected),
        Hash::Sha384 => equal::<Hmac<Sha384>>(key, contents, expected),
        Hash::Sha512 => equal::<Hmac<Sha512>>(key, contents, expected),
    }
}

/// Compares in constant time.
fn equal<M: Mac + KeyInit>(key: &[u8], contents: &[u8], expected: &[u8]) -> bool {
    let Ok(mac) = <M as KeyInit>::new_from_slice(key) else {
        return false;
    };
    mac.chain_update(contents).verify_slice(expected).is_ok()
}

/// HMAC-SHA-256 of `contents`, keyed as RFC 7292, B.4 says: the code that is written.
pub(super) fn sha256(key: &[u8], contents: &[u8]) -> Vec<u8> {
    // HMAC takes keys of any length, so this never falls through.
    <Hmac<Sha256> as KeyInit>::new_from_slice(key)
        .map(|mac| mac.chain_update(contents).finalize().into_bytes().to_vec())
        .unwrap_or_default()
}
