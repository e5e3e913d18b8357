//! ES modules joined into one script, for the page that is a single file: each becomes a function that
//! returns what it exports, in an order in which each comes after those it imports.
//!
//! This reads the forms that our modules and wasm-bindgen's glue are written in, where every import and
//! export begins a line, and refuses any other rather than guess.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// A script made of modules.
pub(crate) struct Joined {
    /// The script.
    pub(crate) text: String,
    /// The modules in it, the entry last.
    pub(crate) modules: Vec<PathBuf>,
}

/// Joins the modules that `entry` needs. `instead` names a module and the one that takes its place.
pub(crate) fn join(entry: &Path, instead: Option<(&Path, &Path)>) -> Result<Joined, Failure> {
    let mut joiner = Joiner {
        instead,
        open: Vec::new(),
        joined: Joined {
            text: String::new(),
            modules: Vec::new(),
        },
    };
    let module = joiner.module(entry)?;
    joiner.joined.text.push_str(&module.body);
    joiner.joined.modules.push(entry.to_owned());
    Ok(joiner.joined)
}

struct Joiner<'a> {
    instead: Option<(&'a Path, &'a Path)>,
    /// Modules whose imports are being joined: one of them again is a circle.
    open: Vec<PathBuf>,
    joined: Joined,
}

/// A module with its imports and exports translated.
#[derive(Debug, Default, PartialEq)]
struct Module {
    body: String,
    /// Name outside, and what it is inside.
    exports: Vec<(String, String)>,
}

impl Joiner<'_> {
    /// Reads a module, with those it needs already joined.
    fn module(&mut self, path: &Path) -> Result<Module, Failure> {
        let text = std::fs::read_to_string(path).map_err(Failure::at(path))?;
        self.open.push(path.to_owned());
        let mut module = Module::default();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let is_statement = line.starts_with("import ") || line.starts_with("export {");
            let mut statement = line.to_owned();
            while is_statement && !statement.trim_end().ends_with(';') {
                let more = lines.next().ok_or_else(|| unread(path, &statement))?;
                statement = format!("{statement} {}", more.trim());
            }
            let imported = source(&statement).map(|from| self.needed(path, from));
            translate(&statement, imported.transpose()?.as_deref(), &mut module)
                .ok_or_else(|| unread(path, &statement))?;
        }
        self.open.pop();
        Ok(module)
    }

    /// Makes sure that a module is joined; what its exports are called.
    fn needed(&mut self, from: &Path, relative: &str) -> Result<String, Failure> {
        let folder = from.parent().unwrap_or(Path::new("."));
        let mut path = match relative.strip_prefix("../") {
            Some(name) => folder.parent().unwrap_or(folder).join(name),
            None => folder.join(relative.trim_start_matches("./")),
        };
        if let Some((_, other)) = self.instead.filter(|(one, _)| *one == path) {
            other.clone_into(&mut path);
        }
        let name = called(&path);
        if self.open.contains(&path) {
            return Err(unread(from, &format!("a circle of imports through {name}")));
        }
        if !self.joined.modules.contains(&path) {
            let module = self.module(&path)?;
            let exports: Vec<String> = module
                .exports
                .iter()
                .map(|(outside, inside)| format!("{outside}: {inside}"))
                .collect();
            let _ = writeln!(
                self.joined.text,
                "const {name} = (() => {{\n{}return {{ {} }};\n}})();",
                module.body,
                exports.join(", ")
            );
            self.joined.modules.push(path);
        }
        Ok(name)
    }
}

/// `$app_dates` for `app/dates.js`: a name that no module uses itself.
fn called(path: &Path) -> String {
    let part = |part: Option<&std::ffi::OsStr>| {
        part.map(|name| name.to_string_lossy().replace(['-', '.'], "_"))
            .unwrap_or_default()
    };
    let folder = part(path.parent().and_then(Path::file_name));
    format!("${folder}_{}", part(path.file_stem()))
}

/// The module that a statement takes something from.
fn source(statement: &str) -> Option<&str> {
    let is_statement = statement.starts_with("import ") || statement.starts_with("export {");
    let (_, from) = statement.rsplit_once(" from \"").filter(|_| is_statement)?;
    from.strip_suffix("\";")
}

