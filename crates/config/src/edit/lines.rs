//! The lines of a changed file of TOML, where they stood before: `toml_edit` gathers dotted keys that begin alike, and
//! drops a key with the comments above it. A comment stays, be its key there or not.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use toml_edit::{Document, Item, Key, Table};
use zeroize::Zeroizing;

/// Where a key stands: the header that it is below, and its path from there.
type Place = (Vec<String>, Vec<String>);

/// A key with its value.
struct Line {
    place: Place,
    /// Where the key begins.
    key: usize,
    /// With what stands above it since the line before, to the end of its last line.
    bytes: Range<usize>,
}

/// Comments whose keys are gone, by the header and the line that follow; by none at the end of what is below a header.
type Orphans<'l> = BTreeMap<(&'l [String], Option<usize>), String>;

/// Puts the lines of a changed text in the order of the text before; new ones stay behind those that they stand
/// behind. `None` where one of the texts does not read.
pub(super) fn settle(before: &str, after: &str) -> Option<Zeroizing<String>> {
    let (old, new) = (lines(before)?, lines(after)?);
    let ranks: BTreeMap<&Place, usize> = old.iter().map(|line| &line.place).zip(0..).collect();
    let mut orphans = orphans(before, &old, &new);
    // Room for all of it, so that no piece is left behind where it grows.
    let mut out = Zeroizing::new(String::with_capacity(before.len() + after.len() + 1));
    let mut done = 0;
    for lines in new.chunk_by(|one, next| one.place.0 == next.place.0) {
        let (first, last) = (lines.first()?, lines.last()?);
        let header = first.place.0.as_slice();
        out.push_str(&after[done..first.bytes.start]);
        done = last.bytes.end;
        let mut rank = 0;
        let ranked = lines.iter().map(|line| {
            let own = ranks.get(&line.place).copied();
            rank = own.unwrap_or(rank);
            (rank, own, line)
        });
        let mut ranked: Vec<(usize, Option<usize>, &Line)> = ranked.collect();
        ranked.sort_by_key(|(rank, ..)| *rank);
        for (_, own, line) in ranked {
            if own.is_some() {
                out.push_str(&orphans.remove(&(header, own)).unwrap_or_default());
            }
            out.push_str(&after[line.bytes.clone()]);
            if !out.ends_with('\n') {
                out.push('\n');
            }
        }
        out.push_str(&orphans.remove(&(header, None)).unwrap_or_default());
    }
    out.push_str(&after[done..]);
    for comments in orphans.values() {
        out.push_str(comments);
    }
    Some(out)
}

/// The comments above keys that are gone, and what they stand above now.
fn orphans<'l>(before: &str, old: &'l [Line], new: &[Line]) -> Orphans<'l> {
    let kept: BTreeSet<&Place> = new.iter().map(|line| &line.place).collect();
    let mut orphans = Orphans::new();
    let mut next: Option<(&[String], usize)> = None;
    for (index, line) in old.iter().enumerate().rev() {
        let header = line.place.0.as_slice();
        if kept.contains(&line.place) {
            next = Some((header, index));
            continue;
        }
        let above = before[line.bytes.start..line.key].lines();
        let mut comments = String::new();
        for comment in above.filter(|line| line.trim_start().starts_with('#')) {
            comments.push_str(comment);
            comments.push('\n');
        }
        if !comments.is_empty() {
            let next = next.filter(|(above, _)| *above == header);
            let place = (header, next.map(|(_, index)| index));
            orphans.entry(place).or_default().insert_str(0, &comments);
        }
    }
    orphans
}

/// The lines of a text, in their order.
fn lines(text: &str) -> Option<Vec<Line>> {
    let document = Document::parse(text).ok()?;
    let mut found: Vec<(Place, usize, usize)> = Vec::new();
    walk(document.as_table(), &[], &[], &mut found);
    found.sort_by_key(|(_, key, _)| *key);
    let mut lines: Vec<Line> = Vec::with_capacity(found.len());
    for (place, key, end) in found {
        let key = text.get(..key)?.rfind('\n').map_or(0, |at| at + 1);
        let end = text
            .get(end..)?
            .find('\n')
            .map_or(text.len(), |at| end + at + 1);
        let above = lines.last().filter(|line| line.place.0 == place.0);
        let start = above.map_or_else(|| above_all(text, key), |line| line.bytes.end);
        let bytes = start..end;
        lines.push(Line { place, key, bytes });
    }
    Some(lines)
}

/// Where the comments begin that stand above the first key below a header, or of a text.
fn above_all(text: &str, key: usize) -> usize {
    let above = text[..key].split_inclusive('\n').rev();
    let is_passed = |line: &&str| line.trim().is_empty() || line.trim_start().starts_with('#');
    key - above.take_while(is_passed).map(str::len).sum::<usize>()
}

/// Notes the keys below a header, each with where it begins and where its value ends.
fn walk(table: &Table, header: &[String], path: &[String], found: &mut Vec<(Place, usize, usize)>) {
    for (name, item) in table {
        let inner = [path, &[name.to_owned()]].concat();
        match item {
            Item::Value(value) => {
                let key = table.key(name).and_then(Key::span);
                if let (Some(key), Some(value)) = (key, value.span()) {
                    found.push(((header.to_vec(), inner), key.start, value.end));
                }
            }
            Item::Table(table) if table.is_dotted() => walk(table, header, &inner, found),
            Item::Table(table) => walk(table, &[header, &inner].concat(), &[], found),
            Item::ArrayOfTables(tables) => {
                for (number, table) in tables.iter().enumerate() {
                    let header = [header, &inner, &[number.to_string()]].concat();
                    walk(table, &header, &[], found);
                }
            }
            Item::None => {}
        }
    }
}
