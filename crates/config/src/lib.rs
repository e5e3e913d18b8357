//! The typed model of a service behind TLS.
//!
//! One small file describes a service. [`read()`] makes a [`Draft`] of it: the [`Service`], what was seen
//! while reading, and where each field stands. [`check()`] finds what is wrong. [`Edit`] changes a file
//! and keeps its comments and order. [`forms`] reads and writes what other tools call a service.
//! [`ManagedName`] makes names for services that have none.
//!
//! Nothing here reads a clock, a file or a random source: texts, facts and random bytes are arguments.
//!
//! ```
//! use keyway_config::{Surroundings, check, read};
//!
//! let draft = read("host = \"www.contoso.com\"\ntls.certificate = \"fullchain.pem\"\n")?;
//! let findings = check(&draft, "keyway.toml", &Surroundings::default());
//! assert_eq!(findings[0].code(), "config.incomplete-triple");
//! # Ok::<(), keyway_config::ReadError>(())
//! ```

mod aliases;
mod check;
pub mod claims;
mod decode;
mod document;
mod edit;
mod endpoint;
pub mod forms;
mod hostname;
mod managed;
pub mod model;
mod network;
mod read;
pub mod rules;

pub use aliases::aliases;
pub use check::{Surroundings, check};
pub use document::{Format, MAX_BYTES};
pub use edit::{Edit, EditError, comments_gone};
pub use endpoint::Endpoint;
pub use forms::ImportError;
pub use hostname::{ascii as ascii_host, is_host};
pub use managed::{LabelFault, ManagedName, SUFFIX_LENGTH};
pub use model::{Service, web_protocols};
pub use network::{Network, NotANetwork};
pub use read::{Draft, ReadError, read};

/// A finding of this crate.
pub type Finding = keyway_report::Finding<rules::Kind>;
