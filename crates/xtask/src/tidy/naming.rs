//! Modules are nouns of the trade: a name that fits everything says nothing.

use crate::tidy::complaint::Complaint;
use crate::tidy::source::Source;
use crate::tidy::syntax::{is_word, line_of};

const EMPTY_NAMES: [&str; 9] = [
    "util", "utils", "common", "helper", "helpers", "misc", "types", "shared", "stuff",
];

/// Complains about modules with names that say nothing: files, folders and `mod` items.
pub(crate) fn check(source: &Source) -> Vec<Complaint> {
    if !source.is_rust() {
        return Vec::new();
    }
    let mut complaints = Vec::new();
    for part in source.path.trim_end_matches(".rs").split('/') {
        if EMPTY_NAMES.contains(&part) {
            complaints.push(Complaint::about(&source.path, message(part)));
        }
    }
    for (at, _) in source.code.match_indices("mod ") {
        let name: String = source.code[at + 4..]
            .chars()
            .take_while(|c| is_word(*c))
            .collect();
        let is_item = !source.code[..at].chars().next_back().is_some_and(is_word);
        if is_item && EMPTY_NAMES.contains(&name.as_str()) {
            complaints.push(Complaint::at(
                source,
                line_of(&source.code, at),
                message(&name),
            ));
        }
    }
    complaints
}

fn message(name: &str) -> String {
    format!("module `{name}`: name it after the thing in the trade that it holds")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_fit_everything_are_refused() {
        assert_eq!(
            check(&Source::new("crates/x/src/utils.rs", String::new())).len(),
            1
        );
        assert_eq!(
            check(&Source::new("tests/common/mod.rs", String::new())).len(),
            1
        );
        assert_eq!(
            check(&Source::new("crates/x/src/a.rs", "pub mod types {}".into())).len(),
            1
        );
    }

    #[test]
    fn nouns_of_the_trade_are_welcome() {
        let source = Source::new("crates/x/src/pem.rs", "mod boundary; // mod util".into());
        assert!(check(&source).is_empty());
    }
}
