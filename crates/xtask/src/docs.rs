//! Generated pages: rules, schemas, manual pages, completions. The binary writes them, git keeps
//! them, and `--check` sees that the two agree.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::failure::Failure;
use crate::{built, voice, workspace};

/// The folders below docs/ that belong to the generator, each with what fills it.
///
/// Each command writes its pages into the folder given as its last argument.
const GENERATED: &[(&str, &[&str])] = &[
    ("completions", &["generate", "completions", "--out"]),
    ("man", &["generate", "man", "--out"]),
    ("rules", &["generate", "rules", "--out"]),
    ("schema", &["generate", "schema", "--out"]),
];

/// Files of a folder: their path below it, and their bytes.
type Tree = BTreeMap<String, Vec<u8>>;

/// Writes the generated pages into docs/, removing those no longer generated.
pub(crate) fn write() -> Result<(), Failure> {
    for (folder, command) in GENERATED {
        let kept = workspace::root().join("docs").join(folder);
        remove(&kept)?;
        generate(command, &kept)?;
        voice::say(&format!("    docs/{folder}: {} files", read(&kept)?.len()));
    }
    Ok(())
}

/// Generates beside the tree and compares.
pub(crate) fn check() -> Result<(), Failure> {
    let mut differences = Vec::new();
    for (folder, command) in GENERATED {
        let fresh = workspace::target().join("docs-check").join(folder);
        remove(&fresh)?;
        generate(command, &fresh)?;
        let kept = workspace::root().join("docs").join(folder);
        differences.extend(compare(folder, &read(&kept)?, &read(&fresh)?));
    }
    if differences.is_empty() {
        return Ok(());
    }
    Err(Failure::Drift(differences.join("\n")))
}

fn generate(command: &[&str], into: &Path) -> Result<(), Failure> {
    fs::create_dir_all(into).map_err(Failure::at(into))?;
    built::keyway()?.args(command).args([into]).run()?;
    // Two empty folders agree, and say nothing.
    match read(into)?.len() {
        0 => Err(Failure::Answer {
            program: format!("keyway {}", command.join(" ")),
            detail: "it wrote no page".into(),
        }),
        _ => Ok(()),
    }
}

/// One line for each file that is stale, missing or left over.
fn compare(folder: &str, kept: &Tree, fresh: &Tree) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, bytes) in fresh {
        match kept.get(name) {
            None => lines.push(format!("  docs/{folder}/{name} is not there yet")),
            Some(old) if old != bytes => lines.push(format!("  docs/{folder}/{name} is stale")),
            Some(_) => {}
        }
    }
    let left_over = kept.keys().filter(|name| !fresh.contains_key(*name));
    lines.extend(left_over.map(|name| format!("  docs/{folder}/{name} is no longer generated")));
    lines
}

/// Every file below `folder`; none when it does not exist.
fn read(folder: &Path) -> Result<Tree, Failure> {
    let mut tree = Tree::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(current) = folders.pop() {
        if !current.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&current).map_err(Failure::at(&current))? {
            let path = entry.map_err(Failure::at(&current))?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = fs::read(&path).map_err(Failure::at(&path))?;
            let name = path.strip_prefix(folder).unwrap_or(&path);
            tree.insert(name.to_string_lossy().replace('\\', "/"), bytes);
        }
    }
    Ok(tree)
}

fn remove(folder: &Path) -> Result<(), Failure> {
    if folder.is_dir() {
        fs::remove_dir_all(folder).map_err(Failure::at(folder))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> Tree {
        files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
            .collect()
    }

    #[test]
    fn equal_trees_have_no_differences() {
        let pages = tree(&[("a.md", "one"), ("b.md", "two")]);
        assert!(compare("rules", &pages, &pages).is_empty());
    }

    #[test]
    fn stale_missing_and_left_over_pages_are_each_named() {
        let kept = tree(&[("gone.md", ""), ("old.md", "before")]);
        let fresh = tree(&[("new.md", ""), ("old.md", "after")]);
        assert_eq!(
            compare("rules", &kept, &fresh),
            [
                "  docs/rules/new.md is not there yet",
                "  docs/rules/old.md is stale",
                "  docs/rules/gone.md is no longer generated",
            ]
        );
    }

    #[test]
    fn a_folder_is_read_with_its_subfolders() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("deep")).unwrap();
        fs::write(folder.path().join("deep/page.md"), "text").unwrap();
        assert_eq!(
            read(folder.path()).unwrap(),
            tree(&[("deep/page.md", "text")])
        );
        assert!(read(&folder.path().join("absent")).unwrap().is_empty());
    }
}
