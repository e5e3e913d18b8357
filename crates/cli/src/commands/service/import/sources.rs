//! What lies around a text that is imported: the files that it names, and those that it includes.

use std::cell::Cell;
use std::ffi::OsStr;
use std::fs;
use std::path::{Component, Path, PathBuf};

use keyway_config::forms::{Form, is_match, is_pattern};

use crate::intent::read_file;
use crate::intent::service::regular;

/// Files that are looked at for where keys are: a server names some hundred certificates, and looking at each costs
/// time.
const MOST_LOOKED: u32 = 1000;

/// Entries of folders that are looked through for what a pattern names: a machine has some thousand sites.
const MOST_ENTRIES: usize = 10_000;

/// Files that one pattern names.
const MOST_NAMED: usize = 1000;

/// The file whose folder nginx's relative paths count from (nginx.org: "Command-line parameters", `-c`, `-p`).
const MAIN: &str = "nginx.conf";

/// What lies around a text.
pub(super) struct Around {
    folder: Option<PathBuf>,
    looked: Cell<u32>,
}

/// The folder that relative paths in a file count from; `None` for standard input.
fn folder_of(file: &Path, form: Form) -> Option<PathBuf> {
    if file == Path::new("-") {
        return None;
    }
    let file = std::path::absolute(file).ok()?;
    let own = file.parent()?;
    let mut above = own.ancestors();
    // What lies below, in `sites-enabled` or `conf.d`, counts from where the main file is.
    let main = above.find(|folder| folder.join(MAIN).is_file());
    let main = main.filter(|_| form == Form::Nginx);
    Some(main.unwrap_or(own).to_path_buf())
}

impl Around {
    pub(super) fn of(file: &Path, form: Form) -> Self {
        Self {
            folder: folder_of(file, form),
            looked: Cell::new(0),
        }
    }

    /// The folder that relative paths count from.
    pub(super) fn folder(&self) -> Option<&str> {
        self.folder.as_deref().and_then(Path::to_str)
    }

    /// What is in a file that is named; `None` where it cannot be read, or after so many.
    pub(super) fn text(&self, path: &Path) -> Option<String> {
        self.looked.set(self.looked.get() + 1);
        regular(path)
            .ok()
            .filter(|()| self.looked.get() <= MOST_LOOKED)?;
        let bytes = read_file(path).ok()?.bytes;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The files that a path or a pattern names; `None` where one cannot be read.
    pub(super) fn included(&self, named: &str) -> Option<Vec<(String, String)>> {
        let whole = self.folder.as_deref()?.join(named);
        let paths = named_by(&whole)?;
        let texts = paths.iter().map(|path| {
            let text = self.text(path)?;
            Some((path.to_string_lossy().into_owned(), text))
        });
        texts.collect()
    }
}

/// The paths that one with patterns in it names, in the order of their names; `None` where a folder cannot be read, or
/// there are more than are looked at.
fn named_by(whole: &Path) -> Option<Vec<PathBuf>> {
    let mut found = vec![PathBuf::new()];
    for part in whole.components() {
        let pattern = match part {
            Component::Normal(name) => name.to_str().filter(|name| is_pattern(name)),
            _ => None,
        };
        let Some(pattern) = pattern else {
            for path in &mut found {
                path.push(part);
            }
            continue;
        };
        let mut next = Vec::new();
        for folder in found.iter().filter(|folder| folder.is_dir()) {
            let mut names = Vec::new();
            for entry in fs::read_dir(folder).ok()?.take(MOST_ENTRIES) {
                names.push(entry.ok()?.file_name());
            }
            names.sort();
            let is_named = |name: &&std::ffi::OsString| {
                let name: &OsStr = name;
                name.to_str().is_some_and(|name| is_match(pattern, name))
            };
            next.extend(names.iter().filter(is_named).map(|name| folder.join(name)));
        }
        if next.len() > MOST_NAMED {
            return None;
        }
        found = next;
    }
    // A pattern that names nothing is no fault; what stands behind one may be missing.
    let has_pattern = is_pattern(&whole.to_string_lossy());
    found.retain(|path| !has_pattern || path.exists());
    Some(found)
}
