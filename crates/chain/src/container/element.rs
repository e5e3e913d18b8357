//! Writing DER: one element at a time, into a buffer that is overwritten when dropped.

use der::asn1::ObjectIdentifier;
use zeroize::Zeroizing;

/// Bytes of an encoded element. Key material passes through here, so every buffer is cleared.
pub(crate) type Bytes = Zeroizing<Vec<u8>>;

/// One element: `tag`, the length in its shortest form (X.690, 10.1), and `parts` end to end.
pub(crate) fn element(tag: u8, parts: &[&[u8]]) -> Bytes {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    // Room for everything at once: growing would leave copies of a key behind.
    let mut out = Zeroizing::new(Vec::with_capacity(length + 2 + size_of::<usize>()));
    out.push(tag);
    push_length(&mut out, length);
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

/// Appends to a buffer that may hold a key. Where it is too small a larger one takes its place, and the
/// smaller one is overwritten, which growing in place would not do.
pub(crate) fn append(out: &mut Bytes, bytes: &[u8]) {
    let length = out.len() + bytes.len();
    if length > out.capacity() {
        let mut larger = Zeroizing::new(Vec::with_capacity(length.max(2 * out.capacity())));
        larger.extend_from_slice(out);
        *out = larger;
    }
    out.extend_from_slice(bytes);
}

/// A SEQUENCE of `parts`.
pub(crate) fn sequence(parts: &[&[u8]]) -> Bytes {
    element(0x30, parts)
}

/// An OBJECT IDENTIFIER.
pub(crate) fn oid(id: &ObjectIdentifier) -> Bytes {
    element(0x06, &[id.as_bytes()])
}

/// The INTEGER of a small number.
pub(crate) fn integer(value: u32) -> Bytes {
    positive(&value.to_be_bytes())
}

/// The INTEGER of a non-negative big-endian number, leading zeros allowed in `magnitude`.
pub(crate) fn positive(magnitude: &[u8]) -> Bytes {
    let start = magnitude
        .iter()
        .position(|byte| *byte != 0)
        .unwrap_or(magnitude.len());
    let digits = &magnitude[start..];
    match digits.first() {
        Some(first) if *first < 0x80 => element(0x02, &[digits]),
        _ => element(0x02, &[&[0], digits]),
    }
}

/// Appends a definite length in its shortest form.
pub(crate) fn push_length(out: &mut Vec<u8>, length: usize) {
    if length < 0x80 {
        out.push(u8::try_from(length).unwrap_or_default());
        return;
    }
    let bytes = length.to_be_bytes();
    let start = bytes
        .iter()
        .position(|byte| *byte != 0)
        .unwrap_or(bytes.len() - 1);
    let digits = &bytes[start..];
    out.push(0x80 | u8::try_from(digits.len()).unwrap_or_default());
    out.extend_from_slice(digits);
}
