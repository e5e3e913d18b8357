//! Transcripts: commands, and all that they print. Each file of `tests/transcripts` begins with a
//! command, and may go on with more, in the same folder; `KEYWAY_UPDATE=1 cargo test -p keyway --test transcripts` writes them anew.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use stage::{Run, Stage};

/// Reads a transcript's command line: assignments, the binary's name, arguments, and perhaps
/// `< FILE`. Single quotes keep a word together.
fn play(stage: &Stage, line: &str) -> Run {
    let words = words(
        line.strip_prefix("$ ")
            .expect("a transcript begins with `$ `"),
    );
    let mut words = words.into_iter().peekable();
    let mut command = stage.command();
    command.env("KEYWAY_STATE", stage.path().join("state"));
    while let Some((name, value)) = words.peek().and_then(|word| word.split_once('=')) {
        command.env(name, value);
        words.next();
    }
    assert_eq!(words.next().as_deref(), Some("keyway"), "{line}");
    let mut input = Vec::new();
    while let Some(word) = words.next() {
        if word == "<" {
            let file = words.next().expect("a file behind `<`");
            input = fs::read(stage.path().join(file)).unwrap();
        } else {
            command.arg(word);
        }
    }
    Run::feeding(&mut command, &input)
}

fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in line.split('\'').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

fn transcript(line: &str, run: &Run) -> String {
    let code = run.code.expect("an exit code, not a signal");
    let stderr = if run.stderr.is_empty() {
        String::new()
    } else {
        format!("--- stderr\n{}", run.stderr)
    };
    format!("{line}\n{}{stderr}--- exit {code}\n", run.stdout)
}

/// The six characters of managed names are random: each is shown as `#`.
fn masked(text: &str) -> String {
    const LABEL: &str = "contoso";
    const AFTER: &str = ".westeurope";
    let mut parts = text.split(AFTER);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let start = out.len().saturating_sub(6);
        if out.is_char_boundary(start) && out[..start].ends_with(LABEL) {
            out.replace_range(start.., "######");
        }
        out.push_str(AFTER);
        out.push_str(part);
    }
    out
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

#[test]
fn every_command_prints_what_its_transcript_says() {
    let update = env::var_os("KEYWAY_UPDATE").is_some();
    let mut differences = Vec::new();
    let shared = Stage::new();
    for file in files() {
        let expected = fs::read_to_string(&file).unwrap();
        let lines: Vec<&str> = expected
            .lines()
            .filter(|line| line.starts_with("$ "))
            .collect();
        let changes = lines.len() > 1 || expected.contains("--out");
        let own = changes.then(Stage::new);
        let stage = own.as_ref().unwrap_or(&shared);
        let folder = stage.path().to_string_lossy().into_owned();
        // Paths that are written in full are another folder's each time.
        let played = lines
            .iter()
            .map(|line| masked(&transcript(line, &play(stage, line))).replace(&folder, "/FOLDER"));
        let actual = played.collect::<Vec<_>>().join("\n");
        if update {
            fs::write(&file, &actual).unwrap();
        } else if actual != expected {
            differences.push(format!("{}:\n{actual}", file.display()));
        }
    }
    assert!(
        differences.is_empty(),
        "these transcripts differ; look at them, then run with KEYWAY_UPDATE=1\n\n{}",
        differences.join("\n")
    );
}
