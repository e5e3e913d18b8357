//! Commands that a person can copy into a POSIX shell.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::path::Path;

use crate::intent::{Retold, shown};

/// Most files that a command spells out.
const MOST_FILES: usize = 32;

/// Longest web address that is spelled out, in bytes; those of public CAs have at most some 120.
const LONGEST_ADDRESS: usize = 512;

/// `keyway fix FILES OPTIONS --out fixed`: a repair of what was checked, by what it was judged by.
pub(super) fn fix(retold: &Retold) -> Vec<String> {
    fix_with(retold, None)
}

/// Fetches a missing certificate, then repairs with it. `None` when the address is none that a shell
/// can be given.
pub(super) fn fetch_and_fix(address: &str, retold: &Retold) -> Option<Vec<String>> {
    const FETCHED: &str = "missing.crt";
    let is_web = address.starts_with("http://") || address.starts_with("https://");
    // A backslash or an ellipsis comes from escaping: the address was another one.
    if !is_web || address.contains(['\\', '…']) || address.len() > LONGEST_ADDRESS {
        return None;
    }
    let address = quoted(OsStr::new(address));
    let mut words = ["curl", "--fail", "--output", FETCHED, &address, "&&"]
        .map(str::to_owned)
        .to_vec();
    words.extend(fix_with(retold, Some(FETCHED)));
    Some(words)
}

fn fix_with(retold: &Retold, fetched: Option<&str>) -> Vec<String> {
    let mut words = vec!["keyway".to_owned(), "fix".to_owned()];
    if retold.files.len() <= MOST_FILES {
        words.extend(retold.files.iter().map(|file| quoted(file)));
    } else {
        words.push("FILES".to_owned());
    }
    words.extend(fetched.map(str::to_owned));
    for (option, value) in &retold.options {
        // One word for the page: an option and its value stay on one line.
        words.push(format!("{option} {}", quoted(value)));
    }
    words.push("--out fixed".to_owned());
    let of_options = retold.options.iter().map(|(_, value)| value);
    if retold.files.iter().chain(of_options).any(is_stdin) {
        // What came through a pipe is gone.
        words.push("< FILE".to_owned());
    }
    words
}

fn is_stdin(word: &OsString) -> bool {
    word == "-"
}

/// A word for a POSIX shell (POSIX.1-2024, section 2.2), of characters that are safe to show.
pub(super) fn quoted(word: &OsStr) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@%+=,".contains(&byte);
    let bytes = word.as_encoded_bytes();
    let safe = word
        .to_str()
        .filter(|text| ["", "-"].contains(text) || shown(Path::new(text)) == *text);
    match safe {
        // zsh takes a leading `=` for a command's path.
        Some(text) if bytes.iter().copied().all(plain) && !matches!(bytes, [] | [b'=', ..]) => {
            text.to_owned()
        }
        Some(text) => format!("'{}'", text.replace('\'', "'\\''")),
        None => spelled_out(bytes),
    }
}

/// `$'…'` with octal escapes (POSIX.1-2024, section 2.2.4).
fn spelled_out(bytes: &[u8]) -> String {
    let mut out = String::from("$'");
    for &byte in bytes {
        // Writing to a string cannot fail.
        let _ = match byte {
            b'\'' | b'\\' | b'!' => write!(out, "\\{byte:03o}"),
            b' '..=b'~' => write!(out, "{}", char::from(byte)),
            _ => write!(out, "\\{byte:03o}"),
        };
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn retold(files: &[&str], options: &[(&'static str, &str)]) -> Retold {
        Retold {
            files: files.iter().map(OsString::from).collect(),
            options: options
                .iter()
                .map(|(option, value)| (*option, OsString::from(value)))
                .collect(),
        }
    }

    #[test]
    fn words_are_quoted_for_a_shell() {
        let options = [("--host", "a.example"), ("--roots", "my root.pem")];
        assert_eq!(
            fix(&retold(&["a.pem", "my key.pem"], &options)).join(" "),
            "keyway fix a.pem 'my key.pem' --host a.example --roots 'my root.pem' --out fixed"
        );
        assert_eq!(quoted(OsStr::new("it's;x")), "'it'\\''s;x'");
        assert_eq!(quoted(OsStr::new("$(x)`y`")), "'$(x)`y`'");
        assert_eq!(quoted(OsStr::new("")), "''");
    }

    #[test]
    fn names_that_could_harm_a_terminal_are_spelled_out_and_still_name_their_file() {
        assert_eq!(quoted(OsStr::new("a\u{1b}'b")), "$'a\\033\\047b'");
        assert_eq!(quoted(OsStr::new("\u{202e}x")), "$'\\342\\200\\256x'");
    }

    #[test]
    fn what_came_through_a_pipe_has_to_be_given_again() {
        assert_eq!(
            fix(&retold(&["-"], &[])).join(" "),
            "keyway fix - --out fixed < FILE"
        );
    }

    #[test]
    fn a_missing_certificate_is_fetched_from_the_web_only() {
        let retold = retold(&["a.pem"], &[("--host", "x.example")]);
        assert_eq!(
            fetch_and_fix("http://ca.example/i?x=1&y", &retold).map(|words| words.join(" ")),
            Some(
                "curl --fail --output missing.crt 'http://ca.example/i?x=1&y' && \
                 keyway fix a.pem missing.crt --host x.example --out fixed"
                    .to_owned()
            )
        );
        for address in ["ldap://x", "--config=/etc/passwd", "http://a\\u{1b}", ""] {
            assert_eq!(fetch_and_fix(address, &retold), None);
        }
    }

    #[test]
    fn files_past_all_reason_are_left_to_the_reader() {
        let many = vec!["x"; 100];
        assert_eq!(
            fix(&retold(&many, &[])).join(" "),
            "keyway fix FILES --out fixed"
        );
    }
}
