//! Both providers of signature verification, held to one table of behaviours.

mod alike;
mod curves;
mod memory;
mod rsa_keys;
mod speed;
mod table;
