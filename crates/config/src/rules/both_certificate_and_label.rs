//! `config.both-certificate-and-label`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::check::Examination;

/// An own certificate and a managed name exclude each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BothCertificateAndLabel {}

impl Evidence for BothCertificateAndLabel {
    const RULE: Rule = Rule {
        code: "config.both-certificate-and-label",
        severity: Severity::Error,
        title: "An own certificate and a managed name exclude each other",
        why: "A managed name comes with its own certificate. With both, one of them would be left unused, and clients would see a name that nobody expects.",
        fix: "Keep `certificate`, `key` and `host`, or keep `leaf_domain_label`.",
        sources: &["Azure Machine Learning SDK v1: AksCompute.enable_ssl"],
    };

    fn message(&self) -> String {
        "There is an own certificate (`tls.certificate`, `tls.key`) and a managed name \
         (`tls.leaf_domain_label`)."
            .to_owned()
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let tls = &on.draft.service.tls;
    let has_own = tls.certificate.is_some() || tls.key.is_some() || !tls.certificates.is_empty();
    if has_own && tls.leaf_domain_label.is_some() {
        on.found("tls.leaf_domain_label", BothCertificateAndLabel {});
    }
}
