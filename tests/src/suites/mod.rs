//! The outside cases, typed. Where they come from is told in `tests/suites/README.md`.

pub mod badssl;
pub mod dns;
pub mod limbo;
pub mod pem;

use std::fs;
use std::path::PathBuf;

use serde::de::DeserializeOwned;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A file of the suites.
fn bytes(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("suites")
        .join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("tests/suites/{name}: {error}"))
}

fn json<T: DeserializeOwned>(name: &str) -> T {
    serde_json::from_slice(&bytes(name))
        .unwrap_or_else(|error| panic!("tests/suites/{name}: {error}"))
}

/// Seconds since 1970 of a moment written as RFC 3339 says.
fn seconds(text: &str) -> i64 {
    OffsetDateTime::parse(text, &Rfc3339)
        .unwrap_or_else(|error| panic!("{text}: {error}"))
        .unix_timestamp()
}
