//! The npm package: the files beside the module.

use std::fs;
use std::path::Path;

use crate::failure::Failure;
use crate::workspace;

/// What is written by hand, in `crates/wasm/js`.
const SOURCES: [&str; 9] = [
    "README.md",
    "api.js",
    "check.js",
    "guard.js",
    "keyway.d.ts",
    "keyway.js",
    "node.js",
    "package.json",
    "service.js",
];

/// The version in `package.json` before it is known.
const VERSION: &str = "0.0.0";

/// Empties the folder and puts the sources there.
pub(crate) fn lay_out(package: &Path) -> Result<(), Failure> {
    if package.is_dir() {
        fs::remove_dir_all(package).map_err(Failure::at(package))?;
    }
    fs::create_dir_all(package).map_err(Failure::at(package))?;
    for name in SOURCES {
        let path = workspace::root().join("crates/wasm/js").join(name);
        let text = fs::read_to_string(&path).map_err(Failure::at(&path))?;
        write(
            package,
            name,
            &text.replace(VERSION, env!("CARGO_PKG_VERSION")),
        )?;
    }
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        let path = workspace::root().join(licence);
        fs::copy(&path, package.join(licence)).map_err(Failure::at(&path))?;
    }
    Ok(())
}

/// The types of the functions, and what wasm-bindgen says of itself behind them, in names that browsers have
/// and projects for Node do not.
const TYPED: (&str, &str) = ("glue.d.ts", "export type InitInput");

/// Puts the types of the functions into `keyway.d.ts`, and takes away what wasm-bindgen wrote them to.
pub(crate) fn type_functions(package: &Path) -> Result<(), Failure> {
    let (name, end) = TYPED;
    let path = package.join(name);
    let text = fs::read_to_string(&path).map_err(Failure::at(&path))?;
    let (functions, _) = text.split_once(end).ok_or_else(|| Failure::Answer {
        program: "wasm-bindgen".into(),
        detail: format!("{name} has no `{end}`"),
    })?;
    let entry = package.join("keyway.d.ts");
    let own = fs::read_to_string(&entry).map_err(Failure::at(&entry))?;
    write(package, "keyway.d.ts", &(own + functions))?;
    for stale in [path, package.join("glue_bg.wasm.d.ts")] {
        fs::remove_file(&stale).map_err(Failure::at(&stale))?;
    }
    Ok(())
}

/// Writes one file of the package.
pub(crate) fn write(package: &Path, name: &str, text: &str) -> Result<(), Failure> {
    let path = package.join(name);
    fs::write(&path, text).map_err(Failure::at(path))
}
