//! Changes to a service file that keep its comments and order.

mod json;
mod toml;

use crate::aliases;
use crate::document::{self, Format};
use crate::{Draft, ReadError};

/// What a field is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Setting {
    Text(String),
    Texts(Vec<String>),
    Truth(bool),
    /// A table of one text: where a secret is.
    Table(String, String),
    /// Taken out.
    Nothing,
}

/// Changes to a service file. Each names a field by its path, `tls.certificate`; a field that the file
/// writes under another name is changed where it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edit {
    settings: Vec<(String, Setting)>,
}

/// Why a file could not be changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// What should hold the field is no table.
    #[error("`{field}` cannot be set: what stands around it is no table")]
    NoTable {
        /// The field.
        field: String,
    },
    /// The changed text does not read; a bug.
    #[error("the changed file does not read: {0}")]
    Unreadable(#[from] ReadError),
}

impl Edit {
    /// No changes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a field to a text.
    #[must_use]
    pub fn set(self, field: &str, text: &str) -> Self {
        self.with(field, Setting::Text(text.to_owned()))
    }

    /// Sets a field to one text or several.
    #[must_use]
    pub fn set_list(self, field: &str, texts: &[String]) -> Self {
        match texts {
            [one] => self.set(field, one),
            several => self.with(field, Setting::Texts(several.to_vec())),
        }
    }

    /// Sets a field to true or false.
    #[must_use]
    pub fn set_truth(self, field: &str, truth: bool) -> Self {
        self.with(field, Setting::Truth(truth))
    }

    /// Sets a secret to where it is: `kind` is `file` or `env`.
    #[must_use]
    pub fn set_secret(self, field: &str, kind: &str, place: &str) -> Self {
        self.with(field, Setting::Table(kind.to_owned(), place.to_owned()))
    }

    /// Takes a field out; nothing happens where it is not there.
    #[must_use]
    pub fn remove(self, field: &str) -> Self {
        self.with(field, Setting::Nothing)
    }

    fn with(mut self, field: &str, setting: Setting) -> Self {
        self.settings.push((field.to_owned(), setting));
        self
    }

    /// Whether there is nothing to change.
    pub fn is_empty(&self) -> bool {
        self.settings.is_empty()
    }

    /// The changed file, read again.
    ///
    /// # Errors
    ///
    /// [`EditError`].
    pub fn apply(&self, draft: &Draft) -> Result<Draft, EditError> {
        let text = draft.text();
        // The file as it is written, before aliases were resolved.
        let tree = document::read(text, draft.format)?;
        let settings: Vec<(Vec<&str>, &Setting)> = self
            .settings
            .iter()
            .flat_map(|(field, setting)| {
                let path: Vec<&str> = field.split('.').collect();
                let written = match tree.find(&path) {
                    Some(_) => None,
                    None => aliases::written_as(&tree, &path),
                };
                match written {
                    Some(at) if aliases::is_truth(&at) => truth(at, path, setting),
                    written => vec![(written.unwrap_or(path), setting)],
                }
            })
            .collect();
        let changed = match draft.format {
            Format::Toml => toml::change(text, &settings)?,
            Format::Json => json::change(tree, &settings, text.len())?,
        };
        Ok(crate::read(&changed)?)
    }
}

/// A setting of a field that is written as true or false; a word that is neither takes its place.
fn truth<'s>(
    at: Vec<&'s str>,
    path: Vec<&'s str>,
    setting: &'s Setting,
) -> Vec<(Vec<&'s str>, &'s Setting)> {
    match setting {
        Setting::Text(word) if word == "enabled" => vec![(at, &Setting::Truth(true))],
        Setting::Text(word) if word == "disabled" => vec![(at, &Setting::Truth(false))],
        Setting::Text(_) => vec![(at, &Setting::Nothing), (path, setting)],
        other => vec![(at, other)],
    }
}

fn no_table(path: &[&str]) -> EditError {
    EditError::NoTable {
        field: path.join("."),
    }
}
