//! Lines that turn away who asks for other hosts than some, as a service does with all hosts but its own.

use super::conditions::{alternatives, terms};
use super::hosts::{AnyOf, ByName};

/// What turns somebody away, behind `http-request` and `tcp-request content` (Configuration Manual, section 4.2).
const ENDS: &[&str] = &["deny", "reject", "tarpit", "silent-drop"];

/// Such a line.
pub(super) struct Fence {
    pub(super) line: usize,
    pub(super) told: String,
    /// The terms of which one has to hold for whoever is let in.
    let_in: AnyOf,
}

/// What such a line has behind its action; `None` for another one.
fn behind_end<'w, 't>(words: &'w [&'t str]) -> Option<&'w [&'t str]> {
    match words {
        ["http-request", end, behind @ ..] | ["tcp-request", "content", end, behind @ ..]
            if ENDS.contains(end) =>
        {
            Some(behind)
        }
        _ => None,
    }
}

/// Where the condition of a line begins.
fn condition_at(words: &[&str]) -> Option<usize> {
    let is_start = |word: &&str| ["if", "unless"].contains(word);
    words.iter().position(is_start)
}

/// Whether a line turns everybody away.
pub(super) fn turns_all_away(words: &[&str]) -> bool {
    behind_end(words).is_some_and(|behind| condition_at(behind).is_none())
}

impl Fence {
    /// The line, where its condition may be one of hosts: `if !a !b` or `unless a or b`.
    pub(super) fn of(line: usize, words: &[&str]) -> Option<Self> {
        let behind = behind_end(words)?;
        let at = condition_at(behind)?;
        let condition: Vec<String> = behind[at + 1..]
            .iter()
            .map(|word| (*word).to_owned())
            .collect();
        let is_if = behind[at] == "if";
        let mut let_in = AnyOf::default();
        let all: Vec<&[String]> = alternatives(&condition).collect();
        for part in &all {
            let terms = terms(part);
            let is_one = if is_if {
                all.len() == 1
            } else {
                terms.len() == 1
            };
            if !is_one || terms.iter().any(|(_, is_turned)| *is_turned != is_if) {
                return None;
            }
            for (term, _) in &terms {
                let_in.add(term);
            }
        }
        Some(Self {
            line,
            told: words.join(" "),
            let_in,
        })
    }

    /// The names of conditions that it may ask for.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.let_in.names()
    }

    /// The hosts that are let in; `None` where it asks for something else.
    pub(super) fn hosts(&self, by_name: &ByName) -> Option<Vec<String>> {
        self.let_in.hosts(by_name, |_| false)
    }
}
