//! `cargo xtask web`: the browser module as an npm package, and the page with it.
//!
//! `web/pkg` is the package; the page loads the module from there.

mod imports;
mod package;
mod typescript;

use std::path::PathBuf;

use wasm_bindgen_cli_support::Bindgen;

use crate::command::Command;
use crate::failure::Failure;
use crate::wasm::Toolchain;
use crate::{install, voice, workspace};

/// What to make.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Tests the page in Chromium when it is made.
    #[arg(long)]
    test: bool,
}

/// Where the page is.
pub(crate) fn folder() -> PathBuf {
    workspace::root().join("web")
}

/// Builds package and page.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    build()?;
    if arguments.test {
        browse()?;
    }
    Ok(())
}

/// Builds package and page.
pub(crate) fn build() -> Result<(), Failure> {
    let module = Toolchain::locate()?.module()?;
    let bytes = std::fs::read(&module).map_err(Failure::at(&module))?;
    let package = folder().join("pkg");
    package::lay_out(&package)?;
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes("glue", bytes)
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true);
    let generated = bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate(&package));
    generated.map_err(|error| Failure::Answer {
        program: "wasm-bindgen".into(),
        detail: format!("{error:#}"),
    })?;
    imports::check(&package.join("glue_bg.wasm"))?;
    let contract = contract()?;
    package::write(&package, "types.d.ts", &typescript::render(&contract))?;
    voice::say(&format!("    {}", package.display()));
    Ok(())
}

/// Builds, and holds every rule vector's answer against the native one.
pub(crate) fn check() -> Result<(), Failure> {
    build()?;
    let vectors = workspace::target().join("parity.jsonl");
    let lines = Command::cargo()
        .args(["run", "--quiet", "--package", "keyway-tests"])
        .args(["--example", "parity"])
        .output()?;
    std::fs::write(&vectors, lines).map_err(Failure::at(&vectors))?;
    Command::new("node")
        .args([
            "tests/node/parity.mjs".as_ref(),
            folder().join("pkg").as_os_str(),
        ])
        .args([vectors])
        .run()
}

/// The page in a real browser: `tests/browser`.
fn browse() -> Result<(), Failure> {
    install::package("chromium", "chromium")?;
    install::package("npm", "npm")?;
    Command::cargo()
        .args(["build", "--quiet", "--package", "keyway"])
        .run()?;
    Command::new("npm")
        .args(["ci", "--ignore-scripts", "--prefix", "tests/browser"])
        .run()?;
    Command::new("npm")
        .args(["test", "--prefix", "tests/browser"])
        .run()
}

fn contract() -> Result<serde_json::Value, Failure> {
    let text = Command::cargo()
        .args(["run", "--quiet", "--package", "keyway-wasm"])
        .args(["--features", "schema", "--example", "contract"])
        .output()?;
    serde_json::from_str(&text).map_err(|error| Failure::Answer {
        program: "the contract example".into(),
        detail: error.to_string(),
    })
}
