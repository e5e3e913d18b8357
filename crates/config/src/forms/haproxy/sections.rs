//! The sections, lines and words of HAProxy's language (Configuration Manual, section 2).

use crate::forms::words::marked;
use crate::forms::{ImportError, called};

/// The names that begin a section (Configuration Manual, section 2.1 and the headings of 3 and 4).
const SECTIONS: &[&str] = &[
    "global",
    "defaults",
    "frontend",
    "backend",
    "listen",
    "userlist",
    "peers",
    "mailers",
    "resolvers",
    "cache",
    "http-errors",
    "ring",
    "program",
    "fcgi-app",
    "log-forward",
    "crt-store",
];

/// Lines that decide which others stand, and those that only say something while they are read (section 2.4).
const CONDITIONS: &[&str] = &[".if", ".elif", ".else", ".endif"];
const SAYINGS: &[&str] = &[".diag", ".notice", ".warning", ".alert"];

/// A line's number and words.
pub(super) type Line = (usize, Vec<String>);

/// A section with its lines.
pub(super) struct Section {
    pub(super) line: usize,
    pub(super) kind: String,
    pub(super) name: String,
    /// The `defaults` that it names (`frontend web from base`).
    pub(super) from: Option<String>,
    pub(super) lines: Vec<Line>,
    /// Words in which the environment fills something in (section 2.3), with their lines.
    pub(super) filled: Vec<(usize, String)>,
}

impl Section {
    /// Whether it is there for its name alone, which stands for another address of the frontend before it.
    pub(super) fn is_taken_name(&self) -> bool {
        let is_off = matches!(self.lines.as_slice(), [(_, words)] if words.iter().eq(["disabled"]));
        is_off && self.kind == "frontend" && called::is_made(&self.name)
    }
}

pub(super) fn wrong(line: usize, message: &str) -> ImportError {
    ImportError::Form {
        line,
        message: message.to_owned(),
    }
}

/// The text before a comment: `#` outside of quotations and behind no backslash.
fn bare(line: &str) -> &str {
    let mut quote = None;
    let mut letters = line.char_indices();
    while let Some((at, letter)) = letters.next() {
        match (quote, letter) {
            (None, '#') => return &line[..at],
            (None | Some('"'), '\\') => drop(letters.next()),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
    }
    line
}

/// A line that decides which others stand.
pub(super) struct Condition {
    pub(super) line: usize,
    /// Its first word.
    pub(super) word: String,
    pub(super) told: String,
    /// How many conditions are open behind it.
    pub(super) depth: usize,
}

/// Finds these lines in a text.
pub(super) fn conditions(text: &str) -> Result<Vec<Condition>, ImportError> {
    let mut found: Vec<Condition> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        let trimmed = line.trim_start();
        let Some(word) = CONDITIONS
            .iter()
            .find(|word| trimmed.split_whitespace().next() == Some(**word))
        else {
            continue;
        };
        let depth = found.last().map_or(0, |last| last.depth);
        let depth = match *word {
            ".if" => Some(depth + 1),
            ".endif" => depth.checked_sub(1),
            _ => Some(depth).filter(|depth| *depth > 0),
        };
        let depth =
            depth.ok_or_else(|| wrong(number, &format!("`{word}` stands behind no `.if`")))?;
        found.push(Condition {
            line: number,
            word: (*word).to_owned(),
            told: bare(trimmed).trim_end().to_owned(),
            depth,
        });
    }
    match found.iter().rfind(|condition| condition.word == ".if") {
        Some(last) if found.last().is_some_and(|last| last.depth > 0) => {
            Err(wrong(last.line, "`.if` is not ended by `.endif`"))
        }
        _ => Ok(found),
    }
}

/// Reads the sections of a text without conditions.
pub(super) fn read(text: &str) -> Result<Vec<Section>, ImportError> {
    let mut sections: Vec<Section> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        let words = marked(bare(line)).ok_or_else(|| wrong(number, "a quotation is not closed"))?;
        let filled = words.iter().filter(|word| word.filled == Some('$'));
        let filled: Vec<_> = filled.map(|word| (number, word.text.clone())).collect();
        let words: Vec<String> = words.into_iter().map(|word| word.text).collect();
        let Some(first) = words.first() else {
            continue;
        };
        if SAYINGS.contains(&first.as_str()) {
            continue;
        }
        if SECTIONS.contains(&first.as_str()) {
            sections.push(Section {
                line: number,
                kind: first.clone(),
                name: words.get(1).cloned().unwrap_or_default(),
                from: words.get(3).filter(|_| words[2] == "from").cloned(),
                lines: Vec::new(),
                filled,
            });
        } else if let Some(section) = sections.last_mut() {
            section.lines.push((number, words));
            section.filled.extend(filled);
        } else {
            return Err(wrong(
                number,
                "a section is wanted here, such as `frontend`",
            ));
        }
    }
    Ok(sections)
}
