//! The words of Python, as far as calls with literal arguments are made of them (The Python Language
//! Reference, section 2). Nothing is computed.

use zeroize::Zeroizing;

use crate::forms::ImportError;
use crate::forms::azure::read::wrong;

/// Words of a text. A page that sets up a cluster and a service has some hundreds.
const MAX_TOKENS: usize = 1 << 16;

/// A word.
pub(super) enum Token<'t> {
    Name(&'t str),
    /// A literal text, which may be a private key.
    Text(Zeroizing<String>),
    Number,
    /// A text that depends on something, and bytes.
    Opaque,
    /// A sign; one with `=` behind it, other than `=` alone, is `?`.
    Sign(char),
}

/// A word and where it stands.
pub(super) struct Placed<'t> {
    pub(super) line: usize,
    pub(super) token: Token<'t>,
    /// Whether it is the first of a logical line (section 2.1.5).
    pub(super) begins: bool,
    /// Of an opening bracket: the index of the closing one.
    pub(super) close: usize,
}

/// The bracket that closes this one.
fn closing(open: char) -> Option<char> {
    match open {
        '(' => Some(')'),
        '[' => Some(']'),
        '{' => Some('}'),
        _ => None,
    }
}

/// Reads the words of a text; every bracket is closed by its own.
pub(super) fn read(text: &str) -> Result<Vec<Placed<'_>>, ImportError> {
    let mut tokens: Vec<Placed<'_>> = Vec::new();
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut rest = text.trim_start_matches('\u{feff}');
    let mut line = 1;
    let (mut begins, mut is_joined) = (true, false);
    while let Some(first) = rest.chars().next() {
        let (token, length) = next(rest, first, line)?;
        let taken = &rest[..length];
        rest = &rest[length..];
        let began = line;
        line += taken.matches('\n').count();
        let Some(token) = token else {
            begins |= first == '\n' && open.is_empty() && !is_joined;
            // A backslash joins the line behind it, whatever ends lines there.
            is_joined = first == '\\' || first == '\r' && is_joined;
            continue;
        };
        if tokens.len() == MAX_TOKENS {
            let message = format!("more than {MAX_TOKENS} words stand in it");
            return Err(wrong(began, message));
        }
        let index = tokens.len();
        if let Token::Sign(sign) = token {
            if let Some(close) = closing(sign) {
                open.push((index, close));
            } else if [')', ']', '}'].contains(&sign) {
                match open.pop() {
                    Some((at, close)) if close == sign => tokens[at].close = index,
                    _ => return Err(wrong(began, "a bracket is closed that is not open")),
                }
            }
        }
        tokens.push(Placed {
            line: began,
            token,
            begins: std::mem::take(&mut begins),
            close: index,
        });
    }
    match open.pop() {
        Some((at, _)) => Err(wrong(tokens[at].line, "a bracket is not closed")),
        None => Ok(tokens),
    }
}

/// The first word of a text, if it begins with one, and how many bytes are done with.
fn next(rest: &str, first: char, line: usize) -> Result<(Option<Token<'_>>, usize), ImportError> {
    let while_true =
        |is_part: fn(char) -> bool| rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
    if first.is_whitespace() || first == '\\' {
        return Ok((None, first.len_utf8()));
    }
    if first == '#' {
        return Ok((None, while_true(|letter| letter != '\n')));
    }
    if let Some(prefix) = prefix(rest) {
        let (token, length) =
            literal(rest, prefix).ok_or_else(|| wrong(line, "a text is not closed"))?;
        return Ok((Some(token), length));
    }
    if first.is_ascii_digit() {
        let length =
            while_true(|letter| letter.is_alphanumeric() || letter == '.' || letter == '_');
        return Ok((Some(Token::Number), length));
    }
    if first.is_alphabetic() || first == '_' {
        let length = while_true(|letter| letter.is_alphanumeric() || letter == '_');
        return Ok((Some(Token::Name(&rest[..length])), length));
    }
    let length = first.len_utf8();
    if "=!<>:+-*/%&|^@".contains(first) && rest[length..].starts_with('=') {
        return Ok((Some(Token::Sign('?')), length + 1));
    }
    Ok((Some(Token::Sign(first)), length))
}

/// The length of a text's prefix (section 2.4.1), where a text begins here.
fn prefix(rest: &str) -> Option<usize> {
    let is_letter = |byte: &u8| b"rRbBuUfF".contains(byte);
    let length = rest.bytes().take(3).take_while(is_letter).count();
    let quote = rest.as_bytes().get(length);
    (length <= 2 && matches!(quote, Some(b'"' | b'\''))).then_some(length)
}

