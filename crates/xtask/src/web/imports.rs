//! What the module asks of its surroundings: wasm-bindgen's own glue, and nothing else.

use std::path::Path;

use crate::failure::Failure;
use crate::workspace;

/// The file that names what may be imported; `tidy` reads it too.
pub(crate) const LIST: &str = "crates/wasm/imports.txt";

/// The names in such a file: one a line, without the hash that wasm-bindgen appends to some.
pub(crate) fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Refuses a module with any other import.
pub(crate) fn check(module: &Path) -> Result<(), Failure> {
    let bytes = std::fs::read(module).map_err(Failure::at(module))?;
    let names = names(&bytes).map_err(|error| Failure::Answer {
        program: module.display().to_string(),
        detail: error.to_string(),
    })?;
    let list = workspace::root().join(LIST);
    let allowed = std::fs::read_to_string(&list).map_err(Failure::at(&list))?;
    let strangers = strangers(&names, &allowed);
    if strangers.is_empty() {
        return Ok(());
    }
    Err(Failure::Imports(strangers.join(", ")))
}

/// Those of the imports that are not on the list.
fn strangers(names: &[String], allowed: &str) -> Vec<String> {
    let is_listed = |name: &str| listed(allowed).any(|one| one == bare(name));
    let mut strangers = names.to_vec();
    strangers.retain(|name| !is_listed(name));
    strangers
}

/// The name without wasm-bindgen's hash of 16 hexadecimal digits.
fn bare(name: &str) -> &str {
    match name.rsplit_once('_') {
        Some((front, hash)) if hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()) => {
            front
        }
        _ => name,
    }
}

fn names(module: &[u8]) -> Result<Vec<String>, wasmparser::BinaryReaderError> {
    let mut names = Vec::new();
    for payload in wasmparser::Parser::new(0).parse_all(module) {
        if let wasmparser::Payload::ImportSection(section) = payload? {
            for import in section.into_imports() {
                names.push(import?.name.to_owned());
            }
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_compared_without_their_hash() {
        let names = ["__wbg_new_0123456789abcdef", "__wbg_now_0123456789abcdef"];
        let names = names.map(str::to_owned);
        let left = strangers(&names, "# a comment\n\n__wbg_new\n");
        assert_eq!(left, ["__wbg_now_0123456789abcdef"]);
        assert_eq!(bare("__wbg_instanceof_Map"), "__wbg_instanceof_Map");
    }
}
