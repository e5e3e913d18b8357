//! `chain.not-a-ca`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Node, PathView};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::oids;

/// A certificate that issued another one says that it is no CA, or does not say that it is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotACa {
    /// Its subject, escaped.
    pub subject: String,
    /// Whether basicConstraints is there and says no; else it is absent.
    pub says_no: bool,
    /// Whether basicConstraints is there and cannot be read.
    pub unreadable: bool,
}

impl Evidence for NotACa {
    const RULE: Rule = Rule {
        code: "chain.not-a-ca",
        severity: Severity::Error,
        title: "A certificate that issued another one is no CA",
        why: "Without this rule every owner of a server certificate could issue certificates for any \
              name. Every client refuses such a chain.",
        fix: "Have the certificate issued by a real CA; in an own CA, give the issuing certificate \
              basicConstraints with CA:TRUE, critical.",
        sources: &["RFC 5280, section 4.2.1.9", "RFC 5280, section 6.1.4 (k)"],
    };
    const ASPECT: Aspect = Aspect::Chains;

    fn message(&self) -> String {
        let how = if self.says_no {
            "its basicConstraints say CA:FALSE"
        } else if self.unreadable {
            "its basicConstraints cannot be read"
        } else {
            "it has no basicConstraints"
        };
        format!(
            "\"{}\" stands above another certificate, but {how}.",
            self.subject
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.basicConstraints")
    }
}

pub(crate) fn check(view: &PathView<'_>, out: &mut Vec<(usize, Kind)>) {
    for position in view.issuers() {
        let Some(certificate) = view.certificate(position) else {
            continue;
        };
        let says_no = certificate
            .extensions
            .basic_constraints
            .is_some_and(|constraints| !constraints.ca);
        // That a root lacks the extension is for the rules about roots: clients that are told to trust
        // it do not all look. A server's own certificate may be trusted for itself.
        let is_refused = if matches!(view.path.nodes[position], Node::Anchor(_)) {
            says_no && !view.trusts_leaf_itself()
        } else {
            !certificate.is_ca()
        };
        if is_refused {
            let evidence = NotACa {
                subject: certificate.subject.short(),
                says_no,
                unreadable: !says_no
                    && certificate
                        .extensions
                        .find(oids::BASIC_CONSTRAINTS)
                        .is_some(),
            };
            out.push((position, evidence.into()));
        }
    }
}
