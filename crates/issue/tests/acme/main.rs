//! Certificates from a real CA, Pebble: what goes well, and what it says when it does not.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod answers;
mod between;
mod down;
mod faults;
mod given_up;
mod kept;
mod refusals;
mod renewals;
mod stage;
mod ways;
