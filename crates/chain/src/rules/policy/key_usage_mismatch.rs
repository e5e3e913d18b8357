//! `policy.key-usage-mismatch`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Role, Subject};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::{KeyUsage, PublicKeyAlgorithm};

/// The key usage allows what such a key cannot do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyUsageMismatch {
    /// Subject, escaped.
    pub subject: String,
    /// The key.
    pub key: String,
    /// The uses that are not for such a key.
    pub uses: Vec<&'static str>,
}

impl Evidence for KeyUsageMismatch {
    const RULE: Rule = Rule {
        code: "policy.key-usage-mismatch",
        severity: Severity::Warning,
        title: "The key usage allows what such a key cannot do",
        why: "Only RSA keys encrypt keys, and they do not agree on one; EC and Ed25519 keys sign. The \
              standards forbid the other uses, and CAs' checks before issue stop on them. Clients let \
              it pass. It comes from a template that was made for RSA.",
        fix: "Have the next one issued with digitalSignature alone; for RSA, keyEncipherment may stay.",
        sources: &[
            "RFC 8813, section 3",
            "RFC 9295, section 3",
            "RFC 3279, section 2.3.1",
            "CA/B Forum Baseline Requirements, section 7.1.2.7.11",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        format!(
            "The keyUsage of \"{}\", whose key is {}, holds {}.",
            self.subject,
            self.key,
            self.uses.join(", ")
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.keyUsage")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let Some(usage) = certificate.extensions.key_usage else {
        return;
    };
    let uses = foreign(&certificate.public_key.algorithm, usage);
    if subject.role == Role::Leaf && !uses.is_empty() {
        out.push(
            KeyUsageMismatch {
                subject: certificate.subject.short(),
                key: certificate.public_key.text(),
                uses,
            }
            .into(),
        );
    }
}

fn foreign(algorithm: &PublicKeyAlgorithm, usage: KeyUsage) -> Vec<&'static str> {
    use PublicKeyAlgorithm as Key;
    let is_edwards = matches!(algorithm, Key::Ed25519 | Key::Ed448);
    let is_elliptic = is_edwards || *algorithm == Key::Ec;
    let is_rsa = *algorithm == Key::Rsa;
    [
        (is_elliptic && usage.key_encipherment(), "keyEncipherment"),
        (is_elliptic && usage.data_encipherment(), "dataEncipherment"),
        (
            (is_edwards || is_rsa) && usage.key_agreement(),
            "keyAgreement",
        ),
    ]
    .into_iter()
    .filter_map(|(is_foreign, name)| is_foreign.then_some(name))
    .collect()
}
