//! BER brought to DER, within limits.
//!
//! PKCS#7 and PKCS#12 allow BER, and Windows, NSS and Java use it: lengths left open until an
//! end marker, octet strings in pieces, lengths longer than they need be. The readers of this
//! crate are DER readers, so the outer structure is rewritten before they see it. Octets inside
//! an OCTET STRING are content and stay as they are.

use core::ops::Deref;

use zeroize::Zeroizing;

use super::element::{Bytes, append, push_length};

/// Elements inside elements. The deepest honest file (a PFX with PBES2) nests 12 levels; the
/// `der` crate stops at 64.
pub const MAX_DEPTH: usize = 64;

/// Bytes accepted. Windows' own disallowed-certificate list, the largest `SignedData` in common
/// use, is well under 1 MiB.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// An element without a definite length (X.690, 8.1.3.6).
const INDEFINITE: u8 = 0x80;
/// The constructed bit of an identifier octet (X.690, 8.1.2.5).
const CONSTRUCTED: u8 = 0x20;
/// The identifier of a primitive OCTET STRING.
const OCTET_STRING: u8 = 0x04;

/// Why bytes are no BER element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BerError {
    /// The bytes end inside an element.
    #[error("the data ends in the middle of an element (at byte {at})")]
    Truncated {
        /// Offset in bytes where more was expected.
        at: usize,
    },
    /// A form that BER forbids, or that no certificate container uses.
    #[error("not a valid BER element (at byte {at})")]
    Invalid {
        /// Offset in bytes of the element.
        at: usize,
    },
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("elements are nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// Longer than [`MAX_BYTES`].
    #[error("the container is longer than {MAX_BYTES} bytes")]
    TooLong,
}

/// One element in DER, and how much of the input it took.
pub struct Normal<'a> {
    bytes: Form<'a>,
    consumed: usize,
}

enum Form<'a> {
    AsGiven(&'a [u8]),
    Rewritten(Zeroizing<Vec<u8>>),
}

impl Normal<'_> {
    /// How many bytes of the input the element took; the rest is not part of the container.
    pub fn consumed(&self) -> usize {
        self.consumed
    }

    /// Whether the input was not DER.
    pub fn was_rewritten(&self) -> bool {
        matches!(self.bytes, Form::Rewritten(_))
    }
}

impl Deref for Normal<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.bytes {
            Form::AsGiven(bytes) => bytes,
            Form::Rewritten(bytes) => bytes,
        }
    }
}

/// The first element of `input` with definite, shortest lengths and unbroken octet strings.
///
/// Input that is in this form already is handed back without a copy.
///
/// # Errors
///
/// [`BerError`] when the bytes are no element, or over a limit of this module.
pub fn normalise(input: &[u8]) -> Result<Normal<'_>, BerError> {
    if input.len() > MAX_BYTES {
        return Err(BerError::TooLong);
    }
    let mut walk = Walk {
        input,
        at: 0,
        rewritten: false,
    };
    let mut out = Zeroizing::new(Vec::with_capacity(input.len()));
    walk.element(input.len(), 0, &mut out)?;
    let consumed = walk.at;
    let bytes = if walk.rewritten {
        Form::Rewritten(out)
    } else {
        Form::AsGiven(&input[..consumed])
    };
    Ok(Normal { bytes, consumed })
}

/// The identifier octets and the length of an element.
struct Header<'a> {
    identifier: &'a [u8],
    length: Option<usize>,
}

/// A cursor over the input; `at` only grows, so the walk ends.
struct Walk<'a> {
    input: &'a [u8],
    at: usize,
    rewritten: bool,
}

impl<'a> Walk<'a> {
    /// Copies one element, which must lie before `end`, to `out`.
    fn element(&mut self, end: usize, depth: usize, out: &mut Bytes) -> Result<(), BerError> {
        if depth >= MAX_DEPTH {
            return Err(BerError::TooDeep);
        }
        let start = self.at;
        let header = self.header(end)?;
        let first = header.identifier[0];
        if first & CONSTRUCTED == 0 {
            let length = header.length.ok_or(BerError::Invalid { at: start })?;
            push(out, header.identifier, self.take(length, end)?);
            return Ok(());
        }
        let mut content = Zeroizing::new(Vec::new());
        if first == OCTET_STRING | CONSTRUCTED {
            self.rewritten = true;
            self.children(header.length, end, |walk, end| {
                walk.segment(end, depth + 1, &mut content)
            })?;
            push(out, &[OCTET_STRING], &content);
            return Ok(());
        }
        self.children(header.length, end, |walk, end| {
            walk.element(end, depth + 1, &mut content)
        })?;
        push(out, header.identifier, &content);
        Ok(())
    }

