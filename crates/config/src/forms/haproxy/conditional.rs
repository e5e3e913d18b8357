//! Lines that stand or not, by what is so where HAProxy runs (Configuration Manual, section 2.4): nobody can tell here. A
//! text is read where it comes to the same whichever of them stand.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

use zeroize::Zeroizing;

use super::read;
use super::sections::{Condition, conditions, wrong};
use crate::forms::left::Left;
use crate::forms::{ImportError, Imported, Sources};

/// Parts of a text that stand or not: each is tried, so a text is read so many times.
const MAX_PARTS: usize = 32;

/// Lines between two conditions, and the line that decides on them.
struct Part<'c> {
    by: &'c Condition,
    lines: Range<usize>,
}

fn parts(conditions: &[Condition]) -> Vec<Part<'_>> {
    let pairs = conditions.windows(2).filter(|pair| pair[0].depth > 0);
    let parts = pairs.map(|pair| Part {
        by: &pair[0],
        lines: pair[0].line + 1..pair[1].line,
    });
    parts.filter(|part| !part.lines.is_empty()).collect()
}

/// The text without conditions, and of the lines that they decide on those that stand. Each line stays where it is.
fn reading(
    text: &str,
    conditions: &[Condition],
    parts: &[Part<'_>],
    stands: impl Fn(usize) -> bool,
) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let gone = parts
        .iter()
        .enumerate()
        .filter(|(index, _)| !stands(*index));
    let gone = gone.flat_map(|(_, part)| part.lines.clone());
    for line in gone.chain(conditions.iter().map(|condition| condition.line)) {
        if let Some(line) = lines.get_mut(line - 1) {
            *line = "";
        }
    }
    lines.join("\n")
}

/// Reads frontends and backends of HAProxy; the files that are at hand say which certificates hold their keys.
pub(in crate::forms) fn import(text: &str, sources: &Sources<'_>) -> Result<Imported, ImportError> {
    let conditions = conditions(text)?;
    if conditions.is_empty() {
        return read::import(text, sources, Left::of_server());
    }
    // Each file is looked at once.
    let known: RefCell<BTreeMap<String, Option<Zeroizing<String>>>> = RefCell::default();
    let files = |path: &str| {
        let mut known = known.borrow_mut();
        let read = || (sources.files)(path).map(Zeroizing::new);
        let text = known.entry(path.to_owned()).or_insert_with(read);
        text.as_ref().map(|text| text.to_string())
    };
    let sources = Sources {
        files: &files,
        ..*sources
    };
    let parts = parts(&conditions);
    if let Some(part) = parts.get(MAX_PARTS) {
        let message = format!("more than {MAX_PARTS} parts of it stand under conditions");
        return Err(wrong(part.by.line, &message));
    }
    let read = |stands: &dyn Fn(usize) -> bool, left| {
        read::import(&reading(text, &conditions, &parts, stands), &sources, left)
    };
    let without = read(&|_| false, Left::of_server());
    let is_same = |other: &Result<Imported, ImportError>| match (&without, other) {
        (Ok(one), Ok(other)) => one.service == other.service && one.findings == other.findings,
        _ => false,
    };
    let decides = |index: &usize| !is_same(&read(&|at| at == *index, Left::of_server()));
    let mut left = Left::of_server();
    for condition in conditions
        .iter()
        .filter(|condition| condition.word == ".if")
    {
        left.line(condition.line, &condition.told);
    }
    let with = read(&|_| true, left);
    let deciding = (0..parts.len()).find(decides);
    let deciding = deciding.or((!is_same(&with)).then_some(0));
    match deciding.and_then(|index| parts.get(index)) {
        Some(_) if without.is_err() && with.is_err() => without,
        Some(part) => {
            let word = &part.by.word;
            let message = format!(
                "`{word}` decides which lines stand, and nobody can tell here: leave those that do, and no `{word}`"
            );
            Err(wrong(part.by.line, &message))
        }
        None => with,
    }
}
