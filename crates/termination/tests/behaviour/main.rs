//! What clients and upstreams see of the server, on loopback. Each test is named as a sentence.
//!
//! Certificates are made at a fixed moment, and both ends live at it: nothing here reads the real date.
#![allow(clippy::unwrap_used)]

mod client;
mod drain;
mod fields;
mod frames;
mod handshakes;
mod health;
mod hostile;
mod limits;
mod multiplexed;
mod names;
mod passed_on;
mod proxied;
mod reload;
mod requests;
mod second;
mod secure_upstreams;
mod smuggling;
mod support;
mod tcp;
mod upgrades;
mod upstreams;
