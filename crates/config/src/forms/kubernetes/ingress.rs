//! Ingress of `networking.k8s.io/v1` (Kubernetes: "Ingress"). What only some controllers know by
//! annotations of their own is not written; the redirect of ingress-nginx is read.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use super::objects::{self, Object, take, text};
use super::ports::Ports;
use super::ruled::{Certified, Ruled, Services};
use super::{annotations, backends, metadata, name, others, secret_name, stand_in, yaml};
use crate::Service;
use crate::document::{self, Node};
use crate::forms::fields::Lost;
use crate::forms::left::Left;
use crate::forms::{Exported, ImportError, Imported, fields, settings};
use crate::model::Status;

/// The fields that the form has a place for.
const EXPRESSED: &[&str] = &["name", "host", "upstream"];

/// The hosts that an Ingress takes: DNS names, with one wildcard label in front.
pub(super) fn names(service: &Service, lost: &mut Lost) -> Vec<String> {
    let mut names = settings::hosts(&service.host, "host", lost);
    let own = service.tls.certificates.iter();
    names.extend(own.flat_map(|own| settings::hosts(&own.host, "tls.certificates", lost)));
    let before = names.len();
    names.retain(|host| {
        host.parse::<std::net::IpAddr>().is_err()
            && !host.contains('_')
            && host
                .split('.')
                .all(|label| !label.ends_with('-') && label.len() <= 63)
            && *host == host.to_ascii_lowercase()
    });
    if names.len() < before {
        fields::add(lost, "host");
    }
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|host| seen.insert(host.clone()));
    names
}

/// The numbers of the certificates that hosts get: 0 for the service's own, and for whoever is not named.
pub(super) struct Numbers(HashMap<String, usize>);

impl Numbers {
    pub(super) fn of(service: &Service) -> Self {
        let tls = &service.tls;
        let own = tls.certificates.iter().map(|own| &own.host);
        let mut numbers = HashMap::new();
        // Without a certificate for them, the hosts of the service are those of the others.
        let is_for_others = tls.certificate.is_none() && !tls.certificates.is_empty();
        let all = [&service.host].into_iter().chain(own).enumerate();
        for (number, hosts) in all.skip(usize::from(is_for_others)) {
            for host in hosts.iter() {
                numbers.entry(host.to_ascii_lowercase()).or_insert(number);
            }
        }
        Self(numbers)
    }

    pub(super) fn get(&self, host: &str) -> usize {
        let number = self.0.get(&host.to_ascii_lowercase());
        number.copied().unwrap_or_default()
    }
}

/// Notes the certificates that name no host, as what they are for stands in them alone, and those for hosts that an
/// earlier one is for: nobody is led to them.
pub(super) fn unnamed(service: &Service, lost: &mut Lost) {
    if service.status() == Status::Disabled {
        return;
    }
    let own = service.tls.certificates.iter().enumerate();
    let numbers = Numbers::of(service);
    for (index, own) in own {
        // A service without hosts has those of its certificates: its own is for whoever is not named.
        let mut hosts = own.host.iter();
        if !hosts.any(|host| numbers.get(host) == index + 1) {
            fields::add(lost, &format!("tls.certificates[{index}]"));
        }
    }
}

/// The names of each certificate, with the Secret that holds it.
fn entries(service: &Service, name: &str, hosts: &[String]) -> Value {
    if hosts.is_empty() {
        return json!([{"secretName": secret_name(name, 0)}]);
    }
    let mut named: BTreeMap<usize, Vec<&String>> = BTreeMap::new();
    let numbers = Numbers::of(service);
    for host in hosts {
        named.entry(numbers.get(host)).or_default().push(host);
    }
    named
        .into_iter()
        .map(|(number, hosts)| json!({"hosts": hosts, "secretName": secret_name(name, number)}))
        .collect()
}

/// The service as an Ingress.
pub(in crate::forms) fn export(service: &Service, class: Option<&str>) -> Exported {
    if !service.is_http() {
        let text = "# An Ingress leads HTTP alone.\n".to_owned();
        return Exported::new(text, fields::said(service));
    }
    let mut lost = fields::lost(service, EXPRESSED);
    // There is TLS, or there is none, as the file says.
    settings::status(service, true, &mut lost);
    let name = name(service, &mut lost);
    let hosts = names(service, &mut lost);
    unnamed(service, &mut lost);
    let targets = settings::targets(service, &mut lost);
    let backends = backends(&name, &targets, &mut lost);
    if backends.len() > 1 {
        fields::add(&mut lost, "upstream");
    }
    let backend = &backends[0];
    let path = json!({
        "path": "/",
        "pathType": "Prefix",
        "backend": {"service": {"name": backend.name, "port": {"number": backend.port}}},
    });
    let http = json!({"paths": [path]});
    let mut rules: Vec<Value> = hosts
        .iter()
        .map(|host| json!({"host": host, "http": http}))
        .collect();
    if rules.is_empty() {
        rules.push(json!({"http": http}));
    }
    let mut spec = json!({"rules": rules});
    if let Some(class) = class {
        spec["ingressClassName"] = class.into();
    }
    if service.status() != Status::Disabled {
        spec["tls"] = entries(service, &name, &hosts);
    }
    let object = json!({
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": metadata(&name, &name, backend.namespace.as_deref()),
        "spec": spec,
    });
    let exported = Exported::new(yaml::render(&[object]), lost);
    if service.upstream.is_empty() {
        exported.noting(stand_in(backend))
    } else {
        exported
    }
}

