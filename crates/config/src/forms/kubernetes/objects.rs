//! Kubernetes objects out of YAML or JSON, as trees that know their lines. What is used is taken out of
//! a tree; what remains is told.

use std::rc::Rc;

use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::document::{self, Entry, Format, MAX_DEPTH, MAX_VALUES, Node, Value};
use crate::forms::ImportError;
use crate::forms::left::Left;

/// An object.
pub(super) struct Object {
    root: Node,
    /// Where the lines of the whole text end. A text of many objects has it once.
    breaks: Rc<[usize]>,
}

fn wrong(line: usize, message: impl Into<String>) -> ImportError {
    ImportError::Form {
        line,
        message: message.into(),
    }
}

/// Reads the objects of a text; a `List` is its items.
pub(super) fn read(text: &str) -> Result<Vec<Object>, ImportError> {
    let roots = if Format::of(text) == Format::Json {
        let root = document::read(text, Format::Json).map_err(|error| {
            let line = error.line(text).and_then(|line| usize::try_from(line).ok());
            wrong(line.unwrap_or(1), error.to_string())
        })?;
        vec![root]
    } else {
        yaml(text)?
    };
    let breaks: Rc<[usize]> = text.match_indices('\n').map(|(at, _)| at).collect();
    let mut objects = Vec::new();
    for root in roots {
        let mut object = Object {
            root,
            breaks: Rc::clone(&breaks),
        };
        if object.text_at(&["kind"]) != Some("List") {
            objects.push(object);
            continue;
        }
        if let Some(Node {
            value: Value::List(items),
            ..
        }) = object.take(&["items"])
        {
            objects.extend(items.into_iter().map(|root| Object {
                root,
                breaks: Rc::clone(&breaks),
            }));
        }
    }
    Ok(objects)
}

/// The values of YAML: no aliases (a few of them could stand for any number of values), no tags.
struct Builder<'t> {
    parser: Parser<'t, saphyr_parser::StrInput<'t>>,
    lines: Vec<usize>,
    count: usize,
}

fn yaml(text: &str) -> Result<Vec<Node>, ImportError> {
    let starts = text.match_indices('\n').map(|(at, _)| at + 1);
    let mut builder = Builder {
        parser: Parser::new_from_str(text),
        lines: [0].into_iter().chain(starts).collect(),
        count: 0,
    };
    let mut documents = Vec::new();
    loop {
        match builder.next()? {
            None => return Ok(documents),
            Some((event @ (Event::Scalar(..) | Event::MappingStart(..)), line)) => {
                let node = builder.node(event, line, 0)?;
                if node.value != Value::Null {
                    documents.push(node);
                }
            }
            Some((Event::SequenceStart(..) | Event::Alias(_), line)) => {
                return Err(wrong(line, "an object is wanted"));
            }
            Some(_) => {}
        }
    }
}

impl<'t> Builder<'t> {
    fn next(&mut self) -> Result<Option<(Event<'t>, usize)>, ImportError> {
        match self.parser.next_event() {
            None => Ok(None),
            Some(Ok((event, span))) => Ok(Some((event, span.start.line()))),
            Some(Err(error)) => Err(wrong(error.marker().line(), error.info())),
        }
    }

    fn within(&mut self) -> Result<(Event<'t>, usize), ImportError> {
        let end = self.lines.len();
        self.next()?
            .ok_or_else(|| wrong(end, "the text ends early"))
    }

    fn node(&mut self, event: Event<'t>, line: usize, depth: usize) -> Result<Node, ImportError> {
        self.count += 1;
        if depth > MAX_DEPTH || self.count > MAX_VALUES {
            let message = format!(
                "too much in it: at most {MAX_DEPTH} deep and {MAX_VALUES} values are read"
            );
            return Err(wrong(line, message));
        }
        let value = match event {
            Event::Scalar(text, style, _, tag) => {
                scalar(&text, style == ScalarStyle::Plain && tag.is_none())
            }
            Event::SequenceStart(..) => Value::List(self.list(depth)?),
            Event::MappingStart(..) => Value::Table(self.table(depth)?),
            Event::Alias(_) => return Err(wrong(line, "aliases are not read")),
            _ => return Err(wrong(line, "a value is wanted")),
        };
        let at = self.lines.get(line.saturating_sub(1)).copied();
        let at = at.unwrap_or_default();
        Ok(Node {
            value,
            bytes: at..at,
        })
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, ImportError> {
        let mut nodes = Vec::new();
        loop {
            match self.within()? {
                (Event::SequenceEnd, _) => return Ok(nodes),
                (event, line) => nodes.push(self.node(event, line, depth + 1)?),
            }
        }
    }

    fn table(&mut self, depth: usize) -> Result<Vec<Entry>, ImportError> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut keys = std::collections::BTreeSet::new();
        loop {
            let (key, key_line) = match self.within()? {
                (Event::MappingEnd, _) => return Ok(entries),
                (Event::Scalar(key, ..), line) => (key.into_owned(), line),
                (_, line) => return Err(wrong(line, "a key is a text")),
            };
            if !keys.insert(key.clone()) {
                return Err(wrong(key_line, "a key stands there twice"));
            }
            let (event, line) = self.within()?;
            let node = self.node(event, line, depth + 1)?;
            entries.push(Entry {
                key,
                key_bytes: node.bytes.clone(),
                node,
            });
        }
    }
}

