//! `config.incomplete-triple`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::check::Examination;
use crate::model::Status;

/// Certificate, key and host come together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IncompleteTriple {
    /// The fields that are missing.
    pub missing: Vec<&'static str>,
}

impl Evidence for IncompleteTriple {
    const RULE: Rule = Rule {
        code: "config.incomplete-triple",
        severity: Severity::Error,
        title: "Certificate, key and host come together",
        why: "A server needs the certificate and its key, and it needs the host to know that the certificate is the right one. A word on how TLS is spoken (`client`, `redirect`, `hsts`, a profile, a version) asks for TLS, too: without a certificate nothing is served.",
        fix: "Add what is missing; or, where plain text is meant, set `tls.status` to disabled.",
        sources: &["Azure Machine Learning SDK v1: azureml.core.compute.aks.SslConfiguration"],
    };

    fn message(&self) -> String {
        format!(
            "Missing beside the others: `{}`.",
            self.missing.join("`, `")
        )
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    let tls = &service.tls;
    if tls.leaf_domain_label.is_some() {
        return;
    }
    let is_enabled = service.status() == Status::Enabled && tls.certificates.is_empty();
    if !is_enabled && tls.certificate.is_none() && tls.key.is_none() {
        return;
    }
    let parts = [
        (tls.certificate.is_none(), "tls.certificate"),
        (tls.key.is_none(), "tls.key"),
        (service.host.is_empty(), "host"),
    ];
    let missing = parts.into_iter().filter(|(is_missing, _)| *is_missing);
    let missing: Vec<_> = missing.map(|(_, field)| field).collect();
    if !missing.is_empty() {
        on.found("tls.certificate", IncompleteTriple { missing });
    }
}
