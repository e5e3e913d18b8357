//! `config.no-managed-zone`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::check::Examination;

/// A managed name has no zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoManagedZone {}

impl Evidence for NoManagedZone {
    const RULE: Rule = Rule {
        code: "config.no-managed-zone",
        severity: Severity::Error,
        title: "A managed name has no zone",
        why: "The name is made of label, region and zone; without a zone it has no place in the DNS.",
        fix: "Say `tls.zone`, the zone in which names are made, and `tls.region` where it has regions.",
        sources: &["RFC 1034, section 3.1"],
    };

    fn message(&self) -> String {
        "`tls.leaf_domain_label` is given without `tls.zone`.".to_owned()
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let tls = &on.draft.service.tls;
    if tls.leaf_domain_label.is_some() && tls.zone.is_none() {
        on.found("tls.leaf_domain_label", NoManagedZone {});
    }
}
