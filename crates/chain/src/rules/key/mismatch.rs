//! `key.mismatch`

use keyway_report::{Rule, Severity, Verdict};
use serde::Serialize;

use crate::check::Context;
use crate::read::HeldKey;
use crate::report::{brief, hex};
use crate::rules::{Aspect, Evidence, Kind};

/// None of the private keys belongs to the leaf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyMismatch {
    /// Leaf subject, escaped.
    pub leaf: String,
    /// Key of the certificate in a few words, for example `EC P-256`.
    pub certificate_key: String,
    /// SHA-256 of the leaf's `SubjectPublicKeyInfo`.
    pub certificate_spki_sha256: String,
    /// The keys that were given, in a few words each.
    pub given_keys: Vec<String>,
    /// SHA-256 of their `SubjectPublicKeyInfo`s.
    pub given_spki_sha256: Vec<String>,
    /// Where they stand, as `file:line`.
    pub given_at: Vec<String>,
    /// Subjects of the certificates here that they belong to instead, escaped.
    pub belong_to: Vec<Option<String>>,
}

impl Evidence for KeyMismatch {
    const RULE: Rule = Rule {
        code: "key.mismatch",
        severity: Severity::Error,
        title: "The private key does not belong to the certificate",
        why: "A server refuses to start with such a pair (\"key values mismatch\"), or every \
              handshake fails. It happens when a new key was made for a renewal and the old \
              certificate stayed, or the other way round.",
        fix: "Find the key that the certificate signing request was made with, or have the \
              certificate issued again for the key you hold.",
        sources: &[
            "RFC 8446, section 4.4.3",
            "OpenSSL: X509_check_private_key(3)",
        ],
    };
    const ASPECT: Aspect = Aspect::Pairs;

    fn message(&self) -> String {
        format!(
            "The certificate for {} holds the public key {} ({}), and no private key given belongs \
             to it (given: {}).",
            self.leaf,
            self.certificate_key,
            brief(&self.certificate_spki_sha256),
            self.given().join("; "),
        )
    }
}

impl KeyMismatch {
    /// The keys in words: what, where, and whose.
    fn given(&self) -> Vec<String> {
        let keys = self.given_keys.iter().zip(&self.given_at);
        keys.zip(&self.belong_to)
            .map(|((key, at), belongs)| match belongs {
                Some(subject) => format!("{key} at {at}, the key of \"{subject}\""),
                None => format!("{key} at {at}, the key of no certificate here"),
            })
            .collect()
    }
}

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    let Some(leaf) = cx.leaf_certificate() else {
        return;
    };
    let keys = &cx.bundle.keys;
    if cx.bundle.pairing(leaf) != Verdict::No {
        return;
    }
    let evidence = KeyMismatch {
        leaf: leaf.subject.short(),
        certificate_key: leaf.public_key.text(),
        certificate_spki_sha256: hex(leaf.spki_sha256()),
        given_keys: keys
            .iter()
            .map(|key| key.key.algorithm.to_string())
            .collect(),
        given_spki_sha256: keys.iter().map(|key| hex(&key.spki_sha256)).collect(),
        given_at: keys.iter().map(|key| super::place(cx, key)).collect(),
        belong_to: keys.iter().map(|key| owner(cx, key)).collect(),
    };
    out.push((cx.leaf, evidence.into()));
}

/// The certificate of the heap that a key belongs to.
fn owner(cx: &Context<'_>, key: &HeldKey) -> Option<String> {
    let mut held = cx.bundle.certificates.iter();
    let owner = held.find(|held| key.belongs_to(&held.certificate))?;
    Some(owner.certificate.subject.short())
}
