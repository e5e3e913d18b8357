/// A way in which characters are written as others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Escape {
    /// A byte order mark in the middle of the text.
    Bom,
    /// `\n` as two characters, `\/`, `\u002B`: JSON, source code, environment variables.
    Backslash,
    /// `&#43;`, `&nbsp;`, `<br>`.
    Html,
    /// `%0A`, `%2B`.
    Percent,
    /// En dash, em dash, curly quotation marks, non-breaking or invisible spaces.
    Typographic,
}

/// What stands at the start of a text: one byte, how many bytes it took, and how.
pub(super) struct Found {
    pub(super) byte: u8,
    pub(super) length: usize,
    pub(super) how: Escape,
}

impl Found {
    fn new(byte: u8, length: usize, how: Escape) -> Self {
        Self { byte, length, how }
    }
}

/// Backslashes in front of one letter that are still taken for one escape: JSON inside JSON inside
/// JSON needs seven.
const MAX_BACKSLASHES: usize = 7;

/// A byte order mark in what was UTF-16; no byte of UTF-8.
pub(super) const WIDE_MARK: u8 = 0xfe;

/// The escape that `rest` starts with, if any. Looks at a bounded number of bytes. `wide` says that
/// the text was UTF-16.
pub(super) fn read(rest: &[u8], wide: bool) -> Option<Found> {
    let mut found = replacement(rest, wide)?;
    // `<br>` and a line end are one line end, not a blank line.
    let ends_line = matches!(rest.get(found.length), Some(b'\n' | b'\r'));
    if ends_line && found.byte == b'\n' && found.how != Escape::Bom {
        found.byte = b' ';
    }
    Some(found)
}

fn replacement(rest: &[u8], wide: bool) -> Option<Found> {
    match *rest.first()? {
        WIDE_MARK if wide => Some(Found::new(b'\n', 1, Escape::Bom)),
        b'\\' => backslash(rest),
        b'&' => entity(rest),
        b'<' => tag(rest),
        b'%' => {
            let byte = hexadecimal(rest.get(1..3)?)?;
            Some(Found::new(printable(byte)?, 3, Escape::Percent))
        }
        0x80.. => typographic(rest),
        _ => None,
    }
}

fn backslash(rest: &[u8]) -> Option<Found> {
    let run = rest
        .iter()
        .take(MAX_BACKSLASHES)
        .take_while(|&&b| b == b'\\')
        .count();
    let (byte, taken) = match rest.get(run)? {
        b'n' => (b'\n', 1),
        b'r' => (b'\r', 1),
        b't' => (b' ', 1),
        &quoted @ (b'/' | b'"' | b'\'' | b'+' | b'=' | b'-') => (quoted, 1),
        b'u' => {
            let wide = rest.get(run + 1..run + 5)?;
            (
                wide.starts_with(b"00").then(|| hexadecimal(&wide[2..]))??,
                5,
            )
        }
        b'x' => (hexadecimal(rest.get(run + 1..run + 3)?)?, 3),
        // A backslash that joins two lines of a shell script or a C literal.
        b'\n' | b'\r' => (b' ', 0),
        _ => return None,
    };
    Some(Found::new(printable(byte)?, run + taken, Escape::Backslash))
}

fn entity(rest: &[u8]) -> Option<Found> {
    const NAMED: [(&[u8], u8); 9] = [
        (b"&nbsp;", b' '),
        (b"&quot;", b'"'),
        (b"&gt;", b'>'),
        (b"&lt;", b'<'),
        (b"&amp;", b'&'),
        (b"&plus;", b'+'),
        (b"&equals;", b'='),
        (b"&ndash;", b'-'),
        (b"&NewLine;", b'\n'),
    ];
    if let Some((name, byte)) = NAMED.iter().find(|(name, _)| rest.starts_with(name)) {
        return Some(Found::new(*byte, name.len(), Escape::Html));
    }
    // `&#x2B;` and `&#43;`: at most eight bytes.
    let end = rest.iter().take(8).position(|&b| b == b';')?;
    let digits = core::str::from_utf8(rest.get(2..end)?).ok()?;
    let value = match (rest.get(1)?, digits.strip_prefix(['x', 'X'])) {
        (b'#', Some(hex)) => u8::from_str_radix(hex, 16).ok()?,
        (b'#', None) => digits.parse().ok()?,
        _ => return None,
    };
    Some(Found::new(printable(value)?, end + 1, Escape::Html))
}

fn tag(rest: &[u8]) -> Option<Found> {
    const BREAKS: [&[u8]; 7] = [
        b"<br>", b"<br/>", b"<br />", b"<BR>", b"<p>", b"</p>", b"<wbr>",
    ];
    let found = BREAKS.iter().find(|tag| rest.starts_with(tag))?;
    let byte = if *found == b"<wbr>" { b' ' } else { b'\n' };
    Some(Found::new(byte, found.len(), Escape::Html))
}

fn typographic(rest: &[u8]) -> Option<Found> {
    let (byte, length) = match rest {
        // A mark in front of a line must not look like its indentation.
        [0xef, 0xbb, 0xbf, ..] => return Some(Found::new(b'\n', 3, Escape::Bom)),
        [0xe2, 0x80 | 0x88 | 0x81, ..] | [0xef, 0xbc, ..] | [0xc2, ..] => {
            let length = if rest.starts_with(&[0xc2]) { 2 } else { 3 };
            let text = core::str::from_utf8(rest.get(..length)?).ok()?;
            (plain(u32::from(text.chars().next()?))?, length)
        }
        _ => return None,
    };
    Some(Found::new(byte, length, Escape::Typographic))
}

/// The plain character that a typographic one stands for. `code` is a Unicode scalar value.
pub(super) fn plain(code: u32) -> Option<u8> {
    Some(match code {
        // Hyphens, dashes, minus signs.
        0x2010..=0x2015 | 0x2212 | 0xff0d => b'-',
        0x2018 | 0x2019 => b'\'',
        0x201c | 0x201d => b'"',
        // Non-breaking, thin and invisible spaces, soft hyphen, word joiner.
        0xa0 | 0xad | 0x2000..=0x200f | 0x202f | 0x2060 => b' ',
        0x2028 | 0x2029 => b'\n',
        _ => return None,
    })
}

fn hexadecimal(digits: &[u8]) -> Option<u8> {
    let text = core::str::from_utf8(digits).ok()?;
    let hex = text.bytes().all(|b| b.is_ascii_hexdigit());
    hex.then(|| u8::from_str_radix(text, 16).ok())?
}

fn printable(byte: u8) -> Option<u8> {
    (matches!(byte, b' '..=b'~' | b'\n' | b'\r')).then_some(byte)
}
