//! Marks that must not stay: unfinished work, `unwrap` outside tests, tests ignored without a reason.

use crate::tidy::complaint::Complaint;
use crate::tidy::source::Source;
use crate::tidy::syntax::{is_word, line_of};

/// Never committed, not even in tests.
const UNFINISHED: [&str; 3] = ["todo!", "unimplemented!", "dbg!"];

/// Complains about marks in Rust sources.
pub(crate) fn check(source: &Source) -> Vec<Complaint> {
    if !source.is_rust() {
        return Vec::new();
    }
    let mut complaints = Vec::new();
    for mark in UNFINISHED {
        complain(
            source,
            &source.code,
            mark,
            "finish it, or leave it out",
            &mut complaints,
        );
    }
    complain(
        source,
        &source.code,
        "#[ignore]",
        "say why: `#[ignore = \"...\"]`",
        &mut complaints,
    );
    complain(
        source,
        &source.text,
        ignored_example(),
        "examples compile",
        &mut complaints,
    );
    if source.is_crate_source() {
        let instead = "return an error, or `expect` what cannot fail";
        complain(
            source,
            &source.shipped,
            ".unwrap()",
            instead,
            &mut complaints,
        );
    }
    complaints
}

/// A documentation example that is not compiled. Put together here, so that this file is not one.
fn ignored_example() -> &'static str {
    concat!("```", "ignore")
}

fn complain(source: &Source, text: &str, mark: &str, instead: &str, to: &mut Vec<Complaint>) {
    for (at, _) in text.match_indices(mark) {
        let inside_word = text[..at].chars().next_back().is_some_and(is_word);
        if !(inside_word && mark.starts_with(is_word)) {
            to.push(Complaint::at(
                source,
                line_of(text, at),
                format!("`{mark}`: {instead}"),
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> usize {
        check(&Source::new("crates/x/src/a.rs", text.to_owned())).len()
    }

    #[test]
    fn unfinished_work_is_refused() {
        assert_eq!(count("fn f() { todo!() }"), 1);
        assert_eq!(count("fn f() { dbg!(1); x.unwrap(); }"), 2);
        assert_eq!(count("#[ignore]\nfn f() {}"), 1);
        assert_eq!(count(&format!("/// {}\nfn f() {{}}", ignored_example())), 1);
    }

    #[test]
    fn talk_about_marks_and_unwrap_in_tests_is_fine() {
        assert_eq!(count("// no todo! here\nconst A: &str = \"dbg!\";"), 0);
        assert_eq!(
            count("#[cfg(test)]\nmod tests { fn f() { x.unwrap(); } }"),
            0
        );
        assert_eq!(
            count("#[ignore = \"needs a network\"]\nfn f() { my_todo!() }"),
            0
        );
    }
}
