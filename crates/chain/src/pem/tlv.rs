//! The outermost DER header: enough to see whether a value fits the bytes that hold it.

/// A DER header: one tag byte and a definite length (X.690 section 10.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tlv {
    pub(crate) tag: u8,
    /// Bytes of tag and length.
    pub(crate) header: usize,
    /// Bytes of the content, as declared.
    pub(crate) length: usize,
}

impl Tlv {
    /// Reads a header with a length of at most four bytes; longer ones are beyond
    /// [`super::MAX_INPUT_BYTES`]. High tag numbers and indefinite lengths are not DER here.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let (&tag, rest) = bytes.split_first()?;
        let (&first, rest) = rest.split_first()?;
        if tag & 0x1f == 0x1f {
            return None;
        }
        let count = match first {
            ..=0x7f => {
                return Some(Self {
                    tag,
                    header: 2,
                    length: usize::from(first),
                });
            }
            0x81..=0x84 => usize::from(first & 0x7f),
            _ => return None,
        };
        let length = rest
            .get(..count)?
            .iter()
            .fold(0_u64, |sum, b| sum << 8 | u64::from(*b));
        Some(Self {
            tag,
            header: 2 + count,
            length: usize::try_from(length).ok()?,
        })
    }

    /// Header and content together, as declared.
    pub(crate) fn total(&self) -> usize {
        self.header.saturating_add(self.length)
    }

    /// The bytes that a SEQUENCE at the start declares for itself.
    pub(crate) fn sequence(bytes: &[u8]) -> Option<Self> {
        Self::read(bytes).filter(|tlv| tlv.tag == 0x30)
    }
}
