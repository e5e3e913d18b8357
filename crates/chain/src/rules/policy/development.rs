//! `policy.development`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Role, Subject};
use crate::rules::{Aspect, Evidence, Kind};

/// Parts of the issuers of certificates for development, with who makes them.
const MAKERS: &[(&str, &str)] = &[
    ("Keyway development CA", "Keyway"),
    ("mkcert development CA", "mkcert"),
    ("Caddy Local Authority", "Caddy"),
    ("Pebble Intermediate CA", "Pebble"),
    ("(STAGING)", "Let's Encrypt's staging environment"),
];

/// The certificate is for development.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Development {
    /// Subject, escaped.
    pub subject: String,
    /// Who makes certificates of such issuers.
    pub maker: &'static str,
}

impl Evidence for Development {
    const RULE: Rule = Rule {
        code: "policy.development",
        severity: Severity::Notice,
        title: "The certificate is for development",
        why: "Its issuer is a CA that exists for development or for trying things: only machines \
              that were told to trust it do, and nobody else will.",
        fix: "For names that others visit, have a public CA vouch for it: `keyway up --host NAME \
              --upstream URL`, or `keyway renew`.",
        sources: &[
            "Let's Encrypt, Staging Environment",
            "Caddy, Automatic HTTPS: local HTTPS",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;

    fn message(&self) -> String {
        format!(
            "\"{}\" is a certificate for development, by a CA of {}.",
            self.subject, self.maker
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("issuer")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if subject.role != Role::Leaf {
        return;
    }
    let issuer = certificate.issuer.text();
    let maker = MAKERS.iter().find(|(part, _)| issuer.contains(part));
    if let Some(&(_, maker)) = maker {
        out.push(
            Development {
                subject: certificate.subject.short(),
                maker,
            }
            .into(),
        );
    }
}
