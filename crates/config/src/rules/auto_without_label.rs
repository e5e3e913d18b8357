//! `config.auto-without-label`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::check::Examination;
use crate::model::Status;

/// The status is `auto`, and there is no managed name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AutoWithoutLabel {
    /// Whether there is an own certificate, or a part of one.
    pub own: bool,
}

impl Evidence for AutoWithoutLabel {
    const RULE: Rule = Rule {
        code: "config.auto-without-label",
        severity: Severity::Error,
        title: "The status is `auto`, and there is no managed name",
        why: "`auto` is a managed name with a certificate that is made and renewed for it. Without a label there is no name to make one for, and an own certificate is served with `enabled` alone.",
        fix: "Give `tls.leaf_domain_label` and `tls.zone`; or an own certificate, and `status = \"enabled\"`.",
        sources: &["Azure Machine Learning SDK v1: azureml.core.compute.aks.SslConfiguration"],
    };

    fn message(&self) -> String {
        let own = if self.own {
            ", but an own certificate"
        } else {
            ""
        };
        format!("`tls.status` is `auto`, and there is no `tls.leaf_domain_label`{own}.")
    }

    fn fix(&self) -> String {
        if self.own {
            return "Write `status = \"enabled\"`, or take `status` out: it follows from the certificate."
                .to_owned();
        }
        Self::RULE.fix.to_owned()
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let tls = &on.draft.service.tls;
    if tls.status == Some(Status::Auto) && tls.leaf_domain_label.is_none() {
        let own = tls.certificate.is_some() || tls.key.is_some() || !tls.certificates.is_empty();
        on.found("tls.status", AutoWithoutLabel { own });
    }
}
