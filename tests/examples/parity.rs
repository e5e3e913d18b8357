//! Prints every vector of rules, of service files and of plans for zones as the browser module takes it, one JSON object a line, with the report
//! that the native code makes of it: `cargo xtask web` holds the module's answers against these.
#![allow(clippy::print_stdout)]

use base64ct::{Base64, Encoding as _};
use keyway_chain::algorithms;
use keyway_config::forms::{self, Form};
use keyway_config::{Surroundings, check, read};
use keyway_dns::name::Name;
use keyway_dns::plan::answer::Planned;
use keyway_dns::plan::{self, State};
use keyway_dns::wanted::{Endpoint, Issuer, Need, wanted};
use keyway_dns::zone::{ReadOptions, ZoneAnswer};
use keyway_tests::{services, vectors};
use serde_json::{Value, json};

fn main() {
    chains();
    for vector in services::all() {
        println!("{}", service(&vector));
    }
    for endpoint in ENDPOINTS {
        println!("{}", zone(endpoint));
    }
}

/// What a service may be at: addresses of both families, and a name.
const ENDPOINTS: &[&[&str]] = &[&["192.0.2.10", "2001:db8::10"], &["lb.example.net"]];

/// A zone with records of another service, one of which no rule lets stand unsaid.
const ZONE: &str = "$ORIGIN contoso.com.\n$TTL 1h\n\
    @ SOA ns1 admin 1 2h 30m 2w 1h\n@ NS ns1\nns1 A 192.0.2.53\n\
    www A 192.0.2.9\nalias CNAME www\nmail MX 10 alias\n";

/// Why nobody says where names lead that are not in it.
const UNTRIED: &str = "a zone file says nothing of names that are not in it";

/// A need of that zone, with what is said of the zone and with the plan that leads there, as the command
/// line writes it.
fn zone(endpoint: &[&str]) -> Value {
    let host = Name::read("www.contoso.com").expect("a name");
    let addresses: Vec<_> = endpoint.iter().filter_map(|one| one.parse().ok()).collect();
    let need = Need {
        hosts: vec![host],
        endpoint: if addresses.is_empty() {
            Endpoint::Name(Name::read(endpoint[0]).expect("a name"))
        } else {
            Endpoint::Addresses(addresses)
        },
        ttl: 300,
        issuers: vec![Issuer {
            domain: "letsencrypt.org".to_owned(),
            account: None,
            methods: Vec::new(),
        }],
        pins: Vec::new(),
        port: keyway_dns::wanted::HTTPS_PORT,
        alpn: vec!["h2".to_owned(), "http/1.1".to_owned()],
        hints: true,
        challenges: Vec::new(),
        standing: None,
    };
    let read = keyway_dns::zone::read(ZONE.as_bytes(), "contoso.com", &ReadOptions::default());
    let read = read.expect("within limits");
    let (top, state) = (Name::of_origin(&read.zone), State::of_zone(&read.zone));
    let sets = wanted(&need).expect("fits");
    let made = plan::plan(&top, &state, &sets, plan::MAX_SHARE).expect("leads there");
    let known = plan::foreseen(&made, &state, &sets, UNTRIED);
    let planned = Planned::new(&made, known);
    json!({
        "id": format!("dns: {}", endpoint.join(" ")),
        "zone": ZONE,
        "need": {
            "hosts": ["www.contoso.com"], "endpoint": endpoint, "ca": ["letsencrypt.org"],
            "https": true, "hints": true,
        },
        "checked": json!(ZoneAnswer::of(&read, "zone")).to_string(),
        "planned": json!(planned).to_string(),
    })
}

/// A service file with its findings, and with what every form says of it.
fn service(vector: &services::Vector) -> Value {
    let modes: Vec<(String, u32)> = vector.around.modes.clone().into_iter().collect();
    let around = Surroundings {
        managed_name: vector.around.managed_name.as_deref(),
        modes: &modes,
        ..Surroundings::default()
    };
    let draft = read(&vector.text).unwrap_or_else(|error| panic!("{}: {error}", vector.id));
    let forms: Vec<Value> = Form::ALL
        .iter()
        .map(|form| {
            let exported = forms::export(&draft.service, *form, &|_| None);
            let imported = forms::import(&exported.text, *form).ok();
            json!({
                "form": form.word(),
                "text": exported.text,
                "findings": forms::findings(&exported, *form, "service"),
                "refused": exported.refused.as_ref().map(ToString::to_string),
                "back": imported.map(|imported| imported.service.to_toml()),
            })
        })
        .collect();
    json!({
        "id": vector.id,
        "service": vector.text,
        "options": { "managed_name": vector.around.managed_name, "modes": vector.around.modes },
        "findings": json!(check(&draft, "service", &around)).to_string(),
        "forms": forms,
    })
}

fn chains() {
    for vector in vectors::rules() {
        let file = |name: &str, bytes: &[u8]| json!({ "name": name, "base64": Base64::encode_string(bytes) });
        let roots: Vec<Value> = vector
            .roots
            .iter()
            .map(|bytes| file("roots", bytes))
            .collect();
        let (own, public) = if vector.case.public_roots {
            (Vec::new(), roots)
        } else {
            (roots, Vec::new())
        };
        let files: Vec<Value> = vector
            .files
            .iter()
            .map(|(name, bytes)| file(name, bytes))
            .collect();
        let case = &vector.case;
        let line = json!({
            "id": vector.to_string(),
            "files": files,
            "options": {
                "now": case.at,
                "hosts": case.hosts,
                "roots": "none",
                "own_roots": own,
                "public_roots": public,
                "purpose": case.purpose,
                "profile": case.profile,
                "passwords": case.passwords,
                "max_intermediates": case.max_intermediates,
                "warn_at_percent": case.warn_at,
            },
            "report": vector.check(algorithms::rustcrypto()).to_json(false),
        });
        println!("{line}");
    }
}
