//! A path, as the path checks walk it.

use std::borrow::Cow;

use super::anchors::contents;
use super::graph::signed_by;
use super::path::{Node, Path};
use super::{Context, PathView};
use crate::algorithms::Outcome;
use crate::x509::{Certificate, NameConstraints};

impl<'a> PathView<'a> {
    /// The certificate at a position, leaf first; `None` for an anchor that is a name and a key.
    pub(crate) fn certificate(&self, position: usize) -> Option<&'a Certificate> {
        let &node = self.path.nodes.get(position)?;
        Path::certificate(node, self.bundle, self.options.anchors)
    }

    /// Number of certificates, the anchor among them.
    pub(crate) fn len(&self) -> usize {
        self.path.nodes.len()
    }

    /// Positions of those above the leaf.
    pub(crate) fn issuers(&self) -> std::ops::Range<usize> {
        1..self.len()
    }

    /// What messages call the one at a position; escaped.
    pub(crate) fn title(&self, position: usize) -> String {
        match self.path.nodes.get(position) {
            Some(&Node::Anchor(index)) => self.options.anchors.short(index),
            Some(&node) => Path::certificate(node, self.bundle, self.options.anchors)
                .map_or_else(String::new, |certificate| certificate.subject.short()),
            None => String::new(),
        }
    }

    /// The key at a position: contents octets of its `SubjectPublicKeyInfo`.
    pub(crate) fn key(&self, position: usize) -> Option<&'a [u8]> {
        match self.path.nodes.get(position)? {
            Node::Held(index) => {
                let held = self.bundle.certificates.get(*index)?;
                Some(contents(held.certificate.spki()))
            }
            Node::Anchor(index) => {
                let anchor = self.options.anchors.trust().get(*index)?;
                Some(anchor.subject_public_key_info.as_ref())
            }
        }
    }

    /// The name constraints at a position, those of a compiled anchor too.
    pub(crate) fn constraints(&self, position: usize) -> Option<Cow<'a, NameConstraints>> {
        if let Some(certificate) = self.certificate(position) {
            return certificate
                .extensions
                .name_constraints
                .as_ref()
                .map(Cow::Borrowed);
        }
        let Node::Anchor(index) = self.path.nodes.get(position)? else {
            return None;
        };
        let anchor = self.options.anchors.trust().get(*index)?;
        let contents = anchor.name_constraints.as_ref()?;
        NameConstraints::from_contents(contents.as_ref()).map(Cow::Owned)
    }

    /// Whether the next one's key made the signature of the one at a position.
    pub(crate) fn signature(&self, position: usize) -> Option<Outcome> {
        let child = self.certificate(position)?;
        Some(signed_by(self.memo, child, self.key(position + 1)?))
    }

    /// Whether a signature of the path is of a kind that is not verified here.
    pub(crate) fn has_unverified(&self) -> bool {
        (0..self.len()).any(|at| self.signature(at) == Some(Outcome::UnsupportedAlgorithm))
    }

    /// Whether the leaf's own certificate is the anchor: it was trusted for itself and issued nothing.
    pub(crate) fn trusts_leaf_itself(&self) -> bool {
        self.len() == 2
            && match (self.certificate(0), self.certificate(1)) {
                (Some(leaf), Some(anchor)) => leaf.sha256() == anchor.sha256(),
                _ => false,
            }
    }

    /// Whether the leaf's own certificate is among the anchors though the path ends at none of them: it
    /// is not self-signed, and some clients look no further than to it.
    pub(crate) fn lists_leaf(&self) -> bool {
        let Some(leaf) = self.certificate(0) else {
            return false;
        };
        if self.path.gap.is_none() || leaf.is_self_issued() {
            return false;
        }
        let anchors = self.options.anchors;
        let mut namesakes = anchors.named(leaf.subject.der());
        namesakes.any(|index| {
            let anchor = anchors.certificate(index);
            anchor.is_some_and(|anchor| anchor.sha256() == leaf.sha256())
        })
    }

    /// Intermediates below a position that count against a limit on their number: all between it
    /// and the leaf that are not self-issued (RFC 5280, section 4.2.1.9).
    pub(crate) fn counted_below(&self, position: usize) -> usize {
        (1..position)
            .filter_map(|below| self.certificate(below))
            .filter(|certificate| !certificate.is_self_issued())
            .count()
    }
}

/// Whether a path length, the root's too, is only kept because self-issued intermediates do not count.
pub(crate) fn counts_self_issued(view: &PathView<'_>) -> bool {
    view.issuers().any(|at| {
        let limit = view
            .certificate(at)
            .and_then(|certificate| certificate.extensions.basic_constraints)
            .and_then(|constraints| usize::try_from(constraints.path_len?).ok());
        limit.is_some_and(|limit| at - 1 > limit)
    })
}

impl<'a> Context<'a> {
    /// The chosen path, as path checks see it.
    pub(crate) fn view(&self) -> PathView<'a> {
        PathView {
            path: self.path,
            bundle: self.bundle,
            options: self.options,
            memo: self.memo,
            revocation: self.revocation,
        }
    }

    /// The one at a position of the path, as an index into the bundle; `None` for an anchor.
    pub(crate) fn path_index(&self, position: usize) -> Option<usize> {
        match self.path.nodes.get(position)? {
            Node::Held(index) => Some(*index),
            Node::Anchor(_) => None,
        }
    }

    /// The last certificate of a path that breaks off.
    pub(crate) fn last(&self) -> Option<&'a Certificate> {
        let &node = self.path.nodes.last()?;
        Path::certificate(node, self.bundle, self.options.anchors)
    }

    /// The last certificate of a path that breaks off, as an index into the bundle.
    pub(crate) fn last_held(&self) -> Option<usize> {
        self.path_index(self.path.nodes.len().checked_sub(1)?)
    }

    /// Whether a limit on the search was reached before a path was accepted, ours or rustls-webpki's.
    /// Then nothing about paths is known for sure.
    pub(crate) fn undecided(&self) -> bool {
        use webpki::Error as E;
        self.refusal.is_some_and(|refusal| {
            self.memo.exhausted()
                || matches!(
                    refusal.error,
                    E::MaximumSignatureChecksExceeded
                        | E::MaximumPathBuildCallsExceeded
                        | E::MaximumNameConstraintComparisonsExceeded
                )
        })
    }

    /// Whether a certificate is signed with its own key. Where nothing here can verify the
    /// signature, a name that is its own issuer is believed.
    pub(crate) fn is_self_signed(&self, certificate: &Certificate) -> bool {
        certificate.is_self_issued()
            && signed_by(self.memo, certificate, contents(certificate.spki())) != Outcome::Invalid
    }
}
