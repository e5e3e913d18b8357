//! Edges between our crates run only downwards: shells, services, models, vocabulary.

use serde_json::Value;

use crate::command::Command;
use crate::failure::Failure;
use crate::tidy::complaint::Complaint;

/// The storey of each crate. An edge leads to a lower number; the kit stands beside the house.
const STOREYS: &[(&str, u8)] = &[
    ("keyway-report", 0),
    ("keyway-chain", 1),
    ("keyway-config", 1),
    ("keyway-dns", 1),
    ("keyway-issue", 2),
    ("keyway-termination", 2),
    ("keyway-issue", 2),
    ("keyway", 3),
    ("keyway-wasm", 3),
    ("keyway-fuzz", 4),
    ("xtask", 4),
    ("keyway-tests", 5),
];

/// Makes certificates for tests: knows none of our crates, and only tests know it.
const KIT: &str = "keyway-testkit";

/// Complains about edges that do not run downwards.
pub(crate) fn check() -> Result<Vec<Complaint>, Failure> {
    let answer = Command::cargo()
        .args(["metadata", "--no-deps", "--format-version", "1", "--locked"])
        .output()?;
    let metadata: Value = serde_json::from_str(&answer).map_err(|error| Failure::Answer {
        program: "cargo metadata".into(),
        detail: error.to_string(),
    })?;
    Ok(judge(&metadata))
}

fn judge(metadata: &Value) -> Vec<Complaint> {
    let empty = Vec::new();
    let list = |value: &Value, key: &str| value[key].as_array().unwrap_or(&empty).clone();
    let mut complaints = Vec::new();
    for package in list(metadata, "packages") {
        let from = package["name"].as_str().unwrap_or_default();
        if from != KIT && storey(from).is_none() {
            complaints.push(Complaint::about(
                from,
                "has no storey in the house: give it one",
            ));
        }
        for dependency in list(&package, "dependencies") {
            let to = dependency["name"].as_str().unwrap_or_default();
            // Ours are the ones with a path; every other crate comes from outside.
            let ours = dependency["path"].is_string();
            let development = dependency["kind"] == "dev";
            if ours && !allowed(from, to, development) {
                complaints.push(Complaint::about(
                    from,
                    format!("depends on `{to}`, which is not below it"),
                ));
            }
        }
    }
    complaints
}

fn allowed(from: &str, to: &str, development: bool) -> bool {
    match (from, to) {
        (KIT, _) => false,
        (from, KIT) => development || from == "keyway-tests" || from == "keyway-fuzz",
        (from, to) => matches!((storey(from), storey(to)), (Some(from), Some(to)) if to < from),
    }
}

fn storey(name: &str) -> Option<u8> {
    STOREYS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, storey)| *storey)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn house(from: &str, to: &str, kind: Option<&str>) -> usize {
        let metadata = serde_json::json!({"packages": [{
            "name": from,
            "dependencies": [{"name": to, "kind": kind, "path": "somewhere"}, {"name": "serde"}],
        }]});
        judge(&metadata).len()
    }

    #[test]
    fn edges_up_or_sideways_are_refused() {
        assert_eq!(house("keyway-report", "keyway-chain", None), 1);
        assert_eq!(house("keyway-chain", "keyway-dns", None), 1);
        assert_eq!(house("keyway-testkit", "keyway-report", None), 1);
        assert_eq!(house("keyway-chain", "keyway-testkit", None), 1);
        assert_eq!(house("keyway-newcomer", "keyway-report", None), 2);
    }

    #[test]
    fn edges_down_and_the_kit_in_tests_are_fine() {
        assert_eq!(house("keyway", "keyway-chain", None), 0);
        assert_eq!(house("keyway-chain", "keyway-report", None), 0);
        assert_eq!(house("keyway-chain", "keyway-testkit", Some("dev")), 0);
    }
}
