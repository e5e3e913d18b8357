//! Service files: checked, written in other tools' forms, and read out of them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use keyway_config::forms::{self, Form};
use keyway_config::model::Material;
use keyway_config::{Draft, Finding, Format, MAX_BYTES, Service, Surroundings, check, read};
use serde::{Deserialize, Serialize};

use crate::file::File;
use crate::problem::{Problem, ServiceProblem};

/// What is known of the world around a service file. Everything may be left out.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ConfigOptions {
    /// What findings call the file; `service` when not given.
    pub input: Option<String>,
    /// The managed name that the service has.
    pub managed_name: Option<String>,
    /// Permissions of files that are named, as in `stat`'s `st_mode`, by the path as it is written.
    pub modes: BTreeMap<String, u32>,
}

/// What is said of a service file.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConfigChecked {
    /// `toml` or `json`.
    pub format: String,
    /// The status that is written, or the one that follows from the fields.
    pub status: String,
    /// What is wrong, in the order of the lines.
    pub findings: Vec<Finding>,
    /// Lines, from 1, that hold a secret in the open: not to be shown.
    pub secret_lines: Vec<u32>,
}

/// A service in another tool's form.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConfigExported {
    /// The form's text.
    pub text: String,
    /// What it does not say as the service file does.
    pub findings: Vec<Finding>,
    /// What whoever uses the text has to know, in sentences.
    pub notes: Vec<String>,
    /// Files that it holds, or would hold, the texts of.
    pub wants: Vec<WantedFile>,
    /// Whether the text holds a private key or another secret.
    pub private: bool,
}

/// A file whose text a form holds.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WantedFile {
    /// Its path, as the service writes it, escaped.
    pub path: String,
    /// Whether it was given.
    pub given: bool,
}

/// A service as files of Keyway's own.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConfigWritten {
    /// In TOML.
    pub toml: String,
    /// In JSON.
    pub json: String,
    /// What was given and has no place there, escaped.
    pub lost: Vec<String>,
    /// What was given, has no place there, and must not be missing: who is kept out, what is led to.
    pub findings: Vec<Finding>,
    /// Whether the texts hold a private key or another secret.
    pub private: bool,
}

/// A form of another tool.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConfigForm {
    /// What it is called.
    pub form: String,
    /// Whether it is read, too.
    pub reads: bool,
}

/// Checks a service file in TOML or JSON.
///
/// # Errors
/// [`ServiceProblem::File`] when the text is none, with the place.
pub fn config_check(text: &str, options: &ConfigOptions) -> Result<ConfigChecked, Problem> {
    let draft = draft(text)?;
    let modes: Vec<(String, u32)> = options.modes.clone().into_iter().collect();
    let around = Surroundings {
        managed_name: options.managed_name.as_deref(),
        modes: &modes,
        ..Surroundings::default()
    };
    let input = options.input.as_deref().unwrap_or("service");
    let input = keyway_report::escape::text(input);
    Ok(ConfigChecked {
        format: match draft.format {
            Format::Toml => "toml",
            Format::Json => "json",
        }
        .to_owned(),
        status: draft.service.status().word().to_owned(),
        findings: check(&draft, &input, &around),
        secret_lines: draft.secret_lines(),
    })
}

/// Writes a service file in another tool's form. `files` are those that it names, by the paths as they are
/// written; a form that holds texts takes them from there.
///
/// # Errors
/// [`ServiceProblem::Form`] when there is no such form; [`ServiceProblem::Refused`] when what came of it would be no service
/// behind TLS; [`ServiceProblem::File`] as for a check.
pub fn config_export(text: &str, form: &str, files: &[File]) -> Result<ConfigExported, Problem> {
    let form = named(form)?;
    let service = draft(text)?.service;
    let wanted = RefCell::new(BTreeMap::new());
    let keys = RefCell::new(false);
    let look = |path: &str| {
        let file = files.iter().find(|file| file.name == path);
        let text = file.and_then(|file| std::str::from_utf8(&file.bytes.0).ok());
        let holds_key = text.is_some_and(|text| Material::new(text).holds_key());
        wanted.borrow_mut().insert(path.to_owned(), text.is_some());
        *keys.borrow_mut() |= holds_key;
        text.map(str::to_owned)
    };
    let mut exported = forms::export(&service, form, &look);
    if let Some(refusal) = exported.refused.take() {
        return Err(ServiceProblem::Refused(refusal).into());
    }
    let is_private = keys.into_inner() || holds_secrets(&service);
    Ok(ConfigExported {
        findings: forms::findings(&exported, form, "service"),
        notes: std::mem::take(&mut exported.notes),
        wants: wanted
            .into_inner()
            .into_iter()
            .map(|(path, given)| WantedFile {
                path: keyway_report::escape::text(&path),
                given,
            })
            .collect(),
        private: is_private,
        text: exported.text,
    })
}

/// Reads a service out of another tool's form.
///
/// # Errors
/// [`ServiceProblem::Form`] when there is no such form; [`ServiceProblem::Import`] when the text is not in it.
pub fn config_import(text: &str, form: &str) -> Result<ConfigWritten, Problem> {
    let imported = forms::import(text, named(form)?).map_err(ServiceProblem::Import)?;
    Ok(ConfigWritten {
        lost: imported.lost,
        findings: imported.findings,
        ..written(&imported.service)
    })
}

/// Writes a service file in TOML and in JSON.
///
/// # Errors
/// [`ServiceProblem::File`] as for a check.
pub fn config_write(text: &str) -> Result<ConfigWritten, Problem> {
    Ok(written(&draft(text)?.service))
}

/// Every form that a service can be written in.
pub fn config_forms() -> Vec<ConfigForm> {
    let all = Form::ALL.iter();
    all.map(|form| ConfigForm {
        form: form.word().to_owned(),
        reads: form.is_read(),
    })
    .collect()
}

pub(crate) fn draft(text: &str) -> Result<Draft, Problem> {
    read(text).map_err(|error| {
        // Lines of what is too long to be read are not counted.
        let is_counted = text.len() <= MAX_BYTES;
        let line = is_counted.then(|| error.line(text)).flatten();
        ServiceProblem::File { error, line }.into()
    })
}

fn named(form: &str) -> Result<Form, Problem> {
    Form::named(form).ok_or_else(|| ServiceProblem::Form(keyway_report::escape::text(form)).into())
}

fn written(service: &Service) -> ConfigWritten {
    ConfigWritten {
        toml: service.to_toml(),
        json: service.to_json(),
        lost: Vec::new(),
        findings: Vec::new(),
        private: holds_secrets(service),
    }
}

fn holds_secrets(service: &Service) -> bool {
    !service.open_secrets().is_empty()
}
