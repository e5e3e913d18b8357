//! PKCS#12 / PFX files (RFC 7292, and RFC 9579 for PBMAC1).
//!
//! [`read`] checks the integrity code, opens the parts that a password protects and hands out the
//! certificates, private keys and revocation lists. [`write`] makes a file that any current reader
//! opens: AES-256 and HMAC-SHA-256 throughout.

mod attributes;
mod bags;
mod error;
mod mac;
mod pfx;
mod read;
mod structure;
mod write;

pub use error::Pkcs12Error;
pub use pfx::{CertificateBag, KeyBag, Pfx};
pub use read::read;
pub(crate) use read::read_within;
pub use write::{MIN_ITERATIONS, WriteOptions, write};
