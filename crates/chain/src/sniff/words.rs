use core::ops::Range;

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

use super::FileKind;
use crate::pem;

/// Bytes at the start that are searched for words that name a format.
const HEAD: usize = 64 << 10;

/// Base64 of `-----BEGIN `, as far as it does not depend on what stands around it: at the start, and one
/// and two bytes behind a multiple of three.
const BEGIN_IN_BASE64: [&[u8]; 3] = [b"LS0tLS1CRUdJTi", b"0tLS0tQkVHSU4g", b"tLS0tLUJFR0lO"];

/// The same in the open.
const BEGIN: &[u8] = b"-----BEGIN ";

/// First words of OpenSSH's public keys; the base64 of a key starts with its length, `AAAA`.
const SSH_TYPES: [&[u8]; 6] = [
    b"ssh-rsa AAAA",
    b"ssh-ed25519 AAAA",
    b"ssh-dss AAAA",
    b"ecdsa-sha2-nistp",
    b"sk-ssh-ed25519@openssh.com AAAA",
    b"sk-ecdsa-sha2-nistp256@openssh.com AAAA",
];

/// Whether the bytes are text: UTF-8 or another superset of ASCII, without control characters.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    let control = |b: &u8| b.is_ascii_control() && !matches!(b, b'\t'..=b'\r' | 0x1b);
    // Latin letters in an old encoding are few; a binary file has many bytes above 0x7f.
    let high = bytes.iter().filter(|b| !b.is_ascii()).count();
    let readable = high * 10 <= bytes.len() || core::str::from_utf8(bytes).is_ok();
    readable && !bytes.iter().any(control)
}

/// What a text without PEM boundaries is.
pub(super) fn read(bytes: &[u8]) -> FileKind {
    let text = bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(bytes)
        .trim_ascii();
    let head = &text[..text.len().min(HEAD)];
    let starts = |word: &[u8]| {
        head.get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    if SSH_TYPES.iter().any(|name| head.starts_with(name)) {
        return FileKind::SshPublicKey;
    }
    if [&b"<!doctype html"[..], b"<html", b"<head", b"<body"]
        .into_iter()
        .any(starts)
    {
        return FileKind::Html;
    }
    if begin_in_base64(head).is_some() {
        return wrapped(head);
    }
    match head {
        [b'<', b'?' | b'!' | b'a'..=b'z' | b'A'..=b'Z', ..] => xml(head),
        [b'{', .., b'}'] | [b'[', .., b']'] => json(head),
        _ if pem::holds_bare_base64(head) => FileKind::Base64Der,
        _ => FileKind::Text,
    }
}

fn wrapped(head: &[u8]) -> FileKind {
    if head.starts_with(BEGIN_IN_BASE64[0]) {
        return FileKind::Base64Pem;
    }
    let names: [&[u8]; 3] = [b"kind: Secret", b"\"kind\": \"Secret\"", b"tls.crt"];
    let secret = names.into_iter().any(|name| contains(head, name));
    if secret {
        FileKind::KubernetesSecret
    } else {
        FileKind::Base64Pem
    }
}

fn xml(head: &[u8]) -> FileKind {
    // XHTML starts like XML.
    if contains(head, b"<html") {
        FileKind::Html
    } else {
        FileKind::Xml
    }
}

fn json(head: &[u8]) -> FileKind {
    if contains(head, b"\"kty\"") {
        FileKind::JsonWebKey
    } else {
        FileKind::Json
    }
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window == word)
}

/// Where base64 of a BEGIN line stands.
fn begin_in_base64(text: &[u8]) -> Option<usize> {
    let all = BEGIN_IN_BASE64.into_iter();
    let found = all.filter_map(|word| text.windows(word.len()).position(|window| window == word));
    found.min()
}

fn is_data(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

/// Where the base64 begins that a place is in: text may stand in front of the BEGIN line. It goes back
/// over lines that hold nothing else, not past `floor`.
fn run_start(bytes: &[u8], floor: usize, place: usize) -> usize {
    let data_before = |end: usize| {
        let before = &bytes[floor..end];
        end - before
            .iter()
            .rev()
            .take_while(|byte| is_data(**byte))
            .count()
    };
    let mut start = data_before(place);
    loop {
        let above = bytes[floor..start].trim_ascii_end().len() + floor;
        let breaks_line = bytes[above..start].contains(&b'\n');
        let next = data_before(above);
        let fills_line = bytes[floor..next]
            .iter()
            .rev()
            .take_while(|byte| **byte != b'\n')
            .all(u8::is_ascii_whitespace);
        if !breaks_line || next == above || !fills_line {
            return start;
        }
        start = next;
    }
}

/// The next run of base64 at or after `from` that is a PEM file. It goes on over line ends, as YAML and
/// mail break lines, as long as a line holds nothing else.
pub(crate) fn wrapped_pem(bytes: &[u8], from: usize) -> Option<Range<usize>> {
    let found = from + begin_in_base64(bytes.get(from..)?)?;
    let start = run_start(bytes, from, found);
    let mut end = start;
    loop {
        let data = bytes[end..].iter().take_while(|b| is_data(**b)).count();
        let padding = bytes[end + data..]
            .iter()
            .take(2)
            .take_while(|b| **b == b'=')
            .count();
        let behind = end + data + padding;
        let gap = bytes[behind..]
            .iter()
            .take_while(|b| b.is_ascii_whitespace())
            .count();
        // Another word on the line, such as the next key of a YAML file, is no part of it.
        let alone = gap > 0 || behind == bytes.len();
        if end > found && !alone {
            return Some(start..bytes[..end].trim_ascii_end().len());
        }
        if padding > 0 || gap == 0 || behind + gap == bytes.len() {
            return Some(start..behind);
        }
        end = behind + gap;
    }
}

/// The PEM file inside, where a whole input is base64 of one ([`FileKind::Base64Pem`]).
///
/// Line breaks and other white space do not matter, padding may be missing, and so may the end. `None`
/// for anything else, and for inputs past [`pem::MAX_INPUT_BYTES`].
pub fn base64_of_pem(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let text = bytes.trim_ascii();
    if begin_in_base64(text).is_none() || text.len() > pem::MAX_INPUT_BYTES {
        return None;
    }
    let mut solid = Zeroizing::new(Vec::with_capacity(text.len() + 3));
    solid.extend(text.iter().filter(|b| !b.is_ascii_whitespace()));
    let data = solid
        .iter()
        .rposition(|b| *b != b'=')
        .map_or(0, |last| last + 1);
    solid.truncate(data);
    solid.resize(data.next_multiple_of(4), b'=');
    // Where it was cut off, the last few bits belong to nothing: what is whole in front of them is read.
    let inner = decode(&solid).or_else(|| decode(&solid[..data / 4 * 4]))?;
    contains(&inner, BEGIN).then_some(inner)
}

fn decode(solid: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut inner = Zeroizing::new(vec![0; solid.len() / 4 * 3]);
    let length = Base64::decode(solid, &mut inner).ok()?.len();
    inner.truncate(length);
    Some(inner)
}
