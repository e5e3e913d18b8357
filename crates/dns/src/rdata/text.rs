//! From a zone file's words to data.

use keyway_report::escape;

use super::{Type, digest, fields, wire};
use crate::name::{self, NameFault};
use crate::zone::Word;

/// Longest data of a record, bytes: its length is a 16-bit number (RFC 1035, section 3.2.1).
pub(crate) const MAX_DATA: usize = 65_535;

/// Why words are not the data of a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// They end too early.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// There is more than the type has.
    #[error("\"{0}\" is one too many")]
    Extra(String),
    /// One is not what stands there.
    #[error("\"{found}\" is not {wanted}")]
    Not {
        /// The word, escaped and cut.
        found: String,
        /// What stands there.
        wanted: &'static str,
    },
    /// A name is malformed.
    #[error("{0}")]
    Name(#[from] NameFault),
    /// A character-string is longer than 255 bytes.
    #[error("a string has more than 255 bytes")]
    LongText,
    /// All together it is longer than [`MAX_DATA`].
    #[error("the data has more than 65535 bytes")]
    TooLong,
    /// `\#` and a length that is not that of what follows.
    #[error("`\\# {said}` is followed by {found} bytes")]
    Length {
        /// The length that was said.
        said: usize,
        /// What follows.
        found: usize,
    },
    /// A digest is shorter or longer than those of its kind.
    #[error("the digest has {found} bytes, and {wanted} belong there")]
    Digest {
        /// The bytes that it has.
        found: usize,
        /// Those that it should have, at least.
        wanted: usize,
    },
    /// `\#` and bytes that are not the data of this type.
    #[error("the bytes behind `\\#` are not the data of this type")]
    NotThisType,
    /// What a zone cannot hold, or cannot say in words.
    #[error("this type is not read from text; `\\#` and its bytes are (RFC 3597)")]
    NoText,
    /// The parameters of a service binding contradict each other or RFC 9460.
    #[error("{0}")]
    Parameters(&'static str),
    /// The data cannot mean what it says.
    #[error("{0}")]
    Meaning(&'static str),
}

impl Fault {
    pub(super) fn not(found: &[u8], wanted: &'static str) -> Self {
        const SHOWN: usize = 60;
        let shown = &found[..found.len().min(SHOWN)];
        Self::Not {
            found: escape::bytes(shown),
            wanted,
        }
    }
}

/// The words of a record's data, one after the other.
#[derive(Debug, Clone)]
pub(crate) struct Words<'t> {
    all: &'t [Word<'t>],
    at: usize,
    /// What relative names are relative to, in the form of the wire.
    pub(crate) origin: Option<&'t [u8]>,
}

impl<'t> Words<'t> {
    pub(crate) fn new(words: &'t [Word<'t>], origin: Option<&'t [u8]>) -> Self {
        Self {
            all: words,
            at: 0,
            origin,
        }
    }

    pub(crate) fn next(&mut self, what: &'static str) -> Result<Word<'t>, Fault> {
        self.take().ok_or(Fault::Missing(what))
    }

    pub(crate) fn take(&mut self) -> Option<Word<'t>> {
        let word = *self.all.get(self.at)?;
        self.at += 1;
        Some(word)
    }

    pub(crate) fn peek(&self) -> Option<Word<'t>> {
        self.all.get(self.at).copied()
    }

    /// A word that stands for something with no quotes and no escapes.
    pub(crate) fn plain(&mut self, what: &'static str) -> Result<&'t [u8], Fault> {
        let word = self.next(what)?;
        if word.is_quoted() {
            return Err(Fault::not(word.raw, what));
        }
        Ok(word.raw)
    }

    /// A decimal number.
    pub(crate) fn number(&mut self, what: &'static str, max: u32) -> Result<u32, Fault> {
        let text = self.plain(what)?;
        decimal(text)
            .filter(|number| *number <= max)
            .ok_or_else(|| Fault::not(text, what))
    }

    pub(crate) fn u8(&mut self, what: &'static str) -> Result<u8, Fault> {
        let number = self.number(what, u32::from(u8::MAX))?;
        Ok(u8::try_from(number).unwrap_or(u8::MAX))
    }

    pub(crate) fn u16(&mut self, what: &'static str) -> Result<u16, Fault> {
        let number = self.number(what, u32::from(u16::MAX))?;
        Ok(u16::try_from(number).unwrap_or(u16::MAX))
    }

    pub(crate) fn name(&mut self, out: &mut Vec<u8>) -> Result<(), Fault> {
        let word = self.next("a domain name")?;
        // Strings stand in quotes, names do not (RFC 1035, section 5.1); BIND refuses them.
        if word.is_quoted() {
            return Err(Fault::not(word.raw, "a domain name, which has no quotes"));
        }
        name::read(word.raw, self.origin, out)?;
        Ok(())
    }

    /// All that is left, put together: keys and digests may be split into words.
    pub(crate) fn joined(&mut self, what: &'static str) -> Result<Vec<u8>, Fault> {
        let mut out = self.plain(what)?.to_vec();
        while self.peek().is_some() {
            out.extend_from_slice(self.plain(what)?);
        }
        Ok(out)
    }

    fn finish(&self) -> Result<(), Fault> {
        match self.peek() {
            Some(word) => Err(Fault::Extra(escape::bytes(
                &word.raw[..word.raw.len().min(60)],
            ))),
            None => Ok(()),
        }
    }
}

/// A number of 32 bits as digits, and nothing else.
pub(crate) fn decimal(text: &[u8]) -> Option<u32> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    text.iter().try_fold(0_u32, |number, digit| {
        number.checked_mul(10)?.checked_add(u32::from(digit - b'0'))
    })
}

/// Reads the data of a record of this type and appends it.
pub(crate) fn read(kind: Type, words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    let start = out.len();
    let result = append(kind, words, out).and_then(|()| words.finish());
    let result = match result {
        Ok(()) if out.len() - start > MAX_DATA => Err(Fault::TooLong),
        Ok(()) => match digest::wrong_length(kind, &out[start..]) {
            Some((found, wanted)) => Err(Fault::Digest { found, wanted }),
            None => Ok(()),
        },
        other => other,
    };
    if result.is_err() {
        out.truncate(start);
    }
    result
}

fn append(kind: Type, words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    let is_generic = |word: &Word<'_>| !word.is_quoted() && word.raw == b"\\#";
    if words.peek().as_ref().is_some_and(is_generic) {
        words.take();
        return generic(kind, words, out);
    }
    let fields = kind.fields().ok_or(Fault::NoText)?;
    for field in fields {
        fields::read(*field, words, out)?;
    }
    Ok(())
}

/// `\# length hex…` (RFC 3597, section 5). Of a type that is known the bytes have to fit.
fn generic(kind: Type, words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    let said = usize::from(words.u16("a length")?);
    let start = out.len();
    if words.peek().is_some() {
        let hex = words.joined("hexadecimal")?;
        fields::push_hex(&hex, out)?;
    }
    let found = out.len() - start;
    if found != said {
        return Err(Fault::Length { said, found });
    }
    let fits = kind
        .fields()
        .is_none_or(|fields| wire::fits(fields, &out[start..]));
    if fits {
        Ok(())
    } else {
        Err(Fault::NotThisType)
    }
}
