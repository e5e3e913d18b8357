//! What clients said when they were asked by hand: `suites/clients/measured.json`.

use std::collections::BTreeMap;
use std::path::Path;

use keyway_chain::Profile;
use keyway_report::Verdict;
use keyway_tests::loopback::{Case, made};
use serde::Deserialize;

use crate::{answer, of_vectors};

/// The file: a letter for each client, in the order of `clients`; a dot where one was not asked.
#[derive(Deserialize)]
struct Measured {
    clients: Vec<String>,
    answers: BTreeMap<String, String>,
}

fn read() -> Measured {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("suites/clients/measured.json");
    let bytes = std::fs::read(file).expect("the file is there");
    serde_json::from_slice(&bytes).expect("the file's form")
}

fn faults(case: &Case, measured: &Measured) -> Vec<String> {
    let Some(letters) = measured.answers.get(&case.name) else {
        return Vec::new();
    };
    let clients = case.report(Profile::Private).clients;
    let said = measured.clients.iter().zip(letters.chars());
    let wrong = said.filter_map(|(family, letter)| {
        let ours = answer(&clients, family);
        let differs = match letter {
            'y' => ours.accepts == Verdict::No,
            'n' => ours.accepts == Verdict::Yes,
            _ => false,
        };
        let (name, accepts, reason) = (&case.name, ours.accepts, &ours.reason);
        differs
            .then(|| format!("{name}: {family}: we say {accepts:?} ({reason}), it said {letter}"))
    });
    wrong.collect()
}

#[test]
fn no_answer_contradicts_a_client_that_was_asked() {
    let measured = read();
    let cases: Vec<Case> = made::cases().into_iter().chain(of_vectors()).collect();
    let known = cases
        .iter()
        .filter(|case| measured.answers.contains_key(&case.name));
    assert!(known.count() > 300, "most cases were measured");
    let faults: Vec<String> = cases
        .iter()
        .flat_map(|case| faults(case, &measured))
        .collect();
    assert!(
        faults.is_empty(),
        "{}:\n{}",
        faults.len(),
        faults.join("\n")
    );
}