fn wrong(line: usize, message: impl Into<String>) -> ImportError {
    ImportError::Form {
        line,
        message: message.into(),
    }
}

/// A list, of which nothing is left out: nothing else may stand there.
fn list(node: Option<Node>, what: &str, object: &Object) -> Result<Vec<Node>, ImportError> {
    let Some(node) = node else {
        return Ok(Vec::new());
    };
    let line = object.line(&node);
    match node.value {
        document::Value::List(nodes) => Ok(nodes),
        document::Value::Null => Ok(Vec::new()),
        _ => Err(wrong(line, format!("`{what}` is no list"))),
    }
}

/// Reads an Ingress.
pub(in crate::forms) fn import(given: &str) -> Result<Imported, ImportError> {
    let mut others = objects::read(given)?;
    let first = others.first().map_or(1, Object::first_line);
    let mut all = others.iter_mut();
    let mut canary = None;
    let found = all.position(|object| {
        if object.text_at(&["kind"]) == Some("Ingress") && annotations::is_canary(object) {
            canary.get_or_insert(object.first_line());
            return false;
        }
        object.is("networking.k8s.io/v1", "Ingress")
    });
    let found = found.ok_or_else(|| match canary {
        Some(line) => wrong(
            line,
            "it is a canary, which takes a share of what another Ingress of the same host has: import that one with it",
        ),
        None => wrong(first, "there is no Ingress of networking.k8s.io/v1 in it"),
    })?;
    let mut object = others.remove(found);
    let mut service = Service::default();
    let mut left = Left::default();
    if object.text_at(&["metadata", "labels", "app.kubernetes.io/managed-by"]) == Some("keyway") {
        object.take(&["metadata", "labels"]);
    }
    service.name = object.take_text(&["metadata", "name"]);
    let namespace = object.take_text(&["metadata", "namespace"]);
    let said = annotations::take(&mut object, &mut left);
    service.tls.redirect = said.redirect;
    let entries = object.take(&["spec", "tls"]);
    let entries = list(entries, "spec.tls", &object)?;
    let rules = object.take(&["spec", "rules"]);
    let services = Services {
        namespace: namespace.as_deref(),
        ports: Ports::of(&others, namespace.as_deref()),
    };
    let mut ruled = Ruled::of(&mut object, &services);
    for mut rule in list(rules, "spec.rules", &object)? {
        let paths = take(&mut rule, &["http", "paths"]);
        let paths = list(paths, "spec.rules.http.paths", &object)?;
        ruled.take(rule, paths, &services, &object, &mut left);
    }
    let mut certified = Certified {
        is_for_all: entries.is_empty(),
        ..Certified::default()
    };
    for mut entry in entries {
        service.tls.status = Some(Status::Enabled);
        let names = take(&mut entry, &["hosts"]);
        let names = list(names, "spec.tls.hosts", &object)?;
        certified.is_for_all |= names.is_empty();
        let named = names.into_iter();
        certified
            .hosts
            .extend(named.filter_map(|name| Some((object.line(&name), text(name)?))));
        object.walk(&entry, &["spec", "tls"], &mut left);
    }
    let led = ruled.settle(certified, &said.scheme, &mut left);
    if let Some(line) = led.left_out.filter(|_| led.hosts.is_empty()) {
        // Without hosts a service answers for all that its certificates are for.
        let message = "no host leads to a Service and the number of its port, and what leads there would answer for \
            these hosts, too; write the number of the port, or have the Service that says it in the same text \
            (`kubectl get ingress,service -o yaml`), or give the others a file of their own";
        return Err(wrong(line, message));
    }
    service.upstream = led.upstream.into_iter().collect();
    service.host.0 = led.hosts;
    said.tell_www(&service.host.0, &mut left);
    if !service.host.is_empty() {
        service.host.0.extend(said.aliases);
    }
    object.rest(&mut left);
    others::leave(others, &service.host.0, &mut left);
    Ok(left.imported(service))
}
