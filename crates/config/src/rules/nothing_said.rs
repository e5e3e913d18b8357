//! `config.nothing-said`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::Service;
use crate::check::Examination;

/// The file says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NothingSaid {}

impl Evidence for NothingSaid {
    const RULE: Rule = Rule {
        code: "config.nothing-said",
        severity: Severity::Warning,
        title: "The file says nothing",
        why: "A file without a host, an upstream or a certificate describes no service: it is empty, or another one was meant.",
        fix: "Say `host` and `upstream`, or begin with `keyway enable`.",
        sources: &["Keyway: docs/schema/keyway.service-1.json"],
    };

    fn message(&self) -> String {
        "No field of a service is set.".to_owned()
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let mut said = on.draft.service.clone();
    // An editor's business.
    said.schema = None;
    // What is not known is told as such.
    if said == Service::default() && on.draft.strangers.is_empty() {
        on.found_at(&(0..0), "host", NothingSaid {});
    }
}
