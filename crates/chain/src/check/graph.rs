//! Every path there is, for when rustls-webpki finds none that holds and the nearest one has to be
//! explained.

use rustls_pki_types::TrustAnchor;

use super::CheckOptions;
use super::anchors::contents;
use super::path::{Gap, Node, Path};
use crate::algorithms::{Memo, Outcome, PublicKey, Signed};
use crate::read::Bundle;
use crate::x509::Certificate;

/// Longest path looked at, certificates: rustls-webpki builds at most six intermediates
/// (`MAX_SUB_CA_COUNT`), and a leaf and an anchor come with them; two more show that it was too long.
pub(crate) const MAX_DEPTH: usize = 10;

/// Most paths compared. Real heaps have a handful; rustls-webpki gives up after 200,000 build calls,
/// but an explanation does not become better with more.
pub(crate) const MAX_PATHS: usize = 64;

/// Most steps taken while looking for them: bounds the work on hostile meshes of cross-signatures.
const MAX_STEPS: usize = 4_096;

pub(super) struct Graph<'a> {
    bundle: &'a Bundle,
    options: &'a CheckOptions<'a>,
    memo: &'a Memo<'a>,
}

/// Whether a key made a certificate's signature; the key as contents octets of its
/// `SubjectPublicKeyInfo`.
pub(crate) fn signed_by(memo: &Memo<'_>, child: &Certificate, issuer_spki: &[u8]) -> Outcome {
    let Some(key) = PublicKey::read_contents(issuer_spki) else {
        return Outcome::Invalid;
    };
    let signed = Signed {
        message: child.tbs(),
        algorithm: child.signature_algorithm_contents(),
        signature: child.signature(),
    };
    memo.verify_signed(key, signed)
}

impl<'a> Graph<'a> {
    pub(super) fn new(
        bundle: &'a Bundle,
        options: &'a CheckOptions<'a>,
        memo: &'a Memo<'a>,
    ) -> Self {
        Self {
            bundle,
            options,
            memo,
        }
    }

    /// All paths from the leaf, those that end at an anchor first found; at most [`MAX_PATHS`].
    pub(super) fn paths(&self, leaf: usize) -> Vec<Path> {
        let mut walk = Walk {
            found: Vec::new(),
            steps: 0,
            nodes: vec![leaf],
        };
        self.extend(&mut walk);
        if walk.found.is_empty() {
            // The leaf has an anchor's name and key, and the anchor did not sign it.
            walk.end_with_gap(Gap::UnknownRoot);
        }
        walk.found
    }

    fn extend(&self, walk: &mut Walk) {
        walk.steps += 1;
        let Some(&last) = walk.nodes.last() else {
            return;
        };
        let Some(child) = self.certificate(last) else {
            return;
        };
        let mut extended = false;
        for anchor in self.options.anchors.named(child.issuer.der()) {
            if self.anchor_signed(child, &self.options.anchors.trust()[anchor]) {
                walk.end_at_anchor(anchor);
                extended = true;
            }
        }
        if self.options.anchors.hold(child) && child.is_self_issued() {
            extended = true;
        }
        let mut gap = if child.is_self_issued() {
            Gap::UnknownRoot
        } else {
            Gap::IssuerMissing
        };
        for next in self.issuers(child) {
            if walk.exhausted() {
                return;
            }
            if self.comes_back(&walk.nodes, next) {
                if next != last {
                    gap = Gap::Loop;
                }
                continue;
            }
            if walk.nodes.len() >= MAX_DEPTH {
                gap = Gap::TooLong;
                continue;
            }
            walk.nodes.push(next);
            self.extend(walk);
            walk.nodes.pop();
            extended = true;
        }
        if !extended {
            walk.end_with_gap(gap);
        }
    }

    /// Whether the path holds this name and key already (RFC 4158, section 5.2).
    fn comes_back(&self, nodes: &[usize], next: usize) -> bool {
        let Some(certificate) = self.certificate(next) else {
            return false;
        };
        nodes.iter().any(|&node| {
            node == next
                || self.certificate(node).is_some_and(|known| {
                    known.spki() == certificate.spki()
                        && known.subject.der() == certificate.subject.der()
                })
        })
    }

    /// Certificates of the bundle that carry the issuer's name, those whose key made the signature
    /// first; one that did not sign is kept only when nothing better has the name.
    fn issuers(&self, child: &Certificate) -> Vec<usize> {
        let named: Vec<usize> = (0..self.bundle.certificates.len())
            .filter(|&index| {
                self.certificate(index)
                    .is_some_and(|issuer| issuer.subject.der() == child.issuer.der())
            })
            .collect();
        let signed: Vec<usize> = named
            .iter()
            .copied()
            .filter(|&index| {
                self.certificate(index).is_some_and(|issuer| {
                    signed_by(self.memo, child, contents(issuer.spki())) == Outcome::Valid
                })
            })
            .collect();
        if signed.is_empty() { named } else { signed }
    }

    fn anchor_signed(&self, child: &Certificate, anchor: &TrustAnchor<'_>) -> bool {
        signed_by(self.memo, child, anchor.subject_public_key_info.as_ref()) != Outcome::Invalid
    }

    fn certificate(&self, index: usize) -> Option<&'a Certificate> {
        self.bundle
            .certificates
            .get(index)
            .map(|held| &held.certificate)
    }
}

struct Walk {
    found: Vec<Path>,
    nodes: Vec<usize>,
    steps: usize,
}

impl Walk {
    fn exhausted(&self) -> bool {
        self.steps >= MAX_STEPS || self.found.len() >= MAX_PATHS
    }

    fn end_at_anchor(&mut self, anchor: usize) {
        let mut nodes: Vec<Node> = self.nodes.iter().map(|&index| Node::Held(index)).collect();
        nodes.push(Node::Anchor(anchor));
        self.found.push(Path { nodes, gap: None });
    }

    fn end_with_gap(&mut self, gap: Gap) {
        let nodes = self.nodes.iter().map(|&index| Node::Held(index)).collect();
        self.found.push(Path {
            nodes,
            gap: Some(gap),
        });
    }
}
