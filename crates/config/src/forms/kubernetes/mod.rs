//! Kubernetes objects, as YAML. Read are YAML and JSON, one object or several.

mod annotations;
pub(super) mod certificate;
pub(super) mod deployment;
pub(super) mod gateway;
pub(super) mod ingress;
mod objects;
mod others;
mod ports;
mod ruled;
pub(super) mod secret;
mod yaml;

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::fields;
use super::settings::{self, Target};
use crate::Service;
use crate::forms::fields::Lost;
use crate::hostname::{self, MAX_LABEL};

/// Room for what is added to a name: `-tls-1000`, `-redirect`, `-keyway`.
const MAX_SUFFIX: usize = 10;

/// Longest name that is made here.
const MAX_MADE: usize = MAX_LABEL - MAX_SUFFIX;

/// What the objects of a service are called: its name, or its first host with hyphens for dots, so that those of two
/// services in one namespace are called differently. A name of a Service is the strictest kind, a DNS label that begins
/// with a letter (Kubernetes: "Object Names and IDs", RFC 1035 label names).
fn name(service: &Service, lost: &mut Lost) -> String {
    let host = settings::ascii(service.host.iter().next().unwrap_or_default()).to_ascii_lowercase();
    let made = of_host(&host, service);
    let candidates = [service.name.as_deref(), Some(made.as_str())];
    let is_good = |text: &&str| {
        hostname::label_fault(text).is_none()
            && text.len() <= MAX_MADE
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && !text.contains(|letter: char| letter.is_ascii_uppercase())
    };
    let found = candidates.into_iter().flatten().find(is_good);
    let found = found.unwrap_or("service");
    if service.name.as_deref().is_some_and(|name| name != found) {
        fields::add(lost, "name");
    }
    found.to_owned()
}

/// A name made of a host, with the port that is listened at where that is another one than is usual.
fn of_host(host: &str, service: &Service) -> String {
    let letters = match host.trim_start_matches("*.") {
        "" => "service",
        letters => letters,
    };
    let mut made = letters.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
    if !made.starts_with(|first: char| first.is_ascii_lowercase()) {
        made.insert_str(0, "service-");
    }
    let listens = settings::listens(service, &mut Lost::default());
    let port = listens.first().map(SocketAddr::port);
    let port = port.filter(|port| ![80, 443].contains(port));
    let mut end = port.map_or_else(String::new, |port| format!("-{port}"));
    // Dots and other letters become the same hyphen: what is more than dots, or cut, is told apart by its sum.
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '.';
    if !host.chars().all(is_plain) || made.len() + end.len() > MAX_MADE {
        end = format!("-{:08x}{end}", sum(host));
    }
    made.truncate(MAX_MADE - end.len());
    made.truncate(made.trim_end_matches('-').len());
    made + &end
}

/// A sum of a text by which few texts meet (Fowler, Noll and Vo: FNV-1a, 32 bits).
fn sum(text: &str) -> u32 {
    let bytes = text.bytes();
    bytes.fold(0x811c_9dc5, |sum, byte| {
        (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// What the Secret of a certificate is called, the service's own being number 0.
fn secret_name(name: &str, number: usize) -> String {
    match number {
        0 => format!("{name}-tls"),
        number => format!("{name}-tls-{}", number + 1),
    }
}

/// The labels that everything of a service carries (Kubernetes: "Recommended Labels").
fn labels(name: &str) -> Value {
    json!({"app.kubernetes.io/name": name, "app.kubernetes.io/managed-by": "keyway"})
}

/// A Service of the cluster.
struct Backend {
    name: String,
    namespace: Option<String>,
    port: u16,
}

/// The Service that an upstream names: `http://name:port`, `http://name.namespace.svc:port` or the same
/// with `.cluster.local` (Kubernetes: "DNS for Services and Pods"). `None` for anything else.
fn backend(target: &Target) -> Option<Backend> {
    if hostname::is_this_machine(&target.host) {
        return None;
    }
    let host = target.host.strip_suffix(".cluster.local");
    let host = host.unwrap_or(&target.host);
    let mut labels = host.split('.');
    let name = labels.next()?.to_owned();
    let namespace = labels.next().map(str::to_owned);
    let is_whole = match &namespace {
        None => host.len() == target.host.len(),
        Some(_) => labels.next() == Some("svc") && labels.next().is_none(),
    };
    let is_service = name.starts_with(|first: char| first.is_ascii_lowercase())
        && [Some(&name), namespace.as_ref()]
            .into_iter()
            .flatten()
            .all(|label| {
                hostname::label_fault(label).is_none()
                    && !label.contains(|letter: char| letter.is_ascii_uppercase())
            });
    (is_whole && is_service && !target.is_tls).then_some(Backend {
        name,
        namespace,
        port: target.port,
    })
}

/// Whether an upstream is a Service of the cluster.
pub(super) fn is_service(target: &Target) -> bool {
    backend(target).is_some()
}

/// The Services behind a service; where it names none, one that is called as the service is.
fn backends(name: &str, targets: &[Target], lost: &mut Lost) -> Vec<Backend> {
    let mut backends: Vec<Backend> = targets.iter().filter_map(backend).collect();
    // One namespace for all: others need a grant of their own.
    if let Some(namespace) = backends.first().map(|first| first.namespace.clone()) {
        backends.retain(|backend| backend.namespace == namespace);
    }
    if backends.len() < targets.len() {
        fields::add(lost, "upstream");
    }
    if backends.is_empty() {
        backends.push(Backend {
            name: name.to_owned(),
            namespace: None,
            port: targets.first().map_or(80, |target| target.port),
        });
    }
    backends
}

/// The namespace of what is behind a service, where one is said: what belongs together is in it.
fn namespace(service: &Service) -> Option<String> {
    let targets = settings::targets(service, &mut Lost::default());
    targets.iter().find_map(backend)?.namespace
}

/// Said where a service names nothing behind it.
fn stand_in(backend: &Backend) -> String {
    format!(
        "no upstream is said, and what is written leads to a Service {} of the cluster at port {}: set `upstream`",
        backend.name, backend.port
    )
}

/// Name, namespace and labels.
fn metadata(name: &str, app: &str, namespace: Option<&str>) -> Value {
    let mut metadata = json!({"name": name, "labels": labels(app)});
    if let Some(namespace) = namespace {
        metadata["namespace"] = namespace.into();
    }
    metadata
}
