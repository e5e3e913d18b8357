//! `key.weak`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::Context;
use crate::key::{Curve, KeyAlgorithm};
use crate::read::Source;
use crate::rules::{Aspect, Evidence, Kind};

/// A private key is too short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyWeak {
    /// The key in a few words.
    pub key: String,
    /// What is asked of such a key, in bits.
    pub at_least: u32,
    #[serde(skip)]
    source: Option<Source>,
}

/// Shortest RSA modulus and DSA prime: 112 bits of security (NIST SP 800-57 part 1, table 2).
const MIN_MODULUS: u32 = 2048;
/// Smallest curve of TLS 1.3 (RFC 8446, section 4.2.7).
const MIN_CURVE: u32 = 256;

impl Evidence for KeyWeak {
    const RULE: Rule = Rule {
        code: "key.weak",
        severity: Severity::Error,
        title: "The private key is too weak",
        why: "Whoever computes the key can pretend to be this server. CAs must not certify such keys, \
              and OpenSSL (security level 2), Go, rustls and browsers refuse them.",
        fix: "Make a new key (EC P-256, or RSA with 2048 bits or more) and have a certificate issued \
              for it.",
        sources: &[
            "CA/B Forum Baseline Requirements, section 6.1.5",
            "OpenSSL: SSL_CTX_set_security_level(3)",
        ],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!(
            "The private key is {}; at least {} bits are needed.",
            self.key, self.at_least
        )
    }

    fn source(&self) -> Option<&Source> {
        self.source.as_ref()
    }
}

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    for held in super::judged(cx) {
        let at_least = match held.key.algorithm {
            KeyAlgorithm::Rsa { bits, .. }
            | KeyAlgorithm::RsaPss { bits }
            | KeyAlgorithm::Dsa { bits }
                if bits < MIN_MODULUS =>
            {
                MIN_MODULUS
            }
            KeyAlgorithm::Ec {
                curve: Curve::P224, ..
            } => MIN_CURVE,
            _ => continue,
        };
        let evidence = KeyWeak {
            key: held.key.algorithm.to_string(),
            at_least,
            source: held.sources.first().cloned(),
        };
        out.push((None, evidence.into()));
    }
}
