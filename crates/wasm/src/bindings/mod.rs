//! What JavaScript sees. Every function takes and returns plain values; a job that could not be done
//! is the value `{ error: { code, message } }`, never an exception.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::problem::{Failure, Problem};
use crate::rules as known;

#[cfg(feature = "check")]
pub mod check;
#[cfg(feature = "service")]
pub mod service;

/// Where the types of these values come from: the schema of the Rust types.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"import type {
  ConfigChecked, ConfigExported, ConfigForm, ConfigOptions, ConfigWritten, DnsNeed, DnsPlanned, DnsPlanOptions, DnsRecords,
  Facts, Failure, FixSettings, InputFile, Options, Repaired, Report, RuleFacts, ZoneAnswer, ZoneOptions,
} from "./types.js";"#;

/// Everything there is to say about one rule.
#[wasm_bindgen(unchecked_return_type = "RuleFacts | Failure")]
pub fn explain(code: &str) -> JsValue {
    answer(|| known::explain(code))
}

/// Every rule.
#[wasm_bindgen(unchecked_return_type = "RuleFacts[]")]
pub fn rules() -> JsValue {
    answer(|| Ok(known::all()))
}

/// This package's version.
#[wasm_bindgen]
pub fn version() -> String {
    known::version().to_owned()
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
