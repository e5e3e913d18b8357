//! `chain.ca-as-leaf`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Role, Subject};
use crate::rules::name::common_name_only::looks_like_host;
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::Certificate;

/// The certificate that the server would show is a CA's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaAsLeaf {
    /// Its subject, escaped.
    pub subject: String,
}

impl Evidence for CaAsLeaf {
    const RULE: Rule = Rule {
        code: "chain.ca-as-leaf",
        severity: Severity::Error,
        title: "The server would show a CA certificate as its own",
        why: "Either the server's own certificate was not given and only its issuer's was, or one \
              certificate serves as CA and as server. rustls refuses the second, public CAs must not \
              issue it, and whoever takes the server's key could issue certificates with it.",
        fix: "Give the server's own certificate. Made with `openssl req -x509`? That makes a CA: add \
              `-addext basicConstraints=critical,CA:FALSE`.",
        sources: &[
            "CA/B Forum Baseline Requirements, section 7.1.2.7.8",
            "rustls-webpki: Error::CaUsedAsEndEntity",
        ],
    };
    const ASPECT: Aspect = Aspect::Chains;

    fn message(&self) -> String {
        format!(
            "No server certificate was found: \"{}\" is a CA certificate.",
            self.subject
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.basicConstraints")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    if subject.role == Role::Leaf && subject.certificate.is_ca() {
        let evidence = CaAsLeaf {
            subject: subject.certificate.subject.short(),
        };
        out.push(evidence.into());
    }
}

/// Whether a certificate is a CA's that nobody means a server to show: it names no server, neither in
/// subjectAltName nor in its common name. What is asked of servers' certificates would only hide that
/// the right one is not there.
pub(crate) fn names_no_server(certificate: &Certificate) -> bool {
    let mut common_names = certificate.subject.common_names().iter();
    certificate.is_ca()
        && certificate.presented().is_empty()
        && !common_names.any(|name| looks_like_host(name))
}
