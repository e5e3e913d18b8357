//! Where the workspace is and what git tracks in it.

use std::path::{Path, PathBuf};

use crate::command::Command;
use crate::failure::Failure;

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    // cargo sets this variable for every `cargo run`; the compiled-in path covers a moved binary.
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.ancestors().nth(2).unwrap_or(Path::new(".")).into()
}

/// The build folder: everything a task makes goes below it.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The files of the tree, relative to the root with forward slashes: tracked, or new and not ignored.
pub(crate) fn files() -> Result<Vec<String>, Failure> {
    let listing = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .output()?;
    let root = root();
    let mut files: Vec<String> = listing.lines().map(str::to_owned).collect();
    files.retain(|file| root.join(file).is_file());
    files.sort();
    files.dedup();
    Ok(files)
}
