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

/// Writes one file of the package.
pub(crate) fn write(package: &Path, name: &str, text: &str) -> Result<(), Failure> {
    let path = package.join(name);
    fs::write(&path, text).map_err(Failure::at(path))
}
