//! Hidden: what the project generates from the binary itself, so that it cannot drift.

use std::fs;
use std::io;
use std::path::Path;

use super::explain::rulebook;
use clap::{CommandFactory as _, ValueEnum as _};
use clap_complete::Shell;
use keyway_chain::Report;
use keyway_config::Service;
use keyway_dns::plan::answer::{self, Refused};
use keyway_dns::plan::file::{self, PlanFile};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;

use crate::arguments::{Arguments, GenerateArguments, Generated};
use crate::failure::Failure;
use crate::formats::status::{self, Status};
use crate::formats::{applied, caa, connection, markdown, verified, zone};
use crate::terminal::{self, Exit};

/// Name of the binary in completions.
const BINARY: &str = "keyway";

/// Prints one shell's completions.
pub(crate) fn completions(shell: Shell) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), BINARY, &mut text);
    terminal::print(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Clean)
}

/// Prints the manual page.
pub(crate) fn manual() -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_mangen::Man::new(Arguments::command())
        .render(&mut text)
        .map_err(Failure::Output)?;
    terminal::print(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Clean)
}

/// Writes generated pages into a folder.
pub(crate) fn run(arguments: &GenerateArguments) -> Result<Exit, Failure> {
    let into = arguments.out.as_path();
    let done = fs::create_dir_all(into).and_then(|()| match arguments.what {
        Generated::Rules => rules(into),
        Generated::Schema => schemas().iter().try_for_each(|(name, text)| {
            let file = format!("{}.json", name.replace('/', "-"));
            fs::write(into.join(file), text)
        }),
        Generated::Completions => Shell::value_variants().iter().try_for_each(|shell| {
            clap_complete::generate_to(*shell, &mut Arguments::command(), BINARY, into).map(drop)
        }),
        Generated::Man => clap_mangen::generate_to(Arguments::command(), into),
    });
    done.map_err(|source| Failure::Unwritable {
        path: arguments.out.clone(),
        source,
    })?;
    Ok(Exit::Clean)
}

fn rules(into: &Path) -> io::Result<()> {
    let rules = rulebook();
    for rule in &rules {
        let page = into.join(format!("{}.md", rule.code));
        fs::write(page, markdown::page(rule))?;
    }
    fs::write(into.join("README.md"), markdown::index(&rules))
}

/// Every contract: its name, and its JSON Schema.
fn schemas() -> Vec<(&'static str, String)> {
    let written = [
        (
            keyway_chain::SCHEMA,
            written::<Report> as fn(&str) -> String,
        ),
        (status::SCHEMA, written::<Status>),
        (file::SCHEMA, written::<PlanFile>),
        (answer::REFUSAL, written::<Refused>),
        (applied::SCHEMA, written::<applied::Answer>),
        (verified::SCHEMA, written::<verified::Answer>),
        (caa::SCHEMA, written::<caa::Told<'_>>),
        (connection::SCHEMA, written::<connection::Answer>),
        (zone::SCHEMA, written::<zone::Answers<'_>>),
    ];
    let written = written.map(|(name, schema)| (name, schema(name)));
    let service = ("keyway.service/1", service_schema());
    written.into_iter().chain([service]).collect()
}

/// The JSON Schema of what is written: the contract's name is its only allowed value.
fn written<T: JsonSchema>(name: &str) -> String {
    // What is written, not what could be read: fields that may be left out are not required.
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    // A name that is nobody's address: the contract's own, with its version.
    let id = format!("urn:{}", name.replace(['.', '/'], ":"));
    schema.insert("$id".to_owned(), id.into());
    schema.insert("title".to_owned(), name.into());
    if let Some(property) = schema
        .pointer_mut("/properties/schema")
        .and_then(|v| v.as_object_mut())
    {
        property.insert("const".to_owned(), name.into());
    }
    format!("{:#}\n", schema.to_value())
}

/// The JSON Schema of service files: editors complete TOML and JSON by it.
pub(crate) fn service_schema() -> String {
    let settings = SchemaSettings::draft2020_12();
    let mut schema = settings.into_generator().into_root_schema_for::<Service>();
    schema.insert("$id".to_owned(), "urn:keyway:service:1".into());
    schema.insert("title".to_owned(), "keyway.service/1".into());
    for (alias, field) in keyway_config::aliases() {
        alias_in(&mut schema, &alias, &field);
    }
    format!("{:#}\n", schema.to_value())
}

/// Lists a name that a field has elsewhere, so that no editor marks what is read: deprecated, which editors
/// strike through and do not offer first.
fn alias_in(schema: &mut schemars::Schema, alias: &str, field: &str) {
    let pointer = |path: &str| match path.split_once('.') {
        Some((_, name)) => ("/$defs/Tls/properties", name.to_owned()),
        None => ("/properties", path.to_owned()),
    };
    let (table, name) = pointer(field);
    let mut property = schema
        .pointer(&format!("{table}/{name}"))
        .cloned()
        .unwrap_or_default();
    if alias.ends_with("enabled") {
        property = serde_json::json!({"type": "boolean"});
    }
    property["description"] =
        format!("Another name of `{field}`, which is the one to write.").into();
    property["deprecated"] = true.into();
    let (table, name) = pointer(alias);
    if let Some(properties) = schema.pointer_mut(table).and_then(|v| v.as_object_mut()) {
        properties.insert(name, property);
    }
}
