//! Commands that a person can copy into a shell.

use std::borrow::Cow;

/// Most files that a command spells out.
const MOST_FILES: usize = 6;

/// `keyway fix FILES --out fixed`, for these files.
pub(super) fn fix(files: &[String]) -> String {
    format!("keyway fix {} --out fixed", arguments(files))
}

/// Files as arguments; a placeholder when they are many, or have names that cannot be typed.
fn arguments(files: &[String]) -> String {
    let words: Option<Vec<Cow<'_, str>>> = files.iter().map(|file| quoted(file)).collect();
    match words {
        Some(words) if !words.is_empty() && words.len() <= MOST_FILES => words.join(" "),
        _ => "FILES".to_owned(),
    }
}

/// A word for a POSIX shell. `None` for what was escaped to be shown, which names no file.
pub(super) fn quoted(word: &str) -> Option<Cow<'_, str>> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@%+=,".contains(&byte);
    if word == "<stdin>" {
        return Some(Cow::Borrowed("-"));
    }
    if word.contains('\\') || word.is_empty() {
        return None;
    }
    if word.bytes().all(plain) {
        return Some(Cow::Borrowed(word));
    }
    Some(Cow::Owned(format!("'{}'", word.replace('\'', "'\\''"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn names_are_quoted_for_a_shell() {
        assert_eq!(
            fix(&files(&["a.pem", "my key.pem"])),
            "keyway fix a.pem 'my key.pem' --out fixed"
        );
        assert_eq!(quoted("it's;x").as_deref(), Some("'it'\\''s;x'"));
    }

    #[test]
    fn what_cannot_be_typed_is_left_to_the_reader() {
        assert_eq!(fix(&files(&["a\\u{1b}"])), "keyway fix FILES --out fixed");
        assert_eq!(
            fix(&vec!["x".to_owned(); 20]),
            "keyway fix FILES --out fixed"
        );
    }
}
