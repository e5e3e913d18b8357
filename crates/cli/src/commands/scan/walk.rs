//! What lies below the paths that were named: files in the order of their paths.
//!
//! Links to files are followed, as certificates are often behind one; links to folders are counted
//! and not followed, so no walk is endless and no file is judged twice.

use std::fs::{self, ReadDir};
use std::io;
use std::iter::Peekable;
use std::path::{Component, Path, PathBuf};
use std::vec::IntoIter;

use globset::{GlobBuilder, GlobMatcher};

use crate::failure::Failure;

/// Entries of one folder that are sorted at once. A larger folder is sorted piece by piece in the
/// order that the system gives, so that memory does not grow with it.
const SORTED_AT_ONCE: usize = 16_384;

/// Deepest folder below a named path. Linux's `PATH_MAX` is 4096 bytes; nobody keeps certificates
/// this deep.
const MAX_DEPTH: usize = 128;

/// Something that the walk came upon.
#[derive(Debug)]
pub(crate) struct Found {
    /// Where.
    pub(crate) path: PathBuf,
    /// Whether it is what somebody named, and not one of many below that.
    pub(crate) named: bool,
    /// What it is.
    pub(crate) kind: FoundKind,
}

/// What the walk came upon.
#[derive(Debug)]
pub(crate) enum FoundKind {
    /// A file to read.
    File,
    /// Something that cannot be read.
    Unreadable(io::Error),
    /// A link to a folder.
    LinkedFolder,
    /// A socket, pipe or device, which could keep a reader waiting for ever.
    Special,
    /// A pattern that nothing matches.
    NoMatch,
}

/// The walk over everything that was named.
pub(super) struct Walk {
    starts: IntoIter<Start>,
    current: Option<Start>,
    matched: bool,
    levels: Vec<Level>,
}

/// A path as it was named.
struct Start {
    path: PathBuf,
    /// For a pattern: what it matches, and the pattern itself.
    pattern: Option<(GlobMatcher, PathBuf)>,
}

/// A folder under way.
struct Level {
    sorted: Peekable<IntoIter<PathBuf>>,
    folder: PathBuf,
    rest: Option<ReadDir>,
    trouble: Option<io::Error>,
}

impl Walk {
    /// A walk over paths and patterns. A path that exists is no pattern, whatever its name.
    pub(super) fn new(paths: &[PathBuf]) -> Result<Self, Failure> {
        let starts: Vec<Start> = paths
            .iter()
            .map(|path| Start::new(path))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            starts: starts.into_iter(),
            current: None,
            matched: false,
            levels: Vec::new(),
        })
    }

    /// Begins with the next path that was named.
    fn start(&mut self) -> Option<Found> {
        let start = self.starts.next()?;
        self.matched = false;
        let path = start.path.clone();
        let is_pattern = start.pattern.is_some();
        self.current = Some(start);
        let kind = match fs::metadata(&path) {
            // Standard input is no path.
            _ if path == Path::new("-") => FoundKind::File,
            Ok(facts) if facts.is_dir() => return self.enter(path, true),
            Ok(facts) if facts.is_file() => FoundKind::File,
            Ok(_) => FoundKind::Special,
            // Where there is no folder, nothing matches: said at the end.
            Err(_) if is_pattern => return None,
            Err(error) => FoundKind::Unreadable(error),
        };
        Some(Found::named(path, kind))
    }

    /// Opens a folder.
    fn enter(&mut self, folder: PathBuf, named: bool) -> Option<Found> {
        let unreadable = |path, error| {
            Some(Found {
                path,
                named,
                kind: FoundKind::Unreadable(error),
            })
        };
        if self.levels.len() >= MAX_DEPTH {
            return unreadable(folder, io::Error::other("too deep a folder"));
        }
        match fs::read_dir(&folder) {
            Ok(entries) => {
                self.levels.push(Level {
                    sorted: Vec::new().into_iter().peekable(),
                    folder,
                    rest: Some(entries),
                    trouble: None,
                });
                None
            }
            Err(error) => unreadable(folder, error),
        }
    }

    /// The next entry of the folder under way; `None` when something else has to come first.
    fn step(&mut self) -> Option<Found> {
        let level = self.levels.last_mut()?;
        level.refill();
        if let Some(error) = level.trouble.take() {
            let folder = level.folder.clone();
            return Some(Found::below(folder, FoundKind::Unreadable(error)));
        }
        let Some(path) = level.sorted.next() else {
            self.levels.pop();
            return None;
        };
        match classify(&path) {
            None => self.enter(path, false),
            Some(kind) => self.wanted(path).map(|path| Found::below(path, kind)),
        }
    }

    /// The path as it is shown, if the pattern under way matches it or there is none.
    fn wanted(&mut self, path: PathBuf) -> Option<PathBuf> {
        let pattern = self
            .current
            .as_ref()
            .and_then(|start| start.pattern.as_ref());
        let Some((matcher, _)) = pattern else {
            return Some(path);
        };
        // Patterns without a folder are looked for in `.`, which nobody typed.
        let typed = path.strip_prefix(Component::CurDir).unwrap_or(&path);
        let matches = matcher.is_match(typed);
        self.matched |= matches;
        matches.then(|| typed.to_path_buf())
    }

    /// What there is to say at the end of a path that was named.
    fn end(&mut self) -> Option<Found> {
        let (_, pattern) = self.current.take()?.pattern?;
        (!self.matched).then(|| Found::named(pattern, FoundKind::NoMatch))
    }
}

