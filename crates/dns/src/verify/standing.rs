//! What comes of a look at all servers.

use keyway_report::Timestamp;

use crate::name::Name;
use crate::plan::Set;
use crate::rdata::Type;
use crate::zone::Finding;

/// How one server stands to one set of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It has what is wanted.
    Right,
    /// It has others.
    Other(Set),
    /// It has none.
    Nothing,
    /// It did not say.
    Unknown,
}

/// How every server stands to one set of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The name.
    pub name: Name,
    /// The type.
    pub kind: Type,
    /// In the order of the servers.
    pub standings: Vec<Standing>,
}

/// What comes of looking at all servers.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified {
    /// Set by set.
    pub rows: Vec<Row>,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// Whether every server that was asked has what is wanted.
    pub agrees: bool,
    /// When the last of the resolvers that were asked has to ask again, where one of them has something else and
    /// says for how long.
    pub until: Option<Timestamp>,
}
