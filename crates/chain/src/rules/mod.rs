//! The rules: everything that can be found, one file each, with the explanation beside the check.
//!
//! A rule is a struct that carries the evidence and says what it means ([`Evidence`]). Rules about
//! reading (`pem.`) are raised while inputs are read; the others have a check function, registered
//! in [`checks`], that is given a certificate in its role, a path, or the whole bundle.

use std::fmt::Debug;

use keyway_report::Rule;
use serde::Serialize;

use crate::check::Profile;
use crate::read::Source;

pub mod chain;
pub(crate) mod checks;
pub mod entries;
mod facts;
pub mod key;
pub mod name;
pub mod pem;
pub mod policy;
mod registry;
pub mod time;

pub use facts::RuleFacts;
pub use registry::{Entry, Kind, all, find};

/// A finding of this crate.
pub type Finding = keyway_report::Finding<Kind>;

/// Which verdict a rule of severity error turns to "no".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Aspect {
    /// Everything given could be read.
    Reads,
    /// The key belongs to the leaf.
    Pairs,
    /// There is a path to an anchor.
    Chains,
    /// The leaf carries the names asked for.
    Named,
    /// Leaf and path are within their validity.
    Timely,
    /// Purpose, strength and profile.
    Fit,
    /// A server can load the files as they are (order, strict reader); part of `servable` only.
    Serves,
}

impl Aspect {
    /// The name of the verdict in the report's JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reads => "reads",
            Self::Pairs => "pairs",
            Self::Chains => "chains",
            Self::Named => "named",
            Self::Timely => "timely",
            Self::Fit => "fit",
            Self::Serves => "servable",
        }
    }
}

/// The evidence of one rule, and what it means.
pub trait Evidence: Debug + Clone + PartialEq + Serialize {
    /// The rule.
    const RULE: Rule;
    /// The verdict it decides.
    const ASPECT: Aspect;
    /// The profiles in which it is looked for.
    const PROFILES: &'static [Profile] = Profile::ALL;

    /// What was seen, in one sentence or two. Untrusted text has to be escaped here.
    fn message(&self) -> String;

    /// What to do in this very case.
    fn fix(&self) -> String {
        Self::RULE.fix.to_owned()
    }

    /// Where it was seen, when that is not a certificate: a key, a revocation list.
    fn source(&self) -> Option<&Source> {
        None
    }

    /// The field of the certificate or file it is about, for example `extensions.subjectAltName`.
    fn field(&self) -> Option<&'static str> {
        None
    }
}
