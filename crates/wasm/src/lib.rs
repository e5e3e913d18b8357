//! Keyway in JavaScript: the checks of `keyway-chain` as functions of plain values.
//!
//! ```text
//! JavaScript value -> bindings -> File, Options -> boundary -> keyway-chain -> value | Problem
//! ```
//!
//! [`boundary`] is ordinary Rust: what it does natively it does in a browser, so it is tested and
//! fuzzed natively. [`bindings`] only carries values across. Nothing here reads a clock, a network
//! or a random source: the moment is an option, and so are the random bytes of a PKCS#12 file.

pub mod bindings;
pub mod boundary;
mod file;
mod moment;
mod options;
mod problem;

pub use file::{File, Secret};
pub use moment::Moment;
pub use options::{FixForm, FixSettings, Options, Password, Roots};
pub use problem::{Failure, FailureFacts, Problem};
