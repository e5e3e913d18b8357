//! `cargo xtask web`: the browser module as an npm package, and the page with it.
//!
//! `web/pkg` is the package, and the same in two modules for the page in `web/`: one of the checks alone, one of
//! services and their DNS; and `web/dist/keyway.html` is the page as a single file.

pub(crate) mod browser;
mod imports;
mod modules;
mod package;
mod server;
mod single;
mod typescript;
pub(crate) mod weight;

use std::path::PathBuf;

use wasm_bindgen_cli_support::Bindgen;

use crate::command::Command;
use crate::failure::Failure;
use crate::wasm::{Modules, Toolchain};
use crate::{built, install, voice, workspace};
pub(crate) use imports::{LIST as IMPORTS, listed as listed_imports};

/// What to make.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Tests the page in Chromium, and the package in Node, when they are made.
    #[arg(long)]
    test: bool,
    /// Shows the page on this machine, at the loopback address, until it is stopped.
    #[arg(long)]
    serve: bool,
    /// The port to show it at; 0 is any that is free.
    #[arg(long, default_value_t = 8090, requires = "serve")]
    port: u16,
    /// Builds a second time, from nothing and elsewhere, and fails when a byte differs.
    #[arg(long)]
    twice: bool,
}

/// Where the page is.
pub(crate) fn folder() -> PathBuf {
    workspace::root().join("web")
}

/// Builds package and page, and does with them what was asked.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let toolchain = Toolchain::locate()?;
    let first = make(toolchain.modules(None)?)?;
    if arguments.twice {
        let folder = tempfile::tempdir_in(workspace::target()).map_err(Failure::at("target"))?;
        let second = make(toolchain.modules(Some(folder.path()))?)?;
        if first.sha256 != second.sha256 {
            return Err(Failure::NotTheSame(second.sha256));
        }
        voice::say("    a second build, from nothing and in another folder, is the same");
    }
    if arguments.test {
        browser::test()?;
    }
    if arguments.serve {
        let server = server::Server::start(&folder(), arguments.port)?;
        voice::say(&format!("    {}  (Ctrl-C ends it)", server.url()));
        server.run();
    }
    Ok(())
}

/// Builds package and page.
pub(crate) fn build() -> Result<(), Failure> {
    make(Toolchain::locate()?.modules(None)?).map(|_| ())
}

/// Makes package and page of the compiled modules.
fn make(modules: Modules) -> Result<single::Single, Failure> {
    let package = folder().join("pkg");
    package::lay_out(&package)?;
    glue("glue", modules.whole, true)?;
    package::type_functions(&package)?;
    glue("check_glue", modules.check, false)?;
    glue("service_glue", modules.service, false)?;
    let contract = contract()?;
    package::write(&package, "types.d.ts", &typescript::render(&contract))?;
    single::write_workers(&folder())?;
    let single = single::write(&folder())?;
    voice::say(&format!("    {}", package.display()));
    voice::say(&format!(
        "    {}, {} kB, SHA-256 {}",
        single.path.display(),
        single.size / 1000,
        single.sha256
    ));
    // Told, not judged, wherever Node is: `cargo xtask bench web` judges.
    if install::found("node").is_some() {
        voice::say(&format!("    {}", weight::measure(&folder())?));
    }
    Ok(single)
}

/// Puts a module and what speaks to it into the package's folder.
fn glue(name: &str, module: Vec<u8>, typed: bool) -> Result<(), Failure> {
    let package = folder().join("pkg");
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes(name, module)
        .typescript(typed)
        .remove_name_section(true)
        .remove_producers_section(true);
    let generated = bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate(&package));
    generated.map_err(|error| Failure::Answer {
        program: "wasm-bindgen".into(),
        detail: format!("{error:#}"),
    })?;
    imports::check(&package.join(format!("{name}_bg.wasm")))
}

/// Builds, and holds every rule vector's answer against the native one.
pub(crate) fn check() -> Result<(), Failure> {
    build()?;
    let vectors = workspace::target().join("parity.jsonl");
    let lines = built::example("parity", "")?.output()?;
    std::fs::write(&vectors, lines).map_err(Failure::at(&vectors))?;
    Command::new("node")
        .args([
            "tests/node/parity.mjs".as_ref(),
            folder().join("pkg").as_os_str(),
        ])
        .args([vectors])
        .run()
}

/// Builds, and does with package and page what people do.
pub(crate) fn browse() -> Result<(), Failure> {
    build()?;
    browser::test()
}

fn contract() -> Result<serde_json::Value, Failure> {
    let text = built::example("contract", "keyway-wasm/schema")?.output()?;
    serde_json::from_str(&text).map_err(|error| Failure::Answer {
        program: "the contract example".into(),
        detail: error.to_string(),
    })
}
