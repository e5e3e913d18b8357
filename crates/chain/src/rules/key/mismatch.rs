//! `key.mismatch`

use keyway_report::{Rule, Severity, Verdict};
use serde::Serialize;

use crate::check::Context;
use crate::report::hex;
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
            "The certificate for {} holds the public key {} ({}…), and no private key given belongs \
             to it (given: {}).",
            self.leaf,
            self.certificate_key,
            &self.certificate_spki_sha256[..16],
            self.given_keys.join(", "),
        )
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
    };
    out.push((cx.leaf, evidence.into()));
}
