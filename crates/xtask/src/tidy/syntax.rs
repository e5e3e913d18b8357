//! As much of Rust's syntax as the rules need: what is code, what is test code, what is imported.

/// Replaces comments and the insides of strings and characters by blanks; lines stay where they are.
pub(crate) fn blank(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = match literal_end(bytes, at) {
            Some(end) => {
                erase(&mut out[at..end]);
                end
            }
            None => at + 1,
        };
        at = end;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Replaces every item that is only there in tests by blanks, in code that [`blank`] made.
pub(crate) fn without_tests(code: &str) -> String {
    const CONDITION: &str = "#[cfg(";
    let mut out = code.as_bytes().to_vec();
    let mut from = 0;
    while let Some(found) = code[from..].find(CONDITION) {
        let start = from + found;
        let condition = &code[start + CONDITION.len()..];
        from = start + CONDITION.len();
        if condition.starts_with("test)") || condition.starts_with("all(test,") {
            let attribute = condition.find(']').unwrap_or(condition.len());
            let end = item_end(code.as_bytes(), (from + attribute + 1).min(code.len()));
            erase(&mut out[start..end]);
            from = end;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Every path that `use` declarations in `code` import, with its line (from 1).
pub(crate) fn imports(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("use ") {
        let after_word = code[..at].chars().next_back().is_some_and(is_word);
        let Some(length) = code[at..].find(';') else {
            break;
        };
        if after_word {
            continue;
        }
        let tree: String = code[at + 4..at + length]
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        let line = line_of(code, at);
        expand("", &tree, &mut |path| found.push((line, path)));
    }
    found
}

/// The line (from 1) of byte `at`.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// Whether `character` may be part of an identifier.
pub(crate) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Walks a use tree: `a::{b, c::{d, e}}` gives `a::b`, `a::c::d`, `a::c::e`. Nesting is as deep as our
/// own sources, which the compiler has accepted.
fn expand(prefix: &str, tree: &str, found: &mut impl FnMut(String)) {
    let tree = tree.trim();
    let Some(open) = tree.find('{') else {
        if !tree.is_empty() {
            let path = tree.split(" as ").next().unwrap_or(tree).trim();
            found(format!("{prefix}{path}"));
        }
        return;
    };
    let prefix = format!("{prefix}{}", tree[..open].trim());
    let inside = &tree[open + 1..tree.rfind('}').unwrap_or(tree.len())];
    let mut depth = 0_usize;
    let mut start = 0;
    for (at, character) in inside.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                expand(&prefix, &inside[start..at], found);
                start = at + 1;
            }
            _ => {}
        }
    }
    expand(&prefix, &inside[start..], found);
}

/// The end of the comment, string or character that begins at `at`, if one does.
fn literal_end(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..];
    let in_word = at > 0 && is_word(char::from(bytes[at - 1]));
    match rest {
        [b'/', b'/', ..] => Some(at + find(rest, b"\n").unwrap_or(rest.len())),
        [b'/', b'*', ..] => Some(at + block_comment(rest)),
        [b'"', ..] => Some(at + quoted(rest, b'"')),
        [b'r', b'"' | b'#', ..] if !in_word => raw_string(&rest[1..]).map(|end| at + 1 + end),
        [b'b', b'r', b'"' | b'#', ..] if !in_word => raw_string(&rest[2..]).map(|end| at + 2 + end),
        [b'\'', b'\\', ..] => Some(at + quoted(rest, b'\'')),
        [b'\'', ..] => character(rest).map(|end| at + end),
        _ => None,
    }
}

/// The length of a plain character literal; none for a lifetime.
fn character(rest: &[u8]) -> Option<usize> {
    let width = match rest.get(1)? {
        0..=0x7f => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    };
    (rest.get(1 + width) == Some(&b'\'')).then_some(width + 2)
}

fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

fn raw_string(rest: &[u8]) -> Option<usize> {
    let hashes = rest.iter().take_while(|byte| **byte == b'#').count();
    if rest.get(hashes) != Some(&b'"') {
        return None;
    }
    let closing = [b"\"".as_slice(), &vec![b'#'; hashes]].concat();
    let body = hashes + 1;
    Some(find(&rest[body..], &closing).map_or(rest.len(), |end| body + end + closing.len()))
}

fn block_comment(rest: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        match &rest[at..] {
            [b'/', b'*', ..] => {
                depth += 1;
                at += 2;
            }
            [b'*', b'/', ..] => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    rest.len()
}

/// The end of the item after `from`: its closing brace, or its semicolon if that comes first.
fn item_end(code: &[u8], from: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in code.iter().enumerate().skip(from) {
        match byte {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 && *byte == b'}' {
                    return at + 1;
                }
            }
            b';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

fn erase(bytes: &mut [u8]) {
    bytes
        .iter_mut()
        .filter(|byte| **byte != b'\n')
        .for_each(|byte| *byte = b' ');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_strings_and_characters_are_blanked_and_lines_kept() {
        let text = "a // b\n/* c /* d */ e */ f \"g\\\"h\" 'i' '\\'' r#\"j\"k\"# br\"l\" m";
        let words: Vec<&str> = blank(text).leak().split_whitespace().collect();
        assert_eq!(words, ["a", "f", "m"]);
        assert_eq!(blank(text).lines().count(), text.lines().count());
    }

    #[test]
    fn lifetimes_and_raw_identifiers_stay() {
        let text = "fn f<'a>(r#type: &'a str) -> &'static str { r#type }";
        assert_eq!(blank(text), text);
    }

    #[test]
    fn test_items_are_blanked_and_what_follows_stays() {
        let code = "fn a() {}\n#[cfg(test)]\nmod tests { fn b() {} }\nfn c() {}\n#[cfg(all(test, unix))]\nuse d;\n#[cfg(unix)]\nfn e() {}";
        let kept = without_tests(code);
        assert!(
            ["fn a", "fn c", "fn e"]
                .iter()
                .all(|item| kept.contains(item))
        );
        assert!(!kept.contains("fn b") && !kept.contains("use d"));
    }

    #[test]
    fn grouped_imports_are_taken_apart() {
        let code = "pub use std::{fs, io::{self, Read as R},\n net::TcpStream};\nuse core::fmt;";
        let paths: Vec<String> = imports(code).into_iter().map(|(_, path)| path).collect();
        assert_eq!(
            paths,
            [
                "std::fs",
                "std::io::self",
                "std::io::Read",
                "std::net::TcpStream",
                "core::fmt"
            ]
        );
    }
}
