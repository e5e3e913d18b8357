//! `policy.duplicate-extension`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::Subject;
use crate::rules::entries::{identifiers, named};
use crate::rules::{Aspect, Evidence, Kind};

/// An extension appears twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DuplicateExtension {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// Object identifiers of the extensions.
    pub repeated: Vec<String>,
}

impl Evidence for DuplicateExtension {
    const RULE: Rule = Rule {
        code: "policy.duplicate-extension",
        severity: Severity::Error,
        title: "An extension appears more than once",
        why: "Two extensions of one kind can contradict each other, and software would have to \
              choose. RFC 5280 forbids it and clients refuse such a certificate.",
        fix: "Have it issued again; look for the extension being added both by the request and by \
              the CA's template.",
        sources: &["RFC 5280, section 4.2"],
    };
    const ASPECT: Aspect = Aspect::Fit;

    fn message(&self) -> String {
        format!(
            "The {} \"{}\" carries more than once: {}.",
            self.part,
            self.subject,
            named(&self.repeated)
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let repeated = &certificate.extensions.repeated;
    if !repeated.is_empty() {
        out.push(
            DuplicateExtension {
                subject: certificate.subject.short(),
                part: subject.part(),
                repeated: identifiers(repeated.iter()),
            }
            .into(),
        );
    }
}
