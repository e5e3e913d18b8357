//! `config.label-invalid`

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;
use crate::{LabelFault, hostname};

/// The label makes no name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LabelInvalid {
    /// The label, region or zone, escaped.
    pub label: String,
    /// Which of them: `label`, `region` or `zone`.
    pub part: &'static str,
    /// What is wrong with it.
    pub fault: String,
}

impl Evidence for LabelInvalid {
    const RULE: Rule = Rule {
        code: "config.label-invalid",
        severity: Severity::Error,
        title: "The label makes no name",
        why: "The label becomes the beginning of a DNS name: letters, digits and hyphens, a letter first, and room for the six characters that are added. On renewal the label is given as it was at first, without them.",
        fix: "Choose a label of at most 57 letters, digits and hyphens that begins with a letter.",
        sources: &[
            "RFC 1035, section 2.3.1",
            "RFC 1123, section 2.1",
            "Azure Machine Learning SDK v1: AksCompute.enable_ssl",
        ],
    };

    fn message(&self) -> String {
        format!("The {} \"{}\" {}.", self.part, self.label, self.fault)
    }

    fn fix(&self) -> String {
        if self.part == "label" {
            return Self::RULE.fix.to_owned();
        }
        let part = self.part;
        format!(
            "Write the {part} as the DNS has it, in ASCII (`xn--` for letters of other languages), without a dot at \
             the end."
        )
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let Some(label) = &on.draft.service.tls.leaf_domain_label else {
        return;
    };
    if let Some(fault) = LabelFault::of(label, on.around.managed_name) {
        let evidence = LabelInvalid {
            label: escape::text(label),
            part: "label",
            fault: fault.to_string(),
        };
        on.found("tls.leaf_domain_label", evidence);
    }
    let tls = &on.draft.service.tls;
    for (part, field, labels) in [
        ("region", "tls.region", &tls.region),
        ("zone", "tls.zone", &tls.zone),
    ] {
        let Some(labels) = labels else {
            continue;
        };
        if let Some(fault) = labels.split('.').find_map(hostname::label_fault) {
            let evidence = LabelInvalid {
                label: escape::text(labels),
                part,
                fault: format!("has a label that {fault}"),
            };
            on.found(field, evidence);
        }
    }
}
