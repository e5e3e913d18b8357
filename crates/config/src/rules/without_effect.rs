//! `config.without-effect`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::Service;
use crate::check::Examination;
use crate::model::{Acme, ClientAuthentication, Status, Tls};

/// What settings wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WaitsFor {
    /// TLS is disabled.
    Tls,
    /// The certificate is an own one.
    ManagedCertificate,
}

/// Settings that wait for another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WithoutEffect {
    /// The fields.
    pub fields: Vec<&'static str>,
    /// What they wait for.
    pub waits_for: WaitsFor,
}

impl Evidence for WithoutEffect {
    const RULE: Rule = Rule {
        code: "config.without-effect",
        severity: Severity::Notice,
        title: "Settings wait for another one",
        why: "While TLS is disabled no certificate is shown and no version agreed on; and an own certificate is nothing that a CA is asked for. Such settings may stand ready for later, and have no effect now.",
        fix: "Nothing, where they are kept for later (`keyway enable`, `tls.status`). Leave them out where they are meant to do something now.",
        sources: &["Keyway: docs/schema/keyway.service-1.json"],
    };

    fn message(&self) -> String {
        let fields: Vec<String> = self.fields.iter().map(|one| format!("`{one}`")).collect();
        let fields = fields.join(", ");
        match self.waits_for {
            WaitsFor::Tls => format!("Without effect while TLS is disabled: {fields}."),
            WaitsFor::ManagedCertificate => {
                format!("Without effect while the certificate is an own one: {fields}.")
            }
        }
    }
}

/// What serves TLS alone. Names, their zones and what is known of CAs serve others as well.
fn of_tls(tls: &Tls) -> Vec<(&'static str, bool)> {
    let Tls {
        status: _,
        certificate,
        key,
        password,
        ocsp,
        certificates,
        default_certificate,
        ticket_keys,
        leaf_domain_label: _,
        region: _,
        zone: _,
        overwrite_existing_domain: _,
        renew: _,
        issuer: _,
        acme: _,
        profile,
        min_version,
        max_version,
        alpn,
        client,
        hsts,
        redirect,
    } = tls;
    vec![
        ("tls.certificate", certificate.is_some()),
        ("tls.key", key.is_some()),
        ("tls.password", password.is_some()),
        ("tls.ocsp", ocsp.is_some()),
        ("tls.certificates", !certificates.is_empty()),
        ("tls.default_certificate", *default_certificate),
        ("tls.ticket_keys", !ticket_keys.is_empty()),
        ("tls.profile", *profile != Tls::default().profile),
        ("tls.min_version", min_version.is_some()),
        ("tls.max_version", max_version.is_some()),
        ("tls.alpn", !alpn.is_empty()),
        ("tls.client", *client != ClientAuthentication::default()),
        ("tls.hsts", hsts.is_some()),
        ("tls.redirect", *redirect),
    ]
}

fn of_managed(tls: &Tls) -> Vec<(&'static str, bool)> {
    vec![
        ("tls.region", tls.region.is_some()),
        ("tls.zone", tls.zone.is_some()),
        ("tls.issuer", tls.issuer.is_some()),
        ("tls.acme", tls.acme != Acme::default()),
    ]
}

fn waiting(service: &Service) -> Option<WithoutEffect> {
    let tls = &service.tls;
    let (fields, waits_for) = match service.status() {
        Status::Disabled => (of_tls(tls), WaitsFor::Tls),
        Status::Enabled => (of_managed(tls), WaitsFor::ManagedCertificate),
        Status::Auto => return None,
    };
    let set = fields.into_iter().filter(|(_, is_set)| *is_set);
    let fields: Vec<&'static str> = set.map(|(field, _)| field).collect();
    (!fields.is_empty()).then_some(WithoutEffect { fields, waits_for })
}

pub(super) fn check(on: &mut Examination<'_>) {
    if let Some(evidence) = waiting(&on.draft.service)
        && let Some(first) = evidence.fields.first()
    {
        on.found(first, evidence);
    }
}
