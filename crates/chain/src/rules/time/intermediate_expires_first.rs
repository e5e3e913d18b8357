//! `time.intermediate-expires-first`

use keyway_report::{Rule, Severity, Timestamp};
use serde::Serialize;

use crate::check::Node;
use crate::check::PathView;
use crate::rules::{Aspect, Evidence, Kind};

/// An intermediate of the path ends before the leaf does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IntermediateExpiresFirst {
    /// Subject, escaped.
    pub subject: String,
    /// Last second of the intermediate.
    pub not_after: Timestamp,
    /// Last second of the leaf.
    pub leaf_not_after: Timestamp,
}

impl Evidence for IntermediateExpiresFirst {
    const RULE: Rule = Rule {
        code: "time.intermediate-expires-first",
        severity: Severity::Warning,
        title: "An intermediate expires before the server certificate",
        why: "The chain stops working with the first certificate that ends, whatever the leaf \
              says. Renewal by the leaf's date comes too late.",
        fix: "Renew before that date, and take the newer intermediate from the CA.",
        sources: &["RFC 5280, section 6.1.3 (a)(2)"],
    };
    const ASPECT: Aspect = Aspect::Timely;

    fn message(&self) -> String {
        format!(
            "The intermediate \"{}\" ends on {}, before the server certificate ({}).",
            self.subject, self.not_after, self.leaf_not_after
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("validity.notAfter")
    }
}

pub(crate) fn check(view: &PathView<'_>, out: &mut Vec<(usize, Kind)>) {
    let Some(leaf) = view.certificate(0) else {
        return;
    };
    for position in view.issuers() {
        let Some(certificate) = view.certificate(position) else {
            continue;
        };
        let ends_first = certificate.not_after < leaf.not_after;
        // An anchor is trusted for itself, and one that has expired already is a finding of its own.
        let is_anchor = matches!(view.path.nodes.get(position), Some(Node::Anchor(_)));
        if ends_first && !is_anchor && certificate.not_after >= view.options.now {
            let evidence = IntermediateExpiresFirst {
                subject: certificate.subject.short(),
                not_after: certificate.not_after,
                leaf_not_after: leaf.not_after,
            };
            out.push((position, evidence.into()));
        }
    }
}
