//! Keys and their digests, as far as a zone can contradict itself about them.

use sha2::{Digest as _, Sha256, Sha384};

use super::Record;
use crate::rdata::Type;

/// Most keys that records are compared with. Keys are given out together in messages of 65,535 bytes, and
/// zones have fewer than ten.
const MAX_KEYS: usize = 256;

/// The zone's DNSKEY records.
#[derive(Debug, Default)]
pub(super) struct Keys<'r> {
    listed: Vec<Key<'r>>,
    /// Whether there are more than [`MAX_KEYS`].
    are_more: bool,
}

/// One of them, with what others call it by.
#[derive(Debug)]
struct Key<'r> {
    data: &'r [u8],
    tag: u16,
    sha256: Vec<u8>,
    sha384: Vec<u8>,
}

impl<'r> Key<'r> {
    fn of(data: &'r [u8], zone: &[u8]) -> Self {
        let named = [zone, data].concat();
        Self {
            data,
            tag: key_tag(data),
            sha256: Sha256::digest(&named).to_vec(),
            sha384: Sha384::digest(&named).to_vec(),
        }
    }

    /// Its digest, of the kinds that are in use (RFC 4509, RFC 6605).
    fn digest(&self, kind: u8) -> Option<&[u8]> {
        match kind {
            2 => Some(&self.sha256),
            4 => Some(&self.sha384),
            _ => None,
        }
    }
}

impl<'r> Keys<'r> {
    /// Of the data of the records, and the zone's name in lower case.
    pub(super) fn of(mut data: impl Iterator<Item = &'r [u8]>, zone: &[u8]) -> Self {
        let listed = data.by_ref().take(MAX_KEYS);
        let listed = listed.map(|data| Key::of(data, zone)).collect();
        let are_more = data.next().is_some();
        Self { listed, are_more }
    }

    /// Whether a CDS or CDNSKEY record is about one of the keys, or asks for the removal of all (RFC 8078,
    /// section 4). A digest of a kind that is not computed here is compared by tag and algorithm. Where
    /// there are more keys than are compared, it may be.
    pub(super) fn is_for_one(&self, record: &Record<'_>) -> bool {
        /// The algorithm that asks for removal.
        const DELETE: u8 = 0;
        if self.are_more {
            return true;
        }
        if record.kind == Type::CDNSKEY {
            let is_listed = self.listed.iter().any(|key| key.data == record.data);
            return record.data.get(3) == Some(&DELETE) || is_listed;
        }
        let [high, low, algorithm, kind, digest @ ..] = record.data else {
            return false;
        };
        let wanted = u16::from_be_bytes([*high, *low]);
        let is_of = |key: &Key<'_>| {
            let is_named = key.tag == wanted && key.data.get(3) == Some(algorithm);
            is_named && key.digest(*kind).is_none_or(|found| found == digest)
        };
        *algorithm == DELETE || self.listed.iter().any(is_of)
    }
}

/// RFC 4034, appendix B. RSA/MD5, whose tag is another, is not used any more.
fn key_tag(key: &[u8]) -> u16 {
    let sum: u32 = key
        .chunks(2)
        .map(|two| u32::from(two[0]) << 8 | two.get(1).map_or(0, |low| u32::from(*low)))
        .fold(0, u32::wrapping_add);
    u16::try_from((sum + (sum >> 16)) & 0xffff).unwrap_or_default()
}
