//! The chains of badssl's generator.

use serde::Deserialize;

/// When a case names no moment: 2026-11-24T00:00:00Z, the day after the chains were made.
pub const AT: i64 = 1_795_478_400;

/// One chain.
#[derive(Clone, Debug)]
pub struct Case {
    /// Name of the case.
    pub id: String,
    /// The host asked for.
    pub host: String,
    /// The moment asked about, in seconds since 1970.
    pub at: i64,
    /// A careful client accepts it.
    pub good: bool,
    /// What a good report names, in words. Empty: nothing.
    pub cause: String,
    /// The chain that the server sends, in PEM.
    pub chain: Vec<u8>,
    /// The anchor, in PEM.
    pub root: Vec<u8>,
    /// The server's key, in PEM.
    pub key: Option<Vec<u8>>,
}

/// The 16 chains.
pub fn cases() -> Vec<Case> {
    let written: Vec<Written> = super::json("badssl/cases.json");
    written.into_iter().map(Written::read).collect()
}

#[derive(Deserialize)]
struct Written {
    id: String,
    name: String,
    at: Option<String>,
    expected: Outcome,
    code: String,
    chain: String,
    root: String,
    key: Option<String>,
}

#[derive(PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Good,
    Bad,
}

impl Written {
    fn read(self) -> Case {
        let file = |name: &str| super::bytes(&format!("badssl/{name}"));
        Case {
            at: self.at.as_deref().map_or(AT, super::seconds),
            good: self.expected == Outcome::Good,
            chain: file(&self.chain),
            root: file(&self.root),
            key: self.key.as_deref().map(file),
            id: self.id,
            host: self.name,
            cause: self.code,
        }
    }
}