/// Adds a line, or a whole import or export, to the module; none when its form is not known.
fn translate(statement: &str, imported: Option<&str>, module: &mut Module) -> Option<()> {
    if let Some(rest) = statement.strip_prefix("import ") {
        let (clause, _) = rest.rsplit_once(" from ")?;
        module.body.push_str(&import(clause, imported?)?);
        return Some(());
    }
    let Some(rest) = statement.strip_prefix("export ") else {
        module.body.push_str(statement);
        module.body.push('\n');
        return Some(());
    };
    if let Some(list) = rest.strip_prefix('{') {
        let (list, _) = list.split_once('}')?;
        for (inside, outside) in pairs(list) {
            let inside = imported.map_or(inside.clone(), |from| format!("{from}.{inside}"));
            module.exports.push((outside, inside));
        }
        return Some(());
    }
    let is_default = rest.starts_with("default ");
    let declaration = rest.trim_start_matches("default ");
    let name = declared(declaration)?.to_owned();
    let outside = if is_default { "default" } else { &name };
    module.exports.push((outside.to_owned(), name.clone()));
    module.body.push_str(declaration);
    module.body.push('\n');
    Some(())
}

/// The declarations that stand for what an import names.
fn import(clause: &str, from: &str) -> Option<String> {
    let mut out = String::new();
    let (single, list) = match clause.split_once('{') {
        Some((single, list)) => (single.trim().trim_end_matches(','), Some(list)),
        None => (clause, None),
    };
    if let Some(all) = single.strip_prefix("* as ") {
        let _ = writeln!(out, "const {all} = {from};");
    } else if is_name(single) {
        let _ = writeln!(out, "const {single} = {from}.default;");
    } else if !single.is_empty() {
        return None;
    }
    if let Some(list) = list {
        let names: Vec<String> = pairs(list.trim_end().strip_suffix('}')?)
            .into_iter()
            .map(|(outside, inside)| {
                if outside == inside {
                    inside
                } else {
                    format!("{outside}: {inside}")
                }
            })
            .collect();
        let _ = writeln!(out, "const {{ {} }} = {from};", names.join(", "));
    }
    Some(out)
}

/// `a, b as c`: each name, and what it is called afterwards.
fn pairs(list: &str) -> Vec<(String, String)> {
    list.split(',')
        .map(str::trim)
        .filter(|one| !one.is_empty())
        .map(|one| match one.split_once(" as ") {
            Some((before, after)) => (before.trim().to_owned(), after.trim().to_owned()),
            None => (one.to_owned(), one.to_owned()),
        })
        .collect()
}

/// The name that a declaration declares. A variable that changes is none: what is exported here is taken
/// once.
fn declared(declaration: &str) -> Option<&str> {
    let kinds = ["const ", "async function ", "function ", "class "];
    let rest = kinds
        .iter()
        .find_map(|kind| declaration.strip_prefix(kind))?;
    let end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
    Some(&rest[..end]).filter(|name| is_name(name))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_word)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

fn unread(path: &Path, what: &str) -> Failure {
    Failure::Answer {
        program: path.display().to_string(),
        detail: format!("not a form of import or export that is joined: {what}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(modules: &[(&str, &str)]) -> Result<String, Failure> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in modules {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let path = |name: &str| folder.path().join(name);
        let (one, other) = (path("app/supply.js"), path("single/supply.js"));
        join(&path("app/main.js"), Some((&one, &other))).map(|joined| joined.text)
    }

    #[test]
    fn a_module_comes_after_those_it_needs_and_once() {
        let text = joined(&[
            ("app/main.js", "import { a } from \"./a.js\";\nimport * as b from \"../pkg/b.js\";\na(b);\n"),
            ("app/a.js", "import load, {\n  c as d,\n} from \"../pkg/b.js\";\nexport function a() { return d; }\n"),
            ("pkg/b.js", "const c = 1;\nexport { c, c as default };\nexport class K {}\n"),
        ])
        .unwrap();
        assert_eq!(
            text,
            "const $pkg_b = (() => {\nconst c = 1;\nclass K {}\nreturn { c: c, default: c, K: K };\n})();\n\
             const $app_a = (() => {\nconst load = $pkg_b.default;\nconst { c: d } = $pkg_b;\n\
             function a() { return d; }\nreturn { a: a };\n})();\n\
             const { a } = $app_a;\nconst b = $pkg_b;\na(b);\n"
        );
    }

    #[test]
    fn what_is_handed_on_and_what_takes_a_place() {
        let text = joined(&[
            ("app/main.js", "import { x } from \"./api.js\";\n"),
            ("app/api.js", "export { load as x } from \"./supply.js\";\n"),
            ("single/supply.js", "export const load = 2;\n"),
        ])
        .unwrap();
        assert!(
            text.contains("return { x: $single_supply.load };"),
            "{text}"
        );
        assert!(!text.contains("$app_supply"));
    }

    #[test]
    fn an_unknown_form_or_a_circle_is_refused() {
        for text in [
            "export let changing = 1;",
            "export default 5;",
            "export * from \"./main.js\";",
            "import \"./main.js\";",
            "import { a } from \"./main.js\";",
        ] {
            assert!(joined(&[("app/main.js", text)]).is_err(), "{text}");
        }
    }
}
