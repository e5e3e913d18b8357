//! The terminator in a cluster: ConfigMap, Deployment, Service and PodDisruptionBudget. The pods keep to
//! the restricted Pod Security Standard. The Secrets are those of `kubernetes-secret`.

use std::collections::HashSet;
use std::net::SocketAddr;

use keyway_report::escape;
use serde_json::{Value, json};

use super::{backend, labels, metadata, name, namespace, secret_name, yaml};
use crate::Service;
use crate::forms::fields::Lost;
use crate::forms::words::quoted;
use crate::forms::{Exported, Place, Trust, fields, settings};
use crate::hostname;
use crate::model::{Dns, Listed, Material, Status};

/// Where the service file and the Secrets are mounted.
const FOLDER: &str = "/etc/keyway";

/// The volume of the keys of tickets, and what is added to a name for their Secret.
const TICKETS: &str = "tickets";

/// The same of the CA of clients, where cert-manager makes the Secret of the certificate: a `ca.crt` in there is of who
/// issued it.
const CLIENTS: &str = "clients";

/// Where that CA is in the pod.
fn clients_file() -> String {
    format!("{FOLDER}/{CLIENTS}/ca.crt")
}

/// The file of the roots that are trusted, beside the service file.
const ROOTS: &str = "roots.pem";

/// Where probes ask, unless the service listens there: at its own addresses, each of their connections would be one that
/// went away before its handshake. The port of OpenTelemetry's exporter for Prometheus.
const METRICS: u16 = 9464;

/// A user that owns nothing.
const USER: u32 = 65532;

/// A file of the Secret of a certificate, in the pod.
fn mounted(number: usize, file: &str) -> Material {
    Material::Path(match number {
        0 => format!("{FOLDER}/tls/{file}"),
        number => format!("{FOLDER}/tls-{}/{file}", number + 1),
    })
}

/// The addresses that pods listen on: all, as probes and the Service come to the pod's own.
fn everywhere(listen: &Listed) -> Listed {
    let text = |text: &str| match text.parse::<SocketAddr>() {
        Ok(at) if !at.ip().is_unspecified() => format!("[::]:{}", at.port()),
        _ => text.to_owned(),
    };
    let addresses: Vec<String> = listen.iter().map(text).collect();
    let parsed = addresses.iter().filter_map(|text| text.parse().ok());
    let mut once: Vec<SocketAddr> = settings::distinct(&parsed.collect::<Vec<_>>());
    let kept = addresses.into_iter().filter(|text| {
        // What is no address stays as it is, to be told.
        let at = text.parse().ok();
        at.is_none_or(|at: SocketAddr| {
            let place = once.iter().position(|known| *known == at);
            place.map(|place| once.remove(place)).is_some()
        })
    });
    Listed(kept.collect())
}

/// What pods cannot share or do not carry.
fn portable(service: &Service, lost: &mut Lost) -> Service {
    let mut inside = service.clone();
    let is_managed = service.status() == Status::Auto;
    let mut dropped = Vec::new();
    inside.listen = everywhere(&service.listen);
    if inside.listen != service.listen {
        dropped.push("listen".to_owned());
    }
    let tls = &mut inside.tls;
    if is_managed {
        // What cert-manager makes in the place of Keyway lies in the same Secret: TLS stays on.
        tls.status = None;
        tls.certificate = Some(mounted(0, "tls.crt"));
        tls.key = Some(mounted(0, "tls.key"));
    }
    tls.leaf_domain_label = None;
    tls.region = None;
    tls.zone = None;
    tls.issuer = None;
    tls.overwrite_existing_domain = false;
    tls.renew = false;
    tls.password = None;
    tls.client.crl = Listed::default();
    tls.ocsp = None;
    if !tls.ticket_keys.is_empty() {
        // All pods have the same, so that each reads what another wrote.
        let numbers = 1..=tls.ticket_keys.0.len();
        let file = |number| format!("{FOLDER}/{TICKETS}/{number}.key");
        tls.ticket_keys = numbers.map(file).collect();
        dropped.push("tls.ticket_keys".to_owned());
    }
    inside.dns = Dns::default();
    // A ConfigMap is read by many: no password goes into it.
    let before = inside.upstream.0.len();
    inside
        .upstream
        .0
        .retain(|text| hostname::user(text).is_none());
    if inside.upstream.0.len() < before {
        dropped.push("upstream".to_owned());
    }
    inside.endpoint = inside
        .endpoint
        .filter(|text| hostname::user(text).is_none());
    for (material, file) in [(&mut tls.certificate, "tls.crt"), (&mut tls.key, "tls.key")] {
        if material.is_some() {
            *material = Some(mounted(0, file));
        }
    }
    match &tls.client.ca {
        Some(Material::Path(_)) if is_managed => {
            tls.client.ca = Some(Material::Path(clients_file()));
            dropped.push("tls.client.ca".to_owned());
        }
        // It is public, and stays where it is written.
        Some(Material::Pem(_)) if is_managed => {}
        Some(_) => tls.client.ca = Some(mounted(0, "ca.crt")),
        None => {}
    }
    for (index, own) in tls.certificates.iter_mut().enumerate() {
        own.certificate = mounted(index + 1, "tls.crt");
        own.key = mounted(index + 1, "tls.key");
        if own.password.take().is_some() {
            dropped.push(format!("tls.certificates[{index}].password"));
        }
        if own.ocsp.take().is_some() {
            dropped.push(format!("tls.certificates[{index}].ocsp"));
        }
    }
    let kept: HashSet<String> = fields::said(&inside).into_iter().collect();
    let said = fields::said(service);
    dropped.extend(said.into_iter().filter(|field| !kept.contains(field)));
    if service.tls.status == Some(Status::Auto) {
        dropped.push("tls.status".to_owned());
    }
    for field in dropped {
        fields::add(lost, &field);
    }
    inside
}

