//! The bridge to JavaScript is one folder, and nothing crosses it that could reach further: no clock, no
//! network, no store, no random source. What the built module imports is held against the same list by
//! `cargo xtask web`.

use crate::tidy::complaint::Complaint;
use crate::tidy::source::Source;
use crate::tidy::syntax::line_of;
use crate::web::{IMPORTS, listed_imports};

/// The one folder that may speak to JavaScript.
const BINDINGS: &str = "crates/wasm/src/bindings/";

/// Crates that speak to JavaScript.
const BRIDGES: [&str; 4] = ["wasm_bindgen", "serde_wasm_bindgen", "js_sys", "web_sys"];

/// Crates that bring the browser's own interfaces along: no manifest names them.
const REACHING: [&str; 4] = ["js-sys", "web-sys", "wasm-bindgen-futures", "gloo"];

/// How imports begin that wasm-bindgen makes.
const GLUE: [&str; 2] = ["__wbg_", "__wbindgen_"];

/// What no import on the list may be called after, whatever somebody thinks it needs.
const NEVER: [&str; 22] = [
    "now",
    "date",
    "performance",
    "timeout",
    "interval",
    "random",
    "crypto",
    "fetch",
    "request",
    "response",
    "socket",
    "worker",
    "message",
    "storage",
    "database",
    "cookie",
    "window",
    "document",
    "navigator",
    "location",
    "eval",
    "import",
];

/// Complains about a second bridge, and about a list that lets too much across.
pub(crate) fn check(source: &Source) -> Vec<Complaint> {
    if source.path == IMPORTS {
        return list(source);
    }
    if source.path.ends_with("Cargo.toml") {
        return manifest(source);
    }
    if !source.is_rust() || source.path.starts_with(BINDINGS) {
        return Vec::new();
    }
    let uses = BRIDGES.iter().flat_map(|bridge| {
        let path = format!("{bridge}::");
        let lines: Vec<usize> = source
            .shipped
            .match_indices(&path)
            .filter(|(at, _)| {
                !source.shipped[..*at].ends_with(|c: char| c == '_' || c.is_alphanumeric())
            })
            .map(|(at, _)| line_of(&source.shipped, at))
            .collect();
        lines.into_iter().map(move |line| (line, bridge))
    });
    uses.map(|(line, bridge)| {
        Complaint::at(source, line, format!("`{bridge}` outside of {BINDINGS}"))
    })
    .collect()
}

fn manifest(source: &Source) -> Vec<Complaint> {
    let lines = source.text.lines().enumerate();
    lines
        .filter_map(|(index, line)| {
            let name = REACHING.iter().find(|name| line.starts_with(**name))?;
            let message =
                format!("`{name}` brings the browser's own interfaces: pass a value instead");
            Some(Complaint::at(source, index + 1, message))
        })
        .collect()
}

fn list(source: &Source) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let names: Vec<&str> = listed_imports(&source.text).collect();
    if !names.is_sorted() || names.windows(2).any(|pair| pair[0] == pair[1]) {
        complaints.push(Complaint::about(
            &source.path,
            "is not sorted, or names something twice",
        ));
    }
    for name in names {
        let lower = name.to_ascii_lowercase();
        let stem = GLUE.iter().find_map(|prefix| lower.strip_prefix(prefix));
        // `is_function` and its like hold no such word; a word is what stands between underscores.
        let reaches = |stem: &str| {
            stem.split('_')
                .any(|word| NEVER.iter().any(|never| word.contains(never)))
        };
        if stem.is_none_or(reaches) {
            let message = format!("`{name}` is not for the module to import");
            complaints.push(Complaint::about(&source.path, message));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        check(&Source::new(path, text.to_owned())).len()
    }

    #[test]
    fn a_second_bridge_and_a_wider_list_are_refused() {
        assert_eq!(
            count("crates/wasm/src/file.rs", "use wasm_bindgen::JsValue;"),
            1
        );
        assert_eq!(
            count("crates/chain/src/lib.rs", "fn f() { js_sys::Date::now(); }"),
            1
        );
        assert_eq!(count("Cargo.toml", "web-sys = \"0.3\"\n"), 1);
        for name in [
            "__wbg_now",
            "__wbg_getRandomValues",
            "__wbg_fetch",
            "env_read",
        ] {
            assert_eq!(count(IMPORTS, &format!("{name}\n")), 1, "{name}");
        }
        assert_eq!(count(IMPORTS, "__wbg_set\n__wbg_get\n"), 1);
    }

    #[test]
    fn the_bindings_and_values_are_fine() {
        assert_eq!(
            count(
                "crates/wasm/src/bindings/check.rs",
                "use wasm_bindgen::prelude::JsValue;"
            ),
            0
        );
        assert_eq!(
            count(
                "crates/xtask/src/web/mod.rs",
                "use wasm_bindgen_cli_support::Bindgen;"
            ),
            0
        );
        assert_eq!(count("Cargo.toml", "wasm-bindgen = \"1\"\n"), 0);
        assert_eq!(count(IMPORTS, "# glue\n\n__wbg_get\n__wbindgen_throw\n"), 0);
    }
}
