//! `key.another-first`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::Context;
use crate::read::Source;
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
    let Some((belongs, first)) = super::shadow(cx).filter(|(_, first)| !first.is_locked) else {
        return;
    };
    let evidence = AnotherFirst {
        first: super::place_of(cx, first.source),
        belongs: super::place_of(cx, belongs),
        source: first.source.clone(),
    };
    out.push((None, evidence.into()));
}
