//! From the text of a service file to the service.

use std::fmt;
use std::ops::Range;

use keyway_report::{Locus, Place};
use zeroize::Zeroizing;

use crate::aliases::{self, Used};
use crate::decode::{self, Misfit, Stranger};
use crate::document::{self, Format, MAX_DEPTH, MAX_VALUES, Node};
use crate::model::Service;

/// Why a text is no service file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// It is longer than is read.
    #[error("the file is larger than {limit} bytes; a service file takes a few hundred")]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// It holds more than is read.
    #[error(
        "the file holds too many {what} (at most {MAX_DEPTH} deep and {MAX_VALUES} values are read)"
    )]
    TooMuch {
        /// What there is too much of.
        what: &'static str,
        /// Where it was noticed.
        bytes: Range<usize>,
    },
    /// It is neither TOML nor JSON.
    #[error("{message}")]
    Syntax {
        /// What is wrong.
        message: String,
        /// Where.
        bytes: Range<usize>,
    },
    /// A field holds what it cannot hold.
    #[error("`{field}`: {message}")]
    Value {
        /// The field.
        field: String,
        /// What is wrong.
        message: String,
        /// Where.
        bytes: Range<usize>,
        /// The other fields of the file for which that is so, up to some.
        others: Vec<Self>,
    },
}

/// Fields that are told in one go: whoever has more mends these first.
const MOST_MISFITS: usize = 20;

impl From<Misfit> for ReadError {
    fn from(misfit: Misfit) -> Self {
        Self::Value {
            field: misfit.field,
            message: misfit.message,
            bytes: misfit.bytes,
            others: Vec::new(),
        }
    }
}

impl ReadError {
    /// The fields that hold what they cannot, where more than one does: those behind the one that is told itself.
    pub fn others(&self) -> &[Self] {
        match self {
            Self::Value { others, .. } => others,
            _ => &[],
        }
    }

    /// Where in the file, if anywhere.
    pub fn bytes(&self) -> Option<Range<usize>> {
        match self {
            Self::TooLarge { .. } => None,
            Self::TooMuch { bytes, .. }
            | Self::Syntax { bytes, .. }
            | Self::Value { bytes, .. } => Some(bytes.clone()),
        }
    }

    /// The line, from 1.
    pub fn line(&self, text: &str) -> Option<u32> {
        self.bytes().map(|bytes| {
            let before = text.get(..bytes.start).unwrap_or(text);
            number(before.matches('\n').count())
        })
    }
}

/// A service file that was read. Its texts are overwritten when it is dropped, and are not shown.
///
/// What `toml_edit` and `serde_json` copied of a key on the way is theirs, and is not overwritten: a key that
/// is to leave no trace in memory belongs into a file of its own, as `config.secret-inline` says.
#[derive(Clone)]
pub struct Draft {
    /// The service.
    pub service: Service,
    /// How the file is written.
    pub format: Format,
    pub(crate) text: Zeroizing<String>,
    /// Where lines end.
    breaks: Vec<usize>,
    pub(crate) root: Node,
    pub(crate) aliases: Vec<Used>,
    pub(crate) strangers: Vec<Stranger>,
}

/// Reads a service file in TOML or JSON.
///
/// Names that fields have elsewhere (`ssl_cname`) are taken; unknown fields are kept for
/// [`check()`](crate::check()), which refuses them.
///
/// # Errors
///
/// [`ReadError`], with the place.
pub fn read(text: &str) -> Result<Draft, ReadError> {
    let format = Format::of(text);
    let mut root = document::read(text, format)?;
    let aliases = aliases::resolve(&mut root);
    let (mut service, strangers) =
        decode::decode::<Service>(&root).map_err(|misfit| with_others(&root, misfit))?;
    if let Some(field) = service.misplaced_key() {
        let node = node(&root, &field.split('.').collect::<Vec<_>>());
        return Err(ReadError::Value {
            bytes: node.map_or(0..0, |node| node.bytes.clone()),
            message: "the text of a private key, where there is no place for one".to_owned(),
            field,
            others: Vec::new(),
        });
    }
    Ok(Draft {
        service,
        format,
        text: Zeroizing::new(text.to_owned()),
        breaks: text.match_indices('\n').map(|(at, _)| at).collect(),
        root,
        aliases,
        strangers,
    })
}

/// A misfit with those that come to light without it.
fn with_others(root: &Node, first: Misfit) -> ReadError {
    let mut rest = root.clone();
    let mut seen = vec![first];
    let mut others = Vec::new();
    while others.len() < MOST_MISFITS && seen.last().is_some_and(|last| rest.remove(&last.bytes)) {
        let Err(next) = decode::decode::<Service>(&rest) else {
            break;
        };
        if seen.iter().any(|known| known.field == next.field) {
            break;
        }
        // What lacks a part that was taken out here lacks nothing in the file.
        let around = format!("{}.", next.field);
        if !seen.iter().any(|known| known.field.starts_with(&around)) {
            others.push(next.clone().into());
        }
        seen.push(next);
    }
    let first = seen.swap_remove(0);
    ReadError::Value {
        field: first.field,
        message: first.message,
        bytes: first.bytes,
        others,
    }
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Draft");
        shown
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}

