use der::asn1::OctetStringRef;
use der::{Decode, Sequence};

use super::{KeyError, KeyForm, PrivateKey, read_der};
use crate::container::ber;
use crate::container::pbe::{self, Algorithm, Allowance, Budget, Password, decrypt};

/// `EncryptedPrivateKeyInfo` (RFC 5958, 3).
#[derive(Sequence)]
struct EncryptedKey<'a> {
    algorithm: Algorithm<'a>,
    data: &'a OctetStringRef,
}

/// Reads an encrypted PKCS#8 key: PBES2 with PBKDF2 or scrypt, PBES1 (RFC 8018), and the schemes of
/// PKCS#12 (RFC 7292, appendix C), which `OpenSSL` writes here too.
///
/// # Errors
///
/// [`KeyError`]; in particular [`KeyError::WrongPassword`], which is also what altered data gives,
/// and [`KeyError::Limit`] for a file that asks for more work than a second's.
pub fn read_encrypted_pkcs8(der: &[u8], password: &[u8]) -> Result<PrivateKey, KeyError> {
    read_within(der, password, &mut Allowance::new())
}

/// The cipher that it is locked with, by its name, where OpenSSL 3 has retired that.
pub(crate) fn retired_cipher(der: &[u8]) -> Option<&'static str> {
    let normal = ber::normalise(der).ok()?;
    let encrypted = EncryptedKey::from_der(&normal).ok()?;
    pbe::cipher(&encrypted.algorithm)?.retired()
}

/// The same, as one of the keys of a heap.
pub(crate) fn read_within(
    der: &[u8],
    password: &[u8],
    heap: &mut Allowance,
) -> Result<PrivateKey, KeyError> {
    let normal = ber::normalise(der)?;
    let encrypted = EncryptedKey::from_der(&normal)
        .map_err(|_| KeyError::malformed(KeyForm::EncryptedPkcs8))?;
    let password = Password::new(password);
    let plain = decrypt(
        &encrypted.algorithm,
        &password,
        encrypted.data.as_bytes(),
        &mut Budget::of(heap),
    )?;
    let mut key = read_der(&plain, Some(KeyForm::Pkcs8)).map_err(|error| match error {
        // One wrong password in 256 leaves good padding; then the bytes make no sense.
        KeyError::Malformed { .. } | KeyError::Ber(_) => KeyError::WrongPassword,
        error => error,
    })?;
    key.form = KeyForm::EncryptedPkcs8;
    key.untidy |= normal.was_rewritten() || normal.consumed() != der.len();
    Ok(key)
}
