//! `key.another-first`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::Context;
use crate::read::{HeldKey, Source};
use crate::rules::{Aspect, Evidence, Kind};

/// A key of something else stands in a file before the one that belongs to the certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnotherFirst {
    /// Place of the first, escaped.
    pub first: String,
    /// Place of the one that belongs, escaped.
    pub belongs: String,
    #[serde(skip)]
    source: Source,
}

impl Evidence for AnotherFirst {
    const RULE: Rule = Rule {
        code: "key.another-first",
        severity: Severity::Error,
        title: "A key of something else stands before the one that belongs",
        why: "Servers take the first private key of a file, and look at no other: nginx, Apache and \
              HAProxy say that the key does not match the certificate, and do not start.",
        fix: "Remove the first one; `keyway fix` writes the one that belongs alone.",
        sources: &[
            "OpenSSL: PEM_read_bio_PrivateKey(3)",
            "rustls-pemfile 2: private_key",
        ],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!(
            "The key at {} stands first and does not belong to the certificate; the one at {} does.",
            self.first, self.belongs
        )
    }

    fn source(&self) -> Option<&Source> {
        Some(&self.source)
    }
}

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    let Some(leaf) = cx.leaf_certificate() else {
        return;
    };
    let keys = &cx.bundle.keys;
    let Some(own) = keys.iter().find(|key| key.belongs_to(leaf)) else {
        return;
    };
    let others = || keys.iter().filter(|key| key.spki_sha256 != own.spki_sha256);
    // Where the key stands first in some file, that one can be served.
    let first_in = |source: &Source| others().find_map(|other| before(cx, other, source));
    let sources = own.sources.iter();
    let mut found = sources.map(|source| (source, first_in(source)));
    let Some((belongs, Some(first))) = found.next() else {
        return;
    };
    if found.any(|(_, first)| first.is_none()) {
        return;
    }
    let evidence = AnotherFirst {
        first: super::place_of(cx, first),
        belongs: super::place_of(cx, belongs),
        source: first.clone(),
    };
    out.push((None, evidence.into()));
}

/// Where a key stands before a place of the same file. What is inside a container has no order.
fn before<'k>(cx: &Context<'_>, key: &'k HeldKey, place: &Source) -> Option<&'k Source> {
    let is_before = |source: &&Source| source.input == place.input && source.block < place.block;
    let mut sources = key.sources.iter().filter(is_before);
    sources.find(|source| !cx.bundle.is_contained(source) && !cx.bundle.is_contained(place))
}
