//! Names: does the certificate carry what clients ask for.

pub mod mismatch;
