//! The block ciphers of password-protected files, in CBC mode with PKCS#7 padding.

use aes::{Aes128, Aes192, Aes256};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{
    BlockCipherDecrypt, BlockModeDecrypt, BlockModeEncrypt, InnerIvInit, KeyInit, KeyIvInit,
};
use des::{Des, TdesEde2, TdesEde3};
use rc2::Rc2;
use zeroize::Zeroizing;

use super::{PbeError, rc4::rc4};

/// A cipher that a file names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cipher {
    Aes128,
    Aes192,
    Aes256,
    Des,
    TripleDes,
    /// Triple DES with two keys (the third is the first).
    TripleDesTwoKey,
    /// RC2 with the given number of key bytes, all of them effective (RFC 2268).
    Rc2(usize),
    /// The stream cipher RC4 with the given number of key bytes.
    Rc4(usize),
}

impl Cipher {
    /// Its name, where OpenSSL 3 has it in the legacy provider only, which nobody loads.
    pub(crate) fn retired(self) -> Option<&'static str> {
        match self {
            Self::Des => Some("DES"),
            Self::Rc2(_) => Some("RC2"),
            Self::Rc4(_) => Some("RC4"),
            Self::Aes128
            | Self::Aes192
            | Self::Aes256
            | Self::TripleDes
            | Self::TripleDesTwoKey => None,
        }
    }

    /// Key length in bytes.
    pub(crate) fn key_len(self) -> usize {
        match self {
            Self::Aes128 | Self::TripleDesTwoKey => 16,
            Self::Aes192 | Self::TripleDes => 24,
            Self::Aes256 => 32,
            Self::Des => 8,
            Self::Rc2(bytes) | Self::Rc4(bytes) => bytes,
        }
    }

    /// Initialisation vector length in bytes: the cipher's block, none for a stream.
    pub(crate) fn iv_len(self) -> usize {
        match self {
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
            Self::Des | Self::TripleDes | Self::TripleDesTwoKey | Self::Rc2(_) => 8,
            Self::Rc4(_) => 0,
        }
    }

    /// The plaintext, padding removed.
    ///
    /// [`PbeError::Decrypt`] when the padding is wrong: the password, or the data.
    pub(crate) fn decrypt(
        self,
        key: &[u8],
        iv: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, PbeError> {
        let buffer = Zeroizing::new(ciphertext.to_vec());
        match self {
            Self::Aes128 => cbc::<Aes128>(key, iv, buffer),
            Self::Aes192 => cbc::<Aes192>(key, iv, buffer),
            Self::Aes256 => cbc::<Aes256>(key, iv, buffer),
            Self::Des => cbc::<Des>(key, iv, buffer),
            Self::TripleDes => cbc::<TdesEde3>(key, iv, buffer),
            Self::TripleDesTwoKey => cbc::<TdesEde2>(key, iv, buffer),
            Self::Rc2(bytes) if key.len() == bytes => rc2_cbc(key, iv, buffer),
            Self::Rc4(bytes) if key.len() == bytes => Ok(rc4(key, buffer)),
            Self::Rc2(_) | Self::Rc4(_) => Err(PbeError::Malformed),
        }
    }
}

fn cbc<C: BlockCipherDecrypt + KeyInit>(
    key: &[u8],
    iv: &[u8],
    buffer: Zeroizing<Vec<u8>>,
) -> Result<Zeroizing<Vec<u8>>, PbeError> {
    let mode = cbc::Decryptor::<C>::new_from_slices(key, iv).map_err(|_| PbeError::Malformed)?;
    unpad(mode, buffer)
}

fn rc2_cbc(
    key: &[u8],
    iv: &[u8],
    buffer: Zeroizing<Vec<u8>>,
) -> Result<Zeroizing<Vec<u8>>, PbeError> {
    let cipher = Rc2::new_with_eff_key_len(key, key.len() * 8);
    let mode = cbc::Decryptor::inner_iv_slice_init(cipher, iv).map_err(|_| PbeError::Malformed)?;
    unpad(mode, buffer)
}

fn unpad(
    mode: impl BlockModeDecrypt,
    mut buffer: Zeroizing<Vec<u8>>,
) -> Result<Zeroizing<Vec<u8>>, PbeError> {
    let length = mode
        .decrypt_padded::<Pkcs7>(&mut buffer)
        .map_err(|_| PbeError::Decrypt)?
        .len();
    buffer.truncate(length);
    Ok(buffer)
}

/// AES-256-CBC with PKCS#7 padding: the one cipher that is written.
pub(crate) fn encrypt_aes256_cbc(key: &[u8; 32], iv: &[u8; 16], plaintext: &[u8]) -> Vec<u8> {
    cbc::Encryptor::<Aes256>::new(key.into(), iv.into()).encrypt_padded_vec::<Pkcs7>(plaintext)
}
