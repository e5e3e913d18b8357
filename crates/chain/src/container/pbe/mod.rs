//! Password-based encryption: what PKCS#8 and PKCS#12 files are locked with.
//!
//! Three families share one entry, [`decrypt`], told apart by the algorithm identifier: PBES2 and
//! PBES1 of RFC 8018, and the schemes of RFC 7292, appendix C. Reading knows the old ciphers,
//! because old files are locked with them; writing (see `pkcs12::write`) uses PBES2 only.

mod cipher;
mod limit;
mod pbes1;
pub(crate) mod pbes2;
pub(crate) mod pkcs12_kdf;
mod rc4;
mod scheme;

pub(crate) use cipher::{Cipher, encrypt_aes256_cbc};
pub(crate) use limit::{Allowance, Budget, MAX_HEAP_ROUNDS};
pub(crate) use scheme::{Algorithm, Password, PbeError, cipher, decrypt};
