//! Any heap of certificate files: read it, check it, explain it, repair it.
//!
//! ```text
//! files, stdin, paste -> read::read  -> Bundle  (blocks with places, certificates, keys, notes)
//! Bundle + options    -> check::check -> Report (facts, findings, verdicts)
//! Bundle + options    -> fix::fix    -> repaired files, and what was changed
//! ```
//!
//! Nothing here reads a clock, a file, a socket or an environment variable: bytes, the moment, the
//! trust anchors and the signature algorithms are arguments.

pub mod algorithms;
pub mod check;
pub mod clients;
pub mod container;
pub mod fix;
pub mod key;
pub mod name;
pub mod pem;
pub mod read;
mod report;
pub mod rules;
pub mod sniff;
pub mod x509;

pub use check::{Anchors, CheckOptions, Profile, Purpose, Verdicts, check};
pub use fix::{FixError, FixOptions, Form, Repair, fix};
pub use read::{Bundle, Input, ReadError, ReadOptions, read};
pub use report::{
    CertificateFacts, ChainFacts, KeyFacts, MissingCertificate, Report, RoleFact, SCHEMA,
};
pub use rules::{Finding, Kind};
