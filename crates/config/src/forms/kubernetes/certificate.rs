//! Certificate of cert-manager (`cert-manager.io/v1`).

use keyway_report::escape;
use serde_json::{Value, json};

use super::{metadata, name, namespace, secret_name, yaml};
use crate::Service;
use crate::forms::{Exported, fields, settings};
use crate::hostname;
use crate::model::Status;

const EXPRESSED: &[&str] = &["name", "host", "tls.issuer"];

/// The issuer that is a CA of keyway's own, for development.
const LOCAL: &str = "local";

/// The issuer where none is named.
const ISSUER: &str = "letsencrypt";

/// What is assumed of the issuer in the cluster, where that is not what the service file says.
fn assumed(given: &str, is_named: bool) -> Option<String> {
    if given == LOCAL {
        return Some(format!(
            "`{LOCAL}` is keyway's own development CA, which no cluster has: what is written asks a ClusterIssuer \
             {LOCAL} of the cluster; make one with a CA of yours, or name another in `issuerRef`"
        ));
    }
    let shown = escape::text(&hostname::without_user(given));
    (!is_named).then(|| {
        format!(
            "the issuer {shown} is no object of a cluster: what is written asks a ClusterIssuer {ISSUER}; have one of \
             this name whose `spec.acme.server` is it, or name another in `issuerRef`"
        )
    })
}

/// The service's certificate, to be issued by cert-manager.
pub(in crate::forms) fn export(service: &Service) -> Exported {
    let mut lost = fields::lost(service, EXPRESSED);
    let name = name(service, &mut lost);
    if service.status() == Status::Auto && !service.host.is_empty() {
        lost.retain(|field| field != "tls.status");
    }
    let hosts = settings::hosts(&service.host, "host", &mut lost);
    let (addresses, names): (Vec<String>, Vec<String>) = hosts
        .into_iter()
        .partition(|host| host.parse::<std::net::IpAddr>().is_ok());
    let given = service.tls.issuer.as_deref().unwrap_or(ISSUER);
    // An issuer is an object of the cluster: a URL names none.
    let is_named = hostname::label_fault(given).is_none() && *given == given.to_ascii_lowercase();
    let issuer = if is_named { given } else { ISSUER };
    if !is_named {
        fields::add(&mut lost, "tls.issuer");
    }
    let mut spec = json!({
        "secretName": secret_name(&name, 0),
        "issuerRef": {"group": "cert-manager.io", "kind": "ClusterIssuer", "name": issuer},
        "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
        "usages": ["digital signature", "server auth"],
    });
    for (field, list) in [("dnsNames", names), ("ipAddresses", addresses)] {
        if !list.is_empty() {
            spec[field] = json!(list);
        }
    }
    let object: Value = json!({
        "apiVersion": "cert-manager.io/v1",
        "kind": "Certificate",
        "metadata": metadata(&name, &name, namespace(service).as_deref()),
        "spec": spec,
    });
    let exported = Exported::new(yaml::render(&[object]), lost);
    match assumed(given, is_named) {
        Some(note) => exported.noting(note),
        None => exported,
    }
}
