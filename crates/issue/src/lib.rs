//! Certificates that are made: by a development CA of one's own, by a CA that speaks ACME, and where pairs are kept.
//!
//! | module | what |
//! | --- | --- |
//! | [`identifier`] | what a certificate is asked for: names, wildcards, addresses |
//! | [`acme`] | certificates of public CAs (RFC 8555): accounts, orders, what is shown to a CA |
//! | [`dev`] | a CA for development, which can vouch for nothing that others own |
//! | [`pairs`] | pairs of certificate and key on disk: the old one or the new one, never a mixture |
//! | [`pending`] | what has been asked for, and is not there yet |
//! | [`renewal`] | when a certificate is due |
//!
//! Nothing here reads the clock: who asks says what moment it is. What is made has been checked by `keyway-chain`
//! before anybody is given it.

pub mod acme;
pub mod dev;
pub mod identifier;
pub mod pairs;
pub mod pending;
pub mod renewal;

pub use dev::{DevCa, DevError};
pub use identifier::{Identifier, IdentifierError};
pub use pairs::{Pair, Pairs};
pub use rcgen::KeyPair;
