//! Ingress of `networking.k8s.io/v1` (Kubernetes: "Ingress"). What only some controllers know by
//! annotations of their own is not written; the redirect of ingress-nginx is read.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::objects::{self, Object, take, text};
use super::{backends, metadata, name, secret_name, stand_in, yaml};
use crate::Service;
use crate::document;
use crate::forms::left::Left;
use crate::forms::{Exported, ImportError, Imported, fields, settings};
use crate::model::{Listed, Status};

/// The fields that the form has a place for.
const EXPRESSED: &[&str] = &["name", "host", "upstream"];

/// The hosts that an Ingress takes: DNS names, with one wildcard label in front.
pub(super) fn names(service: &Service, lost: &mut Vec<String>) -> Vec<String> {
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

/// The number of the certificate that a host gets: 0 for the service's own.
pub(super) fn number(service: &Service, host: &str) -> usize {
    let is_in = |hosts: &Listed| hosts.iter().any(|named| named.eq_ignore_ascii_case(host));
    if is_in(&service.host) {
        return 0;
    }
    let mut own = service.tls.certificates.iter();
    own.position(|own| is_in(&own.host))
        .map_or(0, |index| index + 1)
}

/// The names of each certificate, with the Secret that holds it.
fn entries(service: &Service, name: &str, hosts: &[String]) -> Value {
    if hosts.is_empty() {
        return json!([{"secretName": secret_name(name, 0)}]);
    }
    let mut named: BTreeMap<usize, Vec<&String>> = BTreeMap::new();
    for host in hosts {
        named.entry(number(service, host)).or_default().push(host);
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
        return Exported::new(text, fields::lost(service, &[]));
    }
    let mut lost = fields::lost(service, EXPRESSED);
    // There is TLS, or there is none, as the file says.
    settings::status(service, true, &mut lost);
    let name = name(service, &mut lost);
    let hosts = names(service, &mut lost);
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

/// Takes a list out; what is none stays.
fn list(object: &mut Object, path: &[&str]) -> Vec<document::Node> {
    match object.take(path).map(|node| node.value) {
        Some(document::Value::List(nodes)) => nodes,
        _ => Vec::new(),
    }
}

/// The upstream that a rule's path names.
fn upstream(path: &mut document::Node, namespace: Option<&str>) -> Option<String> {
    let is_whole =
        matches!(&path.find(&["path"])?.value, document::Value::Text(text) if text.as_str() == "/");
    let number = path.find(&["backend", "service", "port", "number"])?;
    let document::Value::Integer(port) = number.value else {
        return None;
    };
    let name = path.find(&["backend", "service", "name"])?.clone();
    let name = text(name)?;
    if !is_whole {
        return None;
    }
    for taken in ["path", "pathType", "backend"] {
        take(path, &[taken]);
    }
    Some(match namespace {
        Some(namespace) => format!("http://{name}.{namespace}.svc:{port}"),
        None => format!("http://{name}:{port}"),
    })
}

/// What the rules of an Ingress say. One service has one group of upstreams, the first rule's: hosts that
/// lead elsewhere are another service's, and are left behind.
#[derive(Default)]
struct Ruled {
    upstream: Option<String>,
    hosts: Vec<String>,
    others: Vec<String>,
}

impl Ruled {
    fn is_others(&self, host: &String) -> bool {
        self.others.contains(host) && !self.hosts.contains(host)
    }

    fn take(
        &mut self,
        mut rule: document::Node,
        namespace: Option<&str>,
        object: &Object,
        left: &mut Left,
    ) {
        const RULES: &[&str] = &["spec", "rules"];
        const PATHS: &[&str] = &["spec", "rules", "http", "paths"];
        let host = take(&mut rule, &["host"]);
        let line = object.line(host.as_ref().unwrap_or(&rule));
        let host = host.and_then(text);
        let paths = take(&mut rule, &["http", "paths"]).map(|paths| paths.value);
        let mut leads_elsewhere = false;
        if let Some(document::Value::List(paths)) = paths {
            for mut path in paths {
                let before = path.clone();
                let named = upstream(&mut path, namespace);
                leads_elsewhere |=
                    named.is_some() && self.upstream.is_some() && named != self.upstream;
                if named.is_some() && !leads_elsewhere {
                    self.upstream = named;
                    object.walk(&path, PATHS, left);
                } else {
                    object.walk(&before, PATHS, left);
                }
            }
        }
        object.walk(&rule, RULES, left);
        let Some(host) = host else {
            return;
        };
        if leads_elsewhere {
            left.line(line, &format!("spec.rules.host {host}"));
            self.others.push(host);
        } else {
            self.hosts.push(host);
        }
    }
}

/// Reads an Ingress.
pub(in crate::forms) fn import(given: &str) -> Result<Imported, ImportError> {
    let mut others = objects::read(given)?;
    let first = others.first().map_or(1, Object::first_line);
    let mut all = others.iter_mut();
    let found = all.position(|object| object.is("networking.k8s.io/v1", "Ingress"));
    let found =
        found.ok_or_else(|| wrong(first, "there is no Ingress of networking.k8s.io/v1 in it"))?;
    let mut object = others.remove(found);
    let mut service = Service::default();
    let mut left = Left::default();
    if object.text_at(&["metadata", "labels", "app.kubernetes.io/managed-by"]) == Some("keyway") {
        object.take(&["metadata", "labels"]);
    }
    service.name = object.take_text(&["metadata", "name"]);
    let namespace = object.take_text(&["metadata", "namespace"]);
    let mut redirect = None;
    for annotation in ["ssl-redirect", "force-ssl-redirect"] {
        let key = format!("nginx.ingress.kubernetes.io/{annotation}");
        let path = ["metadata", "annotations", &key];
        if matches!(object.text_at(&path), Some("true" | "false")) {
            redirect =
                Some(redirect == Some(true) || object.take_text(&path).as_deref() == Some("true"));
        }
    }
    service.tls.redirect = redirect.unwrap_or_default();
    let entries = list(&mut object, &["spec", "tls"]);
    let rules = list(&mut object, &["spec", "rules"]);
    let mut ruled = Ruled::default();
    for rule in rules {
        ruled.take(rule, namespace.as_deref(), &object, &mut left);
    }
    let mut hosts = Vec::new();
    let mut add = |host: String| {
        if !hosts.contains(&host) {
            hosts.push(host);
        }
    };
    for mut entry in entries {
        service.tls.status = Some(Status::Enabled);
        if let Some(names) = take(&mut entry, &["hosts"]) {
            let line = object.line(&names);
            if let document::Value::List(names) = names.value {
                let names = names.into_iter().filter_map(text);
                names
                    .filter(|name| !ruled.is_others(name))
                    .for_each(&mut add);
            } else {
                left.line(line, "spec.tls.hosts");
            }
        }
        object.walk(&entry, &["spec", "tls"], &mut left);
    }
    ruled.hosts.into_iter().for_each(&mut add);
    service.upstream = ruled.upstream.into_iter().collect();
    service.host.0 = hosts;
    object.rest(&mut left);
    for other in &others {
        left.line(other.first_line(), &other.told());
    }
    Ok(left.imported(service))
}