impl Draft {
    /// The text that was read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text as it may be shown: what stands where a secret does is `[redacted]`.
    pub fn shown(&self) -> String {
        let mut out = String::new();
        let mut end = 0;
        for place in self.secret_places() {
            out.push_str(self.text.get(end..place.start).unwrap_or_default());
            out.push_str("\"[redacted]\"");
            end = place.end.max(end);
        }
        out.push_str(self.text.get(end..).unwrap_or_default());
        out
    }

    /// The lines, from 1, on which a secret stands in the open.
    pub fn secret_lines(&self) -> Vec<u32> {
        let places = self.secret_places();
        let mut lines: Vec<u32> = places
            .iter()
            .filter_map(|place| {
                Some((
                    self.at("", place).line?,
                    self.at("", &(place.end..place.end)).line?,
                ))
            })
            .flat_map(|(first, last)| first..=last)
            .collect();
        lines.sort_unstable();
        lines.dedup();
        lines
    }

    fn secret_places(&self) -> Vec<Range<usize>> {
        let fields = self.service.open_secrets();
        let mut places: Vec<Range<usize>> = fields
            .iter()
            .filter_map(|field| self.node(&field.split('.').collect::<Vec<_>>()))
            .map(|node| node.bytes.clone())
            .collect();
        places.sort_by_key(|place| place.start);
        places
    }

    /// The place of a field, or of the nearest table around it that is written.
    pub(crate) fn locus(&self, input: &str, field: &str) -> Locus {
        let mut path: Vec<&str> = field.split('.').collect();
        while !path.is_empty() {
            if let Some(node) = self.node(&path) {
                return self.at(input, &node.bytes).field(field);
            }
            path.pop();
        }
        Locus {
            input: Some(input.to_owned()),
            field: Some(field.to_owned()),
            ..Locus::default()
        }
    }

    /// These bytes of the file as a place.
    pub(crate) fn at(&self, input: &str, bytes: &Range<usize>) -> Locus {
        let line = |byte| number(self.breaks.partition_point(|at| *at < byte));
        let first = line(bytes.start);
        let last = line(bytes.end.saturating_sub(1).max(bytes.start));
        let place = Place {
            bytes: bytes.clone(),
            lines: first..last.saturating_add(1),
        };
        Locus::within(input, &place)
    }

    fn node(&self, path: &[&str]) -> Option<&Node> {
        node(&self.root, path)
    }
}

/// The node of a field, for example `tls.certificates[1].key`, by its parts.
fn node<'n>(root: &'n Node, path: &[&str]) -> Option<&'n Node> {
    let mut node = root;
    for part in path {
        let (name, index) = match part.split_once('[') {
            Some((name, rest)) => (name, rest.trim_end_matches(']').parse::<usize>().ok()),
            None => (*part, None),
        };
        node = node.find(&[name])?;
        if let Some(index) = index {
            let document::Value::List(nodes) = &node.value else {
                return Some(node);
            };
            node = nodes.get(index)?;
        }
    }
    Some(node)
}

/// The number of the line that comes after so many others, from 1.
fn number(before: usize) -> u32 {
    u32::try_from(before).map_or(u32::MAX, |before| before.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_that_holds_what_it_cannot_is_told_once() {
        let told = |text: &str| {
            let error = read(text).unwrap_err();
            let all = std::iter::once(&error).chain(error.others());
            all.map(ToString::to_string).collect::<Vec<_>>()
        };
        let text = "host = 5\nmode = \"udp\"\n[[tls.certificates]]\ncertificate = 5\nkey = \"k\"\n[timeouts]\nidle = -4\n";
        let all = told(text);
        let begin = [
            "`host`: a",
            "`mode`: \"udp\"",
            "`tls.certificates[0].certificate`: a",
            "`timeouts.idle`: -4",
        ];
        assert_eq!(all.len(), begin.len(), "{all:?}");
        for (told, begin) in all.iter().zip(begin) {
            assert!(told.starts_with(begin), "{told}");
        }
        let own = "[[tls.certificates]]\nhost = 5\ncertificate = \"c\"\nkey = \"k\"\n";
        assert_eq!(told(&own.repeat(500)).len(), 1 + MOST_MISFITS);
        assert_eq!(told("listen = [1, 2]\nhost = 3\n").len(), 2);
        assert_eq!(told("tls.certificates = [{ key = \"k\" }]\n").len(), 1);
    }

    #[test]
    fn a_slip_in_the_kind_of_a_secret_is_told_with_what_was_meant() {
        let told = |text: &str| read(text).unwrap_err().to_string();
        let fiel = told("tls.password = { fiel = \"x\" }\n");
        assert!(fiel.contains("did you mean `file`?"), "{fiel}");
        let odd = told("tls.password = { \"zz\\u001bzzzz\" = \"x\" }\n");
        assert!(
            !odd.contains("did you mean") && !odd.contains('\u{1b}'),
            "{odd}"
        );
    }
}
