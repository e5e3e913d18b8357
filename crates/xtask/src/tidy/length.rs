//! Files aim at 150 lines, are looked at past 300 and are never past 400.

use crate::tidy::complaint::Complaint;
use crate::tidy::source::Source;

/// Past this a file is looked at.
const LOOK: usize = 300;

/// Past this a file is split.
const MOST: usize = 400;

/// Complains about files past the limit.
pub(crate) fn check(source: &Source) -> Vec<Complaint> {
    match lines(source) {
        count if count > MOST => {
            let message = format!("{count} lines, at most {MOST}: it holds more than one thing");
            vec![Complaint::about(&source.path, message)]
        }
        _ => Vec::new(),
    }
}

/// A word about a file that is getting long.
pub(crate) fn advise(source: &Source) -> Option<String> {
    let count = lines(source);
    (count > LOOK && count <= MOST).then(|| format!("{}: {count} lines", source.path))
}

fn lines(source: &Source) -> usize {
    if source.is_crate_source() {
        source.text.lines().count()
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: usize) -> Source {
        Source::new("crates/x/src/a.rs", "\n".repeat(lines))
    }

    #[test]
    fn a_file_past_the_limit_is_refused() {
        assert_eq!(check(&of(MOST + 1)).len(), 1);
    }

    #[test]
    fn a_long_file_is_only_mentioned() {
        assert!(check(&of(MOST)).is_empty());
        assert!(advise(&of(MOST)).is_some());
        assert!(advise(&of(LOOK)).is_none());
    }
}
