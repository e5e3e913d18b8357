//! What JavaScript sees. Every function takes and returns plain values; a job that could not be done
//! is the value `{ error: { code, message } }`, never an exception.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::boundary;
use crate::dns::{self, DnsNeed, ZoneOptions};
use crate::file::File;
use crate::options::{Options, Password};
use crate::problem::{Failure, Problem};
use crate::service::{self, ConfigOptions};

/// Where the types of these values come from: the schema of the Rust types.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"import type {
  ConfigChecked, ConfigExported, ConfigForm, ConfigOptions, ConfigWritten, DnsNeed, DnsPlanned, DnsPlanOptions, DnsRecords,
  Facts, Failure, FixSettings, InputFile, Options, Repaired, Report, RuleFacts, ZoneAnswer, ZoneOptions,
} from "./types.js";"#;

/// Reads and judges files as one heap.
#[wasm_bindgen(unchecked_return_type = "Report | Failure")]
pub fn check(
    #[wasm_bindgen(unchecked_param_type = "InputFile[]")] files: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Options")] options: JsValue,
) -> JsValue {
    answer(|| {
        let (files, options): (Vec<File>, Options) = (taken(files)?, taken(options)?);
        boundary::check(&files, &options)
    })
}

/// Judges every file by itself: one report or failure for each, in their order.
#[wasm_bindgen(js_name = checkEach, unchecked_return_type = "(Report | Failure)[] | Failure")]
pub fn check_each(
    #[wasm_bindgen(unchecked_param_type = "InputFile[]")] files: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Options")] options: JsValue,
) -> JsValue {
    answer(|| {
        let (files, options): (Vec<File>, Options) = (taken(files)?, taken(options)?);
        let reports = boundary::check_each(&files, &options);
        Ok(reports.into_iter().map(Outcome::from).collect::<Vec<_>>())
    })
}

/// Makes the files that a server wants, in memory.
#[wasm_bindgen(unchecked_return_type = "Repaired | Failure")]
pub fn fix(
    #[wasm_bindgen(unchecked_param_type = "InputFile[]")] files: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Options")] options: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "FixSettings")] settings: JsValue,
) -> JsValue {
    answer(|| {
        let (files, options): (Vec<File>, Options) = (taken(files)?, taken(options)?);
        boundary::fix(&files, &options, &given(settings)?)
    })
}

/// What the files hold, without judging it.
#[wasm_bindgen(unchecked_return_type = "Facts | Failure")]
pub fn inspect(
    #[wasm_bindgen(unchecked_param_type = "InputFile[]")] files: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "string[]")] passwords: JsValue,
) -> JsValue {
    answer(|| {
        let files: Vec<File> = taken(files)?;
        let passwords: Vec<Password> = given(passwords)?;
        boundary::inspect(&files, &passwords)
    })
}

/// Checks a service file in TOML or JSON.
#[wasm_bindgen(js_name = configCheck, unchecked_return_type = "ConfigChecked | Failure")]
pub fn config_check(
    #[wasm_bindgen(unchecked_param_type = "string")] text: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "ConfigOptions")] options: JsValue,
) -> JsValue {
    answer(|| {
        let options: ConfigOptions = given(options)?;
        service::config_check(taken::<Password>(text)?.as_str(), &options)
    })
}

/// Writes a service file in another tool's form, with the texts of the files that it names where the form
/// holds them.
#[wasm_bindgen(js_name = configExport, unchecked_return_type = "ConfigExported | Failure")]
pub fn config_export(
    #[wasm_bindgen(unchecked_param_type = "string")] text: JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] form: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "InputFile[]")] files: JsValue,
) -> JsValue {
    answer(|| {
        let files: Vec<File> = given(files)?;
        let (text, form): (Password, String) = (taken(text)?, taken(form)?);
        service::config_export(text.as_str(), &form, &files)
    })
}

/// Reads a service out of another tool's form.
#[wasm_bindgen(js_name = configImport, unchecked_return_type = "ConfigWritten | Failure")]
pub fn config_import(
    #[wasm_bindgen(unchecked_param_type = "string")] text: JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] form: JsValue,
) -> JsValue {
    answer(|| {
        let (text, form): (Password, String) = (taken(text)?, taken(form)?);
        service::config_import(text.as_str(), &form)
    })
}

