//! `key.locked-first`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::Context;
use crate::read::Source;
use crate::rules::{Aspect, Evidence, Kind};

/// A key that was not opened stands in a file before the one that belongs to the certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LockedFirst {
    /// Place of the first, escaped.
    pub first: String,
    /// Place of the one that belongs, escaped.
    pub belongs: String,
    #[serde(skip)]
    source: Source,
}

impl Evidence for LockedFirst {
    const RULE: Rule = Rule {
        code: "key.locked-first",
        severity: Severity::Error,
        title: "A key that cannot be opened stands before the one that belongs",
        why: "Servers on OpenSSL take the first private key of a file, and look at no other: nginx, Apache \
              and HAProxy ask for the password of the first, or fail, though the same key may stand in the \
              clear behind it.",
        fix: "Remove the first one; `keyway fix` writes the one that belongs alone.",
        sources: &[
            "OpenSSL: PEM_read_bio_PrivateKey(3)",
            "nginx: ssl_certificate_key, ssl_password_file",
        ],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!(
            "The key at {} stands first and could not be opened; the one at {} belongs to the certificate.",
            self.first, self.belongs
        )
    }

    fn source(&self) -> Option<&Source> {
        Some(&self.source)
    }
}

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    let Some((belongs, first)) = super::shadow(cx).filter(|(_, first)| first.is_locked) else {
        return;
    };
    let evidence = LockedFirst {
        first: super::place_of(cx, first.source),
        belongs: super::place_of(cx, belongs),
        source: first.source.clone(),
    };
    out.push((None, evidence.into()));
}
