//! Zone files as entries of words (RFC 1035, section 5.1): comments dropped, lines in parentheses joined.

/// How a word is quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quote {
    /// Not at all.
    None,
    /// From end to end; the quotes are not part of it.
    Whole,
    /// Behind a `=`, where the first of the two quotes stands: `alpn="h2"`.
    Value(usize),
}

/// A word, with its escapes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word<'t> {
    /// Its text.
    pub(crate) raw: &'t [u8],
    quote: Quote,
}

impl<'t> Word<'t> {
    /// Whether it stands in quotes.
    pub(crate) fn is_quoted(&self) -> bool {
        self.quote == Quote::Whole
    }

    /// The strings it is where it is no parameter: `a="b"` is two.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &'t [u8]> {
        let (front, back) = match self.quote {
            Quote::None | Quote::Whole => (self.raw, None),
            Quote::Value(at) => {
                let inside = self.raw.get(at + 1..self.raw.len() - 1);
                (&self.raw[..at], inside)
            }
        };
        [front].into_iter().chain(back)
    }
}

/// Why text is no sequence of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WordFault {
    /// A quote is not closed on its line.
    #[error("a quotation mark is not closed on its line")]
    OpenQuote,
    /// A parenthesis is not closed in the file.
    #[error("a parenthesis is not closed")]
    OpenParenthesis,
    /// A parenthesis is closed that was not opened.
    #[error("a parenthesis is closed that was not opened")]
    StrayParenthesis,
    /// A zero byte stands outside of quotes. BIND refuses it there; mostly the file is no text, or one of
    /// UTF-16.
    #[error("a byte of value 0 stands outside of quotes; \\000 says one")]
    Zero,
    /// The entry has more than [`MAX_WORDS`] words.
    #[error("an entry has more than 65536 words")]
    TooMany,
}

/// Most words of one entry: data has at most 65,535 bytes, and each word is one or more of them.
pub(crate) const MAX_WORDS: usize = 65_536;

/// The byte order mark of UTF-8.
pub(super) const MARK: &[u8] = b"\xef\xbb\xbf";

/// What an entry starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// Its first line, from 1.
    pub(super) line: u32,
    /// Whether it starts with white space: its owner is that of the one before.
    pub(super) is_indented: bool,
}

/// Reads one entry after the other.
pub(super) struct Entries<'t> {
    text: &'t [u8],
    at: usize,
    line: u32,
}

