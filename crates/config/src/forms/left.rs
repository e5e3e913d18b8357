//! What an import leaves behind: escaped, cut and counted.

use keyway_report::escape;

use super::hidden;

/// Entries of a list for people. A Secret or a server of everyday size leaves a dozen behind.
const MAX_ENTRIES: usize = 500;

/// Characters of an entry: more is no help to find it.
const MAX_LENGTH: usize = 120;

/// What was left behind.
#[derive(Debug, Default)]
pub(super) struct Left {
    /// With their lines; 0 where none is known.
    entries: Vec<(usize, String)>,
    more: usize,
    /// Whether secrets may stand in what is noted.
    is_hiding: bool,
}

impl Left {
    /// What is left behind of a server's configuration, in which passwords and tokens stand.
    pub(super) fn of_server() -> Self {
        Self {
            is_hiding: true,
            ..Self::default()
        }
    }

    /// Notes what stands there.
    pub(super) fn add(&mut self, text: &str) {
        self.note(0, text);
    }

    fn note(&mut self, line: usize, text: &str) {
        if self.entries.len() == MAX_ENTRIES {
            self.more += 1;
            return;
        }
        let hidden = self.is_hiding.then(|| hidden::line(text));
        let text = hidden.as_deref().unwrap_or(text);
        let cut: String = text.chars().take(MAX_LENGTH).collect();
        let dots = if cut.len() < text.len() { "…" } else { "" };
        self.entries.push((line, escape::text(&cut) + dots));
    }

    /// Notes what stands in a line.
    pub(super) fn line(&mut self, line: usize, text: &str) {
        self.note(line, &format!("line {line}: {text}"));
    }

    /// The list, in the order of the lines.
    pub(super) fn list(mut self) -> Vec<String> {
        self.entries.sort_by_key(|(line, _)| *line);
        // What several servers take from above is told once.
        self.entries.dedup();
        let mut list: Vec<String> = self.entries.into_iter().map(|(_, text)| text).collect();
        if self.more > 0 {
            list.push(format!("… and {} more", self.more));
        }
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_ends_with_the_number_of_the_others() {
        let mut left = Left::default();
        for number in 0..MAX_ENTRIES + 7 {
            left.line(3, &format!("a\u{1b}b{number}"));
        }
        let list = left.list();
        assert_eq!(list.len(), MAX_ENTRIES + 1);
        assert!(!list[0].contains('\u{1b}'));
        assert_eq!(list.last().unwrap(), "… and 7 more");
    }
}