/// Writes a service file in TOML and in JSON.
#[wasm_bindgen(js_name = configWrite, unchecked_return_type = "ConfigWritten | Failure")]
pub fn config_write(#[wasm_bindgen(unchecked_param_type = "string")] text: JsValue) -> JsValue {
    answer(|| service::config_write(taken::<Password>(text)?.as_str()))
}

/// Every form of other tools that a service can be written in.
#[wasm_bindgen(js_name = configForms, unchecked_return_type = "ConfigForm[]")]
pub fn config_forms() -> JsValue {
    answer(|| Ok(service::config_forms()))
}

/// The records that a service needs, and the same for those who make them.
#[wasm_bindgen(js_name = dnsRecords, unchecked_return_type = "DnsRecords | Failure")]
pub fn dns_records(#[wasm_bindgen(unchecked_param_type = "DnsNeed")] need: JsValue) -> JsValue {
    answer(|| dns::dns_records(&taken::<DnsNeed>(need)?))
}

/// Checks a zone file.
#[wasm_bindgen(js_name = dnsCheckZone, unchecked_return_type = "ZoneAnswer | Failure")]
pub fn dns_check_zone(
    #[wasm_bindgen(unchecked_param_type = "string")] zone: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "ZoneOptions")] options: JsValue,
) -> JsValue {
    answer(|| {
        let options: ZoneOptions = given(options)?;
        dns::dns_check_zone(&taken::<String>(zone)?, &options)
    })
}

/// Plans how a zone gets the records that a service needs.
#[wasm_bindgen(js_name = dnsPlan, unchecked_return_type = "DnsPlanned | Failure")]
pub fn dns_plan(
    #[wasm_bindgen(unchecked_param_type = "DnsNeed")] need: JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] zone: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "DnsPlanOptions")] options: JsValue,
) -> JsValue {
    answer(|| {
        let (need, zone): (DnsNeed, String) = (taken(need)?, taken(zone)?);
        dns::dns_plan(&need, &zone, &given(options)?)
    })
}

/// Everything there is to say about one rule.
#[wasm_bindgen(unchecked_return_type = "RuleFacts | Failure")]
pub fn explain(code: &str) -> JsValue {
    answer(|| boundary::explain(code))
}

/// Every rule.
#[wasm_bindgen(unchecked_return_type = "RuleFacts[]")]
pub fn rules() -> JsValue {
    answer(|| Ok(boundary::all_rules()))
}

/// This package's version.
#[wasm_bindgen]
pub fn version() -> String {
    boundary::version().to_owned()
}

/// A report, or why there is none.
#[derive(Serialize)]
#[serde(untagged)]
enum Outcome<T> {
    Done(T),
    Failed(Failure),
}

impl<T> From<Result<T, Problem>> for Outcome<T> {
    fn from(result: Result<T, Problem>) -> Self {
        match result {
            Ok(done) => Self::Done(done),
            Err(problem) => Self::Failed(Failure::from(&problem)),
        }
    }
}

/// A value that may be left out.
fn given<T: DeserializeOwned + Default>(value: JsValue) -> Result<T, Problem> {
    if value.is_undefined() {
        Ok(T::default())
    } else {
        taken(value)
    }
}

fn taken<T: DeserializeOwned>(value: JsValue) -> Result<T, Problem> {
    serde_wasm_bindgen::from_value(value).map_err(|error| {
        let text = keyway_report::escape::text(&error.to_string());
        Problem::Arguments(text)
    })
}

/// Runs a job and carries its answer across: plain objects, and bytes as `Uint8Array`.
fn answer<T: Serialize>(job: impl FnOnce() -> Result<T, Problem>) -> JsValue {
    let serializer = Serializer::json_compatible().serialize_bytes_as_arrays(false);
    // Structs of texts and numbers: nothing in them can fail to serialise.
    Outcome::from(job())
        .serialize(&serializer)
        .unwrap_or(JsValue::UNDEFINED)
}
