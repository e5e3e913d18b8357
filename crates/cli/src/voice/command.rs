//! Commands that a person can copy into a shell.

use std::borrow::Cow;

/// Most files that a command spells out.
const MOST_FILES: usize = 6;

/// Longest word of a command, in characters: longer ones do not fit a line and are not spelled out.
const LONGEST_WORD: usize = 60;

/// `keyway fix FILES --out fixed`, for these files.
pub(super) fn fix(files: &[String]) -> Vec<String> {
    let mut words = vec!["keyway".to_owned(), "fix".to_owned()];
    words.extend(arguments(files));
    words.extend(["--out".to_owned(), "fixed".to_owned()]);
    words
}

/// Fetches a missing certificate, then repairs with it. `None` when the address is none that a shell
/// can be given.
pub(super) fn fetch_and_fix(address: &str, files: &[String]) -> Option<Vec<String>> {
    const FETCHED: &str = "missing.crt";
    let is_web = address.starts_with("http://") || address.starts_with("https://");
    let address = quoted(address).filter(|_| is_web)?;
    if address.chars().count() > LONGEST_WORD {
        return None;
    }
    let mut words = ["curl", "--output", FETCHED, &address, "&&"]
        .map(str::to_owned)
        .to_vec();
    words.extend(fix(&[files, &[FETCHED.to_owned()]].concat()));
    Some(words)
}

/// Files as arguments; a placeholder when they are many, or have names that cannot be typed.
fn arguments(files: &[String]) -> Vec<String> {
    let words: Option<Vec<String>> = files
        .iter()
        .map(|file| quoted(file).filter(|word| word.chars().count() <= LONGEST_WORD))
        .map(|word| word.map(Cow::into_owned))
        .collect();
    words
        .filter(|words| !words.is_empty() && words.len() <= MOST_FILES)
        .unwrap_or_else(|| vec!["FILES".to_owned()])
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
            fix(&files(&["a.pem", "my key.pem"])).join(" "),
            "keyway fix a.pem 'my key.pem' --out fixed"
        );
        assert_eq!(quoted("it's;x").as_deref(), Some("'it'\\''s;x'"));
    }

    #[test]
    fn a_missing_certificate_is_fetched_from_the_web_only() {
        let files = files(&["a.pem"]);
        assert_eq!(
            fetch_and_fix("http://ca.example/i?x=1&y", &files).map(|words| words.join(" ")),
            Some(
                "curl --output missing.crt 'http://ca.example/i?x=1&y' && \
                 keyway fix a.pem missing.crt --out fixed"
                    .to_owned()
            )
        );
        for address in ["ldap://x", "--config=/etc/passwd", "http://a\\u{1b}", ""] {
            assert_eq!(fetch_and_fix(address, &files), None);
        }
    }

    #[test]
    fn what_cannot_be_typed_is_left_to_the_reader() {
        let unnamed = "keyway fix FILES --out fixed";
        assert_eq!(fix(&files(&["a\\u{1b}"])).join(" "), unnamed);
        assert_eq!(fix(&vec!["x".to_owned(); 20]).join(" "), unnamed);
        assert_eq!(fix(&["x".repeat(100)]).join(" "), unnamed);
    }
}
