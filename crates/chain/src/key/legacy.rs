//! PEM's own encryption (RFC 1421, 4.6.1.3, as `OpenSSL` has it): MD5 and a header line.

use md5::{Digest, Md5};
use zeroize::{Zeroize, Zeroizing};

use super::{KeyError, KeyForm, PrivateKey, read_der};
use crate::container::pbe::{Cipher, PbeError};

/// Salt of the key derivation: the first bytes of the vector (`PKCS5_SALT_LEN` in `OpenSSL`).
const SALT: usize = 8;

/// Reads the body of a PEM block with `Proc-Type: 4,ENCRYPTED`. `dek_info` is the value of its
/// `DEK-Info` line, such as `AES-256-CBC,0123…`; `body` is the decoded base64; `hint` is the form
/// that the label promises.
///
/// # Errors
///
/// [`KeyError::BadDekInfo`] for a line without a cipher or with a vector that does not begin, right
/// behind the comma, with the cipher's block in hexadecimal (as `OpenSSL` refuses it; what follows
/// the vector it does not look at), [`KeyError::UnsupportedEncryption`] for other ciphers, [`KeyError::WrongPassword`] when what comes out is no key.
pub fn read_legacy(
    dek_info: &str,
    body: &[u8],
    hint: Option<KeyForm>,
    password: &[u8],
) -> Result<PrivateKey, KeyError> {
    let (name, vector) = dek_info
        .trim()
        .split_once(',')
        .ok_or(KeyError::BadDekInfo)?;
    let cipher = cipher(name.trim_end_matches([' ', '\t']))?;
    let iv = vector_of(vector, cipher.iv_len()).ok_or(KeyError::BadDekInfo)?;
    let key = bytes_to_key(password, &iv[..SALT], cipher.key_len());
    let plain = cipher
        .decrypt(&key, &iv, body)
        .map_err(|error| match error {
            PbeError::Decrypt => KeyError::WrongPassword,
            error => error.into(),
        })?;
    read_der(&plain, hint).map_err(|error| match error {
        KeyError::Malformed { .. } | KeyError::Ber(_) => KeyError::WrongPassword,
        error => error,
    })
}

/// The cipher that a `DEK-Info` line names, by its name, where OpenSSL 3 has retired that.
pub(crate) fn retired_dek_cipher(dek_info: &str) -> Option<&'static str> {
    let (name, _) = dek_info.trim().split_once(',')?;
    cipher(name.trim_end_matches([' ', '\t'])).ok()?.retired()
}

/// Names are `OpenSSL`'s, with its aliases, in any letter case (`EVP_get_cipherbyname`).
fn cipher(name: &str) -> Result<Cipher, KeyError> {
    /// A cipher's name in an error; `OpenSSL`'s longest is under 30 characters.
    const MAX_NAME: usize = 40;
    match name.to_ascii_uppercase().as_str() {
        "AES-128-CBC" | "AES128" => Ok(Cipher::Aes128),
        "AES-192-CBC" | "AES192" => Ok(Cipher::Aes192),
        "AES-256-CBC" | "AES256" => Ok(Cipher::Aes256),
        "DES-CBC" | "DES" => Ok(Cipher::Des),
        "DES-EDE3-CBC" | "DES3" => Ok(Cipher::TripleDes),
        "DES-EDE-CBC" => Ok(Cipher::TripleDesTwoKey),
        "RC2-CBC" | "RC2" | "RC2-128" => Ok(Cipher::Rc2(16)),
        "RC2-64-CBC" | "RC2-64" => Ok(Cipher::Rc2(8)),
        "RC2-40-CBC" | "RC2-40" => Ok(Cipher::Rc2(5)),
        "" => Err(KeyError::BadDekInfo),
        _ => Err(KeyError::UnsupportedEncryption {
            algorithm: name
                .chars()
                .filter(char::is_ascii_graphic)
                .take(MAX_NAME)
                .collect(),
        }),
    }
}

/// The first `length` bytes of hexadecimal, in either case.
fn vector_of(text: &str, length: usize) -> Option<Vec<u8>> {
    text.as_bytes()
        .get(..2 * length)?
        .chunks_exact(2)
        .map(|pair| {
            let high = char::from(pair[0]).to_digit(16)?;
            let low = char::from(pair[1]).to_digit(16)?;
            u8::try_from(16 * high + low).ok()
        })
        .collect()
}

/// `EVP_BytesToKey` with MD5 and one round: D(i) is the hash of D(i-1), password and salt.
fn bytes_to_key(password: &[u8], salt: &[u8], length: usize) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(Vec::with_capacity(length + 16));
    let mut block: Zeroizing<Vec<u8>> = Zeroizing::default();
    while key.len() < length {
        let mut hash = Md5::new()
            .chain_update(&*block)
            .chain_update(password)
            .chain_update(salt)
            .finalize();
        block = Zeroizing::new(hash.to_vec());
        hash.zeroize();
        key.extend_from_slice(&block);
    }
    key.truncate(length);
    key
}