/// The ports that are listened on: number and name.
fn ports(service: &Service, lost: &mut Lost) -> Vec<(u16, String)> {
    let listens = settings::listens(service, lost);
    let mut ports: Vec<(u16, String)> = Vec::new();
    let is_plain = service.status() == Status::Disabled;
    for port in listens.iter().map(SocketAddr::port) {
        if ports.iter().all(|(known, _)| *known != port) {
            let kind = if is_plain { "plain" } else { "tls" };
            ports.push((port, format!("{kind}-{port}")));
        }
    }
    if service.tls.redirect && !is_plain && ports.iter().all(|(known, _)| *known != 80) {
        ports.push((80, "redirect".to_owned()));
    }
    ports
}

/// Volumes and where they are mounted: the service file is in the ConfigMap of this name, and the Secrets are called
/// after the service.
fn volumes(file: &str, name: &str, service: &Service) -> (Vec<Value>, Vec<Value>) {
    let mut volumes = vec![json!({"name": "service", "configMap": {"name": file}})];
    let mut mounts = vec![
        json!({"name": "service", "mountPath": format!("{FOLDER}/service"), "readOnly": true}),
    ];
    let tls = &service.tls;
    let has_clients = tls.client.ca == Some(Material::Path(clients_file()));
    let has_own =
        tls.certificate.is_some() || tls.key.is_some() || tls.client.ca.is_some() && !has_clients;
    let numbers = (0..=tls.certificates.len()).filter(|number| *number > 0 || has_own);
    for number in numbers {
        let volume = match number {
            0 => "tls".to_owned(),
            number => format!("tls-{}", number + 1),
        };
        mounts.push(
            json!({"name": volume, "mountPath": format!("{FOLDER}/{volume}"), "readOnly": true}),
        );
        // 0440: root and the pod's group.
        let secret = json!({"secretName": secret_name(name, number), "defaultMode": 0o440});
        volumes.push(json!({"name": volume, "secret": secret}));
    }
    let made = [
        (TICKETS, !tls.ticket_keys.is_empty()),
        (CLIENTS, has_clients),
    ];
    for (volume, _) in made.into_iter().filter(|(_, is_there)| *is_there) {
        mounts.push(
            json!({"name": volume, "mountPath": format!("{FOLDER}/{volume}"), "readOnly": true}),
        );
        let secret = json!({"secretName": format!("{name}-{volume}"), "defaultMode": 0o440});
        volumes.push(json!({"name": volume, "secret": secret}));
    }
    (volumes, mounts)
}

/// How a Secret of files comes to be that no export makes.
fn made(service: &Service, volume: &str, files: impl Iterator<Item = String>) -> String {
    let name = name(service, &mut Lost::default());
    let place = namespace(service).map_or_else(String::new, |name| format!(" --namespace {name}"));
    let files = files.map(|file| escape::text(&quoted(&format!("--from-file={file}"))));
    let files = files.collect::<Vec<_>>().join(" ");
    format!("kubectl create secret generic {name}-{volume}{place} {files}")
}

/// How the Secret with the keys of tickets comes to be: they are bytes, which no text holds.
pub(in crate::forms) fn tickets(service: &Service) -> String {
    let files = service.tls.ticket_keys.iter().enumerate();
    let files = files.map(|(index, path)| format!("{}.key={path}", index + 1));
    let made = made(service, TICKETS, files);
    format!("its pods have them of a Secret that you make: {made}")
}

/// How the Secret with the CA of clients comes to be.
pub(in crate::forms) fn clients(service: &Service) -> String {
    let path = service.tls.client.ca.as_ref().and_then(Material::path);
    let made = made(
        service,
        CLIENTS,
        path.iter().map(|path| format!("ca.crt={path}")),
    );
    format!(
        "cert-manager's Secret has none of yours, so its pods have it of one that you make: {made}"
    )
}

