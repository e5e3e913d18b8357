//! `config.overwrite-without-label`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::check::Examination;

/// There is no managed name to overwrite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OverwriteWithoutLabel {}

impl Evidence for OverwriteWithoutLabel {
    const RULE: Rule = Rule {
        code: "config.overwrite-without-label",
        severity: Severity::Error,
        title: "There is no managed name to overwrite",
        why: "`overwrite_existing_domain` makes a new managed name in place of the one there is. Without a label there is none to make.",
        fix: "Give `tls.leaf_domain_label`, or take `overwrite_existing_domain` out.",
        sources: &["Azure Machine Learning SDK v1: AksCompute.enable_ssl"],
    };

    fn message(&self) -> String {
        "`tls.overwrite_existing_domain` is set without `tls.leaf_domain_label`.".to_owned()
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let tls = &on.draft.service.tls;
    if tls.overwrite_existing_domain && tls.leaf_domain_label.is_none() {
        on.found("tls.overwrite_existing_domain", OverwriteWithoutLabel {});
    }
}
