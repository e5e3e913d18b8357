//! Prints every rule vector as the browser module takes it, one JSON object a line, with the report
//! that the native code makes of it: `cargo xtask web` holds the module's answers against these.
#![allow(clippy::print_stdout)]

use base64ct::{Base64, Encoding as _};
use keyway_chain::algorithms;
use keyway_tests::vectors;
use serde_json::{Value, json};

fn main() {
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
