//! `chain.missing-key-cert-sign`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::PathView;
use crate::rules::{Aspect, Evidence, Kind};

/// A CA's key usage does not allow to sign certificates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissingKeyCertSign {
    /// Its subject, escaped.
    pub subject: String,
}

impl Evidence for MissingKeyCertSign {
    const RULE: Rule = Rule {
        code: "chain.missing-key-cert-sign",
        severity: Severity::Error,
        title: "A CA's key is not allowed to sign certificates",
        why: "A keyUsage extension without keyCertSign says that this key must not sign certificates. \
              OpenSSL, Go and GnuTLS refuse what it signed; rustls-webpki does not look.",
        fix: "Use a CA certificate whose keyUsage has keyCertSign; in an own CA, issue it again so.",
        sources: &["RFC 5280, section 4.2.1.3", "RFC 5280, section 6.1.4 (n)"],
    };
    const ASPECT: Aspect = Aspect::Chains;

    fn message(&self) -> String {
        format!(
            "\"{}\" issued another certificate, but its keyUsage lacks keyCertSign.",
            self.subject
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.keyUsage")
    }
}

pub(crate) fn check(view: &PathView<'_>, out: &mut Vec<(usize, Kind)>) {
    if view.trusts_leaf_itself() {
        return;
    }
    for position in view.issuers() {
        let Some(certificate) = view.certificate(position) else {
            continue;
        };
        let usage = certificate.extensions.key_usage;
        if usage.is_some_and(|usage| !usage.key_cert_sign()) {
            let evidence = MissingKeyCertSign {
                subject: certificate.subject.short(),
            };
            out.push((position, evidence.into()));
        }
    }
}
