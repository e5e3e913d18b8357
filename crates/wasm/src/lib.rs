//! Keyway in JavaScript: what `keyway-chain`, `keyway-config` and `keyway-dns` do, as functions of plain values.
//!
//! ```text
//! JavaScript value -> bindings -> File, Options -> boundary -> keyway-chain -> value | Problem
//!                  -> bindings -> text          -> service  -> keyway-config -> value | Problem
//!                  -> bindings -> DnsNeed, text -> dns      -> keyway-dns    -> value | Problem
//! ```
//!
//! [`boundary`], [`service`] and [`dns`] are ordinary Rust: what they do natively they do in a browser, so they are tested and
//! fuzzed natively. [`bindings`] only carries values across. Nothing here reads a clock, a network
//! or a random source: the moment is an option, and so are the random bytes of a PKCS#12 file.

pub mod bindings;
#[cfg(feature = "check")]
pub mod boundary;
#[cfg(feature = "service")]
pub mod dns;
mod file;
mod misfit;
mod moment;
mod options;
mod problem;
pub mod rules;
#[cfg(feature = "service")]
pub mod service;

pub use file::{File, Secret};
pub use moment::Moment;
pub use options::{FixForm, FixSettings, Options, Password, Roots};
#[cfg(feature = "service")]
pub use problem::ServiceProblem;
pub use problem::{Failure, FailureFacts, Problem};
