//! Mozilla's Public Suffix List, packed (its version and licence: `suffixes.md`, beside the table).
//!
//! A rule's name is its labels from the top-level domain down, with a comma between two: this sorts what
//! is below a name right behind it. The table holds the names in the order of their bytes. A line is one
//! name in full and up to 15 that follow it, each as a capital letter, which says how many bytes it has in
//! common with the name before it (`A` none, `Z` 25 or more), and its other bytes. Behind a name
//! stands, as marks, what kind of rule it is; where that is a plain rule of ICANN's section alone, nothing.

use std::cmp::Ordering;

/// The marks, one for each kind of rule.
pub(super) const PLAIN: u8 = b'=';
pub(super) const PRIVATE: u8 = b'.';
pub(super) const WILDCARD: u8 = b'*';
pub(super) const PRIVATE_WILDCARD: u8 = b'+';
pub(super) const EXCEPTION: u8 = b'!';

const TABLE: &[u8] = include_bytes!("../suffixes.txt");

/// Where each line begins, found when this is compiled.
static LINES: [u32; count()] = lines();

/// What the list says of a name.
pub(super) struct Entry {
    /// The marks of its rule, if there is one.
    pub(super) marks: Option<&'static [u8]>,
    /// Whether there are rules for names below it.
    pub(super) more: bool,
}

/// Finds a name: its line by halving, and its place by going along it.
pub(super) fn entry(name: &[u8]) -> Entry {
    let line = LINES.partition_point(|start| head(*start as usize) <= name);
    let mut rest = match line.checked_sub(1).and_then(|line| LINES.get(line)) {
        Some(start) => &TABLE[*start as usize..],
        None => &TABLE[..0],
    };
    // How many bytes the name has in common with the entry before.
    let mut matched = 0;
    while let Some(packed) = Packed::take(&mut rest) {
        // What is in common with an entry that comes before the name, beyond what the name has in common
        // with it, comes before the name as well.
        let Some(wanted) = name
            .get(packed.shared..)
            .filter(|_| packed.shared <= matched)
        else {
            continue;
        };
        match packed.own.cmp(wanted) {
            Ordering::Less => matched = packed.shared + common(packed.own, wanted),
            Ordering::Equal => {
                let next = Packed::take(&mut rest);
                return Entry {
                    marks: Some(packed.marks),
                    more: next.is_some_and(|next| next.is_below(name)),
                };
            }
            Ordering::Greater => {
                return Entry {
                    marks: None,
                    more: packed.is_below(name),
                };
            }
        }
    }
    Entry {
        marks: None,
        more: false,
    }
}

/// A name as the table has it.
struct Packed {
    shared: usize,
    own: &'static [u8],
    marks: &'static [u8],
}

impl Packed {
    fn take(rest: &mut &'static [u8]) -> Option<Self> {
        let (shared, after) = match rest.split_first()? {
            (letter @ b'A'..=b'Z', after) => (usize::from(letter - b'A'), after),
            (b'\n', after) => (0, after),
            _ => (0, *rest),
        };
        let (own, after) = after.split_at(name_end(after));
        let (marks, after) = after.split_at(marks_end(after));
        let marks = if marks.is_empty() { &[PLAIN] } else { marks };
        *rest = after;
        (!own.is_empty()).then_some(Self { shared, own, marks })
    }

    /// Whether it is a name below the given one, of which it shares what it shares with the name before.
    fn is_below(&self, name: &[u8]) -> bool {
        name.get(self.shared..)
            .and_then(|wanted| self.own.strip_prefix(wanted))
            .is_some_and(|rest| rest.first() == Some(&b','))
    }
}

fn head(start: usize) -> &'static [u8] {
    let line = &TABLE[start..];
    &line[..name_end(line)]
}

// Plain loops: most of a look-up is spent here, and closures stay calls in a build for size.
fn name_end(bytes: &[u8]) -> usize {
    let mut end = 0;
    while let Some(b'a'..=b'z' | b'0'..=b'9' | b'-' | b',') = bytes.get(end) {
        end += 1;
    }
    end
}

fn marks_end(bytes: &[u8]) -> usize {
    let mut end = 0;
    while let Some(b'=' | b'.' | b'*' | b'+' | b'!' | b'?') = bytes.get(end) {
        end += 1;
    }
    end
}

fn common(left: &[u8], right: &[u8]) -> usize {
    let pairs = left.iter().zip(right);
    pairs.take_while(|(a, b)| a == b).count()
}

const fn count() -> usize {
    let (mut at, mut found) = (0, 0);
    while at < TABLE.len() {
        found += (TABLE[at] == b'\n') as usize;
        at += 1;
    }
    found
}

#[allow(clippy::cast_possible_truncation)] // The table is a few hundred kilobytes at most.
const fn lines() -> [u32; count()] {
    let mut lines = [0; count()];
    let (mut at, mut line) = (0, 1);
    while at < TABLE.len() && line < lines.len() {
        if TABLE[at] == b'\n' {
            lines[line] = at as u32 + 1;
            line += 1;
        }
        at += 1;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{LINES, TABLE, entry, head, name_end};

    /// Every name of the table, unpacked, with its marks.
    fn unpacked() -> Vec<(Vec<u8>, &'static [u8])> {
        let mut names: Vec<(Vec<u8>, &[u8])> = Vec::new();
        let mut rest = TABLE;
        while let Some(packed) = super::Packed::take(&mut rest) {
            let mut name = names.last().map_or_else(Vec::new, |(name, _)| name.clone());
            name.truncate(packed.shared);
            name.extend_from_slice(packed.own);
            names.push((name, packed.marks));
        }
        names
    }

    #[test]
    fn every_name_is_found_with_its_marks_and_what_is_below_it() {
        let names = unpacked();
        assert!(names.len() > 10_000);
        assert!(names.is_sorted());
        for (at, (name, marks)) in names.iter().enumerate() {
            let below = [name, b",".as_slice()].concat();
            let found = entry(name);
            assert_eq!(found.marks, Some(*marks), "{}", name.escape_ascii());
            let next = names.get(at + 1);
            let more = next.is_some_and(|(next, _)| next.starts_with(&below));
            assert_eq!(found.more, more, "{}", name.escape_ascii());
        }
    }

    #[test]
    fn a_name_that_is_not_listed_is_not_found_wherever_it_would_stand() {
        let names = unpacked();
        for (name, _) in &names {
            for end in [b"-".as_slice(), b"0", b"zz", b",zz--"] {
                let name = [name, end].concat();
                if names
                    .binary_search_by(|(listed, _)| listed.cmp(&name))
                    .is_ok()
                {
                    continue;
                }
                let found = entry(&name);
                assert!(found.marks.is_none(), "{}", name.escape_ascii());
            }
        }
        for name in [
            b"".as_slice(),
            b"0",
            b"a",
            b",",
            b"zzzzzz",
            b"com,",
            &[0xff; 80],
        ] {
            assert!(entry(name).marks.is_none(), "{}", name.escape_ascii());
        }
        // Not listed itself, but with rules below it.
        let above = entry(b"com,amazonaws");
        assert!(above.marks.is_none() && above.more);
    }

    #[test]
    fn lines_begin_where_the_table_has_a_name_in_full() {
        let starts: Vec<&[u8]> = TABLE
            .trim_ascii_end()
            .split(|byte| *byte == b'\n')
            .collect();
        assert_eq!(starts.len(), LINES.len());
        for (line, start) in starts.iter().zip(LINES) {
            assert_eq!(&line[..name_end(line)], head(start as usize));
        }
    }
}
