use super::{Escape, Place};

/// Something seen while reading, and where. Notes never hold text of the input, save labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What was seen.
    pub kind: NoteKind,
    /// Where it was seen first.
    pub place: Place,
}

impl NoteKind {
    /// Whether it is text that belongs to no block.
    pub(crate) fn is_text(&self) -> bool {
        matches!(self, Self::TextBetween { .. })
    }
}

/// What shares its line with a boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Glue {
    /// The boundary of another block.
    Boundary,
    /// A part of the block's own body.
    Body,
    /// The whole body: the block stands on one line.
    WholeBody,
    /// Other text, in front of BEGIN.
    Text,
    /// Other text, behind END.
    TextBehind,
}

/// Departures from RFC 7468. Each is tolerated, save those that repeat a block's fault.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoteKind {
    /// A byte order mark (U+FEFF), at the start or before a later block.
    Bom,
    /// The input is UTF-16, with or without a byte order mark.
    Utf16,
    /// Lines end in CR LF. Said once per input.
    CrLf,
    /// Lines end in a lone CR, or in a mix with one. Said once per input.
    LoneCr,
    /// Text that belongs to no block.
    TextBetween {
        /// Its length, in bytes of the input.
        bytes: usize,
    },
    /// An END boundary that closes nothing.
    OrphanEnd {
        /// Its label.
        label: String,
    },
    /// The BEGIN boundary is missing; the body was found before its END.
    MissingBegin,
    /// The END boundary is missing; the next BEGIN, other text or the end of input stands there.
    MissingEnd,
    /// Base64 of a DER SEQUENCE without any boundary.
    NoBoundaries,
    /// BEGIN and END name different things.
    MismatchedLabels {
        /// The label of BEGIN.
        begin: String,
        /// The label of END.
        end: String,
    },
    /// A boundary has text, a body or another boundary on its line.
    GluedBoundary {
        /// Which of them.
        to: Glue,
    },
    /// A boundary's line begins behind a lone CR or ends in one. Said once per input.
    LoneCrBoundary,
    /// Dashes, case or spacing of a boundary are off (RFC 7468 section 3).
    MalformedBoundary,
    /// Lines are indented.
    Indented,
    /// Lines carry the same mark in front, such as `> ` or `# `, or stand in quotation marks.
    Quoted,
    /// Characters are escaped.
    Escaped {
        /// In which way.
        how: Escape,
    },
    /// White space inside a line of the body.
    WhitespaceInside,
    /// A vertical tab or form feed before or inside a line of the body, which OpenSSL does not take for white
    /// space.
    FeedInside,
    /// White space at the end of a line.
    TrailingWhitespace,
    /// One blank line behind BEGIN, which OpenSSL reads over, or carriage returns that stand like blank
    /// lines.
    BlankLines,
    /// More blank lines behind BEGIN, or one after every line.
    DoubleSpaced,
    /// Lines longer than 64 characters (RFC 7468 section 2).
    LongLines {
        /// Characters on the longest.
        longest: usize,
    },
    /// Lines before the last that are shorter than 64 characters.
    ShortLines {
        /// Characters on the shortest.
        shortest: usize,
    },
    /// The base64url alphabet (RFC 4648 section 5).
    UrlAlphabet,
    /// `=` written `=3D`, as in e-mail (RFC 2045 section 6.7).
    QuotedPrintable,
    /// Padding at the end is missing.
    MissingPadding,
    /// Bits that no byte uses are not zero (RFC 4648 section 3.5).
    NonCanonicalTrailingBits,
    /// Headers that are not of the form of RFC 1421, or that no blank line ends.
    HeaderMalformed,
    /// The DER inside says that it is longer than what is there.
    Truncated {
        /// Bytes that the outermost length calls for.
        declared: usize,
        /// Bytes that are there.
        present: usize,
    },
    /// Bytes follow the DER value inside the block.
    TrailingBytes {
        /// How many.
        count: usize,
    },
    /// The body cannot be read; the same fault stands in [`super::PemBlock::decoded`].
    BadBase64 {
        /// What is wrong.
        what: super::FaultKind,
    },
}