/// What the Deployment and its Service are called: other than a Service behind them, whose place they would take.
fn beside(name: &str, service: &Service) -> String {
    let targets = settings::targets(service, &mut Lost::default());
    let mut behind = targets.iter().filter_map(backend);
    if behind.any(|behind| behind.name == name) {
        format!("{name}-keyway")
    } else {
        name.to_owned()
    }
}

/// What pods are told of by what certificates are judged.
fn trusted(trust: &Trust<'_>) -> Vec<String> {
    let words = trust.roots.iter().filter(|roots| !roots.starts_with('/'));
    let file = trust.anchors.map(|_| format!("{FOLDER}/service/{ROOTS}"));
    let roots = words
        .cloned()
        .chain(file)
        .map(|roots| ["--roots".to_owned(), roots]);
    let profile = trust
        .profile
        .map(|profile| ["--profile", profile].map(str::to_owned));
    roots.chain(profile).flatten().collect()
}

/// The terminator with so many replicas of an image.
pub(in crate::forms) fn export(service: &Service, place: &Place<'_>) -> Exported {
    let (replicas, image) = (place.replicas, place.image);
    // The name is in the service file, whatever the objects are called.
    let name = name(service, &mut Lost::default());
    let mut lost = Lost::default();
    let inside = portable(service, &mut lost);
    let ports = ports(&inside, &mut lost);
    let own = beside(&name, service);
    let (volumes, mounts) = volumes(&own, &name, &inside);
    let name = own;
    let selector = json!({"app.kubernetes.io/name": name});
    let is_taken = |port: &u16| ports.iter().any(|(known, _)| known == port);
    let metrics = (METRICS..=u16::MAX)
        .find(|port| !is_taken(port))
        .unwrap_or(METRICS);
    let named = ports.iter().map(|(port, name)| (*port, name.as_str()));
    let named = named.chain([(metrics, "metrics")]);
    let probe = |path: &str, period: u8| json!({"httpGet": {"path": path, "port": "metrics"}, "periodSeconds": period, "timeoutSeconds": 2});
    let mut data = json!({"keyway.toml": inside.to_toml()});
    if let Some(anchors) = place.trust.anchors {
        // They are public, like the file.
        data[ROOTS] = json!(anchors);
    }
    let mut args = vec!["serve".to_owned(), format!("{FOLDER}/service/keyway.toml")];
    args.extend(["--metrics".to_owned(), format!("[::]:{metrics}")]);
    args.extend(trusted(&place.trust));
    let container = json!({
        "name": "keyway",
        "image": image,
        "args": args,
        "ports": named
            .map(|(port, name)| json!({"name": name, "containerPort": port}))
            .collect::<Vec<_>>(),
        "readinessProbe": probe("/readyz", 5),
        "livenessProbe": probe("/healthz", 20),
        "resources": {
            "requests": {"cpu": "50m", "memory": "32Mi"},
            "limits": {"memory": "256Mi"},
        },
        "securityContext": {
            "allowPrivilegeEscalation": false,
            "readOnlyRootFilesystem": true,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": mounts,
    });
    let drain = service.timeouts.drain.unwrap_or(30);
    let pod = json!({
        "automountServiceAccountToken": false,
        // Five seconds more than connections are given to end.
        "terminationGracePeriodSeconds": u64::from(drain) + 5,
        "securityContext": {
            "runAsNonRoot": true,
            "runAsUser": USER,
            "runAsGroup": USER,
            "fsGroup": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
            // Ports below 1024 without a capability; a safe sysctl since Kubernetes 1.22.
            "sysctls": [{"name": "net.ipv4.ip_unprivileged_port_start", "value": "0"}],
        },
        "topologySpreadConstraints": [{
            "maxSkew": 1,
            "topologyKey": "kubernetes.io/hostname",
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": selector},
        }],
        "containers": [container],
        "volumes": volumes,
    });
    let service_ports: Vec<Value> = ports
        .iter()
        .map(|(port, name)| json!({"name": name, "port": port, "targetPort": name}))
        .collect();
    let meta = metadata(&name, &name, namespace(service).as_deref());
    let mut objects = vec![
        json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": meta,
            "data": data,
        }),
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta,
            "spec": {
                "replicas": replicas,
                "selector": {"matchLabels": selector},
                "strategy": {
                    "type": "RollingUpdate",
                    "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1},
                },
                "template": {"metadata": {"labels": labels(&name)}, "spec": pod},
            },
        }),
        json!({
            "apiVersion": "v1", "kind": "Service", "metadata": meta,
            "spec": {"type": "LoadBalancer", "selector": selector, "ports": service_ports},
        }),
    ];
    if replicas > 1 {
        // With one replica a budget would keep its node from being drained.
        objects.push(json!({
            "apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": meta,
            "spec": {"maxUnavailable": 1, "selector": {"matchLabels": selector}},
        }));
    }
    Exported::new(yaml::render(&objects), lost).noting_issuer(service, &place.trust)
}
