//! JSON values as YAML 1.2 in block style. Texts that YAML could take for something else are quoted as
//! JSON does it, which YAML reads alike (YAML 1.2.2 section 1.2).

use std::fmt::Write as _;

use keyway_report::escape;
use serde_json::Value;
use zeroize::Zeroizing;

/// Several documents, one behind the other.
pub(super) fn render(documents: &[Value]) -> String {
    let each = documents.iter().map(|document| {
        let mut out = Zeroizing::new(String::new());
        block(document, 0, &mut out);
        out
    });
    let each: Vec<Zeroizing<String>> = each.collect();
    let each: Vec<&str> = each.iter().map(|text| text.as_str()).collect();
    each.join("---\n")
}

fn block(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (name, value) in members {
                let _ = write!(out, "{:indent$}{}:", "", text(name));
                inside(value, indent, out);
            }
        }
        Value::Array(values) if !values.is_empty() => {
            for value in values {
                let mut item = Zeroizing::new(String::new());
                block(value, indent + 2, &mut item);
                // The dash stands in the place of the item's own indent.
                let _ = write!(out, "{:indent$}- {}", "", item.trim_start());
            }
        }
        scalar => {
            let _ = writeln!(out, "{:indent$}{}", "", plain(scalar).as_str());
        }
    }
}

fn inside(value: &Value, indent: usize, out: &mut String) {
    let is_nested = match value {
        Value::Object(members) => !members.is_empty(),
        Value::Array(values) => !values.is_empty(),
        _ => false,
    };
    if is_nested {
        out.push('\n');
        block(value, indent + 2, out);
    } else if let Value::String(lines) = value
        && is_readable(lines)
    {
        // A literal block, which keeps its lines as they are (section 8.1.2).
        out.push_str(" |\n");
        for line in lines.lines() {
            let width = if line.is_empty() { 0 } else { indent + 2 };
            let _ = writeln!(out, "{:width$}{line}", "");
        }
    } else {
        let _ = writeln!(out, " {}", plain(value).as_str());
    }
}

/// Whether a letter stands for itself: printable ASCII, and letters of other languages that are seen (YAML 1.2.2,
/// section 5.1).
fn is_printed(letter: char) -> bool {
    matches!(letter, ' '..='~') || letter.is_alphanumeric() && escape::is_shown(letter)
}

/// Whether a text is whole lines of what stands for itself, the first of which is not indented.
fn is_readable(lines: &str) -> bool {
    lines.ends_with('\n')
        && !lines.ends_with("\n\n")
        && !lines.starts_with([' ', '\n'])
        && lines
            .chars()
            .all(|letter| letter == '\n' || is_printed(letter))
}

fn plain(value: &Value) -> Zeroizing<String> {
    Zeroizing::new(match value {
        Value::String(string) => text(string),
        other => other.to_string(),
    })
}

/// Words that YAML 1.1 or 1.2 takes for truth, or for nothing.
const WORDS: &[&str] = &["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

fn text(string: &str) -> String {
    let is_plain = string.starts_with(|first: char| first.is_ascii_alphabetic())
        && string
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte))
        && !WORDS.contains(&string.to_ascii_lowercase().as_str());
    if is_plain {
        return string.to_owned();
    }
    // Texts always serialise.
    let quoted = Zeroizing::new(serde_json::to_string(string).unwrap_or_default());
    let mut out = String::with_capacity(quoted.len());
    for letter in quoted.chars() {
        // What JSON leaves as it is and YAML does not print, or a terminal turns around.
        if is_printed(letter) {
            out.push(letter);
        } else {
            let _ = write!(out, "\\U{:08x}", u32::from(letter));
        }
    }
    out
}
