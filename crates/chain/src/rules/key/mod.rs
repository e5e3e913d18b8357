//! The private key, and whether it belongs to the certificate.

pub mod mismatch;
