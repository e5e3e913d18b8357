//! Development only: certificates, requests and revocation lists of every shape, at a fixed moment.
//!
//! Everything is deterministic: keys of elliptic curves come from their label, RSA keys are fixed
//! files, ECDSA follows RFC 6979. The same program makes the same bytes on every machine, so a
//! vector that failed once fails again.
//!
//! What is not overridden conforms to RFC 5280 and to the CA/B Forum's Baseline Requirements, so
//! that a vector deviates in exactly one point. Every field can be overridden with raw bytes.
//!
//! ```
//! use keyway_testkit::{Certificate, Chain, KeyKind, NOW, oid};
//!
//! let root = Certificate::root("Test Root").key(KeyKind::P384).build();
//! let issuing = root.issue_ca("Test Issuing CA").path_len(0).build();
//! let leaf = issuing.issue("www.example.com").days(47).build();
//! assert!(leaf.pem().starts_with("-----BEGIN CERTIFICATE-----\n"));
//!
//! // The whole chain at once, with one thing wrong in its leaf.
//! let expired = Chain::with_leaf(|leaf| leaf.not_after(NOW - 1));
//! let no_key_id = Chain::with_leaf(|leaf| leaf.without(oid::SUBJECT_KEY_ID));
//! assert_ne!(expired.leaf.der(), no_key_id.leaf.der());
//! ```
// Everything here is called by tests with constants: a panic is the failure of that test, and no
// caller has to be told about it.
#![allow(clippy::missing_panics_doc)]

mod algorithm;
pub mod azurite;
mod certificate;
mod chain;
mod crl;
pub mod der;
mod draft;
mod extension;
mod general_name;
mod key;
pub mod moto;
mod name;
mod ocsp;
pub mod oid;
pub mod pebble;
pub mod pem;
pub mod pkcs7;
mod ports;
mod request;
mod timestamps;

pub use algorithm::{Digest, SignatureAlgorithm};
pub use certificate::Certificate;
pub use chain::{Chain, HOST};
pub use crl::{Crl, CrlDraft};
pub use draft::Draft;
pub use extension::{Extension, KeyUsage};
pub use general_name::GeneralName;
pub use key::{Key, KeyKind, SpkiFault};
pub use name::Name;
pub use ocsp::{OcspDraft, OcspResponse};
pub use ports::own_port;
pub use request::Request;

/// The moment of every test: 2026-11-23T00:00:00Z, in seconds since 1970.
pub const NOW: i64 = 1_795_392_000;

/// Seconds in a day as X.509 counts them.
pub const DAY: i64 = 86_400;
