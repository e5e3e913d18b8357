//! DNS for a service behind TLS.
//!
//! - [`zone`] reads, checks and writes zone files.
//! - [`rdata`] knows the types of records, [`message`] what servers and those who ask them send.
//! - [`wanted`] says which records a service needs, [`plan`] how to get there, [`render`] in whose words.
//! - [`view`] is what a server says, [`verify`] what several say, side by side.
//! - [`caa`] says which CAs may issue for a name.
//!
//! All of that is pure: bytes in, values out. Servers are asked by `net`, the feature of that name; no part
//! reads a clock.

pub mod caa;
pub mod digest;
pub mod message;
pub mod name;
#[cfg(feature = "net")]
pub mod net;
pub mod plan;
pub mod rdata;
pub mod render;
pub mod rules;
mod ttl;
pub mod verify;
pub mod view;
pub mod wanted;
pub mod zone;
