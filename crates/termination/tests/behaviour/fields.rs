//! Every field of a service file changes what is served, or somebody else answers for it.

use std::collections::BTreeSet;

use keyway_termination::{Listener, Site};
use keyway_testkit::{Chain, HOST};

use crate::support::{entry, supplies, tickets};

/// What all services below say.
const BASE: &str = "upstream = \"http://127.0.0.1:5001\"\ntls.status = \"enabled\"\n";

/// A line for each field that a server goes by. It takes the place of one of [`BASE`] that begins alike.
const SERVED: &[(&str, &str)] = &[
    ("host", "host = \"www.example.com\"\n"),
    ("upstream", "upstream = \"http://127.0.0.1:5002\"\n"),
    ("listen", "listen = \"[::]:8443\"\n"),
    ("mode", "mode = \"tcp\"\nupstream = \"127.0.0.1:5001\"\n"),
    ("balance", "balance = \"least-busy\"\n"),
    ("health.path", "health = { path = \"/healthz\" }\n"),
    ("health.every", "health = { every = 5 }\n"),
    (
        "proxy_protocol.from",
        "proxy_protocol = { from = \"10.0.0.0/8\" }\n",
    ),
    (
        "proxy_protocol.send",
        "mode = \"tcp\"\nupstream = \"127.0.0.1:5001\"\nproxy_protocol = { send = \"v1\" }\n",
    ),
    (
        "tls.default_certificate",
        "tls.default_certificate = true\n",
    ),
    ("tls.status", "tls.status = \"disabled\"\n"),
    ("tls.profile", "tls.profile = \"modern\"\n"),
    ("tls.min_version", "tls.min_version = \"1.3\"\n"),
    ("tls.max_version", "tls.max_version = \"1.2\"\n"),
    ("tls.alpn", "tls.alpn = \"http/1.1\"\n"),
    ("tls.hsts.max_age", "tls.hsts = { max_age = 5 }\n"),
    (
        "tls.hsts.include_subdomains",
        "tls.hsts = { max_age = 5, include_subdomains = true }\n",
    ),
    (
        "tls.hsts.preload",
        "tls.hsts = { max_age = 5, preload = true }\n",
    ),
    ("tls.redirect", "tls.redirect = true\n"),
    ("tls.client.mode", "tls.client.mode = \"optional\"\n"),
    ("timeouts.handshake", "timeouts.handshake = 7\n"),
    ("timeouts.header", "timeouts.header = 7\n"),
    ("timeouts.body", "timeouts.body = 7\n"),
    ("timeouts.idle", "timeouts.idle = 7\n"),
    ("timeouts.connect", "timeouts.connect = 7\n"),
    ("timeouts.drain", "timeouts.drain = 7\n"),
    ("limits.connections", "limits.connections = 7\n"),
    (
        "limits.connections_per_address",
        "limits.connections_per_address = 7\n",
    ),
    ("limits.handshakes", "limits.handshakes = 7\n"),
    ("limits.header_bytes", "limits.header_bytes = 9000\n"),
    ("limits.body_bytes", "limits.body_bytes = 7\n"),
    ("limits.body_rate", "limits.body_rate = 7\n"),
];

/// Fields that name files or secrets, which whoever starts the server reads: tests of `keyway serve` hold them.
const SUPPLIED: &[&str] = &[
    "tls.certificate",
    "tls.key",
    "tls.password",
    "tls.ocsp",
    "tls.ticket_keys",
    "tls.certificates",
    "tls.client.ca",
    "tls.client.crl",
];

/// Fields that say nothing to a server: of names, of records, of certificates that are made, of editors.
const ELSEWHERE: &[&str] = &[
    "$schema",
    "name",
    "endpoint",
    "dns",
    "tls.leaf_domain_label",
    "tls.region",
    "tls.zone",
    "tls.overwrite_existing_domain",
    "tls.renew",
    "tls.issuer",
    "tls.acme",
];

/// What is served by a service file, and where; or why it is not.
fn served(text: &str) -> String {
    let service = keyway_config::read(text).unwrap().service;
    let chain = Chain::good();
    let mut supplies = supplies(vec![entry(&[HOST], &chain)]);
    supplies.clients.roots = vec![chain.root.der().to_vec().into()];
    let site = Site::new(&service, &supplies, &tickets()).unwrap();
    let text = format!("{site:?} {:?}", Listener::all_of(&service));
    without_moments(&text)
}

/// Since when an upstream is known differs from run to run, and from nothing that a file says.
fn without_moments(text: &str) -> String {
    let mut parts = text.split("Instant {");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |whole, part| {
        let (_, after) = part.split_once('}').unwrap();
        whole + after
    })
}

fn changed(line: &str) -> String {
    let field = |line: &str| line.split(' ').next().map(str::to_owned);
    let new: Vec<Option<String>> = line.lines().map(field).collect();
    let old = BASE.lines().filter(|line| !new.contains(&field(line)));
    old.chain([line]).collect::<Vec<&str>>().join("\n")
}

#[test]
fn each_changes_what_is_served() {
    let base = served(BASE);
    assert_eq!(base, served(BASE), "the same file is served the same way");
    for (field, line) in SERVED {
        assert_ne!(
            served(&changed(line)),
            base,
            "{field} is accepted and ignored"
        );
    }
}

#[test]
fn none_is_forgotten_here() {
    let schema = include_str!("../../../../docs/schema/keyway.service-1.json");
    let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
    let mut fields = BTreeSet::new();
    collect(&schema, &schema, "", &mut fields);
    let served: BTreeSet<&str> = SERVED.iter().map(|(field, _)| *field).collect();
    // Other names of fields and of tables stand in the schema, too.
    let aliases: Vec<String> = keyway_config::aliases().map(|(name, _)| name).collect();
    let is_below = |field: &str, table: &str| {
        let rest = field.strip_prefix(table);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let is_alias = |field: &str| aliases.iter().any(|alias| is_below(field, alias));
    for field in fields.iter().filter(|field| !is_alias(field)) {
        let is_known = served.contains(field.as_str())
            || SUPPLIED.iter().any(|known| is_below(field, known))
            || ELSEWHERE.iter().any(|known| is_below(field, known));
        assert!(is_known, "nobody says what a server does with `{field}`");
    }
    for field in served {
        assert!(fields.contains(field), "`{field}` is no field");
    }
}

/// The paths of all fields that have no fields below.
fn collect(
    schema: &serde_json::Value,
    part: &serde_json::Value,
    path: &str,
    fields: &mut BTreeSet<String>,
) {
    let part = part["$ref"]
        .as_str()
        .and_then(|place| schema.pointer(place.strip_prefix('#')?))
        .unwrap_or(part);
    let mut parts = vec![part];
    parts.extend(part["anyOf"].as_array().into_iter().flatten());
    let below = parts.iter().find_map(|part| {
        let part = part["$ref"]
            .as_str()
            .and_then(|place| schema.pointer(place.strip_prefix('#')?))
            .unwrap_or(part);
        part["properties"].as_object()
    });
    let Some(below) = below else {
        fields.insert(path.to_owned());
        return;
    };
    for (name, part) in below {
        let path = if path.is_empty() {
            name.clone()
        } else {
            format!("{path}.{name}")
        };
        collect(schema, part, &path, fields);
    }
}
