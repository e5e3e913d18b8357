//! What JavaScript hands over and gets: arbitrary files and options through the functions behind the
//! browser module, natively.

use std::sync::LazyLock;

use keyway_report::escape;
use keyway_wasm::boundary::{check, check_each, fix, inspect};
use keyway_wasm::rules::explain;
use keyway_wasm::{Failure, File, FixSettings, Options, Problem, Secret};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The report's contract.
static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../docs/schema/keyway.report-1.json")).expect("a schema")
});

/// Every code that a failure may have.
const CODES: [&str; 12] = [
    "arguments.malformed",
    "arguments.now",
    "arguments.host",
    "arguments.root",
    "read.limit",
    "fix.no-certificate",
    "fix.no-server-certificate",
    "fix.unreadable",
    "fix.locked",
    "fix.password-needed",
    "fix.random-needed",
    "explain.unknown-code",
];

/// Files that may hold a private key, of those that a repair writes; a `bundle.p12` may be without one.
const PRIVATE: [&str; 3] = ["key.pem", "key.der", "bundle.p12"];

/// So much of a key's text is told from chance.
const TELLING: usize = 32;

/// What a call is made of.
struct Call {
    options: Options,
    settings: FixSettings,
    files: Vec<File>,
    /// Everything that is no file: what of it is shown again was no secret.
    words: Vec<u8>,
}

/// JSON of options and settings, a zero byte, then two files. Every answer is the same twice and keeps the
/// contract; every failure has a known code; no text could move a cursor; no line of a key is in an answer
/// that is no key file.
pub fn boundary(data: &[u8]) {
    let call = Call::of(data);
    let report = twice(|| check(&call.files, &call.options));
    let repaired = twice(|| fix(&call.files, &call.options, &call.settings));
    let facts = twice(|| inspect(&call.files, &call.options.passwords));
    let each: Vec<_> = (0..call.files.len())
        .map(|index| twice(|| check_each(&call.files, &call.options).swap_remove(index)))
        .collect();
    let secrets = facts
        .as_ref()
        .map(|facts| call.secrets(facts))
        .unwrap_or_default();
    for answer in each.iter().chain([&report, &facts]) {
        match answer {
            Ok(value) => is_sound(value, &call.names(), &secrets),
            Err(failure) => is_known(failure, &secrets),
        }
    }
    for report in each.iter().chain([&report]).flatten() {
        keeps_the_contract(report);
    }
    match &repaired {
        Ok(repaired) => keeps_keys_apart(repaired, &secrets),
        Err(failure) => is_known(failure, &secrets),
    }
    for file in &call.files {
        match twice(|| explain(&file.name)) {
            Ok(rule) => assert_eq!(rule["code"], json!(file.name)),
            Err(failure) => is_known(&failure, &[]),
        }
    }
}

impl Call {
    fn of(data: &[u8]) -> Self {
        let end = data
            .iter()
            .position(|byte| *byte == 0)
            .unwrap_or(data.len());
        let (words, rest) = data.split_at(end);
        let asked: Value = serde_json::from_slice(words).unwrap_or_default();
        let (length, rest) = rest
            .get(1..)
            .and_then(<[u8]>::split_first)
            .unwrap_or((&0, &[]));
        let (name, rest) = rest.split_at(rest.len().min(usize::from(*length)));
        let (size, rest) = rest.split_at_checked(2).unwrap_or((&[0, 0], &[]));
        let size = usize::from(size[0]) << 8 | usize::from(size[1]);
        let (first, second) = rest.split_at(rest.len().min(size));
        let name = String::from_utf8_lossy(name).into_owned();
        Self {
            options: taken(&asked["options"]),
            settings: taken(&asked["settings"]),
            files: vec![file(&name, first), file("second", second)],
            words: [words, name.as_bytes()].concat(),
        }
    }

    /// Parts of the texts of private keys, as far as they stand nowhere else in what was handed over.
    fn secrets(&self, facts: &Value) -> Vec<String> {
        let mut secrets = Vec::new();
        let inputs = facts["inputs"].as_array().expect("inputs");
        for (index, (input, file)) in inputs.iter().zip(&self.files).enumerate() {
            let blocks = input["blocks"].as_array().expect("blocks");
            for block in blocks.iter().filter(|block| is_key(block)) {
                let place = |index: usize| block["bytes"][index].as_u64();
                let place = |index| place(index).and_then(|at| usize::try_from(at).ok());
                let (from, to) = (place(0).expect("a start"), place(1).expect("an end"));
                let (before, rest) = file.bytes.0.split_at(from);
                let (key, after) = rest.split_at(to - from);
                let others = self
                    .files
                    .iter()
                    .enumerate()
                    .filter(|(other, _)| *other != index);
                let others = others.map(|(_, other)| &other.bytes.0[..]);
                let elsewhere: Vec<&[u8]> = others.chain([before, after, &self.words]).collect();
                let lines = key.split(|byte| !is_base64(*byte));
                let parts = lines.flat_map(|line| line.chunks_exact(TELLING));
                let secret = parts.filter(|part| !elsewhere.iter().any(|bytes| holds(bytes, part)));
                secrets.extend(secret.map(|part| String::from_utf8_lossy(part).into_owned()));
            }
        }
        secrets
    }

