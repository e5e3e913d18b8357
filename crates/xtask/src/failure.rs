//! Why a task could not be done.

use std::path::PathBuf;

/// Why a task stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A command ran and said no.
    #[error("`{line}` failed ({status})")]
    Command { line: String, status: String },
    /// A command did not end in the time it was given.
    #[error("`{line}` did not end within {seconds} s")]
    TimedOut { line: String, seconds: u64 },
    /// A command could not be started.
    #[error("`{program}` could not be started: {source}")]
    Start {
        program: String,
        source: std::io::Error,
    },
    /// Something the task needs is not here, and could not be installed.
    #[error("{what} is missing. {how}")]
    Missing { what: &'static str, how: String },
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        path: PathBuf,
        source: std::io::Error,
    },
    /// The house rules are broken.
    #[error("{count} house rules are broken, listed above")]
    Untidy { count: usize },
    /// Generated pages differ from the ones in the tree.
    #[error("generated pages are out of date: run `cargo xtask docs` and commit\n{0}")]
    Drift(String),
    /// A name was given that is none of ours.
    #[error("there is no {kind} `{name}`; there is: {known}")]
    Unknown {
        kind: &'static str,
        name: String,
        known: String,
    },
    /// A program answered with something we do not understand.
    #[error("{program} answered with something unexpected: {detail}")]
    Answer { program: String, detail: String },
    /// The browser module asks for more than it may.
    #[error("the browser module imports what it must not: {0}")]
    Imports(String),
    /// The second build of the same sources differs from the first.
    #[error("a second build of the page differs: SHA-256 {0}")]
    NotTheSame(String),
    /// A measurement is past its bound.
    #[error("past the bound: {0}")]
    PastBound(String),
}

impl Failure {
    /// Turns an I/O error at `path` into a failure; made for `map_err`.
    pub(crate) fn at(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}
