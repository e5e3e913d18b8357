//! Other certificates of a path's CAs: whether a chain would hold with one of them in its place.

use super::Context;
use super::path::{Node, Path};
use crate::rules::Kind;

/// Most steps followed from another certificate to an anchor. Chains have two or three.
const MAX_STEPS: usize = 10;

impl Context<'_> {
    /// What speaks against a chain through another certificate of the CA at a position of the path,
    /// followed from there as a client does that takes the first issuer it sees: an anchor, or else
    /// the first in the heap. `None` where that leads nowhere.
    pub(crate) fn faults_through(&self, position: usize, twin: usize) -> Option<Vec<Kind>> {
        let mut nodes = self.path.nodes.get(..position)?.to_vec();
        nodes.push(Node::Held(twin));
        let mut last = twin;
        for _ in 0..MAX_STEPS {
            let issuer = self.certificate(last)?.issuer.der();
            let anchors = self.options.anchors.named(issuer);
            let tried = anchors.map(|anchor| self.faults_up_to(&nodes, anchor));
            if let Some(fewest) = tried.min_by_key(Vec::len) {
                return Some(fewest);
            }
            let held = &self.bundle.certificates;
            let next = (0..held.len()).find(|&index| {
                held[index].certificate.subject.der() == issuer
                    && !nodes.contains(&Node::Held(index))
            })?;
            nodes.push(Node::Held(next));
            last = next;
        }
        None
    }

    fn faults_up_to(&self, nodes: &[Node], anchor: usize) -> Vec<Kind> {
        let path = Path {
            nodes: nodes
                .iter()
                .copied()
                .chain([Node::Anchor(anchor)])
                .collect(),
            gap: None,
        };
        self.examiner.faults(&path)
    }

    fn certificate(&self, index: usize) -> Option<&crate::x509::Certificate> {
        let held = self.bundle.certificates.get(index)?;
        Some(&held.certificate)
    }
}