    /// Calls `each` for every child of an element whose header was just read.
    fn children(
        &mut self,
        length: Option<usize>,
        end: usize,
        mut each: impl FnMut(&mut Self, usize) -> Result<(), BerError>,
    ) -> Result<(), BerError> {
        if let Some(length) = length {
            let inner = self.end_of(length, end)?;
            while self.at < inner {
                each(self, inner)?;
            }
            return Ok(());
        }
        self.rewritten = true;
        while !self.take_end_marker(end)? {
            each(self, end)?;
        }
        Ok(())
    }

    /// Appends the octets of one piece of an OCTET STRING; pieces may be in pieces themselves.
    fn segment(&mut self, end: usize, depth: usize, out: &mut Bytes) -> Result<(), BerError> {
        if depth >= MAX_DEPTH {
            return Err(BerError::TooDeep);
        }
        let start = self.at;
        let header = self.header(end)?;
        match (header.identifier, header.length) {
            ([OCTET_STRING], Some(length)) => {
                append(out, self.take(length, end)?);
                Ok(())
            }
            ([0x24], length) => {
                self.children(length, end, |walk, end| walk.segment(end, depth + 1, out))
            }
            _ => Err(BerError::Invalid { at: start }),
        }
    }

    fn header(&mut self, end: usize) -> Result<Header<'a>, BerError> {
        let start = self.at;
        let identifier = self.identifier(end)?;
        let length = self.length(end)?;
        // 00 00 is the end marker, never an element.
        if identifier[0] == 0 {
            return Err(BerError::Invalid { at: start });
        }
        Ok(Header { identifier, length })
    }

    /// Identifier octets; tag numbers of 31 and more go on while the top bit is set.
    fn identifier(&mut self, end: usize) -> Result<&'a [u8], BerError> {
        let start = self.at;
        if self.byte(end)? & 0x1f == 0x1f {
            while self.byte(end)? & 0x80 != 0 {}
        }
        Ok(&self.input[start..self.at])
    }

    fn length(&mut self, end: usize) -> Result<Option<usize>, BerError> {
        let start = self.at;
        let first = self.byte(end)?;
        if first < 0x80 {
            return Ok(Some(usize::from(first)));
        }
        if first == INDEFINITE {
            return Ok(None);
        }
        let mut length = 0usize;
        for _ in 0..first & 0x7f {
            let byte = self.byte(end)?;
            length = length
                .checked_mul(256)
                .map(|high| high | usize::from(byte))
                .ok_or(BerError::Invalid { at: start })?;
        }
        let is_shortest = length >= 0x80 && self.input[start + 1] != 0;
        self.rewritten |= !is_shortest;
        Ok(Some(length))
    }

    fn byte(&mut self, end: usize) -> Result<u8, BerError> {
        self.take(1, end).map(|bytes| bytes[0])
    }

    fn take(&mut self, length: usize, end: usize) -> Result<&'a [u8], BerError> {
        let stop = self.end_of(length, end)?;
        let bytes = &self.input[self.at..stop];
        self.at = stop;
        Ok(bytes)
    }

    fn end_of(&self, length: usize, end: usize) -> Result<usize, BerError> {
        self.at
            .checked_add(length)
            .filter(|stop| *stop <= end)
            .ok_or(BerError::Truncated { at: self.at })
    }

    fn take_end_marker(&mut self, end: usize) -> Result<bool, BerError> {
        if self.at >= end {
            return Err(BerError::Truncated { at: self.at });
        }
        let found = self.input[self.at..end].starts_with(&[0, 0]);
        if found {
            self.at += 2;
        }
        Ok(found)
    }
}

/// Appends an element with its length in the shortest form.
fn push(out: &mut Bytes, identifier: &[u8], value: &[u8]) {
    let mut length = Vec::new();
    push_length(&mut length, value.len());
    for part in [identifier, &length, value] {
        append(out, part);
    }
}
