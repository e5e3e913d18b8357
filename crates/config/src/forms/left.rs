//! What an import leaves behind: escaped, cut and counted.

use keyway_report::escape;

/// Entries of a list for people. A Secret or a server of everyday size leaves a dozen behind.
const MAX_ENTRIES: usize = 500;

/// Characters of an entry: more is no help to find it.
const MAX_LENGTH: usize = 120;

/// What was left behind.
#[derive(Debug, Default)]
pub(super) struct Left {
    entries: Vec<String>,
    more: usize,
}

impl Left {
    /// Notes what stands there.
    pub(super) fn add(&mut self, text: &str) {
        if self.entries.len() == MAX_ENTRIES {
            self.more += 1;
            return;
        }
        let cut: String = text.chars().take(MAX_LENGTH).collect();
        let dots = if cut.len() < text.len() { "…" } else { "" };
        self.entries.push(escape::text(&cut) + dots);
    }

    /// Notes what stands in a line.
    pub(super) fn line(&mut self, line: usize, text: &str) {
        self.add(&format!("line {line}: {text}"));
    }

    /// The list.
    pub(super) fn list(mut self) -> Vec<String> {
        if self.more > 0 {
            self.entries.push(format!("… and {} more", self.more));
        }
        self.entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_ends_with_the_number_of_the_others() {
        let mut left = Left::default();
        for _ in 0..MAX_ENTRIES + 7 {
            left.line(3, "a\u{1b}b");
        }
        let list = left.list();
        assert_eq!(list.len(), MAX_ENTRIES + 1);
        assert!(!list[0].contains('\u{1b}'));
        assert_eq!(list.last().unwrap(), "… and 7 more");
    }
}
