//! The comments of a file of TOML that a change takes along with what they stand beside.

use std::collections::BTreeMap;

use crate::Draft;
use crate::document::Format;

/// The comments of a file that are in no place of the changed one, in their order, as they are written.
pub fn comments_gone<'d>(before: &'d Draft, after: &Draft) -> Vec<&'d str> {
    if before.format != Format::Toml {
        return Vec::new();
    }
    let mut kept: BTreeMap<&str, usize> = BTreeMap::new();
    for comment in comments(after.text()) {
        *kept.entry(comment).or_default() += 1;
    }
    let mut gone = comments(before.text());
    gone.retain(|comment| match kept.get_mut(comment) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
    gone
}

/// The comments of a text that reads as TOML: `#` outside of strings, to the end of the line.
fn comments(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['#', '"', '\'']) {
        let from = &rest[at..];
        if from.starts_with('#') {
            let (comment, behind) = from.split_at(from.find('\n').unwrap_or(from.len()));
            found.push(comment.trim_end());
            rest = behind;
        } else {
            rest = behind_string(from);
        }
    }
    found
}

/// What stands behind the string that a text begins with.
fn behind_string(text: &str) -> &str {
    let quote = if text.starts_with('"') { '"' } else { '\'' };
    let three = String::from_iter([quote; 3]);
    let (end, inside) = match text.strip_prefix(&three) {
        Some(inside) => (three, inside),
        None => (quote.to_string(), &text[1..]),
    };
    let mut letters = inside.char_indices();
    while let Some((at, letter)) = letters.next() {
        if letter == '\\' && quote == '"' {
            letters.next();
        } else if let Some(behind) = inside[at..].strip_prefix(&end) {
            // Two more of them may be the last of what is inside.
            return if end.len() > 1 {
                behind.trim_start_matches(quote)
            } else {
                behind
            };
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_comment_in_a_string_is_none() {
        let text = "# a\nx = \"# \\\"no\" # b\ny = '# \\' # c\nz = \"\"\"\n# no \"\" \\\"\"\"\n\"\"\"\"\" # d\nw = '''#''''' # e\nv = \"\" # f";
        assert_eq!(comments(text), ["# a", "# b", "# c", "# d", "# e", "# f"]);
    }
}
