use serde::Serialize;

/// An answer that may be missing. "Could not check" is never "passed".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Checked, and it holds.
    Yes,
    /// Checked, and it does not hold.
    No,
    /// Not checked, because something needed was not given or could not be read.
    Unknown,
}

impl Verdict {
    /// `Yes` or `No`.
    pub const fn known(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }

    /// Kleene's conjunction: `No` wins, then `Unknown`.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Yes, Self::Yes) => Self::Yes,
        }
    }

    /// The word used in every output format.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Verdict::{No, Unknown, Yes};

    #[test]
    fn no_wins_over_unknown_and_unknown_over_yes() {
        assert_eq!(Yes.and(Yes), Yes);
        assert_eq!(Yes.and(Unknown), Unknown);
        assert_eq!(Unknown.and(No), No);
    }
}
