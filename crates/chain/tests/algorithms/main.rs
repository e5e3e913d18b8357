//! Both providers of signature verification, held to one table of behaviours.

#![allow(
    clippy::unwrap_used,
    reason = "fixtures that do not hold must stop the test"
)]

mod alike;
mod curves;
mod memory;
mod rsa_keys;
mod table;
