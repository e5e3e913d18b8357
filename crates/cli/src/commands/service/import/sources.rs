//! What lies around a text that is imported: the files that it names, and those that it includes.

use std::cell::Cell;
use std::ffi::OsString;
use std::fs;
use std::path::{Component, Path, PathBuf};

use keyway_config::MAX_BYTES;
use keyway_config::forms::{Form, MAX_STEPS, is_match, is_pattern};

use crate::intent::read_file;
use crate::intent::service::regular;

/// Files that are looked at for where keys are: a server names some hundred certificates, and looking at each costs
/// time.
const MOST_LOOKED: u32 = 1000;

/// Entries of folders that are looked through for what a pattern names: a machine has some thousand sites.
const MOST_ENTRIES: usize = 10_000;

/// Files that one pattern names.
const MOST_NAMED: usize = 1000;

/// Bytes of all files that are included: no more are read of one text with what it includes.
const MOST_BYTES: u64 = MAX_BYTES as u64;

/// The file whose folder nginx's relative paths count from (nginx.org: "Command-line parameters", `-c`, `-p`).
const MAIN: &str = "nginx.conf";

/// What lies around a text.
pub(super) struct Around {
    file: Option<PathBuf>,
    folder: Option<PathBuf>,
    main: Option<PathBuf>,
    looked: Cell<u32>,
    steps: Cell<usize>,
    room: Cell<u64>,
}

/// The main file of nginx in a folder, or in one above: what lies below, in `sites-enabled` or `conf.d`, counts from
/// where it is.
fn main_above(folder: &Path) -> Option<PathBuf> {
    let mut above = folder.ancestors().map(|folder| folder.join(MAIN));
    above.find(|main| main.is_file())
}

/// Whether two paths are of one file.
fn is_same(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| fs::canonicalize(path).ok();
    whole(one).is_some_and(|one| Some(one) == whole(other))
}

impl Around {
    pub(super) fn of(file: &Path, form: Form) -> Self {
        let file = Some(file).filter(|file| *file != Path::new("-"));
        let file = file.and_then(|file| std::path::absolute(file).ok());
        let own = file.as_deref().and_then(Path::parent);
        let main = own.filter(|_| form == Form::Nginx).and_then(main_above);
        let folder = main.as_deref().map_or(own, Path::parent);
        Self {
            folder: folder.map(Path::to_path_buf),
            main: main.filter(|main| file.as_ref().is_some_and(|file| !is_same(file, main))),
            file,
            looked: Cell::new(0),
            steps: Cell::new(MAX_STEPS),
            room: Cell::new(MOST_BYTES),
        }
    }

    /// The main file, where that is another one.
    pub(super) fn main(&self) -> Option<&Path> {
        self.main.as_deref()
    }

    /// Whether a path is that of the file itself.
    pub(super) fn is_own(&self, path: &str) -> bool {
        let file = self.file.as_deref();
        file.is_some_and(|file| is_same(file, Path::new(path)))
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
        let mut steps = self.steps.get();
        let paths = named_by(self.folder.as_deref()?, named, &mut steps);
        self.steps.set(steps);
        let paths = paths?;
        let texts = paths.iter().map(|path| {
            let size = fs::metadata(path).ok()?.len();
            self.room.set(self.room.get().checked_sub(size)?);
            let text = self.text(path)?;
            Some((path.to_string_lossy().into_owned(), text))
        });
        texts.collect()
    }
}

/// What a folder holds, in the order of the names; `None` where it cannot be read, or holds more than is looked through.
fn entries(folder: &Path) -> Option<Vec<OsString>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).ok()? {
        names.push(entry.ok()?.file_name());
        if names.len() > MOST_ENTRIES {
            return None;
        }
    }
    names.sort();
    Some(names)
}

/// The paths that one with patterns in it names, which counts from a folder, in the order of their names; `None` where a
/// folder cannot be read or is not there, or there are more than are looked at.
fn named_by(folder: &Path, named: &str, steps: &mut usize) -> Option<Vec<PathBuf>> {
    if !is_pattern(named) {
        return Some(vec![folder.join(named)]);
    }
    let mut found = vec![folder.to_path_buf()];
    let mut is_first = true;
    for part in Path::new(named).components() {
        let pattern = match part {
            Component::Normal(name) => name.to_str().filter(|name| is_special(name)),
            _ => None,
        };
        let Some(pattern) = pattern else {
            for path in &mut found {
                path.push(part);
            }
            continue;
        };
        // What stands behind another pattern may be missing in some folders. The first one is there where it was written.
        found.retain(|folder| is_first || folder.is_dir());
        is_first = false;
        let mut next = Vec::new();
        for folder in found {
            for name in entries(&folder)? {
                if is_match(pattern.as_bytes(), name.as_encoded_bytes(), steps)? {
                    next.push(folder.join(name));
                }
            }
        }
        if next.len() > MOST_NAMED {
            return None;
        }
        found = next;
    }
    // A link that leads nowhere is there: what it stood for is not known.
    found.retain(|path| path.symlink_metadata().is_ok());
    Some(found)
}

/// Whether a part of a pattern stands for other names than itself.
fn is_special(part: &str) -> bool {
    is_pattern(part) || part.contains('\\')
}
