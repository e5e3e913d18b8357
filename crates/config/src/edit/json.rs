//! Changes to a text of JSON where they are to be: all else stays as it is written.

use std::ops::Range;

use zeroize::Zeroizing;

use super::{EditError, Setting, no_table};
use crate::document::{self, Entry, Format, Node, Value};

/// How deep what is new stands in where a text says nothing of it.
const INDENT: &str = "  ";

/// What is put in the place of a part of a text.
struct Splice {
    bytes: Range<usize>,
    with: String,
}

/// Changes a text, which was read as this tree.
pub(super) fn change(
    mut root: Node,
    settings: &[(Vec<&str>, &Setting)],
    text: &str,
) -> Result<Zeroizing<String>, EditError> {
    let mut text = Zeroizing::new(text.to_owned());
    for (path, setting) in settings {
        // A key that is said twice goes twice; each time there is less of it.
        while let Some(splice) = splice(&root, &text, path, setting).map_err(|()| no_table(path))? {
            let Splice { bytes, with } = splice;
            // Room for all of it, so that no piece is left behind where it grows.
            let mut changed = Zeroizing::new(String::with_capacity(text.len() + with.len()));
            changed.push_str(&text[..bytes.start]);
            changed.push_str(&with);
            changed.push_str(&text[bytes.end..]);
            text = changed;
            root = document::read(&text, Format::Json)?;
            if **setting != Setting::Nothing {
                break;
            }
        }
    }
    Ok(text)
}

/// What a setting changes; nothing where it is so already.
fn splice(root: &Node, text: &str, path: &[&str], setting: &Setting) -> Result<Option<Splice>, ()> {
    let mut node = root;
    let mut rest = path;
    while let Some((name, behind)) = rest.split_first() {
        rest = behind;
        node = match &node.value {
            Value::List(nodes) => name.parse::<usize>().ok().and_then(|at| nodes.get(at)),
            Value::Table(entries) => {
                let writing = Writing { root, text };
                let at = entries.iter().position(|entry| entry.key == *name);
                match at {
                    Some(at) if behind.is_empty() => {
                        return Ok(match setting {
                            Setting::Nothing => Some(writing.without(node, entries, at)),
                            setting => writing.with(&entries[at].node, setting),
                        });
                    }
                    Some(at) => Some(&entries[at].node),
                    None if *setting == Setting::Nothing => return Ok(None),
                    None => return Ok(Some(writing.more(node, entries, name, behind, setting))),
                }
            }
            _ => None,
        }
        .ok_or(())?;
    }
    Err(())
}

/// How a text is written.
#[derive(Clone, Copy)]
struct Writing<'t> {
    root: &'t Node,
    text: &'t str,
}

impl<'t> Writing<'t> {
    /// Where the key of an entry begins, and where what separates it from what stands before does.
    fn start(&self, table: &Node, entries: &[Entry], at: usize) -> (usize, usize) {
        let before = match at.checked_sub(1) {
            Some(before) => entries[before].node.bytes.end,
            None => table.bytes.start + 1,
        };
        let is_between = |letter: char| letter == ',' || letter.is_whitespace();
        let behind = &self.text[before..];
        let gap = behind.len() - behind.trim_start_matches(is_between).len();
        (before + gap, before)
    }

