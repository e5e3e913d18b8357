//! What a family makes of a finding, and how the table writes it.

/// Number of families that have a column in the table.
pub(super) const COLUMNS: usize = 8;

/// What a family makes of what a rule finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stance {
    /// `n`: it refuses.
    Minds,
    /// `y`: it accepts all the same.
    Passes,
    /// `?`: nobody here knows.
    Unknown,
    /// `~`: that depends, on what the row says.
    Depends,
}

/// What all families make of one rule's findings, or of one kind of them.
#[derive(Debug)]
pub(super) struct Row {
    /// Code of the rule.
    pub(super) code: &'static str,
    /// Which of its findings are meant, as [`super::facet`] calls them; empty for all others.
    pub(super) of: &'static str,
    /// One for each family.
    pub(super) stances: [Stance; COLUMNS],
    /// On what it depends, where it does.
    pub(super) on: &'static str,
}

/// A row of the table: a letter for each family, in the order of its head.
pub(super) const fn row(code: &'static str, of: &'static str, stances: &str) -> Row {
    depends(code, of, stances, "")
}

/// A row where something depends on something.
pub(super) const fn depends(
    code: &'static str,
    of: &'static str,
    stances: &str,
    on: &'static str,
) -> Row {
    Row {
        code,
        of,
        stances: read(stances.as_bytes()),
        on,
    }
}

/// Only the compiler calls this: a row that is written wrongly does not compile.
const fn read(letters: &[u8]) -> [Stance; COLUMNS] {
    let mut stances = [Stance::Unknown; COLUMNS];
    let (mut at, mut column) = (0, 0);
    while at < letters.len() {
        if letters[at] != b' ' {
            stances[column] = match letters[at] {
                b'n' => Stance::Minds,
                b'y' => Stance::Passes,
                b'~' => Stance::Depends,
                b'?' => Stance::Unknown,
                _ => panic!("a stance is one of n, y, ?, ~"),
            };
            column += 1;
        }
        at += 1;
    }
    assert!(column == COLUMNS, "one stance for each family");
    stances
}
