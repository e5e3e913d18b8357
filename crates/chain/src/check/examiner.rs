//! The checks of certificates and paths, applied, and remembered for the next path.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::context::{PathView, Role, Subject};
use super::path::{Node, Path};
use super::revocation::Revocation;
use super::{CheckOptions, Profile};
use crate::algorithms::Memo;
use crate::read::Bundle;
use crate::rules::{Aspect, Kind, checks};
use crate::x509::Certificate;

/// Findings about one node of a path.
pub(super) type NodeFindings = Vec<(Node, Kind)>;

/// Applies the checks of certificates and paths, remembering what it found on each certificate.
pub(super) struct Examiner<'a> {
    bundle: &'a Bundle,
    options: &'a CheckOptions<'a>,
    memo: &'a Memo<'a>,
    revocation: &'a Revocation,
    seen: RefCell<BTreeMap<(Node, Role), Vec<Kind>>>,
    /// The path looked at last: the one that is approved is reported on next.
    last: RefCell<Option<(Path, NodeFindings)>>,
}

impl<'a> Examiner<'a> {
    pub(super) fn new(
        bundle: &'a Bundle,
        options: &'a CheckOptions<'a>,
        memo: &'a Memo<'a>,
        revocation: &'a Revocation,
    ) -> Self {
        Self {
            bundle,
            options,
            memo,
            revocation,
            seen: RefCell::default(),
            last: RefCell::default(),
        }
    }

    /// Everything on the certificates of a path and on the path itself.
    pub(super) fn examine(&self, path: &Path) -> NodeFindings {
        let mut out = NodeFindings::new();
        for (position, &node) in path.nodes.iter().enumerate() {
            let found = self.certificate(node, self.role(path, position, node));
            out.extend(found.into_iter().map(|kind| (node, kind)));
        }
        out.extend(self.path_only(path));
        out
    }

    /// Whether nothing but the leaf's own faults speaks against a path that webpki takes.
    pub(super) fn approves(&self, path: &Path) -> bool {
        let above_leaf = path.nodes.iter().enumerate().skip(1);
        let certificates_hold = above_leaf
            .flat_map(|(position, &node)| self.certificate(node, self.role(path, position, node)))
            .all(|kind| !decides_path(&kind));
        certificates_hold
            && self
                .path_only(path)
                .iter()
                .all(|(_, kind)| !decides_path(kind))
    }

    /// What speaks against a path, the leaf's own faults aside.
    pub(super) fn faults(&self, path: &Path) -> Vec<Kind> {
        let above_leaf = path.nodes.iter().enumerate().skip(1);
        let mut found: Vec<Kind> = above_leaf
            .flat_map(|(position, &node)| self.certificate(node, self.role(path, position, node)))
            .collect();
        found.extend(self.path_only(path).into_iter().map(|(_, kind)| kind));
        found.retain(decides_path);
        found
    }

    fn certificate(&self, node: Node, role: Role) -> Vec<Kind> {
        if let Some(found) = self.seen.borrow().get(&(node, role)) {
            return found.clone();
        }
        let mut found = Vec::new();
        if let Some(certificate) = Path::certificate(node, self.bundle, self.options.anchors) {
            let subject = Subject {
                certificate,
                role,
                options: self.options,
                memo: self.memo,
            };
            for check in checks::CERTIFICATE {
                check(&subject, &mut found);
            }
        }
        found.retain(|kind| applies(kind, self.options.profile));
        self.seen.borrow_mut().insert((node, role), found.clone());
        found
    }

    /// A self-signed certificate at the end is a root, trusted or not.
    fn role(&self, path: &Path, position: usize, node: Node) -> Role {
        let is_last = position + 1 == path.nodes.len();
        let certificate = Path::certificate(node, self.bundle, self.options.anchors);
        match node {
            _ if position == 0 => Role::Leaf,
            Node::Anchor(_) => Role::Root,
            Node::Held(_) if is_last && certificate.is_some_and(Certificate::is_self_issued) => {
                Role::Root
            }
            Node::Held(_) => Role::Intermediate,
        }
    }

    /// A path, as path checks see it.
    pub(super) fn view<'p>(&'p self, path: &'p Path) -> PathView<'p> {
        PathView {
            path,
            bundle: self.bundle,
            options: self.options,
            memo: self.memo,
            revocation: self.revocation,
        }
    }

    fn path_only(&self, path: &Path) -> NodeFindings {
        if let Some((_, found)) = self.last.borrow().as_ref().filter(|(last, _)| last == path) {
            return found.clone();
        }
        let found = self.path_only_anew(path);
        *self.last.borrow_mut() = Some((path.clone(), found.clone()));
        found
    }

    fn path_only_anew(&self, path: &Path) -> NodeFindings {
        let view = self.view(path);
        let mut found = Vec::new();
        for check in checks::PATH {
            check(&view, &mut found);
        }
        found
            .into_iter()
            .filter(|(_, kind)| applies(kind, self.options.profile))
            .filter_map(|(position, kind)| path.nodes.get(position).map(|&node| (node, kind)))
            .collect()
    }
}

pub(super) fn applies(kind: &Kind, profile: Profile) -> bool {
    kind.entry().profiles.contains(&profile)
}

fn decides_path(kind: &Kind) -> bool {
    kind.is_error() && matches!(kind.aspect(), Aspect::Chains | Aspect::Timely | Aspect::Fit)
}
