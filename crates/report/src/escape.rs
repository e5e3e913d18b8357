//! Untrusted text made safe to show.
//!
//! Names in certificates may hold terminal escapes, bidirectional overrides or markup. Everything
//! that came from an input passes through here before it reaches a message, whatever the format.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Longest piece of untrusted text that a message carries, in characters: a host name is at most 253
/// (RFC 1035, section 2.3.4), and a message has to stay readable.
pub const MAX_SHOWN: usize = 253;

/// Longest sentence that is shown with such pieces in it, in characters: what to do is at its end.
pub const MAX_SENTENCE: usize = 4 * MAX_SHOWN;

/// What ends the first and the last line of a private key, of whatever kind (RFC 7468, sections 10 and 11;
/// RFC 5915, section 4).
const KEY_BOUNDARY: &str = "PRIVATE KEY-----";

/// What begins every last line of PEM (RFC 7468, section 3).
const PEM_END: &str = "-----END";

/// The text without what stands between the lines around a private key: whoever writes a key where a name
/// belongs is told of the name, and not of the key.
fn without_keys(untrusted: &str) -> Cow<'_, str> {
    if !untrusted.contains(KEY_BOUNDARY) {
        return Cow::Borrowed(untrusted);
    }
    let (mut out, mut rest) = (String::new(), untrusted);
    while let Some(at) = rest.find(KEY_BOUNDARY) {
        let (line, behind) = rest.split_at(at + KEY_BOUNDARY.len());
        let is_last = rest[..at]
            .rsplit('-')
            .next()
            .is_some_and(|label| label.trim_start().starts_with("END"));
        let end = match behind.find(PEM_END) {
            _ if is_last => 0,
            end => end.unwrap_or(behind.len()),
        };
        out.push_str(line);
        if !behind[..end].trim().is_empty() {
            out.push_str("[redacted]");
        }
        rest = &behind[end..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The text with every character that could move a cursor, reorder a line or hide itself written as
/// `\u{…}`, and cut after [`MAX_SHOWN`] characters. Of a private key in PEM its first and last line are shown.
pub fn text(untrusted: &str) -> String {
    cut(untrusted, MAX_SHOWN)
}

/// The same for a sentence of ours that untrusted text is part of: it is cut after [`MAX_SENTENCE`] characters.
pub fn sentence(untrusted: &str) -> String {
    cut(untrusted, MAX_SENTENCE)
}

fn cut(untrusted: &str, most: usize) -> String {
    let untrusted = &*without_keys(untrusted);
    if untrusted.len() <= most && untrusted.bytes().all(is_plain) {
        return untrusted.to_owned();
    }
    let mut out = String::with_capacity(untrusted.len().min(4 * most));
    for (count, ch) in untrusted.chars().enumerate() {
        if count == most {
            out.push('…');
            break;
        }
        if is_shown(ch) {
            out.push(ch);
        } else {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(ch));
        }
    }
    out
}

/// The same for bytes that may not be UTF-8: other bytes are written as `\xNN`.
pub fn bytes(untrusted: &[u8]) -> String {
    if untrusted.len() <= MAX_SHOWN && untrusted.iter().copied().all(is_plain) {
        return text(&String::from_utf8_lossy(untrusted));
    }
    let mut out = String::new();
    let head = &untrusted[..untrusted.len().min(4 * MAX_SHOWN)];
    for chunk in head.utf8_chunks() {
        out.push_str(&text(chunk.valid()));
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    if head.len() < untrusted.len() && !out.ends_with('…') {
        out.push('…');
    }
    out
}

/// Text for HTML: escaped as [`text`], and the five characters of markup as entities.
pub fn html(untrusted: &str) -> String {
    let mut out = String::new();
    for ch in text(untrusted).chars() {
        match ch {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(ch),
        }
    }
    out
}

/// Whether a byte is a character of ASCII that is shown as it is: most text is nothing else.
const fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}

/// Whether a character may be shown as it is: no control, format, separator or private-use character.
pub fn is_shown(ch: char) -> bool {
    !(ch.is_control()
        || matches!(ch,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_escapes_and_bidi_overrides_are_spelled_out() {
        assert_eq!(text("a\u{1b}[31mb\u{202e}c"), "a\\u{1b}[31mb\\u{202e}c");
    }

    #[test]
    fn ordinary_text_of_any_script_is_left_alone() {
        assert_eq!(text("Société 株式会社"), "Société 株式会社");
    }

    #[test]
    fn markup_is_inert_in_html() {
        assert_eq!(html("<img src='x'>"), "&lt;img src=&#39;x&#39;&gt;");
    }

    #[test]
    fn bytes_that_are_not_text_are_written_in_hexadecimal() {
        assert_eq!(bytes(b"a\xffb"), "a\\xffb");
    }

    #[test]
    fn a_private_key_is_not_shown() {
        for key in [
            "-----BEGIN EC PRIVATE KEY-----MHcCAQEE-----END EC PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\nMHcCAQEE\n-----END PRIVATE KEY-----\n",
            "-----BEGIN PRIVATE KEY----- MHcCAQEE",
        ] {
            for shown in [text(key), sentence(key), bytes(key.as_bytes()), html(key)] {
                assert!(!shown.contains("MHcCAQEE"), "{shown}");
                assert!(shown.contains("PRIVATE KEY-----[redacted]"), "{shown}");
            }
        }
        let line = "-----END PRIVATE KEY----- is missing";
        assert_eq!(text(line), line);
        assert_eq!(
            text("-----BEGIN PRIVATE KEY-----"),
            "-----BEGIN PRIVATE KEY-----"
        );
    }

    #[test]
    fn endless_text_is_cut() {
        assert_eq!(text(&"x".repeat(1000)).chars().count(), MAX_SHOWN + 1);
        let endless = "x".repeat(10_000);
        assert_eq!(sentence(&endless).chars().count(), MAX_SENTENCE + 1);
        assert!(bytes(&vec![b'y'; 100_000]).len() < 5 * MAX_SHOWN);
    }
}
