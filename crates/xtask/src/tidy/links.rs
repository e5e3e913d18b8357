//! Relative links in the pages lead somewhere.

use crate::tidy::complaint::Complaint;
use crate::tidy::source::{Source, has_extension};
use crate::tidy::syntax::line_of;

/// Complains about links in Markdown pages to files that are not in the tree.
pub(crate) fn check(source: &Source, files: &[String]) -> Vec<Complaint> {
    if !has_extension(&source.path, "md") {
        return Vec::new();
    }
    let mut complaints = Vec::new();
    for (at, _) in source.text.match_indices("](") {
        let rest = &source.text[at + 2..];
        let link = rest.split([')', ' ', '\n']).next().unwrap_or_default();
        let file = link.split('#').next().unwrap_or_default();
        if file.is_empty() || file.contains(':') {
            continue;
        }
        let goal = resolve(&source.path, file);
        let folder = format!("{goal}/");
        if !files
            .iter()
            .any(|known| *known == goal || known.starts_with(&folder))
        {
            let line = line_of(&source.text, at);
            complaints.push(Complaint::at(
                source,
                line,
                format!("`{link}` leads nowhere"),
            ));
        }
    }
    complaints
}

/// The path of `link` as seen from the page `from`.
fn resolve(from: &str, link: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.trim_end_matches('/').split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> usize {
        let files = ["docs/rules/a.md".to_owned(), "README.md".to_owned()];
        check(&Source::new("docs/index.md", text.to_owned()), &files).len()
    }

    #[test]
    fn a_link_that_leads_nowhere_is_refused() {
        assert_eq!(count("[a](rules/b.md) [r](README.md)"), 2);
    }

    #[test]
    fn links_to_files_folders_sections_and_the_web_are_fine() {
        assert_eq!(
            count("[a](rules/a.md#x) [r](../README.md) [d](rules/) [s](#x) [w](https://x.y)"),
            0
        );
    }
}