impl Iterator for Walk {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            if !self.levels.is_empty() {
                if let Some(found) = self.step() {
                    return Some(found);
                }
                continue;
            }
            if let Some(found) = self.end() {
                return Some(found);
            }
            if self.starts.len() == 0 {
                return None;
            }
            if let Some(found) = self.start() {
                return Some(found);
            }
        }
    }
}

impl Start {
    fn new(path: &Path) -> Result<Self, Failure> {
        let plain = || Self {
            path: path.to_path_buf(),
            pattern: None,
        };
        let Some(text) = path
            .to_str()
            .filter(|text| text.contains(['*', '?', '[', '{']))
        else {
            return Ok(plain());
        };
        if path.symlink_metadata().is_ok() {
            return Ok(plain());
        }
        let glob = GlobBuilder::new(text.trim_start_matches("./"))
            .literal_separator(true)
            .build()
            .map_err(|error| Failure::Pattern {
                given: text.to_owned(),
                reason: error.kind().to_string(),
            })?;
        Ok(Self {
            path: base(path),
            pattern: Some((glob.compile_matcher(), path.to_path_buf())),
        })
    }
}

/// The folder in which matches of a pattern lie: what stands before its first special character.
fn base(pattern: &Path) -> PathBuf {
    let special = |component: &Component<'_>| {
        component
            .as_os_str()
            .to_string_lossy()
            .contains(['*', '?', '[', '{'])
    };
    let base: PathBuf = pattern
        .components()
        .take_while(|component| !special(component))
        .collect();
    if base.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        base
    }
}

impl Level {
    /// Sorts the next entries when the sorted ones are used up.
    fn refill(&mut self) {
        if self.sorted.peek().is_some() {
            return;
        }
        let Some(rest) = &mut self.rest else { return };
        let mut paths = Vec::new();
        for entry in rest.by_ref().take(SORTED_AT_ONCE) {
            match entry {
                Ok(entry) => paths.push(entry.path()),
                Err(error) => {
                    self.trouble = Some(error);
                    break;
                }
            }
        }
        if paths.len() < SORTED_AT_ONCE {
            self.rest = None;
        }
        paths.sort_unstable();
        self.sorted = paths.into_iter().peekable();
    }
}

impl Found {
    fn named(path: PathBuf, kind: FoundKind) -> Self {
        Self {
            path,
            named: true,
            kind,
        }
    }

    fn below(path: PathBuf, kind: FoundKind) -> Self {
        Self {
            path,
            named: false,
            kind,
        }
    }
}

/// What an entry of a folder is; `None` for a folder.
fn classify(path: &Path) -> Option<FoundKind> {
    let facts = match path.symlink_metadata() {
        Ok(facts) => facts,
        Err(error) => return Some(FoundKind::Unreadable(error)),
    };
    if facts.is_dir() {
        return None;
    }
    let facts = if facts.is_symlink() {
        match path.metadata() {
            Ok(behind) if behind.is_dir() => return Some(FoundKind::LinkedFolder),
            Ok(behind) => behind,
            Err(error) => return Some(FoundKind::Unreadable(error)),
        }
    } else {
        facts
    };
    Some(if facts.is_file() {
        FoundKind::File
    } else {
        FoundKind::Special
    })
}
