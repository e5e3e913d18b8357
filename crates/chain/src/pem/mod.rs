//! The tolerant PEM reader: any text that holds RFC 7468 blocks, however damaged on its way here.
//!
//! [`scan`] never fails on what a file *says*, only on its size ([`ScanError`]). It returns every
//! block, a [`Note`] for each departure from RFC 7468, and a note for each stretch of text that is
//! no block: the places of both, and white space, cover the whole input.
//!
//! # What is read, and what is not
//!
//! Damage is repaired where one meaning only is possible: encodings (UTF-16, a byte order mark,
//! `\n` as two characters, HTML and percent escapes), layout (indentation, quotation, line lengths,
//! white space), boundaries (glued, missing, too many or typographic dashes, mismatched labels) and
//! padding that is missing. A block whose meaning is in doubt is kept with a [`Fault`] and no body:
//!
//! - a character outside the alphabet, or one character too many for base64;
//! - padding where none is due: it says that characters are missing or were added (RFC 4648
//!   section 3.3); padding that is missing can be supplied, for nothing is in doubt;
//! - a blank line inside the body. RFC 1421 section 4.4 ends the headers at a blank line, so readers
//!   disagree on where the body starts, and a torn file looks the same. Blank lines at the edges,
//!   or after every single line (a double-spaced copy), are harmless.
//!
//! A block with RFC 1421 encryption headers keeps the strict line rules of RFC 1421 section 4.3.2.4:
//! 64 characters on every line but the last, no indentation beyond that of its BEGIN line, no blank
//! line, complete headers. Its body is ciphertext: a lost character could not be told from a wrong
//! password afterwards, so it must be said here. OpenSSL draws the same line.

mod assembly;
mod bare;
mod block;
mod body;
mod boundary;
mod escape;
mod fault;
mod gather;
mod header;
mod label;
mod lines;
mod note;
mod scan;
mod sextet;
mod text;
pub(crate) mod tlv;

pub use block::PemBlock;
pub use escape::Escape;
pub use fault::{Fault, FaultKind};
pub use keyway_report::Place;
pub use note::{Glue, Note, NoteKind};
pub use scan::{MAX_BLOCKS, MAX_INPUT_BYTES, Scan, ScanError, scan};
pub(crate) use scan::{first_label, holds_bare_base64, is_utf16};
