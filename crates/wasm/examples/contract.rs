//! Prints the JSON Schema of every value that crosses into JavaScript, as one document of
//! definitions: `cargo xtask web` makes the package's types of it.
#![allow(clippy::print_stdout)]

use keyway_chain::rules::RuleFacts;
use keyway_chain::{Facts, Report};
use keyway_wasm::boundary::Repaired;
use keyway_wasm::dns::{DnsNeed, DnsPlanOptions, DnsPlanned, DnsRecords, ZoneAnswer, ZoneOptions};
use keyway_wasm::service::{
    ConfigChecked, ConfigExported, ConfigForm, ConfigOptions, ConfigWritten,
};
use keyway_wasm::{Failure, File, FixSettings, Options};
use schemars::generate::{SchemaGenerator, SchemaSettings};

fn main() {
    // What goes in is described as it is read, what comes out as it is written.
    let mut read = SchemaSettings::draft2020_12()
        .for_deserialize()
        .into_generator();
    name::<File>(&mut read);
    name::<Options>(&mut read);
    name::<FixSettings>(&mut read);
    name::<ConfigOptions>(&mut read);
    name::<DnsNeed>(&mut read);
    name::<DnsPlanOptions>(&mut read);
    name::<ZoneOptions>(&mut read);
    let mut written = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator();
    name::<Report>(&mut written);
    name::<Facts>(&mut written);
    name::<Repaired>(&mut written);
    name::<RuleFacts>(&mut written);
    name::<ConfigChecked>(&mut written);
    name::<ConfigExported>(&mut written);
    name::<ConfigWritten>(&mut written);
    name::<ConfigForm>(&mut written);
    name::<DnsRecords>(&mut written);
    name::<DnsPlanned>(&mut written);
    name::<ZoneAnswer>(&mut written);
    name::<Failure>(&mut written);
    let mut definitions = read.take_definitions(true);
    definitions.extend(written.take_definitions(true));
    println!("{:#}", serde_json::json!({ "$defs": definitions }));
}

/// Puts a type and those it is made of among the definitions.
fn name<T: schemars::JsonSchema>(generator: &mut SchemaGenerator) {
    let _ = generator.subschema_for::<T>();
}
