//! The entries of a certificate that come closest to a host.

use super::host::Host;
use super::mismatch::Mismatch;
use super::presented::Presented;

/// How many entries [`nearest`] returns at most: what a person reads at a glance.
pub const MAX_NEAREST: usize = 5;

/// The entries that come closest to a host without covering it, closest first, at most
/// [`MAX_NEAREST`], each with its index in `names`. Entries equally close keep the certificate's
/// order. The cost is linear in the number of names.
pub fn nearest(names: &[Presented], host: &Host) -> Vec<(usize, Mismatch)> {
    let mut closest: Vec<(Rank, usize, Mismatch)> = Vec::with_capacity(MAX_NEAREST + 1);
    for (index, entry) in names.iter().enumerate() {
        let Some(mismatch) = entry.why_not(host) else {
            continue;
        };
        let rank = rank(mismatch);
        let place = closest.partition_point(|(other, ..)| *other <= rank);
        if place < MAX_NEAREST {
            closest.insert(place, (rank, index, mismatch));
            closest.truncate(MAX_NEAREST);
        }
    }
    closest
        .into_iter()
        .map(|(_, index, mismatch)| (index, mismatch))
        .collect()
}

/// Lower is closer: the kind of the mismatch, then how far within its kind.
type Rank = (u8, usize);

fn rank(mismatch: Mismatch) -> Rank {
    match mismatch {
        Mismatch::IpWrittenAsDns | Mismatch::MappedAddress => (0, 0),
        Mismatch::WildcardNotApex => (1, 0),
        Mismatch::WildcardTooDeep { extra } => (1, extra),
        Mismatch::BelowName { extra } => (2, extra),
        Mismatch::DifferentName {
            distance: Some(distance),
            ..
        } => (2, distance),
        Mismatch::AboveName { missing } | Mismatch::WildcardTooShallow { missing } => (3, missing),
        Mismatch::DifferentAddress => (4, 0),
        Mismatch::DifferentName {
            distance: None,
            shared,
        } => (5, usize::MAX - shared),
        Mismatch::FaultyPattern(_) | Mismatch::FaultyIp(_) => (6, 0),
        Mismatch::HostIsNotAName(_) => (7, 0),
        Mismatch::IpNeedsIpSan | Mismatch::NameNeedsDnsSan => (8, 0),
    }
}
