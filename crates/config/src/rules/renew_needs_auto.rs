//! `config.renew-needs-auto`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::check::Examination;
use crate::model::Status;

/// Only a managed certificate can be renewed here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RenewNeedsAuto {
    /// The status there is.
    pub status: &'static str,
    /// Whether there is a managed name, which is only not served.
    pub managed: bool,
}

impl Evidence for RenewNeedsAuto {
    const RULE: Rule = Rule {
        code: "config.renew-needs-auto",
        severity: Severity::Error,
        title: "Only a managed certificate can be renewed here",
        why: "An own certificate is renewed by whoever issued it; its new files are then given to `keyway update`.",
        fix: "Take `renew` out; or give the new files: `keyway update --cert FILE --key FILE`.",
        sources: &["Azure Machine Learning SDK v1: azureml.core.compute.aks.SslConfiguration"],
    };

    fn message(&self) -> String {
        format!("`tls.renew` is set, and the status is `{}`.", self.status)
    }

    fn fix(&self) -> String {
        if self.managed && self.status == Status::Disabled.word() {
            return "Enable the service first, and then renew: `keyway enable`, `keyway update --renew`."
                .to_owned();
        }
        Self::RULE.fix.to_owned()
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    let status = service.status();
    if service.tls.renew && status != Status::Auto {
        let evidence = RenewNeedsAuto {
            status: status.word(),
            managed: service.tls.leaf_domain_label.is_some(),
        };
        on.found("tls.renew", evidence);
    }
}
