//! `config.label-with-characters`

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::SUFFIX_LENGTH;
use crate::check::Examination;

/// The label looks like a whole managed name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LabelWithCharacters {
    /// The label, escaped
    pub label: String,
}

impl Evidence for LabelWithCharacters {
    const RULE: Rule = Rule {
        code: "config.label-with-characters",
        severity: Severity::Warning,
        title: "The label looks like a whole managed name",
        why: "A managed name is the label and six characters that are made for it. Here the host begins with the label alone, as it does when the six characters were copied into the label: the name of a renewal would get six more, and be another one.",
        fix: "Give the label as it was at first, without the six characters at the end of it.",
        sources: &["Azure Machine Learning SDK v1: AksCompute.enable_ssl, leaf_domain_label"],
    };

    fn message(&self) -> String {
        format!(
            "The host begins with \"{}\", which is the label itself, and not the label and six characters.",
            self.label
        )
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    let Some(label) = &service.tls.leaf_domain_label else {
        return;
    };
    // Where the managed name is known, `config.label-invalid` says it.
    let is_known = on.around.managed_name.is_some();
    let is_first = |host: &str| {
        let first = host.split('.').next();
        host.contains('.') && first.is_some_and(|first| first.eq_ignore_ascii_case(label))
    };
    let has_room = label.len() > SUFFIX_LENGTH;
    let mut end = label.bytes().rev().take(SUFFIX_LENGTH);
    let is_suffix = has_room && end.all(|byte| byte.is_ascii_alphanumeric());
    if is_suffix && !is_known && service.host.iter().any(is_first) {
        let label = escape::text(label);
        on.found("tls.leaf_domain_label", LabelWithCharacters { label });
    }
}
