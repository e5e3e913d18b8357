//! A file of the tree, as the rules see it.

use std::path::Path;

use crate::tidy::syntax;

/// The crates that compute and do nothing else: bytes and `now` in, values out.
const MODELS: [&str; 4] = ["report", "chain", "config", "dns"];

/// One text file.
pub(crate) struct Source {
    /// Relative to the root, with forward slashes.
    pub(crate) path: String,
    /// The file as it is.
    pub(crate) text: String,
    /// Rust only: comments, strings and characters blanked, lines kept.
    pub(crate) code: String,
    /// Rust only: `code` with items under `#[cfg(test)]` blanked as well; empty for test files.
    pub(crate) shipped: String,
}

impl Source {
    pub(crate) fn new(path: &str, text: String) -> Self {
        let code = if is_rust(path) {
            syntax::blank(&text)
        } else {
            String::new()
        };
        let shipped = if is_test(path) {
            String::new()
        } else {
            syntax::without_tests(&code)
        };
        Self {
            path: path.to_owned(),
            text,
            code,
            shipped,
        }
    }

    pub(crate) fn is_rust(&self) -> bool {
        is_rust(&self.path)
    }

    /// Whether the file is part of a crate's own source.
    pub(crate) fn is_crate_source(&self) -> bool {
        let crates = self.path.starts_with("crates/") && self.path.contains("/src/");
        self.is_rust() && (crates || self.path.starts_with("fuzz/src/"))
    }

    /// Whether the file belongs to a model crate's own source.
    pub(crate) fn is_model(&self) -> bool {
        let below = |name: &&str| self.path.starts_with(&format!("crates/{name}/src/"));
        self.is_rust() && MODELS.iter().any(below)
    }
}

fn is_rust(path: &str) -> bool {
    has_extension(path, "rs")
}

/// Whether the file's name ends with a full stop and `extension`.
pub(crate) fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|found| found == extension)
}

/// Tests, benchmarks, examples and build-time helpers never run inside a program that links us.
fn is_test(path: &str) -> bool {
    let folders = ["tests", "benches", "examples"];
    path.split('/').any(|part| folders.contains(&part)) || path.ends_with("/tests.rs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn model_sources_are_told_from_shells_and_tests() {
        assert!(Source::new("crates/chain/src/lib.rs", String::new()).is_model());
        assert!(!Source::new("crates/cli/src/main.rs", String::new()).is_model());
        assert!(!Source::new("crates/chain/tests/all.rs", String::new()).is_model());
    }

    #[test]
    fn test_files_ship_nothing() {
        let text = "fn f() {}";
        assert!(
            Source::new("crates/chain/src/pem/tests.rs", text.into())
                .shipped
                .is_empty()
        );
        assert!(
            Source::new("tests/tests/all.rs", text.into())
                .shipped
                .is_empty()
        );
        assert_eq!(
            Source::new("crates/chain/src/pem.rs", text.into()).shipped,
            text
        );
    }
}
