//! PBES2 (RFC 8018, 6.2) with PBKDF2 or scrypt (RFC 7914).

use der::Sequence;
use der::asn1::{ObjectIdentifier, OctetStringRef};
use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use super::pkcs12_kdf::Hash;
use super::{Algorithm, Budget, Cipher, PbeError};

/// id-PBES2.
pub(crate) const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
/// id-PBKDF2.
pub(crate) const PBKDF2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.12");
/// id-hmacWithSHA256.
pub(crate) const HMAC_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.9");
/// aes256-CBC-PAD.
pub(crate) const AES_256_CBC: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.42");
const SCRYPT: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11591.4.11");

/// PBES2-params: how the key is made, and what it is for.
#[derive(Sequence)]
struct Parameters<'a> {
    key_derivation: Algorithm<'a>,
    encryption: Algorithm<'a>,
}

/// PBKDF2-params. A salt from another source is in no file and unsupported.
#[derive(Sequence)]
struct Pbkdf2<'a> {
    salt: &'a OctetStringRef,
    iterations: u32,
    #[asn1(optional = "true")]
    key_length: Option<u32>,
    #[asn1(optional = "true")]
    prf: Option<Algorithm<'a>>,
}

/// scrypt-params.
#[derive(Sequence)]
struct Scrypt<'a> {
    salt: &'a OctetStringRef,
    cost: u64,
    block_size: u32,
    parallelization: u32,
    #[asn1(optional = "true")]
    key_length: Option<u32>,
}

/// RC2-CBC-Parameter (RFC 8018, B.2.3).
#[derive(Sequence)]
struct Rc2<'a> {
    #[asn1(optional = "true")]
    version: Option<u32>,
    iv: &'a OctetStringRef,
}

impl Rc2<'_> {
    /// RC2 with as many bits as the version stands for. Like OpenSSL this knows the three versions that
    /// have a number, and takes all bits of a key for effective ones.
    fn cipher(&self) -> Option<Cipher> {
        match self.version? {
            160 => Some(Cipher::Rc2(5)),
            120 => Some(Cipher::Rc2(8)),
            58 => Some(Cipher::Rc2(16)),
            _ => None,
        }
    }
}

/// Decrypts `ciphertext` with the raw bytes of the password.
pub(super) fn decrypt(
    algorithm: &Algorithm<'_>,
    password: &[u8],
    ciphertext: &[u8],
    budget: &mut Budget<'_>,
) -> Result<Zeroizing<Vec<u8>>, PbeError> {
    let parameters: Parameters<'_> = algorithm.parameters()?;
    let (cipher, iv) = cipher(&parameters.encryption)?;
    let key = derive(
        &parameters.key_derivation,
        password,
        Some(cipher.key_len()),
        budget,
    )?;
    cipher.decrypt(&key, iv.as_bytes(), ciphertext)
}

/// The cipher that PBES2 is used with.
pub(super) fn named(algorithm: &Algorithm<'_>) -> Option<Cipher> {
    let parameters: Parameters<'_> = algorithm.parameters().ok()?;
    cipher(&parameters.encryption)
        .ok()
        .map(|(cipher, _)| cipher)
}

/// The cipher, and its initialisation vector.
fn cipher<'a>(encryption: &Algorithm<'a>) -> Result<(Cipher, &'a OctetStringRef), PbeError> {
    let algorithm = encryption.oid;
    let cipher = match algorithm.to_string().as_str() {
        "2.16.840.1.101.3.4.1.2" => Cipher::Aes128,
        "2.16.840.1.101.3.4.1.22" => Cipher::Aes192,
        "2.16.840.1.101.3.4.1.42" => Cipher::Aes256,
        "1.2.840.113549.3.7" => Cipher::TripleDes,
        "1.3.14.3.2.7" => Cipher::Des,
        "1.2.840.113549.3.2" => {
            let rc2: Rc2<'a> = encryption.parameters()?;
            let cipher = rc2.cipher().ok_or(PbeError::Unsupported { algorithm })?;
            return Ok((cipher, rc2.iv));
        }
        _ => return Err(PbeError::Unsupported { algorithm }),
    };
    Ok((cipher, encryption.parameters()?))
}

