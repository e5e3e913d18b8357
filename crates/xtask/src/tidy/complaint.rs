//! What a rule says about a place.

use std::fmt;

use crate::tidy::source::Source;

/// One broken rule at one place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Complaint {
    /// Relative to the root, or the name of a crate.
    pub(crate) place: String,
    /// From 1; 0 when the whole file or crate is meant.
    pub(crate) line: usize,
    /// What is wrong and what to do instead.
    pub(crate) message: String,
}

impl Complaint {
    /// About line `line` (from 1) of a file.
    pub(crate) fn at(source: &Source, line: usize, message: impl Into<String>) -> Self {
        Self {
            place: source.path.clone(),
            line,
            message: message.into(),
        }
    }

    /// About a crate or a file as a whole.
    pub(crate) fn about(place: &str, message: impl Into<String>) -> Self {
        Self {
            place: place.to_owned(),
            line: 0,
            message: message.into(),
        }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(formatter, "{}: {}", self.place, self.message),
            line => write!(formatter, "{}:{line}: {}", self.place, self.message),
        }
    }
}
