//! Hosts that conditions have out of a file (Configuration Manual, section 7.1.3: `-f`).

use std::cell::Cell;

use super::hosts;
use super::pairs::Around;
use super::sections::Line;

/// Entries of all files together: a machine has some thousand sites.
const MAX_ENTRIES: usize = 10_000;

/// Files that are read for them.
const MAX_FILES: usize = 100;

/// What is left of how much is read.
pub(super) struct Lists {
    entries: Cell<usize>,
    files: Cell<usize>,
}

impl Lists {
    pub(super) fn new() -> Self {
        Self {
            entries: Cell::new(MAX_ENTRIES),
            files: Cell::new(MAX_FILES),
        }
    }

    /// The entries of a file, where it is at hand: one a line, but for those that are empty or begin with `#`.
    fn entries(&self, path: &str, around: &Around<'_>) -> Option<Vec<String>> {
        self.files.set(self.files.get().checked_sub(1)?);
        let text = around.list(path)?;
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut entries = Vec::new();
        for line in lines {
            self.entries.set(self.entries.get().checked_sub(1)?);
            entries.push(line.to_owned());
        }
        Some(entries)
    }

    /// Lines with the hosts out of files in the place of the files' names, where they are at hand.
    pub(super) fn put(&self, mut lines: Vec<Line>, around: &Around<'_>) -> Vec<Line> {
        for (_, words) in &mut lines {
            let texts: Vec<&str> = words.iter().map(String::as_str).collect();
            if texts.contains(&"-f") {
                *words = self.filled(&texts, around);
            }
        }
        lines
    }

    fn filled(&self, words: &[&str], around: &Around<'_>) -> Vec<String> {
        let mut filled: Vec<String> = Vec::new();
        // A test stands in brackets, or behind the name of one.
        let mut is_of_hosts = false;
        let mut rest = words;
        while let Some((word, behind)) = rest.split_first() {
            rest = behind;
            let is_start = match filled.as_slice() {
                [first, _] => first == "acl",
                [.., last] => last.ends_with('{'),
                [] => false,
            };
            if is_start {
                is_of_hosts = hosts::is_of_hosts(word);
            }
            let entries = match rest.split_first() {
                Some((path, behind)) if *word == "-f" && is_of_hosts => {
                    let entries = self.entries(path, around);
                    if entries.is_some() {
                        rest = behind;
                    }
                    entries
                }
                _ => None,
            };
            match entries {
                Some(entries) => filled.extend(entries),
                None => filled.push((*word).to_owned()),
            }
        }
        filled
    }
}