impl<'t> Entries<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        Self::of_line(text.strip_prefix(MARK).unwrap_or(text))
    }

    /// The same of text that is not the start of a file.
    pub(super) fn of_line(text: &'t [u8]) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
        }
    }

    /// The next entry that has a word; its words replace those given. A fault ends the entry at its line.
    pub(super) fn next(
        &mut self,
        words: &mut Vec<Word<'t>>,
    ) -> Option<(Head, Result<(), WordFault>)> {
        words.clear();
        let mut depth = 0_u32;
        let mut head = self.head();
        loop {
            let Some(&byte) = self.text.get(self.at) else {
                let result = if depth > 0 {
                    Err(WordFault::OpenParenthesis)
                } else {
                    Ok(())
                };
                return (!words.is_empty() || depth > 0).then_some((head, result));
            };
            match byte {
                b'\n' | b'\r' => {
                    self.at += 1;
                    // Lines are counted as editors do; a lone CR ends an entry all the same, as for BIND and NSD.
                    self.line += u32::from(byte == b'\n');
                    if depth > 0 {
                        continue;
                    }
                    if !words.is_empty() {
                        return Some((head, Ok(())));
                    }
                    head = self.head();
                }
                b' ' | b'\t' => self.at += 1,
                b'\0' => {
                    self.skip_line();
                    return Some((head, Err(WordFault::Zero)));
                }
                b';' => self.skip_line(),
                b'(' => {
                    depth += 1;
                    self.at += 1;
                }
                b')' => {
                    self.at += 1;
                    let Some(less) = depth.checked_sub(1) else {
                        self.skip_line();
                        return Some((head, Err(WordFault::StrayParenthesis)));
                    };
                    depth = less;
                }
                _ => {
                    if words.len() == MAX_WORDS {
                        self.skip_line();
                        return Some((head, Err(WordFault::TooMany)));
                    }
                    let word = if byte == b'"' {
                        self.quoted()
                    } else {
                        self.word()
                    };
                    let Some(word) = word else {
                        self.skip_line();
                        return Some((head, Err(WordFault::OpenQuote)));
                    };
                    words.push(word);
                }
            }
        }
    }

    fn head(&self) -> Head {
        let first = self.text.get(self.at);
        Head {
            line: self.line,
            is_indented: first.is_some_and(|byte| matches!(byte, b' ' | b'\t')),
        }
    }

    fn skip_line(&mut self) {
        let rest = &self.text[self.at..];
        let end = rest.iter().position(|&byte| byte == b'\n');
        self.at += end.unwrap_or(rest.len());
    }

    /// Past the quote that closes the one at a place.
    fn closing(&self, open: usize) -> Option<usize> {
        let mut at = open + 1;
        loop {
            match self.text.get(at)? {
                b'"' => return Some(at + 1),
                b'\n' => return None,
                b'\\' if self.text.get(at + 1).is_some_and(|next| *next != b'\n') => at += 2,
                _ => at += 1,
            }
        }
    }

    fn quoted(&mut self) -> Option<Word<'t>> {
        let (start, end) = (self.at, self.closing(self.at)?);
        self.at = end;
        Some(Word {
            raw: &self.text[start + 1..end - 1],
            quote: Quote::Whole,
        })
    }

    fn word(&mut self) -> Option<Word<'t>> {
        let (start, mut at) = (self.at, self.at);
        let mut quote = Quote::None;
        while let Some(byte) = self.text.get(at) {
            match byte {
                b'"' if self.text[at - 1] == b'=' => {
                    quote = Quote::Value(at - start);
                    at = self.closing(at)?;
                    break;
                }
                b' ' | b'\t' | b'\r' | b'\n' | b'\0' | b';' | b'(' | b')' | b'"' => break,
                // What follows a backslash is no end, save the end of the line.
                b'\\' if self.text.get(at + 1).is_some_and(|next| *next != b'\n') => at += 2,
                _ => at += 1,
            }
        }
        self.at = at;
        Some(Word {
            raw: &self.text[start..at],
            quote,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(text: &str) -> Vec<(u32, bool, Result<Vec<String>, WordFault>)> {
        let (mut entries, mut words, mut out) =
            (Entries::new(text.as_bytes()), Vec::new(), Vec::new());
        while let Some((head, result)) = entries.next(&mut words) {
            let texts = words
                .iter()
                .map(|word| String::from_utf8_lossy(word.raw).into_owned());
            out.push((
                head.line,
                head.is_indented,
                result.map(|()| texts.collect()),
            ));
        }
        out
    }

    fn strings(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn lines_in_parentheses_are_one_entry_and_comments_are_none() {
        let text = "; first\na SOA x y ( 1 ; serial\n 2 )\n  NS b\n";
        assert_eq!(
            entries(text),
            [
                (2, false, Ok(strings(&["a", "SOA", "x", "y", "1", "2"]))),
                (4, true, Ok(strings(&["NS", "b"]))),
            ]
        );
    }

    #[test]
    fn quotes_hold_white_space_and_semicolons_and_end_on_their_line() {
        assert_eq!(
            entries("a TXT \"b ;c\" d\\;e alpn=\"f g\"\n"),
            [(
                1,
                false,
                Ok(strings(&["a", "TXT", "b ;c", "d\\;e", "alpn=\"f g\""]))
            )]
        );
        let open = entries("a TXT \"b\nc A 192.0.2.1\n");
        assert_eq!(open[0].2, Err(WordFault::OpenQuote));
        assert_eq!(open[1].2, Ok(strings(&["c", "A", "192.0.2.1"])));
    }

    #[test]
    fn a_lone_carriage_return_ends_a_line_save_in_comments_quotes_and_parentheses() {
        assert_eq!(
            entries("a A 192.0.2.1\r\rb TXT \"x\ry\" ( z\rz )\r\n\rc A ; d\re\n"),
            [
                (1, false, Ok(strings(&["a", "A", "192.0.2.1"]))),
                (1, false, Ok(strings(&["b", "TXT", "x\ry", "z", "z"]))),
                (2, false, Ok(strings(&["c", "A"]))),
            ]
        );
    }

    #[test]
    fn a_zero_byte_stands_in_quotes_only() {
        assert_eq!(entries("a\0b A 192.0.2.1\n")[0].2, Err(WordFault::Zero));
        assert_eq!(entries("a A \0\n")[0].2, Err(WordFault::Zero));
        let quoted = entries("a TXT \"b\0\" ; \0\n");
        assert_eq!(quoted[0].2, Ok(strings(&["a", "TXT", "b\0"])));
    }

    #[test]
    fn a_parenthesis_too_many_or_too_few_is_said() {
        assert_eq!(entries("a ) b\n")[0].2, Err(WordFault::StrayParenthesis));
        assert_eq!(entries("a ( b\n")[0].2, Err(WordFault::OpenParenthesis));
    }
}
