use core::fmt;

use super::Place;

/// Why a block cannot be read: the first fault, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub what: FaultKind,
    /// The character or line at fault.
    pub place: Place,
}

impl core::error::Error for Fault {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "line {}, byte {}: {}",
            self.place.lines.start, self.place.bytes.start, self.what
        )
    }
}

/// The faults that leave the meaning of a block in doubt. See the rules in [`crate::pem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultKind {
    /// There is nothing between the boundaries.
    Empty,
    /// A character that base64 does not have (RFC 4648 section 4).
    Character,
    /// One base64 character is left over at the end: it holds 6 bits, less than a byte.
    LooseCharacter,
    /// `=` where none is due: too many, or before the end (RFC 4648 section 3.2).
    MisplacedPadding,
    /// A blank line between two lines of the body, or at its end.
    BlankLine,
    /// A line of an encrypted block is not 64 characters long (RFC 1421 section 4.3.2.4).
    LineLength {
        /// Characters on the line, without white space at its end.
        found: usize,
    },
    /// `Proc-Type: 4,ENCRYPTED` and `DEK-Info` are not both there (RFC 1421 sections 4.6.1.1, 4.6.1.3).
    HeaderIncomplete,
    /// `Proc-Type` and `DEK-Info` are there, but not as the first two lines, spelled as RFC 1421 does
    /// and in this order. OpenSSL reads nothing else.
    HeaderForm,
    /// No blank line ends the headers of an encrypted block (RFC 1421 section 4.4).
    HeaderUnterminated,
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the block is empty"),
            Self::Character => f.write_str("a character that does not belong to base64"),
            Self::LooseCharacter => {
                f.write_str("the base64 text has one character too many or three too few")
            }
            Self::MisplacedPadding => f.write_str("padding (=) where none is due"),
            Self::BlankLine => f.write_str(
                "a blank line inside the block or before its END, which OpenSSL does not read over",
            ),
            Self::LineLength { found } => {
                write!(
                    f,
                    "a line of {found} characters in an encrypted block, where 64 are due"
                )
            }
            Self::HeaderIncomplete => f.write_str("Proc-Type and DEK-Info must both be there"),
            Self::HeaderForm => f.write_str(
                "this line should be one of Proc-Type: 4,ENCRYPTED and DEK-Info, which stand first, in \
                 this order, spelled so and not indented",
            ),
            Self::HeaderUnterminated => f.write_str("no blank line after the headers"),
        }
    }
}
