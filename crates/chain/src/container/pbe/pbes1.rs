//! PBES1 (RFC 8018, 6.1) and the schemes of PKCS#12 (RFC 7292, appendix C).

use der::Sequence;
use der::asn1::{ObjectIdentifier, OctetStringRef};
use md5::Md5;
use sha1::Sha1;
use sha2::digest::Digest;
use zeroize::{Zeroize, Zeroizing};

use super::pkcs12_kdf::{self, Hash, Input, Purpose};
use super::{Algorithm, Budget, Cipher, Password, PbeError};

/// `PBEParameter` and `pkcs-12PbeParams`: the same structure.
#[derive(Sequence)]
struct Parameters<'a> {
    salt: &'a OctetStringRef,
    iterations: u32,
}

/// The hash of PBKDF1.
#[derive(Clone, Copy)]
enum Digest1 {
    Md5,
    Sha1,
}

/// Decrypts when `algorithm` belongs to this module; `None` when it does not.
pub(super) fn decrypt(
    algorithm: &Algorithm<'_>,
    password: &Password<'_>,
    ciphertext: &[u8],
    budget: &mut Budget<'_>,
) -> Option<Result<Zeroizing<Vec<u8>>, PbeError>> {
    if let Some((hash, cipher)) = pbes1(&algorithm.oid) {
        return Some(with_pbkdf1(
            hash, cipher, algorithm, password, ciphertext, budget,
        ));
    }
    let cipher = pkcs12(&algorithm.oid)?;
    Some(with_pkcs12_kdf(
        cipher, algorithm, password, ciphertext, budget,
    ))
}

/// The cipher of a scheme of this module.
pub(super) fn named(oid: &ObjectIdentifier) -> Option<Cipher> {
    pbes1(oid).map(|(_, cipher)| cipher).or_else(|| pkcs12(oid))
}

/// RFC 8018, A.3. The MD2 schemes are left out: nothing wrote them.
fn pbes1(oid: &ObjectIdentifier) -> Option<(Digest1, Cipher)> {
    match oid.to_string().strip_prefix("1.2.840.113549.1.5.")? {
        "3" => Some((Digest1::Md5, Cipher::Des)),
        "6" => Some((Digest1::Md5, Cipher::Rc2(8))),
        "10" => Some((Digest1::Sha1, Cipher::Des)),
        "11" => Some((Digest1::Sha1, Cipher::Rc2(8))),
        _ => None,
    }
}

/// RFC 7292, appendix C; all of them with SHA-1.
fn pkcs12(oid: &ObjectIdentifier) -> Option<Cipher> {
    match oid.to_string().strip_prefix("1.2.840.113549.1.12.1.")? {
        "1" => Some(Cipher::Rc4(16)),
        "2" => Some(Cipher::Rc4(5)),
        "3" => Some(Cipher::TripleDes),
        "4" => Some(Cipher::TripleDesTwoKey),
        "5" => Some(Cipher::Rc2(16)),
        "6" => Some(Cipher::Rc2(5)),
        _ => None,
    }
}

/// PBKDF1 gives 16 bytes: the key, then the initialisation vector.
fn with_pbkdf1(
    hash: Digest1,
    cipher: Cipher,
    algorithm: &Algorithm<'_>,
    password: &Password<'_>,
    ciphertext: &[u8],
    budget: &mut Budget<'_>,
) -> Result<Zeroizing<Vec<u8>>, PbeError> {
    let parameters: Parameters<'_> = algorithm.parameters()?;
    budget.spend(parameters.iterations, 1)?;
    let salt = parameters.salt.as_bytes();
    let derived = match hash {
        Digest1::Md5 => pbkdf1::<Md5>(password.bytes, salt, parameters.iterations),
        Digest1::Sha1 => pbkdf1::<Sha1>(password.bytes, salt, parameters.iterations),
    };
    cipher.decrypt(&derived[..8], &derived[8..16], ciphertext)
}

/// The hash of password and salt, hashed again until it was hashed `iterations` times. At least
/// 16 bytes, as both hashes are.
fn pbkdf1<D: Digest>(password: &[u8], salt: &[u8], iterations: u32) -> Zeroizing<Vec<u8>> {
    let mut hash = D::new()
        .chain_update(password)
        .chain_update(salt)
        .finalize();
    for _ in 1..iterations {
        hash = D::digest(&hash);
    }
    let derived = Zeroizing::new(hash.to_vec());
    hash.zeroize();
    derived
}

fn with_pkcs12_kdf(
    cipher: Cipher,
    algorithm: &Algorithm<'_>,
    password: &Password<'_>,
    ciphertext: &[u8],
    budget: &mut Budget<'_>,
) -> Result<Zeroizing<Vec<u8>>, PbeError> {
    let parameters: Parameters<'_> = algorithm.parameters()?;
    let input = Input {
        password: &password.bmp,
        salt: parameters.salt.as_bytes(),
        iterations: parameters.iterations,
    };
    let mut derive =
        |purpose, length| pkcs12_kdf::derive(Hash::Sha1, purpose, &input, length, budget);
    let key = derive(Purpose::Key, cipher.key_len())?;
    let iv = derive(Purpose::Iv, cipher.iv_len())?;
    cipher.decrypt(&key, &iv, ciphertext)
}
