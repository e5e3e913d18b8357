//! Findings put at their places, in the order of the report.

use keyway_report::{Finding as Found, Locus};

use super::Anchors;
use super::examiner::NodeFindings;
use super::path::{Node, Path};
use crate::read::Bundle;
use crate::rules::{Finding, Kind};

/// Puts findings at their places.
pub(super) struct Listing<'a> {
    bundle: &'a Bundle,
    anchors: &'a Anchors,
    order: Vec<Node>,
    findings: Vec<Finding>,
}

impl<'a> Listing<'a> {
    pub(super) fn new(bundle: &'a Bundle, anchors: &'a Anchors, path: &Path) -> Self {
        let order = crate::report::listed(bundle, anchors, path);
        Self {
            bundle,
            anchors,
            order,
            findings: bundle.findings.clone(),
        }
    }

    pub(super) fn add_path_findings(&mut self, found: NodeFindings) {
        for (node, kind) in found {
            self.add(Some(node), kind);
        }
    }

    pub(super) fn add_whole_findings(&mut self, found: Vec<(Option<usize>, Kind)>) {
        for (held, kind) in found {
            self.add(held.map(Node::Held), kind);
        }
    }

    fn add(&mut self, node: Option<Node>, kind: Kind) {
        let node = node.map(|node| Path::listed(node, self.bundle, self.anchors));
        let source = match node {
            Some(Node::Held(index)) => self.bundle.certificates[index].sources.first(),
            Some(Node::Anchor(_)) | None => None,
        };
        let source = kind.source().or(source);
        let mut at = source.map_or_else(Locus::default, |source| self.bundle.locus(source));
        at.certificate = node.and_then(|node| self.order.iter().position(|&n| n == node));
        at.field = kind.field().map(str::to_owned);
        self.findings.push(Found { kind, at });
    }

    /// Ordered by chain position, offset and code, so that reports are reproducible.
    pub(super) fn into_findings(mut self) -> Vec<Finding> {
        let inputs: Vec<&str> = self.bundle.inputs.iter().map(|i| i.name.as_str()).collect();
        self.findings.sort_by_cached_key(|finding| {
            let input = finding
                .at
                .input
                .as_deref()
                .and_then(|name| inputs.iter().position(|input| *input == name));
            (
                finding.at.certificate.unwrap_or(usize::MAX),
                input.unwrap_or(usize::MAX),
                finding.at.bytes.map_or(usize::MAX, |bytes| bytes[0]),
                finding.code(),
            )
        });
        self.findings
    }
}
