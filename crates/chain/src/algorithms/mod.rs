//! Signature verification: the algorithms are values that the caller passes in.
//!
//! Two providers verify the same set (ECDSA on P-256, P-384 and P-521 with SHA-256, SHA-384 and
//! SHA-512; RSA PKCS#1 v1.5 and RSA-PSS with 2048 to 8192 bits and the same digests; Ed25519):
#![cfg_attr(
    feature = "aws-lc-rs",
    doc = "- [`aws_lc_rs`]: C and assembly, the fastest."
)]
#![cfg_attr(
    not(feature = "aws-lc-rs"),
    doc = "- `aws_lc_rs`: C and assembly, the fastest."
)]
#![cfg_attr(
    feature = "rustcrypto",
    doc = "- [`rustcrypto`]: pure Rust, also for wasm32."
)]
#![cfg_attr(
    not(feature = "rustcrypto"),
    doc = "- `rustcrypto`: pure Rust, also for wasm32."
)]
//!
//! [`Memo`] wraps either (or any other slice of algorithms) for the length of one check: each
//! signature is computed once, and no more than a budget of them.

#[cfg(feature = "aws-lc-rs")]
mod aws_lc;
#[cfg(feature = "rustcrypto")]
mod identifiers;
mod ledger;
mod memo;
#[cfg(feature = "rustcrypto")]
mod rustcrypto;
mod signed;

use rustls_pki_types::SignatureVerificationAlgorithm;

#[cfg(feature = "aws-lc-rs")]
pub use aws_lc::aws_lc_rs;
pub use memo::{Memo, Outcome, SIGNATURE_BUDGET};
#[cfg(feature = "rustcrypto")]
pub use rustcrypto::rustcrypto;
pub(crate) use signed::take;
pub use signed::{PublicKey, Signed};

/// The algorithms that a check may verify signatures with, most common first.
///
/// An empty slice is allowed: every signature is then of an unsupported algorithm.
pub type Algorithms<'a> = &'a [&'a dyn SignatureVerificationAlgorithm];
