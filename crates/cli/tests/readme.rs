//! The README's transcripts are real: each `$ cargo run -q -- …` in a console block is run as it
//! stands there, and has to print what stands under it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PROMPT: &str = "$ cargo run -q -- ";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The console blocks of the README that run the command.
fn blocks(readme: &str) -> Vec<&str> {
    let fenced = readme.split("```").skip(1).step_by(2);
    fenced
        .filter_map(|block| block.strip_prefix("console\n"))
        .filter(|block| block.starts_with(PROMPT))
        .collect()
}

fn run(line: &str, out: &Path) -> String {
    let arguments = line.strip_prefix(PROMPT).expect("a command");
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyway"));
    command
        .current_dir(root())
        .env_clear()
        .env("LC_ALL", "C.UTF-8");
    for word in arguments.split_whitespace() {
        // What is written must not land in the checkout.
        if word == "fixed" {
            command.arg(out);
        } else {
            command.arg(word);
        }
    }
    let output = command.output().expect("the command starts");
    let mut text = String::from_utf8_lossy(&output.stderr).into_owned();
    let _ = write!(text, "{}", String::from_utf8_lossy(&output.stdout));
    text
}

#[test]
fn every_transcript_in_the_readme_is_what_the_command_prints() {
    let readme = fs::read_to_string(root().join("README.md")).expect("the README");
    let blocks = blocks(&readme);
    assert!(blocks.len() >= 2, "the README shows check and fix");
    for block in blocks {
        let (line, shown) = block.split_once('\n').expect("a command and its output");
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("fixed");
        let printed = run(line, &out).replace(&out.display().to_string(), "fixed");
        assert_eq!(printed, shown, "{line}");
    }
}
