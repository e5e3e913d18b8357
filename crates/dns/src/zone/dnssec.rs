//! Keys and their digests, as far as a zone can contradict itself about them.

use sha2::{Digest as _, Sha256, Sha384};

use super::Record;
use crate::rdata::Type;

/// Whether a CDS or CDNSKEY record is about one of the zone's keys, or asks for the removal of all
/// (RFC 8078, section 4). A digest of a kind that is not computed here is compared by tag and algorithm.
pub(super) fn is_for(record: &Record<'_>, keys: &[&[u8]], zone: &[u8]) -> bool {
    /// The algorithm that asks for removal.
    const DELETE: u8 = 0;
    if record.kind == Type::CDNSKEY {
        return record.data.get(3) == Some(&DELETE) || keys.contains(&record.data);
    }
    let [high, low, algorithm, kind, digest @ ..] = record.data else {
        return false;
    };
    let tag = u16::from_be_bytes([*high, *low]);
    let is_of = |key: &&&[u8]| {
        let is_named = key.get(3) == Some(algorithm) && key_tag(key) == tag;
        is_named && self::digest(*kind, zone, key).is_none_or(|found| found == digest)
    };
    *algorithm == DELETE || keys.iter().any(|key| is_of(&key))
}

/// RFC 4034, appendix B. RSA/MD5, whose tag is another, is not used any more.
fn key_tag(key: &[u8]) -> u16 {
    let sum: u32 = key
        .chunks(2)
        .map(|two| u32::from(two[0]) << 8 | two.get(1).map_or(0, |low| u32::from(*low)))
        .fold(0, u32::wrapping_add);
    u16::try_from((sum + (sum >> 16)) & 0xffff).unwrap_or_default()
}

/// The digest of a key, of the kinds that are in use (RFC 4509, RFC 6605).
fn digest(kind: u8, zone: &[u8], key: &[u8]) -> Option<Vec<u8>> {
    let data = [zone, key].concat();
    match kind {
        2 => Some(Sha256::digest(&data).to_vec()),
        4 => Some(Sha384::digest(&data).to_vec()),
        _ => None,
    }
}
