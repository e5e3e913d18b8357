//! Gateway and HTTPRoute of the Gateway API (`gateway.networking.k8s.io/v1`, standard channel).

use serde_json::{Value, json};

use super::{backends, ingress, metadata, name, secret_name, stand_in, yaml};
use crate::Service;
use crate::forms::{Exported, fields, settings};
use crate::model::Status;

const EXPRESSED: &[&str] = &[
    "name",
    "host",
    "upstream",
    "mode",
    "tls.redirect",
    "tls.hsts",
];

/// Listeners of a Gateway (the CRD's maxItems); one is kept for the redirect.
const MAX_LISTENERS: usize = 63;

/// Host names of an HTTPRoute, and backends of a rule (the CRD's maxItems).
const MAX_NAMES: usize = 16;

/// The class where none is given: NGINX Gateway Fabric's.
const CLASS: &str = "nginx";

/// The service as a Gateway and its routes. TLSRoute and TCPRoute are not in the standard channel everywhere.
pub(in crate::forms) fn export(service: &Service, class: Option<&str>) -> Exported {
    if !service.is_http() {
        let text = "# An HTTPRoute leads HTTP alone.\n".to_owned();
        return Exported::new(text, fields::said(service));
    }
    let mut lost = fields::lost(service, EXPRESSED);
    // There is TLS, or there is none, as the file says.
    settings::status(service, true, &mut lost);
    let name = name(service, &mut lost);
    let mut hosts = ingress::names(service, &mut lost);
    ingress::unnamed(service, &mut lost);
    if hosts.len() > MAX_LISTENERS {
        hosts.truncate(MAX_LISTENERS);
        fields::add(&mut lost, "host");
    }
    let is_plain = service.status() == Status::Disabled;
    let targets = settings::targets(service, &mut lost);
    let mut backends = backends(&name, &targets, &mut lost);
    if backends.len() > MAX_NAMES {
        backends.truncate(MAX_NAMES);
        fields::add(&mut lost, "upstream");
    }
    let namespace = backends[0].namespace.clone();
    let meta = |name: &str, app: &str| metadata(name, app, namespace.as_deref());
    let names: Vec<Option<&String>> = match hosts.as_slice() {
        [] => vec![None],
        some => some.iter().map(Some).collect(),
    };
    let numbers = ingress::Numbers::of(service);
    let mut listeners: Vec<Value> = Vec::new();
    for (index, host) in names.iter().enumerate() {
        let (protocol, port) = if is_plain {
            ("HTTP", 80)
        } else {
            ("HTTPS", 443)
        };
        let mut listener = json!({
            "name": format!("{}-{}", if is_plain { "plain" } else { "tls" }, index + 1),
            "port": port,
            "protocol": protocol,
        });
        if let Some(host) = host {
            listener["hostname"] = host.as_str().into();
        }
        if !is_plain {
            let number = host.map_or(0, |host| numbers.get(host));
            let secret = json!({"kind": "Secret", "name": secret_name(&name, number)});
            listener["tls"] = json!({"mode": "Terminate", "certificateRefs": [secret]});
        }
        listeners.push(listener);
    }
    let has_redirect = service.tls.redirect && !is_plain;
    if has_redirect {
        listeners.push(json!({"name": "redirect", "port": 80, "protocol": "HTTP"}));
    }
    let mut objects = vec![json!({
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "Gateway",
        "metadata": meta(&name, &name),
        "spec": {"gatewayClassName": class.unwrap_or(CLASS), "listeners": listeners},
    })];
    let route = |suffix: &str, names: &[String], parents: Vec<Value>, rule: &Value| {
        let mut spec = json!({"parentRefs": parents, "rules": [rule]});
        if !names.is_empty() {
            spec["hostnames"] = json!(names);
        }
        json!({
            "apiVersion": "gateway.networking.k8s.io/v1",
            "kind": "HTTPRoute",
            "metadata": meta(&format!("{name}{suffix}"), &name),
            "spec": spec,
        })
    };
    let references: Vec<Value> = backends
        .iter()
        .map(|backend| json!({"name": backend.name, "port": backend.port}))
        .collect();
    let mut rule = json!({"backendRefs": references});
    if let Some(hsts) = service.tls.hsts.as_ref().filter(|_| !is_plain) {
        let header = json!({"name": "Strict-Transport-Security", "value": settings::hsts(hsts)});
        let modifier = json!({"set": [header]});
        rule["filters"] =
            json!([{"type": "ResponseHeaderModifier", "responseHeaderModifier": modifier}]);
    }
    let chunks: Vec<&[String]> = if hosts.is_empty() {
        vec![&[]]
    } else {
        hosts.chunks(MAX_NAMES).collect()
    };
    for (index, names) in chunks.iter().enumerate() {
        let suffix = if index == 0 {
            String::new()
        } else {
            format!("-{}", index + 1)
        };
        // Each listener by its name, so that nothing is served on the port of the redirect.
        let first = index * MAX_NAMES;
        let sections = first..first + names.len().max(1);
        let kind = if is_plain { "plain" } else { "tls" };
        let parents = sections
            .map(|at| json!({"name": name, "sectionName": format!("{kind}-{}", at + 1)}))
            .collect();
        objects.push(route(&suffix, names, parents, &rule));
    }
    if has_redirect {
        let redirect = json!({"scheme": "https", "statusCode": 301});
        let filter = json!({"type": "RequestRedirect", "requestRedirect": redirect});
        let rule = json!({"filters": [filter]});
        let parent = json!({"name": name, "sectionName": "redirect"});
        objects.push(route("-redirect", &[], vec![parent], &rule));
    }
    if is_plain {
        for field in ["tls.hsts", "tls.redirect"] {
            if fields::said(service)
                .iter()
                .any(|said| said.starts_with(field))
            {
                fields::add(&mut lost, field);
            }
        }
    }
    let exported = Exported::new(yaml::render(&objects), lost);
    let exported = match hosts.iter().find(|host| host.starts_with('*')) {
        Some(wild) => exported.noting(format!(
            "{wild} stands for names of several labels, too, in a Gateway, and has no word for one alone"
        )),
        None => exported,
    };
    if service.upstream.is_empty() {
        exported.noting(stand_in(&backends[0]))
    } else {
        exported
    }
}