/// A text, and how many bytes it is written in; `None` where it is not closed.
fn literal(rest: &str, prefix: usize) -> Option<(Token<'_>, usize)> {
    let flags = rest[..prefix].to_ascii_lowercase();
    let body = &rest[prefix..];
    let fence = ["\"\"\"", "'''", "\"", "'"]
        .into_iter()
        .find(|fence| body.starts_with(fence))?;
    let inside = &body[fence.len()..];
    let end = end(inside, fence)?;
    let written = &inside[..end];
    let is_computed = flags.contains('f') && written.contains(['{', '}']);
    let is_plain = !is_computed && !flags.contains('b');
    let token = is_plain
        .then(|| decode(written, flags.contains('r')))
        .flatten()
        .map_or(Token::Opaque, Token::Text);
    Some((token, prefix + 2 * fence.len() + end))
}

/// Where a text ends.
fn end(inside: &str, fence: &str) -> Option<usize> {
    let mut letters = inside.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => {
                let (_, skipped) = letters.next()?;
                if skipped == '\r' {
                    letters.next_if(|(_, next)| *next == '\n');
                }
            }
            '\n' if fence.len() == 1 => return None,
            _ if inside[at..].starts_with(fence) => return Some(at),
            _ => {}
        }
    }
    None
}

/// What a text says (section 2.4.1.1); `None` for a character by its name, or one that is none. It is never
/// longer than it is written, so that no copy stays behind.
fn decode(written: &str, is_raw: bool) -> Option<Zeroizing<String>> {
    let mut out = Zeroizing::new(String::with_capacity(written.len()));
    let mut rest = written;
    while let Some(first) = rest.chars().next() {
        rest = &rest[first.len_utf8()..];
        if first == '\r' && rest.starts_with('\n') {
            // Python's lines end with a line feed alone.
            continue;
        }
        if first != '\\' || is_raw {
            out.push(first);
            continue;
        }
        let kind = rest.chars().next()?;
        rest = &rest[kind.len_utf8()..];
        let simple = match kind {
            '\n' => continue,
            '\r' => {
                rest = rest.strip_prefix('\n').unwrap_or(rest);
                continue;
            }
            'N' => return None,
            'x' | 'u' | 'U' => {
                let digits = match kind {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let (code, behind) = (rest.get(..digits)?, rest.get(digits..)?);
                rest = behind;
                number(code, 16)?
            }
            '0'..='7' => {
                let is_digit = |byte: &u8| (b'0'..=b'7').contains(byte);
                let more = rest.bytes().take(2).take_while(is_digit).count();
                let code = format!("{kind}{}", &rest[..more]);
                rest = &rest[more..];
                number(&code, 8)?
            }
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            '\\' | '\'' | '"' => kind,
            // What means nothing stands for itself.
            other => {
                out.push('\\');
                other
            }
        };
        out.push(simple);
    }
    Some(out)
}

fn number(digits: &str, radix: u32) -> Option<char> {
    let is_digits = digits.chars().all(|digit| digit.is_digit(radix));
    let code = u32::from_str_radix(digits, radix).ok();
    code.filter(|_| is_digits).and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(written: &str) -> Option<String> {
        match read(written).unwrap().into_iter().next()?.token {
            Token::Text(text) => Some(text.to_string()),
            _ => None,
        }
    }

    #[test]
    fn texts_of_every_quoting_say_what_python_makes_of_them() {
        for (written, said) in [
            (r#""a""#, "a"),
            ("'it\\'s'", "it's"),
            ("''", ""),
            ("\"\"\"a\r\nb\"c\"\"\"", "a\nb\"c"),
            ("'''a''b'''", "a''b"),
            (r"'\x41\101\u00e4\U0001f600\n\q'", "AA\u{e4}\u{1f600}\n\\q"),
            (r"r'a\'b\n'", r"a\'b\n"),
            ("u'a'", "a"),
            ("f'a'", "a"),
            ("'a\\\nb'", "ab"),
            ("'a\\\r\nb'", "ab"),
        ] {
            assert_eq!(text(written).as_deref(), Some(said), "{written}");
        }
        for computed in ["b'a'", "f'{a}'", r"'\N{DASH}'", r"'\ud800'", r"'\x+1'", "a"] {
            assert_eq!(text(computed), None, "{computed}");
        }
    }

    #[test]
    fn what_is_not_closed_is_refused_with_its_line() {
        for (text, line) in [
            ("\n'a", 2),
            ("'a\nb'", 1),
            ("f(\ng(", 2),
            ("f(]", 1),
            ("\n\n)", 3),
            ("'''\n\\", 1),
            ("'\\", 1),
        ] {
            let error = read(text).err().unwrap();
            assert!(
                error.to_string().starts_with(&format!("line {line}:")),
                "{text}"
            );
        }
        assert!(read(&"x ".repeat(MAX_TOKENS + 1)).is_err());
    }
}
