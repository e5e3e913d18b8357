//! Domain names in the form of the wire, uncompressed: what zones are made of.

use std::fmt;

/// Longest label, bytes (RFC 1035, section 2.3.4).
pub const MAX_LABEL: usize = 63;

/// Longest name, bytes, all lengths and the root's included (RFC 1035, section 2.3.4).
pub const MAX_NAME: usize = 255;

/// What is wrong with a name's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    /// It has no text.
    #[error("a name is expected, and there is nothing")]
    Empty,
    /// Two dots in a row, or one at the start.
    #[error("a label is empty")]
    EmptyLabel,
    /// A label is longer than [`MAX_LABEL`].
    #[error("a label has more than 63 bytes")]
    LongLabel,
    /// The name is longer than [`MAX_NAME`].
    #[error("the name has more than 255 bytes")]
    TooLong,
    /// A backslash with neither a character nor three digits up to 255 behind it.
    #[error("a backslash stands before a character or three digits up to 255")]
    Escape,
    /// A relative name where no `$ORIGIN` says to what.
    #[error("the name is relative, and there is no origin")]
    NoOrigin,
}

/// An absolute name, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(Box<[u8]>);

impl Name {
    /// Reads a name, with or without a dot at its end.
    ///
    /// # Errors
    /// [`NameFault`] on what is no name, or too long for one.
    ///
    /// ```
    /// use keyway_dns::name::Name;
    ///
    /// let name = Name::read("WWW.Example.com")?;
    /// assert_eq!(name.to_string(), "www.example.com.");
    /// assert!(name.is_within(&Name::read("example.com.")?));
    /// # Ok::<(), keyway_dns::name::NameFault>(())
    /// ```
    pub fn read(text: &str) -> Result<Self, NameFault> {
        if text == "@" {
            return Err(NameFault::NoOrigin);
        }
        let mut wire = Vec::new();
        read(text.as_bytes(), Some(&[0]), &mut wire)?;
        Ok(Self::of_wire(&wire))
    }

    /// A name in the form of the wire.
    pub(crate) fn of_wire(wire: &[u8]) -> Self {
        let mut lower = Vec::with_capacity(wire.len());
        push_lower(wire, &mut lower);
        Self(lower.into())
    }

    /// The name of a zone.
    pub fn of_origin(zone: &crate::zone::Zone) -> Self {
        Self::of_wire(zone.origin())
    }

    /// The form of the wire.
    pub fn wire(&self) -> &[u8] {
        &self.0
    }

    /// The name with a label in front.
    ///
    /// # Errors
    /// [`NameFault`] where the label or the name is too long.
    pub fn child(&self, label: &str) -> Result<Self, NameFault> {
        let mut wire = Vec::new();
        read(label.as_bytes(), Some(&self.0), &mut wire)?;
        Ok(Self::of_wire(&wire))
    }

    /// The name without its first label; `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        parent(&self.0).map(|wire| Self(wire.into()))
    }

    /// Whether it is another name or below it.
    pub fn is_within(&self, top: &Self) -> bool {
        is_within(&self.0, &top.0)
    }

    /// Whether it is one of some names or below one of them.
    pub(crate) fn is_at_or_below(&self, tops: &std::collections::BTreeSet<Self>) -> bool {
        let mut above = std::iter::successors(Some(self.clone()), Self::parent);
        above.any(|at| tops.contains(&at))
    }

    /// Whether its first label is `*`.
    pub fn is_wildcard(&self) -> bool {
        self.0.starts_with(b"\x01*")
    }

    /// Whether it is `localhost`, which is whoever asks (RFC 6761, section 6.3).
    #[cfg(feature = "net")]
    pub(crate) fn is_localhost(&self) -> bool {
        *self.0 == *b"\x09localhost\0"
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&show(&self.0))
    }
}

/// Reads a name as zone files write it: `@` is the origin, a name without a dot at its end is relative
/// to it, `\.` and `\DDD` stand for bytes (RFC 1035, section 5.1). The form of the wire is appended.
pub(crate) fn read(text: &[u8], origin: Option<&[u8]>, out: &mut Vec<u8>) -> Result<(), NameFault> {
    let start = out.len();
    let result = append(text, origin, out);
    if result.is_err() {
        out.truncate(start);
    }
    result
}

fn append(text: &[u8], origin: Option<&[u8]>, out: &mut Vec<u8>) -> Result<(), NameFault> {
    match text {
        b"" => return Err(NameFault::Empty),
        b"." => {
            out.push(0);
            return Ok(());
        }
        b"@" => {
            out.extend_from_slice(origin.ok_or(NameFault::NoOrigin)?);
            return Ok(());
        }
        _ => {}
    }
    let first = out.len();
    let mut at = 0;
    loop {
        let label = out.len();
        out.push(0);
        while at < text.len() && text[at] != b'.' {
            let (byte, next) = unescaped(text, at).ok_or(NameFault::Escape)?;
            out.push(byte);
            at = next;
        }
        let length = out.len() - label - 1;
        match u8::try_from(length) {
            Ok(0) => return Err(NameFault::EmptyLabel),
            Ok(short) if length <= MAX_LABEL => out[label] = short,
            _ => return Err(NameFault::LongLabel),
        }
        if out.len() - first >= MAX_NAME {
            return Err(NameFault::TooLong);
        }
        if at == text.len() {
            // No dot at the end: relative.
            out.extend_from_slice(origin.ok_or(NameFault::NoOrigin)?);
            break;
        }
        at += 1;
        if at == text.len() {
            out.push(0);
            break;
        }
    }
    if out.len() - first > MAX_NAME {
        return Err(NameFault::TooLong);
    }
    Ok(())
}

