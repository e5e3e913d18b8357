//! The vocabulary every Keyway report is written in.
//!
//! A model crate answers in one of three ways, never mixed: a *finding* (the job was done, and this
//! was seen), an *error* (the job could not be done) or a panic (a bug; never caused by input). This
//! crate holds what findings are made of:
//!
//! - [`Rule`]: a stable code with its severity, explanation, remedy and sources;
//! - [`Kind`] and [`Finding`]: one occurrence of a rule, with evidence and a place; [`Evidence`] and
//!   [`kinds!`] list the rules of a crate;
//! - [`Locus`]: where it was seen (input, line, bytes, certificate, field);
//! - [`Verdict`]: yes, no, or unknown, with the logic that joins them;
//! - [`Timestamp`]: a moment, as seconds since 1970, never read from a clock here;
//! - [`escape`]: untrusted text made safe to show;
//! - [`spelling`]: how far a word is from one that is known.

pub mod escape;
mod finding;
mod locus;
mod registry;
mod rule;
pub mod spelling;
mod timestamp;
mod verdict;

pub use finding::{Finding, Kind};
pub use locus::{Locus, Place};
pub use registry::{Evidence, MAX_EXACT, evidence, facts};
pub use rule::{Rule, Severity};
pub use timestamp::{DAY, Timestamp, TimestampError};
pub use verdict::Verdict;
