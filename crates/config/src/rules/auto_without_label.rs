//! `config.auto-without-label`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::check::Examination;
use crate::model::Status;

/// The status is `auto`, and there is nothing to make a certificate for, or an own one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AutoWithoutLabel {
    /// Whether there is an own certificate, or a part of one.
    pub own: bool,
}

impl Evidence for AutoWithoutLabel {
    const RULE: Rule = Rule {
        code: "config.auto-without-label",
        severity: Severity::Error,
        title: "The status is `auto`, and there is no name to make a certificate for",
        why: "`auto` is a certificate that is made and renewed: for a managed name, or for the hosts. Without a label and without hosts there is nothing to make one for, and an own certificate is served with `enabled` alone.",
        fix: "Give `host`, or `tls.leaf_domain_label` and `tls.zone`; or an own certificate, and `status = \"enabled\"`.",
        sources: &["Azure Machine Learning SDK v1: azureml.core.compute.aks.SslConfiguration"],
    };

    fn message(&self) -> String {
        if self.own {
            return "`tls.status` is `auto`, and there is an own certificate.".to_owned();
        }
        "`tls.status` is `auto`, and there is neither a `host` nor a `tls.leaf_domain_label`."
            .to_owned()
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
    let service = &on.draft.service;
    let tls = &service.tls;
    let own = tls.certificate.is_some() || tls.key.is_some() || !tls.certificates.is_empty();
    if tls.status == Some(Status::Auto)
        && tls.leaf_domain_label.is_none()
        && (own || service.host.is_empty())
    {
        on.found("tls.status", AutoWithoutLabel { own });
    }
}
