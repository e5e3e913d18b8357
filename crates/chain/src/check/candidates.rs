//! Which certificates of a heap rustls-webpki is handed to build a path from.
//!
//! It tries every certificate with a fitting name at every step, and gives up after 200,000 steps
//! only, each of which looks at all that it was handed. So it is handed those alone that can stand on
//! a path: some way leads by names from the leaf to them and from them to an anchor, and the two are
//! short enough together.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};

use super::CheckOptions;
use crate::read::Bundle;
use crate::x509::Certificate;

/// Longest path that rustls-webpki builds, in intermediates (`MAX_SUB_CA_COUNT` in its
/// `verify_cert.rs`).
const MAX_INTERMEDIATES: usize = 6;

/// Most certificates handed over: 200,000 steps (`Budget::build_chain_calls`) over 24 certificates
/// take about half a second. Chains have two or three, the widest meshes of cross-certificates in
/// public use a dozen.
pub(crate) const MAX_CANDIDATES: usize = 24;

/// The candidates, as indices into the bundle and in its order, and whether some were left out.
pub(super) fn candidates(
    bundle: &Bundle,
    options: &CheckOptions<'_>,
    leaf: usize,
) -> (Vec<usize>, bool) {
    let certificate = |index: usize| &bundle.certificates[index].certificate;
    let others = || (0..bundle.certificates.len()).filter(|&index| index != leaf);
    let mut by_subject: BTreeMap<&[u8], Vec<usize>> = BTreeMap::new();
    let mut by_issuer: BTreeMap<&[u8], Vec<usize>> = BTreeMap::new();
    for index in others() {
        let names = certificate(index);
        by_subject
            .entry(names.subject.der())
            .or_default()
            .push(index);
        by_issuer.entry(names.issuer.der()).or_default().push(index);
    }
    let is_anchored =
        |names: &Certificate| options.anchors.named(names.issuer.der()).next().is_some();
    let first = by_subject.get(certificate(leaf).issuer.der());
    let below = steps(first.into_iter().flatten().copied(), |index| {
        by_subject.get(certificate(index).issuer.der())
    });
    let anchored = others().filter(|&index| is_anchored(certificate(index)));
    let above = steps(anchored, |index| {
        by_issuer.get(certificate(index).subject.der())
    });
    // Both count the certificate itself.
    let mut found: Vec<(usize, bool, usize)> = below
        .iter()
        .filter_map(|(index, below)| {
            let length = below + above.get(index)? - 1;
            let names = certificate(*index);
            let is_current = names.not_before <= options.now && options.now <= names.not_after;
            (length <= MAX_INTERMEDIATES).then_some((length, !is_current, *index))
        })
        .collect();
    let cut = found.len() > MAX_CANDIDATES;
    // Those on the shortest ways and valid now are the likeliest.
    found.sort_unstable();
    found.truncate(MAX_CANDIDATES);
    let mut chosen: Vec<usize> = found.into_iter().map(|(_, _, index)| index).collect();
    chosen.sort_unstable();
    (chosen, cut)
}

/// How many steps away from the first ones everything is that they lead to; the first are one away.
fn steps<'a>(
    first: impl Iterator<Item = usize>,
    next: impl Fn(usize) -> Option<&'a Vec<usize>>,
) -> BTreeMap<usize, usize> {
    let mut seen: BTreeMap<usize, usize> = BTreeMap::new();
    let mut queue: VecDeque<usize> = VecDeque::new();
    for index in first {
        if seen.insert(index, 1).is_none() {
            queue.push_back(index);
        }
    }
    while let Some(index) = queue.pop_front() {
        let length = seen[&index];
        if length == MAX_INTERMEDIATES {
            continue;
        }
        for &further in next(index).into_iter().flatten() {
            if let Entry::Vacant(vacant) = seen.entry(further) {
                vacant.insert(length + 1);
                queue.push_back(further);
            }
        }
    }
    seen
}
