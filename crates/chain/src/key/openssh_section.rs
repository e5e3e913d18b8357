//! Private sections that `OpenSSH` reads and the ssh-key crate does not, written as it does:
//!
//! - with more padding than has to be. Where a section is a multiple of the block already, `OpenSSH`
//!   writes none and pyca/cryptography a whole block (`private2_check_padding` in `sshkey.c` takes both);
//! - with a number of a curve that begins with zeros. They are left out, as of any number: of one key of
//!   P-521 in four, of one of P-256 in 512.

use zeroize::Zeroizing;

/// First bytes of the format (OpenSSH: PROTOCOL.key).
pub(super) const MAGIC: &[u8] = b"openssh-key-v1\0";

/// The block of a section that is not encrypted.
const BLOCK: usize = 8;

/// A key file, by its parts.
pub(super) struct Container<'a> {
    public: &'a [u8],
    /// The private section, perhaps encrypted.
    pub(super) private: &'a [u8],
    /// What a cipher adds to vouch for the section.
    pub(super) tag: &'a [u8],
}

impl<'a> Container<'a> {
    /// Takes a file of one key apart.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(MAGIC)?;
        // The cipher, the derivation of its key, and what that needs.
        for _ in 0..3 {
            string(&mut rest)?;
        }
        (number(&mut rest)? == 1).then_some(())?;
        Some(Self {
            public: string(&mut rest)?,
            private: string(&mut rest)?,
            tag: rest,
        })
    }

    /// The file of the same key with this as its private section, not encrypted.
    pub(super) fn open(&self, section: &[u8]) -> Zeroizing<Vec<u8>> {
        // As large as it gets: a vector that grows leaves copies behind.
        let mut out = Zeroizing::new(Vec::with_capacity(64 + self.public.len() + section.len()));
        out.extend_from_slice(MAGIC);
        for text in [b"none".as_slice(), b"none", b""] {
            put(&mut out, text);
        }
        out.extend_from_slice(&1_u32.to_be_bytes());
        put(&mut out, self.public);
        put(&mut out, section);
        out
    }
}

/// The section in the forms that ssh-key may read, the likeliest first.
pub(super) fn readable(section: &[u8]) -> impl Iterator<Item = Zeroizing<Vec<u8>>> {
    let copy = |section: &[u8]| Zeroizing::new(section.to_vec());
    let forms = [
        Some(copy(section)),
        trimmed(section).map(copy),
        widened(section),
    ];
    forms.into_iter().flatten()
}

/// The section of a key on a curve with all bytes of its number; `None` where it is none, or too odd.
fn widened(section: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (checks, mut rest) = section.split_at_checked(8)?;
    let kind = string(&mut rest).filter(|kind| kind.starts_with(b"ecdsa-sha2-nistp"))?;
    let (curve, point) = (string(&mut rest)?, string(&mut rest)?);
    let (number, comment) = (string(&mut rest)?, string(&mut rest)?);
    let is_padding = rest.iter().copied().eq((1..=u8::MAX).take(rest.len()));
    let width = point.len().checked_sub(1)? / 2;
    let missing = width.checked_sub(number.len()).filter(|_| is_padding)?;
    let mut out = Zeroizing::new(Vec::with_capacity(section.len() + missing + BLOCK));
    out.extend_from_slice(checks);
    for text in [kind, curve, point] {
        put(&mut out, text);
    }
    out.extend_from_slice(&u32::try_from(width).ok()?.to_be_bytes());
    out.extend(std::iter::repeat_n(0, missing));
    out.extend_from_slice(number);
    put(&mut out, comment);
    let spare = out.len().next_multiple_of(BLOCK) - out.len();
    out.extend((1..=u8::MAX).take(spare));
    Some(out)
}

/// The section with less than a block of padding; `None` where it has no more.
fn trimmed(section: &[u8]) -> Option<&[u8]> {
    let last = *section.last()?;
    let spare = usize::from(last) / BLOCK * BLOCK;
    let kept = section.len().checked_sub(spare).filter(|_| spare > 0)?;
    let (front, padding) = section.split_at(kept);
    let is_padding = padding.iter().rev().zip((0..=last).rev());
    is_padding
        .into_iter()
        .all(|(&byte, due)| byte == due)
        .then_some(front)
}

fn number(rest: &mut &[u8]) -> Option<usize> {
    let (length, after) = rest.split_first_chunk::<4>()?;
    *rest = after;
    usize::try_from(u32::from_be_bytes(*length)).ok()
}

fn string<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = number(rest)?;
    let (text, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(text)
}

fn put(out: &mut Vec<u8>, text: &[u8]) {
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_a_curve_gets_its_zeros_back() {
        let section = |number: &[u8]| {
            let mut out = vec![7; 8];
            for text in [
                b"ecdsa-sha2-nistp256",
                b"nistp256".as_slice(),
                &[4; 65],
                number,
                b"c",
            ] {
                put(&mut out, text);
            }
            let spare = out.len().next_multiple_of(BLOCK) - out.len();
            out.extend((1..=u8::MAX).take(spare));
            out
        };
        let wide = widened(&section(&[9; 30]));
        let number = [vec![0; 2], vec![9; 30]].concat();
        assert_eq!(wide.as_deref(), Some(&section(&number)));
        assert_eq!(widened(&section(&[9; 33])), None);
        assert_eq!(widened(&section(&[9; 30])[1..]), None);
    }

    #[test]
    fn only_whole_blocks_of_padding_are_taken_away() {
        let section = |count: u8| [b"comment!".to_vec(), (1..=count).collect()].concat();
        assert_eq!(trimmed(&section(8)), Some(b"comment!".as_slice()));
        assert_eq!(trimmed(&section(16)), Some(b"comment!".as_slice()));
        assert_eq!(trimmed(&section(11)), Some(section(3).as_slice()));
        assert_eq!(trimmed(&section(7)), None);
        assert_eq!(trimmed(b"\x01\x02\x03\x04\x05\x06\x08\x08"), None);
        assert_eq!(trimmed(b""), None);
    }
}
