use ssh_key::private::{EcdsaKeypair, KeypairData, RsaKeypair};
use ssh_key::{Error, Kdf, Mpint};
use zeroize::Zeroizing;

use super::openssh_section::{Container, MAGIC, readable};
use super::private_key::Material;
use super::product::{bit_length, remainder_below};
use super::{Curve, KeyAlgorithm, KeyError, KeyForm, PrivateKey, ec, edwards, rsa};
use crate::container::pbe::Allowance;
use crate::pem;

/// Rounds of bcrypt-pbkdf. `ssh-keygen` writes 16, since `OpenSSH` 9.4 24; its manual's advice for
/// the careful is 100. Each takes about 4 ms.
pub const MAX_BCRYPT_ROUNDS: u32 = 128;

/// Bytes of an OpenSSH key, PEM or not. An RSA key of 16,384 bits takes 10 KiB.
const MAX_BYTES: usize = 64 * 1024;

/// Reads an `openssh-key-v1` private key, given as the PEM text or as the bytes inside. RSA, ECDSA
/// and Ed25519 keys become PKCS#8; the others have no place in TLS.
///
/// # Errors
///
/// [`KeyError`]; in particular [`KeyError::PasswordNeeded`], [`KeyError::WrongPassword`] and, past
/// [`MAX_BCRYPT_ROUNDS`], [`KeyError::Limit`].
pub fn read_openssh(key: &[u8], password: Option<&[u8]>) -> Result<PrivateKey, KeyError> {
    read_within(key, password, &mut Allowance::new())
}

/// The same, as one of the keys of a heap.
pub(crate) fn read_within(
    key: &[u8],
    password: Option<&[u8]>,
    heap: &mut Allowance,
) -> Result<PrivateKey, KeyError> {
    if key.len() > MAX_BYTES {
        return Err(KeyError::Limit {
            what: "bytes of an OpenSSH key",
            limit: MAX_BYTES as u64,
        });
    }
    let read = if key.starts_with(MAGIC) {
        ssh_key::PrivateKey::from_bytes(key)
    } else {
        ssh_key::PrivateKey::from_openssh(key)
    };
    let read = read.or_else(|error| in_another_form(key).ok_or(error));
    let mut private = read.map_err(|error| refused(&error))?;
    if private.is_encrypted() {
        private = decrypt(&private, password, heap)?;
    }
    Ok(PrivateKey::new(
        KeyForm::OpenSsh,
        &material(private.key_data())?,
    ))
}

/// The key, where only the form of its private section stands in the way.
fn in_another_form(key: &[u8]) -> Option<ssh_key::PrivateKey> {
    if !key.starts_with(MAGIC) {
        let scan = pem::scan(key).ok()?;
        let body = &scan.blocks.first()?.body;
        return body.starts_with(MAGIC).then(|| in_another_form(body))?;
    }
    let container = Container::read(key)?;
    read_section(&container, container.private)
}

fn read_section(container: &Container<'_>, section: &[u8]) -> Option<ssh_key::PrivateKey> {
    readable(section).find_map(|form| ssh_key::PrivateKey::from_bytes(&container.open(&form)).ok())
}

fn refused(error: &Error) -> KeyError {
    match error {
        Error::AlgorithmUnknown | Error::AlgorithmUnsupported { .. } => {
            KeyError::UnsupportedEncryption {
                algorithm: "an algorithm unknown for OpenSSH keys".to_owned(),
            }
        }
        _ => KeyError::malformed(KeyForm::OpenSsh),
    }
}

fn decrypt(
    private: &ssh_key::PrivateKey,
    password: Option<&[u8]>,
    heap: &mut Allowance,
) -> Result<ssh_key::PrivateKey, KeyError> {
    if let Kdf::Bcrypt { rounds, .. } = private.kdf()
        && *rounds > MAX_BCRYPT_ROUNDS
    {
        return Err(KeyError::Limit {
            what: "bcrypt rounds",
            limit: u64::from(MAX_BCRYPT_ROUNDS),
        });
    }
    let password = password.ok_or(KeyError::PasswordNeeded)?;
    if let Kdf::Bcrypt { rounds, .. } = private.kdf() {
        heap.spend_bcrypt(*rounds)?;
    }
    opened(private, password).ok_or(KeyError::WrongPassword)
}

/// Decrypts the private section and reads it.
fn opened(private: &ssh_key::PrivateKey, password: &[u8]) -> Option<ssh_key::PrivateKey> {
    let cipher = private.cipher();
    let bytes = private.to_bytes().ok()?;
    let container = Container::read(&bytes)?;
    let (key, iv) = private.kdf().derive_key_and_iv(cipher, password).ok()?;
    let mut section = Zeroizing::new(container.private.to_vec());
    let tag = <[u8; 16]>::try_from(container.tag).ok();
    cipher.decrypt(&key, &iv, &mut section, tag).ok()?;
    read_section(&container, &section)
}

fn material(data: &KeypairData) -> Result<Material, KeyError> {
    match data {
        KeypairData::Ed25519(pair) => edwards::ed25519(
            &*Zeroizing::new(pair.private.to_bytes()),
            Some(&pair.public.0),
        ),
        KeypairData::Ecdsa(pair) => ecdsa(pair),
        KeypairData::Rsa(pair) => rsa_material(pair),
        KeypairData::Dsa(pair) => Err(KeyError::Unsupported {
            algorithm: KeyAlgorithm::Dsa {
                bits: bit_length(magnitude(&pair.public.p)?),
            },
        }),
        KeypairData::SkEcdsaSha2NistP256(_) | KeypairData::SkEd25519(_) => {
            Err(KeyError::Unsupported {
                algorithm: KeyAlgorithm::SecurityKey,
            })
        }
        _ => Err(KeyError::malformed(KeyForm::OpenSsh)),
    }
}

fn ecdsa(pair: &EcdsaKeypair) -> Result<Material, KeyError> {
    let curve = match pair {
        EcdsaKeypair::NistP256 { .. } => Curve::P256,
        EcdsaKeypair::NistP384 { .. } => Curve::P384,
        EcdsaKeypair::NistP521 { .. } => Curve::P521,
    };
    let algorithm = KeyAlgorithm::Ec {
        curve,
        explicit_parameters: false,
    };
    ec::material(
        algorithm,
        curve,
        pair.private_key_bytes(),
        Some(pair.public_key_bytes()),
    )
}

/// PKCS#1 wants two numbers more than OpenSSH keeps: d mod (p - 1) and d mod (q - 1).
fn rsa_material(pair: &RsaKeypair) -> Result<Material, KeyError> {
    let d = magnitude(&pair.private.d)?;
    let p = magnitude(&pair.private.p)?;
    let q = magnitude(&pair.private.q)?;
    // Long division is quadratic, so its operands are bounded first.
    if d.len().max(p.len()).max(q.len()) > rsa::MAX_NUMBER {
        return Err(KeyError::Limit {
            what: "bits of an RSA modulus",
            limit: u64::from(rsa::MAX_RSA_BITS),
        });
    }
    let pkcs1 = rsa::compose([
        magnitude(&pair.public.n)?,
        magnitude(&pair.public.e)?,
        d,
        p,
        q,
        &remainder_below(d, p),
        &remainder_below(d, q),
        magnitude(&pair.private.iqmp)?,
    ]);
    rsa::read(&pkcs1, None)
}

fn magnitude(number: &Mpint) -> Result<&[u8], KeyError> {
    number
        .as_positive_bytes()
        .ok_or_else(|| KeyError::malformed(KeyForm::OpenSsh))
}