    fn names(&self) -> Vec<&str> {
        self.files.iter().map(|file| file.name.as_str()).collect()
    }
}

/// As JavaScript's values are taken; where they are refused, the files are judged all the same.
fn taken<T: DeserializeOwned>(value: &Value) -> T {
    let simplest = json!({ "now": "2026-11-23", "roots": "none" });
    T::deserialize(value)
        .or_else(|error| {
            let problem = Problem::Arguments(escape::text(&error.to_string()));
            is_known(&Failure::from(&problem), &[]);
            T::deserialize(simplest)
        })
        .or_else(|_| T::deserialize(json!({})))
        .expect("a value that lacks nothing")
}

fn file(name: &str, contents: &[u8]) -> File {
    let mut bytes = Secret::default();
    bytes.0.extend_from_slice(contents);
    File {
        name: name.to_owned(),
        bytes,
    }
}

/// Does a job twice, and returns its answer as it crosses into JavaScript.
fn twice<T: Serialize>(job: impl Fn() -> Result<T, Problem>) -> Result<Value, Failure> {
    let once = || {
        let value = |done| serde_json::to_value(done).expect("plain values");
        job().map(value).map_err(|problem| Failure::from(&problem))
    };
    let (first, second) = (once(), once());
    assert_eq!(first, second, "not the same twice");
    first
}

fn is_known(failure: &Failure, secrets: &[String]) {
    let code = failure.error.code.as_str();
    assert!(CODES.contains(&code), "{code}");
    assert!(!failure.error.message.is_empty(), "{code} says nothing");
    is_sound(&json!(failure.error.message), &[], secrets);
}

fn keeps_the_contract(report: &Value) {
    assert_eq!(report["schema"], "keyway.report/1");
    let required = SCHEMA["required"].as_array().expect("required fields");
    for field in required.iter().filter_map(Value::as_str) {
        assert!(report.get(field).is_some(), "{field} is missing");
    }
    let known = SCHEMA["properties"].as_object().expect("fields");
    for field in report.as_object().expect("an object").keys() {
        assert!(known.contains_key(field), "{field} is in no contract");
    }
    for finding in report["findings"].as_array().expect("findings") {
        let code = finding["code"].as_str().expect("a code");
        assert!(explain(code).is_ok(), "{code} cannot be explained");
    }
}

/// No text in it has a character that is written otherwise where it is shown. `names` are told as they were
/// given, so that the caller finds its files again.
fn is_inert(value: &Value, names: &[&str]) {
    match value {
        Value::String(text) if names.contains(&text.as_str()) => {}
        Value::String(text) => {
            for ch in text.chars() {
                let shown = escape::text(ch.encode_utf8(&mut [0; 4]));
                assert!(shown.starts_with(ch), "{ch:?} in {text:?}");
            }
        }
        Value::Array(values) => values.iter().for_each(|value| is_inert(value, names)),
        Value::Object(fields) => fields.values().for_each(|value| is_inert(value, names)),
        _ => {}
    }
}

/// What may be shown: inert texts, and nothing of a key.
fn is_sound(value: &Value, names: &[&str], secrets: &[String]) {
    is_inert(value, names);
    let shown = value.to_string();
    for secret in secrets {
        assert!(!shown.contains(secret), "{secret} is shown");
    }
}

fn is_key(block: &Value) -> bool {
    let kind = block["kind"].as_str().unwrap_or_default();
    kind.ends_with("private-key") && block["within"].is_null()
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// What a repair says and writes: keys are in the files that are marked private, and nowhere else.
fn keeps_keys_apart(repaired: &Value, secrets: &[String]) {
    for written in repaired["files"].as_array().expect("files") {
        let name = written["name"].as_str().expect("a name");
        let is_private = written["private"] == json!(true);
        assert!(
            !is_private || PRIVATE.contains(&name),
            "{name} is marked private"
        );
        assert!(is_private || !name.starts_with("key."), "{name} is not");
        if !is_private {
            let numbers = written["bytes"].as_array().expect("bytes");
            let bytes: Vec<u8> = numbers
                .iter()
                .filter_map(|number| u8::try_from(number.as_u64()?).ok())
                .collect();
            assert!(!holds(&bytes, b"PRIVATE KEY"), "{name}");
        }
    }
    let told = json!([repaired["changes"], repaired["unrepaired"]]);
    is_sound(&told, &[], secrets);
}
