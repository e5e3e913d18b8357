//! Certificate of cert-manager (`cert-manager.io/v1`).

use serde_json::{Value, json};

use super::{metadata, name, secret_name, yaml};
use crate::Service;
use crate::forms::{Exported, fields, settings};
use crate::hostname;
use crate::model::Status;

const EXPRESSED: &[&str] = &["name", "host", "tls.issuer"];

/// The issuer where none is named.
const ISSUER: &str = "letsencrypt";

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
    let issuer = service.tls.issuer.as_deref().unwrap_or(ISSUER);
    // An issuer is an object of the cluster: a URL names none.
    let issuer =
        if hostname::label_fault(issuer).is_none() && *issuer == issuer.to_ascii_lowercase() {
            issuer
        } else {
            fields::add(&mut lost, "tls.issuer");
            ISSUER
        };
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
        "metadata": metadata(&name, &name, None),
        "spec": spec,
    });
    Exported::new(yaml::render(&[object]), lost)
}
