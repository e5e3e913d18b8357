//! `key.unsupported`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::Context;
use crate::key::{Curve, KeyAlgorithm};
use crate::read::Source;
use crate::rules::{Aspect, Evidence, Kind};

/// A private key of a kind that TLS servers do not load, or that no browser talks to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyUnsupported {
    /// The key in a few words.
    pub key: String,
    /// Who does not take it, and why.
    pub who: &'static str,
    #[serde(skip)]
    source: Option<Source>,
}

impl Evidence for KeyUnsupported {
    const RULE: Rule = Rule {
        code: "key.unsupported",
        severity: Severity::Error,
        title: "Servers or browsers do not support this kind of key",
        why: "Certificates for TLS servers have RSA keys, or EC keys on P-256, P-384 or P-521; Ed25519 \
              is loaded by most servers too. Others are refused when the server starts, or by the \
              clients.",
        fix: "Make a new key (EC P-256, or RSA with 2048 bits or more) and have a certificate issued \
              for it.",
        sources: &[
            "RFC 8446, section 4.2.3",
            "CA/B Forum Baseline Requirements, section 7.1.3.1",
            "rustls: crypto::aws_lc_rs::sign::any_supported_type",
        ],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!("The private key is {}: {}.", self.key, self.who)
    }

    fn source(&self) -> Option<&Source> {
        self.source.as_ref()
    }
}

impl KeyUnsupported {
    /// What there is to say of a kind of key; `None` when servers and browsers support it.
    pub(crate) fn of(algorithm: KeyAlgorithm) -> Option<Self> {
        Some(Self {
            key: algorithm.to_string(),
            who: refused_by(algorithm)?,
            source: None,
        })
    }
}

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    for held in super::judged(cx) {
        if let Some(mut evidence) = KeyUnsupported::of(held.key.algorithm) {
            evidence.source = held.sources.first().cloned();
            out.push((None, evidence.into()));
        }
    }
}

fn refused_by(algorithm: KeyAlgorithm) -> Option<&'static str> {
    match algorithm {
        KeyAlgorithm::Dsa { .. } => Some("TLS 1.3 has no DSA, and no current browser takes it"),
        KeyAlgorithm::Ed448 => Some("OpenSSL loads it, but rustls, Go and all browsers do not"),
        KeyAlgorithm::X25519 | KeyAlgorithm::X448 => Some(
            "it is for key agreement and cannot sign, so no server can show a certificate with it",
        ),
        KeyAlgorithm::RsaPss { .. } => Some(
            "it is restricted to RSASSA-PSS; public CAs must not certify it, and rustls and Go do \
             not load it",
        ),
        KeyAlgorithm::Rsa { primes, .. } if primes > 2 => {
            Some("it is made of more than two primes, which rustls and Go do not load")
        }
        KeyAlgorithm::Ec { curve, .. } => match curve {
            Curve::Secp256k1 => {
                Some("the curve is Bitcoin's; TLS 1.3, rustls, Go and all browsers do without it")
            }
            Curve::Other(_) | Curve::Unnamed => Some(
                "public CAs certify P-256, P-384 and P-521 only, and rustls and Go load no other",
            ),
            _ => None,
        },
        KeyAlgorithm::Other(_) => Some("no TLS server is known to load it"),
        _ => None,
    }
}
