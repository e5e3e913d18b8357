//! Prints every vector of rules and of service files as the browser module takes it, one JSON object a line, with the report
//! that the native code makes of it: `cargo xtask web` holds the module's answers against these.
#![allow(clippy::print_stdout)]

use base64ct::{Base64, Encoding as _};
use keyway_chain::algorithms;
use keyway_config::forms::{self, Form};
use keyway_config::{Surroundings, check, read};
use keyway_tests::{services, vectors};
use serde_json::{Value, json};

fn main() {
    chains();
    for vector in services::all() {
        println!("{}", service(&vector));
    }
}

/// A service file with its findings, and with what every form says of it.
fn service(vector: &services::Vector) -> Value {
    let modes: Vec<(String, u32)> = vector.around.modes.clone().into_iter().collect();
    let around = Surroundings {
        managed_name: vector.around.managed_name.as_deref(),
        modes: &modes,
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
