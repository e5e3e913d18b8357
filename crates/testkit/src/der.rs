//! A writer of DER, for well-formed values and for faulty ones.

/// Tag of a BOOLEAN.
pub const BOOLEAN: u8 = 0x01;
/// Tag of an INTEGER.
pub const INTEGER: u8 = 0x02;
/// Tag of a BIT STRING.
pub const BIT_STRING: u8 = 0x03;
/// Tag of an OCTET STRING.
pub const OCTET_STRING: u8 = 0x04;
/// Tag of a `UTF8String`.
pub const UTF8_STRING: u8 = 0x0c;
/// Tag of a `PrintableString`.
pub const PRINTABLE_STRING: u8 = 0x13;
/// Tag of a `TeletexString`.
pub const TELETEX_STRING: u8 = 0x14;
/// Tag of an `IA5String`.
pub const IA5_STRING: u8 = 0x16;
/// Tag of a `UTCTime`.
pub const UTC_TIME: u8 = 0x17;
/// Tag of a `GeneralizedTime`.
pub const GENERALIZED_TIME: u8 = 0x18;
/// Tag of a `BMPString`.
pub const BMP_STRING: u8 = 0x1e;

/// One value: tag, length in its shortest form, content.
pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = content.len();
    if let (Ok(short), true) = (u8::try_from(length), length < 0x80) {
        out.push(short);
    } else {
        let bytes = length.to_be_bytes();
        let significant = trimmed(&bytes);
        out.push(0x80 | u8::try_from(significant.len()).expect("a length has at most 8 bytes"));
        out.extend_from_slice(significant);
    }
    out.extend_from_slice(content);
    out
}

/// SEQUENCE of the parts.
pub fn sequence<P: AsRef<[u8]>>(parts: &[P]) -> Vec<u8> {
    tlv(0x30, &joined(parts))
}

/// SET of the parts, in the order given.
pub fn set<P: AsRef<[u8]>>(parts: &[P]) -> Vec<u8> {
    tlv(0x31, &joined(parts))
}

/// `[number]` around a whole value (EXPLICIT).
pub fn explicit(number: u8, value: &[u8]) -> Vec<u8> {
    tlv(0xa0 | number, value)
}

/// `[number]` in place of a primitive value's tag (IMPLICIT).
pub fn implicit(number: u8, content: &[u8]) -> Vec<u8> {
    tlv(0x80 | number, content)
}

/// INTEGER whose content octets are taken as they are (so: negative, empty or over-long too).
pub fn integer_bytes(content: &[u8]) -> Vec<u8> {
    tlv(INTEGER, content)
}

/// Non-negative INTEGER from the big-endian bytes of a number.
pub fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let significant = trimmed(bytes);
    let mut content = Vec::with_capacity(significant.len() + 1);
    if significant.first().is_none_or(|first| first & 0x80 != 0) {
        content.push(0);
    }
    content.extend_from_slice(significant);
    integer_bytes(&content)
}

/// Non-negative INTEGER.
pub fn integer(value: u64) -> Vec<u8> {
    unsigned(&value.to_be_bytes())
}

/// BOOLEAN.
pub fn boolean(value: bool) -> Vec<u8> {
    tlv(BOOLEAN, &[if value { 0xff } else { 0 }])
}

/// NULL.
pub fn null() -> Vec<u8> {
    vec![0x05, 0x00]
}

/// OCTET STRING.
pub fn octet_string(content: &[u8]) -> Vec<u8> {
    tlv(OCTET_STRING, content)
}

/// BIT STRING with the given number of unused bits.
pub fn bit_string(unused: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![unused];
    bytes.extend_from_slice(content);
    tlv(BIT_STRING, &bytes)
}

/// OBJECT IDENTIFIER from dotted text.
pub fn oid(dotted: &str) -> Vec<u8> {
    let arcs: Vec<u64> = dotted
        .split('.')
        .map(|arc| {
            arc.parse()
                .expect("an object identifier is numbers and dots")
        })
        .collect();
    let mut content = Vec::new();
    push_arc(&mut content, arcs[0] * 40 + arcs[1]);
    for arc in &arcs[2..] {
        push_arc(&mut content, *arc);
    }
    tlv(0x06, &content)
}

fn push_arc(content: &mut Vec<u8>, arc: u64) {
    for shift in (1..10).rev().map(|group| group * 7) {
        if arc >> shift != 0 {
            content.push(0x80 | (arc >> shift & 0x7f) as u8);
        }
    }
    content.push((arc & 0x7f) as u8);
}

fn joined<P: AsRef<[u8]>>(parts: &[P]) -> Vec<u8> {
    parts
        .iter()
        .flat_map(|part| part.as_ref().iter().copied())
        .collect()
}

fn trimmed(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    &bytes[zeros..]
}