/// The byte at a place of escaped text, and where the next one is.
pub(crate) fn unescaped(text: &[u8], at: usize) -> Option<(u8, usize)> {
    let byte = *text.get(at)?;
    if byte != b'\\' {
        return Some((byte, at + 1));
    }
    let next = *text.get(at + 1)?;
    if !next.is_ascii_digit() {
        return Some((next, at + 2));
    }
    let digits = text.get(at + 1..at + 4)?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = digits
        .iter()
        .fold(0_u16, |value, digit| value * 10 + u16::from(digit - b'0'));
    Some((u8::try_from(value).ok()?, at + 4))
}

/// A name as text, with a dot at its end.
pub(crate) fn show(name: &[u8]) -> String {
    let mut out = String::with_capacity(name.len() + 1);
    for label in labels(name) {
        for &byte in label {
            push_escaped(byte, b".;@()\"\\$ ", &mut out);
        }
        out.push('.');
    }
    if out.is_empty() {
        out.push('.');
    }
    out
}

/// A byte as text: escaped where it is not printable or one of these.
pub(crate) fn push_escaped(byte: u8, special: &[u8], out: &mut String) {
    if special.contains(&byte) && byte.is_ascii_graphic() {
        out.push('\\');
        out.push(char::from(byte));
    } else if byte.is_ascii_graphic() || (byte == b' ' && !special.contains(&b' ')) {
        out.push(char::from(byte));
    } else {
        out.push('\\');
        for digit in [byte / 100, byte / 10 % 10, byte % 10] {
            out.push(char::from(b'0' + digit));
        }
    }
}

/// The labels of a name, the root's left out.
pub(crate) fn labels(name: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = name;
    std::iter::from_fn(move || {
        let (&length, after) = rest.split_first()?;
        if length == 0 {
            return None;
        }
        let (label, next) = after.split_at_checked(usize::from(length))?;
        rest = next;
        Some(label)
    })
}

/// The name without its first label; `None` for the root.
pub(crate) fn parent(name: &[u8]) -> Option<&[u8]> {
    let length = usize::from(*name.first()?);
    (length > 0).then(|| name.get(length + 1..)).flatten()
}

/// The uncompressed name that bytes start with.
pub(crate) fn first(bytes: &[u8]) -> Option<&[u8]> {
    let mut end = 0;
    loop {
        let length = usize::from(*bytes.get(end)?);
        end += 1 + length;
        if length > MAX_LABEL || end > MAX_NAME {
            return None;
        }
        if length == 0 {
            return bytes.get(..end);
        }
    }
}

/// Whether a name is another one or below it; both in lower case.
pub(crate) fn is_within(name: &[u8], top: &[u8]) -> bool {
    let mut rest = Some(name);
    while let Some(here) = rest {
        if here.len() <= top.len() {
            return here == top;
        }
        rest = parent(here);
    }
    false
}

/// Appends a name in lower case. Lengths are below every letter.
pub(crate) fn push_lower(name: &[u8], out: &mut Vec<u8>) {
    out.extend(name.iter().map(u8::to_ascii_lowercase));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(text: &str, origin: &[u8]) -> Result<Vec<u8>, NameFault> {
        let mut out = Vec::new();
        read(text.as_bytes(), Some(origin), &mut out).map(|()| out)
    }

    const ORIGIN: &[u8] = b"\x07example\x00";

    #[test]
    fn a_name_without_a_dot_at_its_end_is_relative() {
        assert_eq!(
            wire("www", ORIGIN).as_deref(),
            Ok(&b"\x03www\x07example\x00"[..])
        );
        assert_eq!(wire("www.", ORIGIN).as_deref(), Ok(&b"\x03www\x00"[..]));
        assert_eq!(wire("@", ORIGIN).as_deref(), Ok(ORIGIN));
        assert_eq!(wire(".", ORIGIN).as_deref(), Ok(&b"\x00"[..]));
    }

    #[test]
    fn escapes_stand_for_bytes_and_are_written_back() {
        let name = wire("a\\.b\\032c.", ORIGIN).expect("a name");
        assert_eq!(name, b"\x05a.b c\x00");
        assert_eq!(show(&name), "a\\.b\\032c.");
    }

    #[test]
    fn labels_and_names_have_their_limits() {
        let long = "a".repeat(64);
        assert_eq!(wire(&long, ORIGIN), Err(NameFault::LongLabel));
        let label = "a".repeat(63);
        let name = [label.as_str(); 4].join(".");
        assert_eq!(wire(&name, ORIGIN), Err(NameFault::TooLong));
        // Four labels of 63, 63, 63 and 61 bytes with their lengths and the root's: 255.
        let fits = format!("{label}.{label}.{label}.{}.", "a".repeat(61));
        assert_eq!(wire(&fits, ORIGIN).map(|name| name.len()), Ok(MAX_NAME));
        assert_eq!(wire("a..b", ORIGIN), Err(NameFault::EmptyLabel));
        assert_eq!(wire("a\\25", ORIGIN), Err(NameFault::Escape));
        assert_eq!(wire("a\\256", ORIGIN), Err(NameFault::Escape));
    }
}
