//! What clients said when they were asked by hand: `suites/clients/measured.json`.

use std::collections::BTreeMap;
use std::path::Path;

use keyway_chain::Profile;
use keyway_report::Verdict;
use keyway_tests::loopback::made;
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

/// Of the answers that were measured, how many are "unknown" here: each family's, in the order of the
/// file. One more means that something is known no longer; one less, that this number is out of date.
const UNKNOWN: [usize; 7] = [19, 14, 14, 13, 14, 23, 18];

#[test]
fn no_answer_contradicts_a_client_that_was_asked_and_few_leave_it_open() {
    let measured = read();
    let (mut known, mut unknown, mut faults) = (0, [0; 7], Vec::new());
    for case in made::cases().into_iter().chain(of_vectors()) {
        let Some(letters) = measured.answers.get(&case.name) else {
            continue;
        };
        known += 1;
        let clients = case.report(Profile::Private).clients;
        let said = measured.clients.iter().zip(letters.chars());
        for (open, (family, letter)) in unknown.iter_mut().zip(said) {
            let ours = answer(&clients, family);
            match (letter, ours.accepts) {
                ('y' | 'n', Verdict::Unknown) => *open += 1,
                ('y', Verdict::No) | ('n', Verdict::Yes) => {
                    let (name, accepts, reason) = (&case.name, ours.accepts, &ours.reason);
                    faults.push(format!(
                        "{name}: {family}: we say {accepts:?} ({reason}), it said {letter}"
                    ));
                }
                _ => {}
            }
        }
    }
    assert!(known > 400, "most cases were measured: {known}");
    assert!(
        faults.is_empty(),
        "{}:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert_eq!(unknown, UNKNOWN, "{:?}", measured.clients);
}
