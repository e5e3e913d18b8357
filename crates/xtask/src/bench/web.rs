//! The page and its module: what a first visit loads, how soon the first verdict stands there, and what
//! WebAssembly costs over the same code natively.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::bench::Arguments;
use crate::bench::chain::material;
use crate::bench::statistics::Ratio;
use crate::bench::verdict::Line;
use crate::command::Command;
use crate::failure::Failure;
use crate::web::{browser, weight};
use crate::{web, workspace};

/// The most milliseconds from the drop to the first verdict: what feels immediate (Nielsen, Usability
/// Engineering, 1993, chapter 5).
const FIRST_VERDICT: f64 = 100.0;

/// The most time that a check may take in WebAssembly, as a multiple of the native one.
const OVER_NATIVE: f64 = 4.0;

/// Fresh pages at most: each costs a second or two.
const MOST_PAGES: usize = 15;

/// The day at which the chain is judged, within its lifetimes.
const DAY: &str = "2025-12-01";

/// The day that the samples were made for.
const SAMPLES_DAY: &str = "2026-11-23";

/// The host that the chain is for.
const HOST: &str = "s3.amazonaws.com";

/// Weighs what a first visit loads.
pub(crate) fn weigh(_: &Arguments) -> Result<Vec<Line>, Failure> {
    browser::install()?;
    web::build()?;
    let weight = weight::measure(&web::folder())?;
    let line = |what: &str, bytes: f64, bound| {
        Ratio::exact(bytes / 1000.0, 1.0).map(|ratio| Line {
            what: what.to_owned(),
            ratio,
            bound,
        })
    };
    let lines = [
        line(
            "first visit, kB as brotli",
            weight.brotli,
            Some(weight::LIMIT),
        ),
        line("the module alone, kB as brotli", weight.module, None),
        line(
            "what opening another room loads, kB as brotli",
            weight.rooms,
            None,
        ),
    ];
    Ok(lines.into_iter().flatten().collect())
}

/// Measures from the drop to the verdict, in Chromium.
pub(crate) fn first_verdict(arguments: &Arguments) -> Result<Vec<Line>, Failure> {
    browser::prepare()?;
    web::build()?;
    let rounds = arguments.rounds.min(MOST_PAGES);
    let answer = browser::node()
        .args([
            "tests/browser/speed.mjs".to_owned(),
            material(),
            DAY.to_owned(),
        ])
        .args([rounds.to_string()])
        .output()?;
    let times: Vec<(f64, f64)> = answer
        .lines()
        .filter_map(|line| Some((line.trim().parse().ok()?, 1.0)))
        .collect();
    let ratio = Ratio::of(&times).ok_or_else(|| unread("tests/browser/speed.mjs", &answer))?;
    let what = "first verdict after the drop in Chromium, ms";
    Ok(vec![Line::bounded(what, ratio, FIRST_VERDICT)])
}

/// Measures the same check in WebAssembly and natively: of a usual chain, which RSA keys sign, and of one that
/// ECDSA keys sign. The second is only shown: WebAssembly multiplies words of 32 bits, of which a product takes
/// four times as many steps as of the 64 that the same curves have natively, and little else is in it.
pub(crate) fn over_native(arguments: &Arguments) -> Result<Vec<Line>, Failure> {
    browser::install()?;
    web::build()?;
    Command::cargo()
        .args(["build", "--quiet", "--release", "--package", "keyway-wasm"])
        .args(["--example", "speed"])
        .run()?;
    let usual = json!({ "now": DAY, "hosts": [HOST] });
    let usual = side_by_side(&PathBuf::from(material()), &usual, arguments.rounds)?;
    let sample = |name: &str| workspace::root().join("samples").join(name);
    let root = sample("root.pem");
    let bytes = std::fs::read(&root).map_err(Failure::at(root))?;
    let curves = json!({
        "now": SAMPLES_DAY, "hosts": ["shop.example.com"],
        "roots": "none", "own_roots": [{ "name": "root.pem", "bytes": bytes }],
    });
    let curves = side_by_side(&sample("good/fullchain.pem"), &curves, arguments.rounds)?;
    let what = "check in WebAssembly / natively with the same verifiers, time";
    Ok(vec![
        Line::bounded(what, usual, OVER_NATIVE),
        Line::shown("the same of a chain with ECDSA signatures, time", curves),
    ])
}

/// The time of a check that accepts, in WebAssembly over native code.
fn side_by_side(chain: &Path, options: &Value, rounds: usize) -> Result<Ratio, Failure> {
    let native = workspace::target().join("release/examples/speed");
    let answer = Command::new("node")
        .args(["tests/node/speed.mjs".as_ref(), native.as_os_str()])
        .args([web::folder().join("pkg").as_path(), chain])
        .args([options.to_string(), rounds.to_string()])
        .output()?;
    let pairs: Vec<(f64, f64)> = answer
        .lines()
        .filter_map(|line| {
            let (module, native) = line.split_once(' ')?;
            Some((module.parse().ok()?, native.parse().ok()?))
        })
        .collect();
    Ratio::of(&pairs).ok_or_else(|| unread("tests/node/speed.mjs", &answer))
}

fn unread(program: &str, answer: &str) -> Failure {
    Failure::Answer {
        program: program.to_owned(),
        detail: answer.to_owned(),
    }
}
