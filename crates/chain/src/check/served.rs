//! Which certificates of a heap a server should send, and in which order.

use super::Anchors;
use super::path::{Node, Path};
use crate::read::Bundle;
use crate::x509::Certificate;

/// The certificates to send: leaf first, each followed by its issuer, self-signed roots left out
/// (RFC 8446, section 4.4.2: the root "MAY be omitted").
///
/// Where the path ends at an anchor for whose key the heap also holds a certificate by another CA
/// (a cross-certificate: Let's Encrypt's "Root YE" by ISRG Root X2, say), that certificate stays:
/// clients that do not know the younger anchor need it. An expired one does not.
pub(crate) fn served(path: &Path, bundle: &Bundle, anchors: &Anchors, now: i64) -> Vec<usize> {
    let certificate = |index: usize| &bundle.certificates[index].certificate;
    let mut out: Vec<usize> = path
        .nodes
        .iter()
        .filter_map(|node| match node {
            Node::Held(index) => Some(*index),
            Node::Anchor(_) => None,
        })
        .collect();
    // The leaf stays even when it is self-signed: there is nothing else to send.
    let leaf = out.first().copied();
    out.retain(|&index| Some(index) == leaf || !certificate(index).is_self_issued());
    let anchor = path.nodes.iter().find_map(|node| match node {
        Node::Anchor(index) => Some(*index),
        Node::Held(_) => None,
    });
    let Some(anchor) = anchor else { return out };
    let is_current =
        |c: &Certificate| c.not_before.seconds() <= now && now <= c.not_after.seconds();
    let cross = (0..bundle.certificates.len()).find(|&index| {
        let candidate = certificate(index);
        !out.contains(&index)
            && !candidate.is_self_issued()
            && is_current(candidate)
            && anchors.is(anchor, candidate)
    });
    let mut next = cross;
    while let Some(index) = next {
        out.push(index);
        next = (0..bundle.certificates.len()).find(|&other| {
            let issuer = certificate(other);
            !out.contains(&other)
                && !issuer.is_self_issued()
                && is_current(issuer)
                && issuer.subject.der() == certificate(index).issuer.der()
        });
    }
    out
}
