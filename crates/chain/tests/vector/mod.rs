//! The files of `tests/vectors/keys`, and deterministic damage to them.
#![allow(dead_code, reason = "each test program uses its own share")]

use base64ct::{Base64, Encoding};

/// A PEM block: its headers and its body.
pub(crate) struct Block {
    pub(crate) label: String,
    pub(crate) dek_info: Option<String>,
    pub(crate) der: Vec<u8>,
}

pub(crate) fn file(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/vectors/keys/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The only block of a well-formed PEM file.
pub(crate) fn pem(name: &str) -> Block {
    let text = String::from_utf8(file(name)).expect("vectors are ASCII");
    let mut block = Block {
        label: String::new(),
        dek_info: None,
        der: Vec::new(),
    };
    let mut body = String::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("-----BEGIN ") {
            rest.trim_end_matches('-').clone_into(&mut block.label);
        } else if let Some(info) = line.strip_prefix("DEK-Info: ") {
            block.dek_info = Some(info.to_owned());
        } else if !line.starts_with("-----") && !line.contains(':') {
            body.push_str(line);
        }
    }
    block.der = Base64::decode_vec(&body).expect("vectors are base64");
    block
}

pub(crate) fn der(name: &str) -> Vec<u8> {
    pem(name).der
}

/// `rounds` damaged copies of `bytes`: bits flipped, bytes set to telling values, cut, doubled.
pub(crate) fn damaged(bytes: &[u8], rounds: u32) -> impl Iterator<Item = Vec<u8>> + '_ {
    const TELLING: [u8; 8] = [0x00, 0x7f, 0x80, 0x84, 0xff, 0x30, 0x24, 0xa0];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).expect("31 bits") % below.max(1)
    };
    (0..rounds).map(move |round| {
        let mut copy = bytes.to_vec();
        for _ in 0..=next(3) {
            let at = next(copy.len());
            match round % 4 {
                0 => copy[at] ^= 1 << next(8),
                1 => copy[at] = TELLING[next(TELLING.len())],
                2 => copy.truncate(at + 1),
                _ => copy.insert(at, TELLING[next(TELLING.len())]),
            }
        }
        copy
    })
}
