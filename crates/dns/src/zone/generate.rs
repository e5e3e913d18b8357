//! `$GENERATE`, BIND's way to write many records as one line.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::words::Word;
use crate::rdata::decimal;

/// The numbers that a record is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    first: u32,
    last: u32,
    step: u32,
}

impl Range {
    /// `first-last` or `first-last/step`
    pub(super) fn read(text: &[u8]) -> Result<Self, &'static str> {
        const WHAT: &str = "a range is first-last or first-last/step, and not empty";
        let number = |text: &[u8]| {
            let number = decimal(text);
            number
                .filter(|number| *number <= i32::MAX.cast_unsigned())
                .ok_or(WHAT)
        };
        let (bounds, step) = split(text, b'/');
        let (first, last) = split(bounds, b'-');
        let range = Self {
            first: number(first)?,
            last: number(last.ok_or(WHAT)?)?,
            step: step.map_or(Ok(1), number)?,
        };
        let is_empty = range.step == 0 || range.last < range.first;
        if is_empty { Err(WHAT) } else { Ok(range) }
    }

    /// How many numbers there are; `None` above 32 bits.
    pub(super) fn count(self) -> Option<u32> {
        ((self.last - self.first) / self.step).checked_add(1)
    }

    pub(super) fn numbers(self) -> impl Iterator<Item = u32> {
        (self.first..=self.last).step_by(self.step as usize)
    }
}

fn split(text: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|&byte| byte == at) {
        Some(place) => (&text[..place], Some(&text[place + 1..])),
        None => (text, None),
    }
}

/// A word as text that is read as words again: within its quotes `\"` is a quotation mark. So does BIND, whose
/// directive it is, and `TXT "a $"` makes two strings; PowerDNS, which knows it too, takes all of it for one.
pub(super) fn unquoted<'t>(word: &Word<'t>) -> Cow<'t, [u8]> {
    if !word.is_quoted() || !word.raw.windows(2).any(|two| two == b"\\\"") {
        return Cow::Borrowed(word.raw);
    }
    let (mut out, mut at) = (Vec::with_capacity(word.raw.len()), 0);
    while let Some(&byte) = word.raw.get(at) {
        match (byte, word.raw.get(at + 1)) {
            (b'\\', Some(b'"')) => out.push(b'"'),
            (b'\\', Some(next)) => out.extend([byte, *next]),
            _ => {
                out.push(byte);
                at += 1;
                continue;
            }
        }
        at += 2;
    }
    Cow::Owned(out)
}

/// Text with its `$` and `${offset,width,base}` replaced; `\$` and `$$` are a dollar sign.
pub(super) fn replaced(text: &[u8], number: u32) -> Result<Vec<u8>, &'static str> {
    let (mut out, mut at) = (Vec::with_capacity(text.len() + 4), 0);
    while let Some(&byte) = text.get(at) {
        match (byte, text.get(at + 1)) {
            (b'\\' | b'$', Some(b'$')) => {
                out.push(b'$');
                at += 2;
            }
            (b'\\', Some(next)) => {
                out.extend([byte, *next]);
                at += 2;
            }
            (b'$', Some(b'{')) => {
                let rest = &text[at + 2..];
                let end = rest.iter().position(|&byte| byte == b'}');
                let end = end.ok_or("${ is not closed")?;
                push(modified(&rest[..end], number)?, &mut out);
                at += end + 3;
            }
            (b'$', _) => {
                push(number.to_string(), &mut out);
                at += 1;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    Ok(out)
}

fn push(text: String, out: &mut Vec<u8>) {
    out.extend(text.into_bytes());
}

/// Widest number, digits: more than any name or address has.
const MAX_WIDTH: u32 = 128;

/// `offset[,width[,base]]`
fn modified(text: &[u8], number: u32) -> Result<String, &'static str> {
    const WHAT: &str = "a modifier is ${offset,width,base}, the base one of d, o, x, X, n and N";
    let mut parts = text.split(|&byte| byte == b',');
    let offset = parts.next().unwrap_or_default();
    let (is_negative, digits) = match offset.strip_prefix(b"-") {
        Some(digits) => (true, digits),
        None => (false, offset.strip_prefix(b"+").unwrap_or(offset)),
    };
    let offset = i64::from(decimal(digits).ok_or(WHAT)?);
    let offset = if is_negative { -offset } else { offset };
    let width = parts
        .next()
        .map_or(Ok(0), |width| decimal(width).ok_or(WHAT))?;
    let base = parts.next().unwrap_or(b"d");
    if width > MAX_WIDTH || parts.next().is_some() {
        return Err(WHAT);
    }
    let width = usize::try_from(width).unwrap_or_default();
    let value = i64::from(number) + offset;
    let value = i32::try_from(value).map_err(|_| "a modifier leads beyond 31 bits")?;
    // Bases other than ten have no sign: a negative number is its complement.
    let bits = value.cast_unsigned();
    let mut out = String::new();
    match base {
        b"d" => write!(out, "{value:0width$}"),
        b"o" => write!(out, "{bits:0width$o}"),
        b"x" => write!(out, "{bits:0width$x}"),
        b"X" => write!(out, "{bits:0width$X}"),
        b"n" | b"N" => {
            nibbles(bits, width, base == b"N", &mut out);
            Ok(())
        }
        _ => return Err(WHAT),
    }
    .map_err(|_| WHAT)?;
    Ok(out)
}

/// Hexadecimal digits from the last to the first with dots between: a name below ip6.arpa. The width
/// counts digits and dots.
fn nibbles(mut value: u32, width: usize, is_upper: bool, out: &mut String) {
    loop {
        let digit = char::from_digit(value & 15, 16).unwrap_or('0');
        out.push(if is_upper {
            digit.to_ascii_uppercase()
        } else {
            digit
        });
        value >>= 4;
        if value == 0 && out.len() >= width {
            break;
        }
        out.push('.');
        if value == 0 && out.len() >= width {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(pattern: &str, number: u32) -> Result<String, &'static str> {
        let out = replaced(pattern.as_bytes(), number)?;
        Ok(String::from_utf8_lossy(&out).into_owned())
    }

    #[test]
    fn dollar_signs_stand_for_the_number() {
        assert_eq!(text("host-$", 7).as_deref(), Ok("host-7"));
        assert_eq!(text("${10,4,x}", 7).as_deref(), Ok("0011"));
        assert_eq!(text("${-3}", 7).as_deref(), Ok("4"));
        assert_eq!(text("a\\$b$$", 7).as_deref(), Ok("a$b$"));
        assert_eq!(text("${0,4,n}", 0x1f).as_deref(), Ok("f.1."));
        assert!(text("${0", 7).is_err());
        assert_eq!(text("${-8}", 7).as_deref(), Ok("-1"));
        assert!(text("${2147483647}", 7).is_err());
    }

    #[test]
    fn ranges_have_a_step_and_are_not_empty() {
        let range = Range::read(b"0-10/5").expect("a range");
        assert_eq!(range.numbers().collect::<Vec<_>>(), [0, 5, 10]);
        assert_eq!(range.count(), Some(3));
        assert!(Range::read(b"2-1").is_err());
        assert!(Range::read(b"1-2/0").is_err());
        assert!(Range::read(b"1-").is_err());
    }
}