/// The derived key: `length` bytes, or as many as the parameters name (RFC 9579, section 5, makes
/// that a MUST for PBMAC1).
pub(crate) fn derive(
    function: &Algorithm<'_>,
    password: &[u8],
    length: Option<usize>,
    budget: &mut Budget<'_>,
) -> Result<Zeroizing<Vec<u8>>, PbeError> {
    match function.oid {
        PBKDF2 => {
            let parameters: Pbkdf2<'_> = function.parameters()?;
            let mut key = room(length, parameters.key_length)?;
            run_pbkdf2(&parameters, password, &mut key, budget)?;
            Ok(key)
        }
        SCRYPT => {
            let parameters: Scrypt<'_> = function.parameters()?;
            let mut key = room(length, parameters.key_length)?;
            run_scrypt(&parameters, password, &mut key, budget)?;
            Ok(key)
        }
        algorithm => Err(PbeError::Unsupported { algorithm }),
    }
}

/// Zeroes of the wanted length, which must not contradict the length that the file names.
fn room(wanted: Option<usize>, named: Option<u32>) -> Result<Zeroizing<Vec<u8>>, PbeError> {
    /// The longest key in use: HMAC-SHA-512 in PBMAC1.
    const MAX_KEY: usize = 64;
    let named = named.and_then(|length| usize::try_from(length).ok());
    let length = match (wanted, named) {
        (Some(wanted), Some(named)) if wanted != named => return Err(PbeError::Malformed),
        (wanted, named) => wanted.or(named).ok_or(PbeError::Malformed)?,
    };
    if length > MAX_KEY {
        return Err(PbeError::Malformed);
    }
    Ok(Zeroizing::new(vec![0; length]))
}

fn run_pbkdf2(
    parameters: &Pbkdf2<'_>,
    password: &[u8],
    key: &mut [u8],
    budget: &mut Budget<'_>,
) -> Result<(), PbeError> {
    // HMAC-SHA-1 is the default (RFC 8018, A.2).
    let hash = match &parameters.prf {
        None => Hash::Sha1,
        Some(prf) => hmac_hash(&prf.oid).ok_or(PbeError::Unsupported { algorithm: prf.oid })?,
    };
    let (salt, rounds) = (parameters.salt.as_bytes(), parameters.iterations);
    if rounds == 0 {
        return Err(PbeError::Malformed);
    }
    let blocks = key.len().div_ceil(hash.output_len());
    budget.spend(rounds, blocks * hash.weight())?;
    match hash {
        Hash::Sha1 => pbkdf2_hmac::<Sha1>(password, salt, rounds, key),
        Hash::Sha224 => pbkdf2_hmac::<Sha224>(password, salt, rounds, key),
        Hash::Sha256 => pbkdf2_hmac::<Sha256>(password, salt, rounds, key),
        Hash::Sha384 => pbkdf2_hmac::<Sha384>(password, salt, rounds, key),
        Hash::Sha512 => pbkdf2_hmac::<Sha512>(password, salt, rounds, key),
    }
    Ok(())
}

/// The hash under an HMAC identifier (RFC 8018, B.1.2).
pub(crate) fn hmac_hash(oid: &ObjectIdentifier) -> Option<Hash> {
    match oid.to_string().strip_prefix("1.2.840.113549.2.")? {
        "7" => Some(Hash::Sha1),
        "8" => Some(Hash::Sha224),
        "9" => Some(Hash::Sha256),
        "10" => Some(Hash::Sha384),
        "11" => Some(Hash::Sha512),
        _ => None,
    }
}

fn run_scrypt(
    parameters: &Scrypt<'_>,
    password: &[u8],
    key: &mut [u8],
    budget: &mut Budget<'_>,
) -> Result<(), PbeError> {
    let (n, r, p) = (
        parameters.cost,
        parameters.block_size,
        parameters.parallelization,
    );
    if !n.is_power_of_two() {
        return Err(PbeError::Malformed);
    }
    budget.spend_scrypt(n, r, p)?;
    let log_n = u8::try_from(n.trailing_zeros()).map_err(|_| PbeError::Malformed)?;
    let params = scrypt::Params::new(log_n, r, p).map_err(|_| PbeError::Malformed)?;
    scrypt::scrypt(password, parameters.salt.as_bytes(), &params, key)
        .map_err(|_| PbeError::Malformed)
}
