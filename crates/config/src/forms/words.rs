//! Words of a shell's command line: quoting out, and splitting in (POSIX.1-2024, Shell Command
//! Language, section 2.2).

use std::iter::Peekable;
use std::str::Chars;

/// A word that a shell reads back as this text.
pub(super) fn quoted(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=@%+,".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// The first of a shell's operators in a text (section 2.10.1: what ends, joins or redirects a command, or puts
/// another's output in its place), with its line from 1: outside of quotations and behind no backslash.
pub(super) fn operator(text: &str) -> Option<(usize, char)> {
    let mut line = 1;
    let mut quote = None;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        line += usize::from(letter == '\n');
        match (quote, letter) {
            (None | Some('"'), '\\') => {
                line += usize::from(letters.next() == Some('\n'));
            }
            (None | Some('"'), '$') if letters.peek() == Some(&'(') => return Some((line, letter)),
            (None, ';' | '|' | '&' | '<' | '>' | '`') | (Some('"'), '`') => {
                return Some((line, letter));
            }
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
    }
    None
}

/// A word, and whether something else stands in its place once it is used.
pub(super) struct Word {
    pub(super) text: String,
    /// `$` where a variable is filled in, `~` where a folder is.
    pub(super) filled: Option<char>,
}

/// Splits a command line.
struct Splitter<'t> {
    letters: Peekable<Chars<'t>>,
    words: Vec<Word>,
    word: Option<Word>,
}

impl Splitter<'_> {
    fn word(&mut self) -> &mut Word {
        self.word.get_or_insert(Word {
            text: String::new(),
            filled: None,
        })
    }

    /// A letter that stands for itself, unless it begins a variable (section 2.6.2).
    fn push(&mut self, letter: char) {
        let is_name = |next: &char| *next == '{' || *next == '_' || next.is_ascii_alphabetic();
        let is_variable = letter == '$' && self.letters.peek().is_some_and(is_name);
        // A folder of somebody, in front of a word (section 2.6.1).
        let is_home = letter == '~' && self.word.is_none();
        let word = self.word();
        if is_variable || is_home {
            word.filled = Some(letter);
        }
        word.text.push(letter);
    }

    /// Up to the end of a quotation; `None` where it has none.
    fn quotation(&mut self, end: char) -> Option<()> {
        self.word();
        loop {
            match (self.letters.next()?, end) {
                (letter, end) if letter == end => return Some(()),
                ('\\', '"') => {
                    let next = self.letters.next()?;
                    self.word().text.push(next);
                }
                (letter, '"') => self.push(letter),
                (letter, _) => self.word().text.push(letter),
            }
        }
    }

    fn split(mut self) -> Option<Vec<Word>> {
        while let Some(letter) = self.letters.next() {
            match letter {
                '\'' | '"' => self.quotation(letter)?,
                '\\' => match self.letters.next() {
                    // A line that goes on.
                    Some('\n') | None => {}
                    Some('\r') => drop(self.letters.next()),
                    Some(next) => self.word().text.push(next),
                },
                blank if blank.is_whitespace() => self.words.extend(self.word.take()),
                letter => self.push(letter),
            }
        }
        self.words.extend(self.word.take());
        Some(self.words)
    }
}

/// The words of a command line, with what is filled in; `None` when a quotation is not closed. Nothing is expanded.
pub(super) fn marked(text: &str) -> Option<Vec<Word>> {
    let splitter = Splitter {
        letters: text.chars().peekable(),
        words: Vec::new(),
        word: None,
    };
    splitter.split()
}

/// Only the words.
#[cfg(test)]
fn split(text: &str) -> Option<Vec<String>> {
    let words = marked(text)?.into_iter();
    Some(words.map(|word| word.text).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_is_split_again() {
        for text in [
            "",
            "plain",
            "two words",
            "it's",
            "a\"b\\c$d",
            "-----BEGIN\nX",
        ] {
            let line = format!("az {} --next", quoted(text));
            assert_eq!(split(&line).unwrap(), ["az", text, "--next"]);
        }
    }

    #[test]
    fn operators_are_seen_where_a_shell_sees_them() {
        for (text, expected) in [
            ("az a; rm", Some((1, ';'))),
            ("az \\\n --b | c", Some((2, '|'))),
            ("az 'a;b' \"c|d\" e\\;f", None),
            ("az \"$(id)\"", Some((1, '$'))),
            ("az '`id`'", None),
            ("az `id`", Some((1, '`'))),
        ] {
            assert_eq!(operator(text), expected, "{text}");
        }
        assert_eq!(operator(&quoted("a;b`c$(d)")), None);
    }

    #[test]
    fn lines_go_on_behind_a_backslash_and_quotations_have_to_end() {
        assert_eq!(split("a \\\n  b \\\r\n c").unwrap(), ["a", "b", "c"]);
        assert_eq!(split("a 'b"), None);
    }

    #[test]
    fn what_is_filled_in_later_is_marked_where_a_shell_would_do_it() {
        let line = r#"az $A "${B}:1" '$C' \$D ~/e "~/f" g~ ^/x$ $1"#;
        let marked = marked(line).unwrap();
        let filled = marked.iter().filter(|word| word.filled.is_some());
        let filled: Vec<&str> = filled.map(|word| word.text.as_str()).collect();
        assert_eq!(filled, ["$A", "${B}:1", "~/e"]);
    }
}
