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
    /// Passwords to try on what is encrypted, in this order. An empty list means none is known.
    pub passwords: &'a [&'a [u8]],
}

/// The inputs as a whole are beyond what is read. A single broken input is a finding, not an error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// More inputs than [`super::MAX_INPUTS`].
    #[error("{given} inputs were given; at most {limit} are read at once")]
    TooManyInputs {
        /// How many were given.
        given: usize,
        /// The limit.
        limit: usize,
    },
}