/// A scalar of YAML's core schema (section 10.3), as far as Kubernetes needs it.
fn scalar(text: &str, is_plain: bool) -> Value {
    match text {
        _ if !is_plain => Value::Text(text.to_owned().into()),
        "" | "~" | "null" => Value::Null,
        "true" => Value::Truth(true),
        "false" => Value::Truth(false),
        _ => match text.parse() {
            Ok(number) => Value::Integer(number),
            Err(_) => Value::Text(text.to_owned().into()),
        },
    }
}

impl Object {
    /// The line of a node, from 1.
    pub(super) fn line(&self, node: &Node) -> usize {
        self.breaks.partition_point(|at| *at < node.bytes.start) + 1
    }

    /// The line where the object begins.
    pub(super) fn first_line(&self) -> usize {
        self.line(&self.root)
    }

    /// What it is and what it is called.
    pub(super) fn told(&self) -> String {
        let kind = self
            .text_at(&["kind"])
            .unwrap_or("an object without a kind");
        match self.text_at(&["metadata", "name"]) {
            Some(name) => format!("{kind} {name}"),
            None => kind.to_owned(),
        }
    }

    /// The text at a path; `None` where there is none.
    pub(super) fn text_at(&self, path: &[&str]) -> Option<&str> {
        match &self.root.find(path)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value at a path.
    pub(super) fn find(&self, path: &[&str]) -> Option<&Node> {
        self.root.find(path)
    }

    /// Takes a value out.
    pub(super) fn take(&mut self, path: &[&str]) -> Option<Node> {
        take(&mut self.root, path)
    }

    /// Takes a text out; what is no text stays.
    pub(super) fn take_text(&mut self, path: &[&str]) -> Option<String> {
        self.text_at(path)?;
        text(self.take(path)?)
    }

    /// Whether the object is of a kind; takes kind and version out.
    pub(super) fn is(&mut self, version: &str, kind: &str) -> bool {
        let fits =
            self.text_at(&["kind"]) == Some(kind) && self.text_at(&["apiVersion"]) == Some(version);
        if fits {
            self.take(&["kind"]);
            self.take(&["apiVersion"]);
        }
        fits
    }

    /// Tells of everything in a part of the object, which is below a path.
    pub(super) fn walk(&self, node: &Node, path: &[&str], left: &mut Left) {
        walk(node, &mut path.to_vec(), left, &|node| self.line(node));
    }

    /// Tells of everything that is still there.
    pub(super) fn rest(&self, left: &mut Left) {
        self.walk(&self.root, &[], left);
    }
}

/// Takes a value out of a tree.
pub(super) fn take(node: &mut Node, path: &[&str]) -> Option<Node> {
    let (first, rest) = path.split_first()?;
    let Value::Table(entries) = &mut node.value else {
        return None;
    };
    let index = entries.iter().position(|entry| entry.key == *first)?;
    if rest.is_empty() {
        return Some(entries.remove(index).node);
    }
    take(&mut entries[index].node, rest)
}

/// A node's text.
pub(super) fn text(node: Node) -> Option<String> {
    match node.value {
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    }
}

/// Characters of a path that is told.
const MAX_PATH: usize = 200;

/// Notes what there is in a tree, below a path, each with its line.
fn walk<'n>(
    node: &'n Node,
    path: &mut Vec<&'n str>,
    left: &mut Left,
    line: &dyn Fn(&Node) -> usize,
) {
    match &node.value {
        Value::Table(entries) if !(entries.is_empty() && path.is_empty()) => {
            for entry in entries {
                path.push(&entry.key);
                walk(&entry.node, path, left, line);
                path.pop();
            }
        }
        Value::List(nodes) => {
            for node in nodes {
                walk(node, path, left, line);
            }
        }
        Value::Null | Value::Table(_) => {}
        _ => {
            let mut told = String::new();
            for part in path.iter() {
                if !told.is_empty() {
                    told.push('.');
                }
                told.extend(part.chars().take(MAX_PATH.saturating_sub(told.len())));
            }
            left.line(line(node), &told);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_of_one_text_know_their_lines_by_one_list() {
        let several = "---\nkind: Secret\n".repeat(3);
        let listed = format!("kind: List\nitems:\n{}", "- kind: Secret\n".repeat(3));
        for (text, line) in [(several, 6), (listed, 5)] {
            let objects = read(&text).unwrap();
            let [first, _, last] = &objects[..] else {
                panic!("{text}");
            };
            assert!(Rc::ptr_eq(&first.breaks, &last.breaks), "{text}");
            assert_eq!(last.first_line(), line, "{text}");
        }
    }
}
