//! Other certificates of a path's CAs: whether a chain would hold with one of them in its place.

use super::Context;
use super::path::{Gap, Node, Path};
use crate::rules::Kind;

/// Most steps followed from another certificate to an anchor. Chains have two or three.
const MAX_STEPS: usize = 10;

/// What a chain through another certificate comes to.
pub(crate) struct Through {
    /// What speaks against it, up to where it ends.
    pub(crate) faults: Vec<Kind>,
    /// Why it ends without an anchor; `None` where it leads to one.
    pub(crate) gap: Option<Gap>,
}

impl Context<'_> {
    /// What speaks against a chain through another certificate of the CA at a position of the path,
    /// followed from there as a client does that takes the first issuer it sees: an anchor, or else
    /// the first in the heap. `None` where it is followed no further.
    pub(crate) fn through(&self, position: usize, twin: usize) -> Option<Through> {
        let mut nodes = self.path.nodes.get(..position)?.to_vec();
        nodes.push(Node::Held(twin));
        let mut last = twin;
        for _ in 0..MAX_STEPS {
            let certificate = self.certificate(last)?;
            let issuer = certificate.issuer.der();
            let anchors = self.options.anchors.named(issuer);
            let tried = anchors.map(|anchor| self.faults_up_to(&nodes, anchor));
            if let Some(faults) = tried.min_by_key(Vec::len) {
                return Some(Through { faults, gap: None });
            }
            if certificate.is_self_issued() {
                return Some(self.broken_off(nodes, Gap::UnknownRoot));
            }
            let held = &self.bundle.certificates;
            let next = (0..held.len()).find(|&index| {
                held[index].certificate.subject.der() == issuer
                    && !nodes.contains(&Node::Held(index))
            });
            let Some(next) = next else {
                return Some(self.broken_off(nodes, Gap::IssuerMissing));
            };
            nodes.push(Node::Held(next));
            last = next;
        }
        None
    }

    fn broken_off(&self, nodes: Vec<Node>, gap: Gap) -> Through {
        let gap = Some(gap);
        let faults = self.examiner.faults(&Path { nodes, gap });
        Through { faults, gap }
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
