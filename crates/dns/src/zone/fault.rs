//! What is wrong with a zone file's text, and the limits on it.

use super::words::WordFault;
use crate::name::NameFault;
use crate::rdata;

/// Largest zone file with all that it includes, bytes: 2 GiB, some forty million records. Lines are
/// numbers of 32 bits.
pub const MAX_BYTES: u64 = 1 << 31;

/// Most faults that are kept; the others are counted.
pub const MAX_FAULTS: usize = 1_000;

/// Most records that all `$GENERATE` of a file make: 2²⁰, the reverse zone of a /12.
pub const MAX_GENERATED: u32 = 1 << 20;

/// Most bytes of text that all `$GENERATE` of a file make: 256 for each of the records.
pub const MAX_GENERATED_BYTES: usize = 1 << 28;

/// Most files that all `$INCLUDE` read, the same one as often as it is named: far above what any zone is
/// put together from. The depth alone would let a file that includes itself twice be read without end.
pub const MAX_INCLUDED: u16 = 1_000;

/// The job could not be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The origin is no absolute name.
    #[error("the zone's name is malformed: {0}")]
    Origin(NameFault),
    /// The file is larger than [`MAX_BYTES`].
    #[error("the zone file has {0} bytes; at most 2147483648 are read")]
    TooLarge(u64),
}

/// Something in the file that is no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Its line, from 1. What `$INCLUDE` brings in has the line of the directive.
    pub line: u32,
    /// What it is.
    pub kind: FaultKind,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultKind {
    /// It is no sequence of words.
    #[error("{0}")]
    Words(#[from] WordFault),
    /// Its owner, or a directive's name, is malformed.
    #[error("{0}")]
    Name(#[from] NameFault),
    /// It stands first and has no owner.
    #[error("the first record has no name in front")]
    NoOwner,
    /// There is no type.
    #[error("a record type is missing")]
    NoType,
    /// A word stands where a type, a class or a TTL belongs.
    #[error("\"{0}\" is no record type, class or TTL")]
    UnknownWord(String),
    /// Quotes around a type, a class, a TTL or a directive's word: those are of strings (RFC 1035, section 5.1).
    #[error("\"{0}\" stands in quotes, where none belong")]
    QuotedWord(String),
    /// The class is not IN.
    #[error("the class is {0}; a zone of the internet has IN")]
    OtherClass(String),
    /// The type belongs into messages or questions.
    #[error("{0} is not a type that zones hold")]
    MetaType(String),
    /// No TTL, none before it, and no `$TTL`.
    #[error("there is no TTL: neither here, nor on a record before, nor as $TTL")]
    NoTtl,
    /// The TTL is above 2³¹ - 1 (RFC 2181, section 8).
    #[error("the TTL is above 2147483647 seconds")]
    LongTtl,
    /// The data is not that of its type.
    #[error("{kind}: {fault}")]
    Data {
        /// The type.
        kind: String,
        /// What is wrong.
        fault: rdata::Fault,
    },
    /// A directive lacks its word, or has another in its place.
    #[error("{0} is followed by {1}")]
    Directive(&'static str, &'static str),
    /// A directive that is not known.
    #[error("\"{0}\" is no directive")]
    UnknownDirective(String),
    /// `$DATE`, with which BIND dumps its cache: it takes the time that has passed since off every TTL, so that
    /// the file says something else each time. No standard has it, and NSD refuses it.
    #[error("$DATE belongs into dumps of BIND's cache: each TTL would depend on when it is read")]
    Date,
    /// `$INCLUDE`, which was not allowed.
    #[error("$INCLUDE is not followed unless that is asked for")]
    IncludeOff,
    /// `$INCLUDE` of a file that cannot be read.
    #[error("$INCLUDE {file}: {why}")]
    Include {
        /// The file, escaped.
        file: String,
        /// Why not.
        why: String,
    },
    /// `$GENERATE` is malformed.
    #[error("$GENERATE: {0}")]
    Generate(&'static str),
    /// All `$GENERATE` together make more than [`MAX_GENERATED`] records, or [`MAX_GENERATED_BYTES`].
    #[error("$GENERATE makes more than 1048576 records, or more than 256 MiB")]
    TooManyGenerated,
}
