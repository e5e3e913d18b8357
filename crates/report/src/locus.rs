use std::ops::Range;

use serde::Serialize;

/// A stretch of one input. Offsets and lines are those of the input as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// Bytes, from 0, end exclusive.
    pub bytes: Range<usize>,
    /// Lines, from 1, end exclusive. Binary inputs are one line.
    pub lines: Range<u32>,
}

/// Where a finding was seen. Every part is optional: a missing intermediate has no line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Locus {
    /// Name of the input, as it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// First line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// First byte and the byte after the last one, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<[usize; 2]>,
    /// Index into the report's `certificates`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<usize>,
    /// Field of the certificate or file, for example `extensions.subjectAltName`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl Locus {
    /// A place inside a named input.
    pub fn within(input: &str, place: &Place) -> Self {
        Self {
            input: Some(input.to_owned()),
            line: Some(place.lines.start),
            bytes: Some([place.bytes.start, place.bytes.end]),
            ..Self::default()
        }
    }

    /// The same place, with the field named.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}
