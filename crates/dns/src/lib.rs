//! DNS for a service behind TLS.
//!
//! - [`zone`] reads, checks and writes zone files.
//! - [`rdata`] knows the types of records.
//!
//! The crate is pure: bytes in, values out. It asks no server and reads no clock.

pub mod message;
pub mod name;
#[cfg(feature = "net")]
pub mod net;
pub mod plan;
pub mod rdata;
pub mod render;
pub mod rules;
mod ttl;
pub mod wanted;
pub mod zone;
