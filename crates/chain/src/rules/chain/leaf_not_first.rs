//! `chain.leaf-not-first`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::Context;
use crate::read::{HeldCertificate, Source};
use crate::report::{brief, hex};
use crate::rules::{Aspect, Evidence, Kind};

/// The first certificate of the input that holds the leaf is another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeafNotFirst {
    /// Leaf subject, escaped.
    pub leaf: String,
    /// SHA-256 of the leaf.
    pub leaf_sha256: String,
    /// Subject of the certificate that stands first, escaped.
    pub first: String,
    /// SHA-256 of the certificate that stands first.
    pub first_sha256: String,
}

impl Evidence for LeafNotFirst {
    const RULE: Rule = Rule {
        code: "chain.leaf-not-first",
        severity: Severity::Error,
        title: "The server's own certificate is not the first in the file",
        why: "A server shows the first certificate as its own. nginx and HAProxy then refuse to \
              start (\"key values mismatch\"), others serve a CA certificate to everybody.",
        fix: "Put the server's certificate first, then the intermediates, each followed by its \
              issuer.",
        sources: &["RFC 8446, section 4.4.2", "RFC 5246, section 7.4.2"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        if self.leaf == self.first {
            return format!(
                "The file starts with another certificate for \"{}\" (SHA-256 {}); the server's own \
                 certificate (SHA-256 {}) comes later.",
                self.first,
                brief(&self.first_sha256),
                brief(&self.leaf_sha256)
            );
        }
        format!(
            "The file starts with \"{}\"; the server's own certificate, \"{}\", comes later.",
            self.first, self.leaf
        )
    }
}

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    let Some(leaf) = cx.leaf else { return };
    let held = &cx.bundle.certificates;
    let has_place = |at: &&Source| !cx.bundle.is_contained(at);
    let Some(source) = held[leaf].sources.iter().find(has_place) else {
        return;
    };
    // Order means something within one file; between files it is how they were listed.
    let place_in_file = |other: &HeldCertificate| {
        let sources = other.sources.iter().filter(has_place);
        let in_file = sources.filter(|at| at.input == source.input);
        in_file.map(|at| at.place.bytes.start).min()
    };
    let placed = held
        .iter()
        .filter_map(|other| Some((place_in_file(other)?, other)));
    let Some((_, first)) = placed.min_by_key(|(place, _)| *place) else {
        return;
    };
    if first.certificate.sha256() != held[leaf].certificate.sha256() {
        let evidence = LeafNotFirst {
            leaf: held[leaf].certificate.subject.short(),
            leaf_sha256: hex(held[leaf].certificate.sha256()),
            first: first.certificate.subject.short(),
            first_sha256: hex(first.certificate.sha256()),
        };
        out.push((Some(leaf), evidence.into()));
    }
}
