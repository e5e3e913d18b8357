//! `config.without-basis`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::check::Examination;
use crate::model::Balance;

/// A setting is about something that is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WithoutBasis {
    /// The field.
    pub field: &'static str,
    /// The field that it is about.
    pub basis: &'static str,
}

impl Evidence for WithoutBasis {
    const RULE: Rule = Rule {
        code: "config.without-basis",
        severity: Severity::Warning,
        title: "A setting is about something that is not there",
        why: "It has no effect, and whoever reads the file thinks that it has: `tls.ocsp` is stapled to `tls.certificate` and to no other, and without an upstream there is nothing to look at and nothing to share.",
        fix: "Set the field that it is about, or leave it out. The response to one of `tls.certificates` stands beside it, in its own `ocsp`.",
        sources: &["Keyway: docs/rules/README.md"],
    };

    fn message(&self) -> String {
        format!("`{}` is set, and `{}` is not.", self.field, self.basis)
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    let (tls, is_alone) = (&service.tls, service.upstream.is_empty());
    let is_stapled = tls.ocsp.is_some() && tls.certificate.is_none();
    let fields = [
        ("tls.ocsp", "tls.certificate", is_stapled),
        ("health", "upstream", is_alone && service.health.is_some()),
        (
            "balance",
            "upstream",
            is_alone && service.balance != Balance::default(),
        ),
    ];
    for (field, basis, is_set) in fields {
        if is_set {
            on.found(field, WithoutBasis { field, basis });
        }
    }
}
