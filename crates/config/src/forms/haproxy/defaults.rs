//! What `defaults` say holds in the sections behind them that do not say it themselves (Configuration Manual,
//! sections 4 and 4.1).

use std::collections::BTreeMap;

use super::guards;
use super::sections::{Line, Section};
use crate::forms::left::Left;

/// What leads what no other line leads, wherever it stands.
const DEFAULT: &str = "default_backend";

/// What is inherited here: a line's first words, the longest first where one begins another.
const INHERITED: &[&[&str]] = &[
    &["mode"],
    &["disabled"],
    &["enabled"],
    &["maxconn"],
    &[DEFAULT],
    &["balance"],
    &["default-server"],
    &["option", "forwardfor"],
    &["option", "httpchk"],
    &["option", "tcp-check"],
    &["http-check", "send"],
    &["http-check", "expect"],
    &["timeout", "http-request"],
    &["timeout", "client"],
    &["timeout", "server"],
    &["timeout", "connect"],
];

/// What of time limits is a backend's.
const OF_BACKENDS: &[&str] = &["server", "connect"];

/// Lines about a backend's servers.
const OF_SERVERS: &[&str] = &[
    "server",
    "server-template",
    "default-server",
    "dispatch",
    "balance",
    "http-check",
    "tcp-check",
];

/// What of options is about how they are looked at.
const LOOKS: &[&str] = &["httpchk", "tcp-check"];

/// What a line says something of, where it is inherited.
fn subject(words: &[String]) -> Option<&'static [&'static str]> {
    let begins = |known: &&&[&str]| {
        let mut pairs = known.iter().zip(words);
        words.len() >= known.len() && pairs.all(|(known, word)| known == word)
    };
    INHERITED.iter().find(begins).copied()
}

/// Whether a line of a `listen` section, or of `defaults`, is its backend's.
pub(super) fn is_back(words: &[String]) -> bool {
    let second = words.get(1).map(String::as_str).unwrap_or_default();
    let first = words[0].as_str();
    OF_SERVERS.contains(&first)
        || (first == "timeout" && OF_BACKENDS.contains(&second))
        || (first == "option" && LOOKS.contains(&second))
}

/// Lines that add to those of the same kind before them.
const ADDS: &str = "default-server";

/// So many lines that keep somebody out are taken by each section.
const MAX_GUARDS: usize = 32;

fn is_guard(words: &[String]) -> bool {
    let texts: Vec<&str> = words.iter().map(String::as_str).collect();
    guards::is_guard(&texts)
}

/// How many of the lines keep somebody out.
fn guards(lines: &[Line]) -> usize {
    let guards = lines.iter().filter(|(_, words)| subject(words).is_none());
    guards.count()
}

/// The `defaults` that were read.
#[derive(Default)]
pub(super) struct Defaults {
    /// The last ones.
    last: Vec<Line>,
    named: BTreeMap<String, Vec<Line>>,
    /// Whether there are any.
    pub(super) is_there: bool,
}

impl Defaults {
    /// Takes a section in; what is not inherited here is told.
    pub(super) fn take(&mut self, section: Section, left: &mut Left) {
        self.is_there = true;
        let base = section.from.as_ref().and_then(|name| self.named.get(name));
        let mut lines = base.cloned().unwrap_or_default();
        for (line, words) in section.lines {
            match subject(&words) {
                Some(about) => {
                    lines.retain(|(_, known)| about == [ADDS] || subject(known) != Some(about));
                    lines.push((line, words));
                }
                // What keeps somebody out does so in each that takes it.
                None if is_guard(&words) && guards(&lines) < MAX_GUARDS => {
                    lines.push((line, words));
                }
                None if is_guard(&words) => left.guard(line, &words.join(" ")),
                None => left.line(line, &format!("defaults: {}", words.join(" "))),
            }
        }
        self.named.insert(section.name, lines.clone());
        self.last = lines;
    }

    /// The lines of a section with those that it inherits in front.
    pub(super) fn before(&self, section: &Section) -> Vec<Line> {
        let named = section.from.as_ref().and_then(|name| self.named.get(name));
        let base = named.unwrap_or(&self.last).iter();
        let (is_front, is_behind) = match section.kind.as_str() {
            "frontend" => (true, false),
            "backend" => (false, true),
            _ => (true, true),
        };
        let is_its = |words: &[String]| match subject(words) {
            None => true,
            Some(_) if is_back(words) => is_behind,
            Some(_) => is_front,
        };
        let is_said = |about: Option<&'static [&'static str]>| {
            let mut own = section.lines.iter();
            about.is_some_and(|about| about != [ADDS]) && own.any(|(_, own)| subject(own) == about)
        };
        let inherited = base.filter(|(_, words)| is_its(words) && !is_said(subject(words)));
        let (last, first): (Vec<&Line>, Vec<&Line>) =
            inherited.partition(|(_, words)| words[0] == DEFAULT);
        let lines = first.into_iter().chain(&section.lines).chain(last);
        lines.cloned().collect()
    }
}
