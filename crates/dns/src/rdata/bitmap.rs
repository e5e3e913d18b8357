//! Type bit maps: windows of 256 types, each with the bytes that its bits need (RFC 4034, section 4.1.2).

use std::collections::BTreeSet;

use super::Type;
use super::fields::type_of;
use super::text::{Fault, Words};

pub(super) fn read(words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    let mut types = BTreeSet::new();
    while words.peek().is_some() {
        types.insert(type_of(words)?);
    }
    let mut window: Option<(u8, Vec<u8>)> = None;
    for kind in types {
        let [high, low] = kind.code().to_be_bytes();
        if window.as_ref().is_some_and(|(number, _)| *number != high) {
            push(window.take(), out);
        }
        let (_, bits) = window.get_or_insert_with(|| (high, Vec::new()));
        let byte = usize::from(low / 8);
        bits.resize(byte + 1, 0);
        bits[byte] |= 0x80 >> (low % 8);
    }
    push(window, out);
    Ok(())
}

fn push(window: Option<(u8, Vec<u8>)>, out: &mut Vec<u8>) {
    if let Some((number, bits)) = window {
        out.push(number);
        out.push(u8::try_from(bits.len()).unwrap_or_default());
        out.extend(bits);
    }
}

/// The types of a bit map; `None` where it is malformed.
pub(super) fn types(mut data: &[u8]) -> Option<Vec<Type>> {
    let (mut out, mut last) = (Vec::new(), None);
    while let [number, length, rest @ ..] = data {
        let in_order = last.is_none_or(|last| last < *number);
        let length = usize::from(*length);
        let (bits, next) = rest.split_at_checked(length)?;
        if !in_order || !(1..=32).contains(&length) || bits.last() == Some(&0) {
            return None;
        }
        for (at, byte) in (0_u8..).zip(bits) {
            for bit in 0..8_u8 {
                if byte & (0x80 >> bit) != 0 {
                    out.push(Type::of(u16::from_be_bytes([*number, at * 8 + bit])));
                }
            }
        }
        last = Some(*number);
        data = next;
    }
    data.is_empty().then_some(out)
}
