//! Private keys: every form they are kept in, and the public key that belongs to each.
//!
//! The public key is computed from the private one, never believed: a key file may carry a public
//! part that belongs to another key. What comes out is one form, PKCS#8 as `openssl pkey` writes
//! it, and the `SubjectPublicKeyInfo` that a certificate for this key holds.
//!
//! - [`read_der`]: PKCS#8, PKCS#1, SEC1 and the old DSA form.
//! - [`read_encrypted_pkcs8`]: PKCS#8 behind a password.
//! - [`read_legacy`]: PEM with `Proc-Type: 4,ENCRYPTED`.
//! - [`read_openssh`]: what `ssh-keygen` writes.

mod algorithm;
mod curve;
mod dsa;
mod ec;
mod ed448;
mod edwards;
mod encrypted;
mod error;
mod form;
mod legacy;
mod openssh;
mod openssh_section;
mod pairing;
mod pkcs8;
mod private_key;
mod product;
mod read;
mod rsa;

pub use algorithm::KeyAlgorithm;
pub use curve::Curve;
pub use encrypted::read_encrypted_pkcs8;
pub(crate) use encrypted::{read_within as encrypted_within, retired_cipher};
pub use error::KeyError;
pub use form::KeyForm;
pub use legacy::read_legacy;
pub(crate) use legacy::retired_dek_cipher;
pub(crate) use openssh::read_within as openssh_within;
pub use openssh::{MAX_BCRYPT_ROUNDS, read_openssh};
pub use private_key::PrivateKey;
pub use read::read_der;
pub use rsa::MAX_RSA_BITS;
