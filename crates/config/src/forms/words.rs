//! Words of a shell's command line: quoting out, and splitting in (POSIX.1-2024, Shell Command
//! Language, section 2.2).

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

/// The words of a command line; `None` when a quotation is not closed. Nothing is expanded.
pub(super) fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next()? {
                        '\'' => break,
                        inside => word.push(inside),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next()? {
                        '"' => break,
                        '\\' => word.push(letters.next()?),
                        inside => word.push(inside),
                    }
                }
            }
            '\\' => match letters.next() {
                // A line that goes on.
                Some('\n') | None => {}
                Some('\r') => {
                    letters.next();
                }
                Some(next) => word.get_or_insert_default().push(next),
            },
            blank if blank.is_whitespace() => words.extend(word.take()),
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    Some(words)
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
}
