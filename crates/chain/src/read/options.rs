use crate::pem::ScanError;

/// One input: a file, standard input, a paste.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// What to call it in the report.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// How to read.
#[derive(Clone, Copy, Default)]
pub struct ReadOptions<'a> {
    /// Passwords to try on what is encrypted, in this order.
    pub passwords: &'a [&'a [u8]],
}

/// The inputs are beyond what is read. A broken input is a finding, not an error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// More of something than is read at once.
    #[error("{input}: more than {limit} {what}; give fewer at once")]
    Limit {
        /// The input at which the limit was passed.
        input: String,
        /// What there was too much of.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// One input is too large, or holds too many blocks.
    #[error("{input}: {source}")]
    Scan {
        /// The input.
        input: String,
        /// The limit that was passed.
        #[source]
        source: ScanError,
    },
}
