use crate::x509::Certificate;

use super::Anchors;
use crate::read::Bundle;

/// One certificate of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Node {
    /// A certificate of the bundle, by its index.
    Held(usize),
    /// An anchor, by its index.
    Anchor(usize),
}

/// Where a path that does not end at an anchor breaks off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// The issuer of the last certificate is neither in the bundle nor among the anchors.
    IssuerMissing,
    /// The last certificate is self-signed and no anchor.
    UnknownRoot,
    /// The path came back to a certificate that it already holds.
    Loop,
    /// It is longer than [`super::graph::MAX_DEPTH`].
    TooLong,
}

/// A way from the leaf towards an anchor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Path {
    /// Leaf first.
    pub nodes: Vec<Node>,
    /// Why it ends without an anchor; `None` when its last node is one.
    pub gap: Option<Gap>,
}

impl Path {
    /// The certificate of a node; `None` for an anchor that is only a name and a key.
    pub fn certificate<'a>(
        node: Node,
        bundle: &'a Bundle,
        anchors: &'a Anchors,
    ) -> Option<&'a Certificate> {
        match node {
            Node::Held(index) => bundle.certificates.get(index).map(|held| &held.certificate),
            Node::Anchor(index) => anchors.certificate(index),
        }
    }

    /// How a report lists a node: an anchor that is also among the inputs, as what was given.
    pub(crate) fn listed(node: Node, bundle: &Bundle, anchors: &Anchors) -> Node {
        let Node::Anchor(anchor) = node else {
            return node;
        };
        let given = bundle.certificates.iter().position(|held| {
            held.certificate.is_self_issued() && anchors.is(anchor, &held.certificate)
        });
        given.map_or(node, Node::Held)
    }

    /// Whether a certificate of the bundle is on it.
    pub fn holds(&self, index: usize) -> bool {
        self.nodes.contains(&Node::Held(index))
    }
}