    /// What stands between the key of an entry and its value.
    fn colon(&self, table: &Node, entries: &[Entry], at: usize) -> &'t str {
        let (key, _) = self.start(table, entries, at);
        let said = &self.text[key..entries[at].node.bytes.start];
        let end = said.rfind('"').map_or(0, |quote| quote + 1);
        &said[end..]
    }

    /// What stands in front of the line of a place.
    fn indent(&self, at: usize) -> &'t str {
        let start = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        let line = self.text[start..].trim_start_matches('\u{feff}');
        let length = line.len() - line.trim_start_matches([' ', '\t']).len();
        &line[..length]
    }

    /// What lines inside of something stand in by.
    fn unit(&self) -> &'t str {
        let Value::Table(entries) = &self.root.value else {
            return INDENT;
        };
        let key = entries.first().map(|_| self.start(self.root, entries, 0).0);
        key.map(|key| self.indent(key))
            .filter(|unit| !unit.is_empty())
            .unwrap_or(INDENT)
    }

    fn is_in_lines(&self, node: &Node) -> bool {
        self.text[node.bytes.clone()].contains('\n')
    }

    /// What takes an entry out, with what separates it from the others.
    fn without(&self, table: &Node, entries: &[Entry], at: usize) -> Splice {
        let end = entries[at].node.bytes.end;
        let (key, before) = self.start(table, entries, at);
        let bytes = if entries.len() == 1 {
            table.bytes.start + 1..table.bytes.end - 1
        } else if at + 1 < entries.len() {
            key..self.start(table, entries, at + 1).0
        } else {
            before..end
        };
        Splice {
            bytes,
            with: String::new(),
        }
    }

    /// What puts another value in the place of one.
    fn with(&self, node: &Node, setting: &Setting) -> Option<Splice> {
        let is_same = match (&node.value, setting) {
            (Value::Text(text), Setting::Text(new)) => **text == *new,
            (Value::Truth(truth), Setting::Truth(new)) => truth == new,
            (Value::List(nodes), Setting::Texts(new)) => {
                let mut pairs = nodes.iter().zip(new);
                nodes.len() == new.len()
                    && pairs.all(
                        |(node, new)| matches!(&node.value, Value::Text(text) if **text == *new),
                    )
            }
            _ => false,
        };
        let lines = self
            .is_in_lines(node)
            .then(|| self.indent(node.bytes.start));
        (!is_same).then(|| Splice {
            bytes: node.bytes.clone(),
            with: self.written(setting, lines, ": "),
        })
    }

    /// What adds an entry behind the others of a table, with the tables that are around it.
    fn more(
        &self,
        table: &Node,
        entries: &[Entry],
        name: &str,
        inner: &[&str],
        setting: &Setting,
    ) -> Splice {
        let Some(last) = entries.len().checked_sub(1) else {
            let is_root = table.bytes == self.root.bytes;
            let is_in_lines = is_root || self.is_in_lines(self.root);
            let lines = is_in_lines.then(|| self.indent(table.bytes.start));
            let entry = self.entry(name, inner, setting, self.deeper(lines).as_deref(), ": ");
            return Splice {
                bytes: table.bytes.clone(),
                with: self.around('{', &[entry], '}', lines),
            };
        };
        let (key, before) = self.start(table, entries, last);
        let gap = self.text[before..key].trim_start_matches(',');
        let colon = self.colon(table, entries, last);
        let lines = gap.contains('\n').then(|| self.indent(key));
        let between = match lines {
            Some(indent) => format!("\n{indent}"),
            None if gap.is_empty() && colon.ends_with(' ') => " ".to_owned(),
            None => gap.to_owned(),
        };
        let end = entries[last].node.bytes.end;
        let entry = self.entry(name, inner, setting, lines, colon);
        Splice {
            bytes: end..end,
            with: format!(",{between}{entry}"),
        }
    }

    fn deeper(&self, lines: Option<&str>) -> Option<String> {
        lines.map(|indent| format!("{indent}{}", self.unit()))
    }

    /// An entry, and the tables inside of it; in lines where it stands in one that begins so.
    fn entry(
        &self,
        name: &str,
        inner: &[&str],
        setting: &Setting,
        lines: Option<&str>,
        colon: &str,
    ) -> String {
        let value = match inner.split_first() {
            Some((first, rest)) => {
                let entry = self.entry(first, rest, setting, self.deeper(lines).as_deref(), colon);
                self.around('{', &[entry], '}', lines)
            }
            None => self.written(
                setting,
                lines.filter(|_| matches!(setting, Setting::Table(..))),
                colon,
            ),
        };
        format!("{}{colon}{value}", quoted(name))
    }

    /// A value; what has parts has each on a line where the one that it begins in stands in so.
    fn written(&self, setting: &Setting, lines: Option<&str>, colon: &str) -> String {
        match setting {
            Setting::Text(text) => quoted(text),
            Setting::Truth(truth) => truth.to_string(),
            Setting::Texts(texts) => {
                let parts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
                self.around('[', &parts, ']', lines)
            }
            Setting::Table(name, text) => {
                let entry = format!("{}{colon}{}", quoted(name), quoted(text));
                self.around('{', &[entry], '}', lines)
            }
            Setting::Nothing => "null".to_owned(),
        }
    }

    fn around(&self, open: char, parts: &[String], close: char, lines: Option<&str>) -> String {
        match (lines, self.deeper(lines)) {
            (Some(indent), Some(inside)) => {
                let parts = parts.join(&format!(",\n{inside}"));
                format!("{open}\n{inside}{parts}\n{indent}{close}")
            }
            _ => format!("{open}{}{close}", parts.join(", ")),
        }
    }
}

/// A text as JSON writes it; texts always serialise.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
