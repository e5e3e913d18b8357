//! What the value of an argument says, as far as it is literal.

use std::ops::Range;

use zeroize::Zeroizing;

use super::calls::{arguments, is_sign, name_at};
use super::tokens::{Placed, Token};

/// What an argument is.
pub(super) enum Value {
    Text(Zeroizing<String>),
    /// What is in a file.
    File(Zeroizing<String>),
    Truth(bool),
    Nothing,
    Number,
    Computed,
}

/// What stands there.
pub(super) fn value(tokens: &[Placed<'_>], mut range: Range<usize>) -> Value {
    while range.len() > 2
        && is_sign(tokens, range.start, '(')
        && tokens[range.start].close == range.end - 1
    {
        range = range.start + 1..range.end - 1;
    }
    let words = &tokens[range.clone()];
    match words {
        [
            Placed {
                token: Token::Name("True"),
                ..
            },
        ] => return Value::Truth(true),
        [
            Placed {
                token: Token::Name("False"),
                ..
            },
        ] => return Value::Truth(false),
        [
            Placed {
                token: Token::Name("None"),
                ..
            },
        ] => return Value::Nothing,
        [
            Placed {
                token: Token::Number,
                ..
            },
        ] => return Value::Number,
        _ => {}
    }
    if let Some(path) = file(tokens, &range) {
        return Value::File(path);
    }
    concatenated(words).map_or(Value::Computed, Value::Text)
}

/// Texts beside each other, or with `+` between them.
fn concatenated(words: &[Placed<'_>]) -> Option<Zeroizing<String>> {
    let mut parts: Vec<&str> = Vec::new();
    let mut wants_text = true;
    for word in words {
        match &word.token {
            Token::Text(text) => {
                parts.push(text);
                wants_text = false;
            }
            Token::Sign('+') if !wants_text => wants_text = true,
            _ => return None,
        }
    }
    // One allocation: no half of a key stays behind.
    (!wants_text).then(|| Zeroizing::new(parts.concat()))
}

/// The path in `open("path").read()` and in `Path("path").read_text()`.
fn file(tokens: &[Placed<'_>], range: &Range<usize>) -> Option<Zeroizing<String>> {
    let mut at = range.start;
    if name_at(tokens, at) == Some("pathlib") && is_sign(tokens, at + 1, '.') {
        at += 2;
    }
    let reads = match name_at(tokens, at)? {
        "open" => "read",
        "Path" => "read_text",
        _ => return None,
    };
    let open = at + 1;
    if !is_sign(tokens, open, '(') {
        return None;
    }
    let behind = tokens[open].close + 1;
    let is_read = is_sign(tokens, behind, '.')
        && name_at(tokens, behind + 1) == Some(reads)
        && is_sign(tokens, behind + 2, '(')
        && tokens[behind + 2].close + 1 == range.end;
    let path = arguments(tokens, open).into_iter().next()?;
    concatenated(&tokens[path]).filter(|_| is_read)
}
