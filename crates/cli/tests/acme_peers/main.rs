//! The same orders by Keyway, lego and certbot, each at a Pebble of its own: what came of them is the table of
//! `docs/compare-acme.md`.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod cases;
mod clients;
mod front;
#[path = "../renewing/mod.rs"]
mod renewing;

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use cases::{Again, Case, cases};
use clients::{CLIENTS, Client, Stage};
use front::{Front, Trouble};

/// How many orders are under way at once: mostly they wait.
const AT_ONCE: usize = 12;

/// Where the table begins and ends.
const MARKS: (&str, &str) = ("<!-- table -->\n", "<!-- end of table -->\n");

/// What came of a case.
fn outcome(case: &Case, client: &Client) -> String {
    if let Some(why) = (client.cannot)(case) {
        return format!("– ({why})");
    }
    let mut stage = Stage::of(case);
    for host in &case.servfail {
        stage
            .machine
            .pebble
            .tell("set-servfail", &format!("{{\"host\": \"{host}.\"}}"));
    }
    for (host, to) in &case.elsewhere {
        stage.machine.pebble.lead(host, to);
    }
    if case.is_down {
        stage.machine.pebble.end();
    }
    let (code, text) = (client.order)(&stage, case);
    if let Some(front) = &stage.front {
        let is_met = front.has_met() || case.again.is_some();
        assert!(is_met, "{}, {}: {text}", case.name, client.name);
    }
    let orders = stage.machine.pebble.log().matches("Added order").count();
    if code != Some(0) {
        let mut cell = refused(&stage, case, orders, &text);
        if let (Some(trouble), Some(front)) = (case.trouble, &stage.front) {
            cell += "; run once more: ";
            cell += once_more(&stage, case, client, trouble, front);
        }
        return cell;
    }
    let first = (client.certificate)(&stage);
    assert!(!first.is_empty(), "{}, {}: {text}", case.name, client.name);
    let Some(again) = case.again else {
        return "issued".to_owned();
    };
    thread::sleep(case.after);
    let (code, text) = (client.again)(&stage, case, again);
    let is_kept = (client.certificate)(&stage) == first;
    if let Some(front) = &stage.front {
        assert!(front.has_met(), "{}, {}: {text}", case.name, client.name);
        let code = code.map_or("none".to_owned(), |code| code.to_string());
        let old = if is_kept { "kept" } else { "replaced" };
        return format!(
            "refused, exit {code}, the old one {old}{}",
            said(&stage, case, &text)
        );
    }
    assert_eq!(code, Some(0), "{}, {}: {text}", case.name, client.name);
    let word = if is_kept { "kept" } else { "a new one" };
    word.to_owned()
}

/// What becomes of a second run, after one that was refused.
fn once_more(
    stage: &Stage,
    case: &Case,
    client: &Client,
    trouble: Trouble,
    front: &Front,
) -> &'static str {
    let again = if trouble == Trouble::RateLimited {
        // What a timer does, as the CA has said how long to wait.
        Again::WhenDue
    } else {
        front.relent();
        Again::Forced
    };
    let before = front.orders();
    let (code, _) = (client.again)(stage, case, again);
    match (code, front.orders() > before) {
        (Some(0), false) => "issued, by the same order",
        (Some(0), true) => "issued, by a second order",
        (_, false) => "refused, the CA is not asked again",
        (_, true) => "refused, the CA is asked again",
    }
}

/// What a refusal cost, and what it says.
fn refused(stage: &Stage, case: &Case, orders: usize, text: &str) -> String {
    let cost = match orders {
        0 => "no order spent",
        _ => "an order spent",
    };
    format!("refused, {cost}{}", said(stage, case, text))
}

/// What a text says of what it ought to.
fn said(stage: &Stage, case: &Case, text: &str) -> String {
    let plain = |text: &str| text.split_whitespace().collect::<String>().to_lowercase();
    let text = plain(text);
    let (ip, ca) = (stage.machine.pebble.ip.to_string(), stage.ca());
    let says = |fact: &&cases::Fact| {
        let mut words = fact.words.iter().map(|&word| match word {
            "CA" => ca.to_string(),
            _ => plain(&word.replace("IP", &ip)),
        });
        words.any(|word| text.contains(&word))
    };
    let told: Vec<&str> = case
        .facts
        .iter()
        .filter(says)
        .map(|fact| fact.name)
        .collect();
    match (case.facts.as_slice(), told.as_slice()) {
        ([], _) => String::new(),
        (_, []) => "; says nothing of it".to_owned(),
        (_, told) => format!("; says {}", told.join(", ")),
    }
}

/// What every client made of every case, in their order.
fn outcomes(cases: &[Case]) -> Vec<[String; CLIENTS.len()]> {
    let mut jobs: Vec<(usize, usize)> = (0..cases.len())
        .flat_map(|case| (0..CLIENTS.len()).map(move |client| (case, client)))
        .collect();
    // Those that wait longest are begun first.
    jobs.sort_by_key(|(case, _)| Reverse(cases[*case].after));
    let next = AtomicUsize::new(0);
    let table = Mutex::new(vec![[const { String::new() }; CLIENTS.len()]; cases.len()]);
    let work = || {
        while let Some(&(case, client)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let cell = outcome(&cases[case], &CLIENTS[client]);
            table.lock().unwrap()[case][client] = cell;
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            worker.join().unwrap();
        }
    });
    table.into_inner().unwrap()
}

fn table(cases: &[Case]) -> String {
    let names: Vec<&str> = CLIENTS.iter().map(|client| client.name).collect();
    let mut text = format!(
        "| order | {} |\n| --- |{}\n",
        names.join(" | "),
        " --- |".repeat(names.len())
    );
    for (case, cells) in cases.iter().zip(outcomes(cases)) {
        let _ = writeln!(text, "| {} | {} |", case.name, cells.join(" | "));
    }
    text
}

#[test]
fn the_table_of_the_document_is_what_the_clients_do() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/compare-acme.md");
    let document = fs::read_to_string(&path).unwrap();
    let (before, rest) = document.split_once(MARKS.0).unwrap();
    let (said, after) = rest.split_once(MARKS.1).unwrap();
    let seen = table(&cases());
    if std::env::var_os("KEYWAY_UPDATE").is_some() {
        fs::write(path, [before, MARKS.0, &seen, MARKS.1, after].concat()).unwrap();
        return;
    }
    let differing: Vec<(&str, &str)> = said
        .lines()
        .zip(seen.lines())
        .filter(|(a, b)| a != b)
        .collect();
    assert!(
        said == seen,
        "docs/compare-acme.md says otherwise (KEYWAY_UPDATE=1 writes it anew): {differing:#?}"
    );
}
