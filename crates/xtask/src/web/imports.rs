//! What the module asks of its surroundings: wasm-bindgen's own glue, and nothing else.

use std::path::Path;

use crate::failure::Failure;

/// The imports of the module, without the hash that wasm-bindgen appends to some. They make
/// JavaScript values and read them; none reaches a clock, a network, a store or a random source.
const ALLOWED: &[&str] = &[
    "__wbg_Error",
    "__wbg_Number",
    "__wbg_String",
    "__wbg___wbindgen_bigint_get_as_i64",
    "__wbg___wbindgen_boolean_get",
    "__wbg___wbindgen_debug_string",
    "__wbg___wbindgen_in",
    "__wbg___wbindgen_is_bigint",
    "__wbg___wbindgen_is_function",
    "__wbg___wbindgen_is_object",
    "__wbg___wbindgen_is_string",
    "__wbg___wbindgen_is_undefined",
    "__wbg___wbindgen_jsval_eq",
    "__wbg___wbindgen_jsval_loose_eq",
    "__wbg___wbindgen_number_get",
    "__wbg___wbindgen_string_get",
    "__wbg___wbindgen_throw",
    "__wbg_call",
    "__wbg_done",
    "__wbg_entries",
    "__wbg_from",
    "__wbg_get",
    "__wbg_get_unchecked",
    "__wbg_get_with_ref_key",
    "__wbg_instanceof_ArrayBuffer",
    "__wbg_instanceof_Map",
    "__wbg_instanceof_Uint8Array",
    "__wbg_isArray",
    "__wbg_isSafeInteger",
    "__wbg_iterator",
    "__wbg_length",
    "__wbg_new",
    "__wbg_next",
    "__wbg_prototypesetcall",
    "__wbg_set",
    "__wbg_value",
    "__wbindgen_generic",
    "__wbindgen_init_externref_table",
];

/// Refuses a module with any other import.
pub(crate) fn check(module: &Path) -> Result<(), Failure> {
    let bytes = std::fs::read(module).map_err(Failure::at(module))?;
    let names = names(&bytes).map_err(|error| Failure::Answer {
        program: module.display().to_string(),
        detail: error.to_string(),
    })?;
    let strangers: Vec<String> = names
        .into_iter()
        .filter(|name| !ALLOWED.contains(&bare(name)))
        .collect();
    if strangers.is_empty() {
        return Ok(());
    }
    Err(Failure::Imports(strangers.join(", ")))
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
