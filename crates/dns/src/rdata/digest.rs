//! How long a digest is, of the kinds that are known. BIND refuses a zone with one of another length.

use super::Type;

/// Shortest digest of a zone, bytes (RFC 8976, section 2.2.4).
const SHORTEST_OF_A_ZONE: usize = 12;

/// The bytes that the digest of a record's data has and should have, where those differ.
pub(super) fn wrong_length(kind: Type, data: &[u8]) -> Option<(usize, usize)> {
    // Where the kind of digest stands, and where the digest starts.
    let (said, start) = match kind.code() {
        // DS, CDS, TA, DLV
        43 | 59 | 32768 | 32769 => (3, 4),
        // SSHFP
        44 => (1, 2),
        // ZONEMD
        63 => (5, 6),
        _ => return None,
    };
    let found = data.get(start..)?.len();
    let wanted = match (kind.code(), data.get(said)?) {
        // SHA-1 and SHA-256 (RFC 4255, RFC 6594).
        (44, 1) => 20,
        (44, 2) => 32,
        // SHA-384 and SHA-512 (RFC 8976, section 5.3).
        (63, 1) => 48,
        (63, 2) => 64,
        (63, _) => found.max(SHORTEST_OF_A_ZONE),
        (44, _) => found,
        // IANA's digest algorithms of DS: SHA-1, SHA-256, GOST of 1994, SHA-384, GOST of 2012, SM3.
        (_, 1) => 20,
        (_, 2 | 3 | 5 | 6) => 32,
        (_, 4) => 48,
        _ => found,
    };
    (found != wanted).then_some((found, wanted))
}
