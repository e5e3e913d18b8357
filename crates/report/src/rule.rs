use serde::Serialize;

/// How much a finding weighs. The severity belongs to the rule, not to the occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Clients refuse, a server cannot load it, or a standard's MUST is broken.
    Error,
    /// Works today for most, and will cost somebody an evening.
    Warning,
    /// Worth knowing; nothing has to change.
    Notice,
}

impl Severity {
    /// The word used in every output format.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }
}

/// One thing that can be found, with everything there is to say about it.
///
/// The same text serves `keyway explain`, JSON, SARIF, the web page and the generated docs.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Stable identifier, `area.kebab-case`, for example `chain.leaf-not-first`.
    pub code: &'static str,
    /// Weight of every occurrence.
    pub severity: Severity,
    /// One line, without a full stop.
    pub title: &'static str,
    /// Why it matters, in plain words: who refuses what, and when.
    pub why: &'static str,
    /// How to mend it, in plain words.
    pub fix: &'static str,
    /// What it rests on: RFC and section, CA/B Forum BR clause, or the program whose behaviour it is.
    pub sources: &'static [&'static str],
}

impl Rule {
    /// The part of the code before the dot: `pem`, `key`, `chain`, `time`, `name`, `policy`,
    /// `config`, `dns`, `connection`.
    pub fn area(&self) -> &'static str {
        self.code
            .split_once('.')
            .map_or(self.code, |(area, _)| area)
    }
}
