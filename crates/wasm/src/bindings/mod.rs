//! What JavaScript sees. Every function takes and returns plain values; a job that could not be done
//! is the value `{ error: { code, message } }`, never an exception.

use argument::Argument;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::problem::{Failure, Problem};
use crate::rules as known;

mod argument;
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
pub fn explain(#[wasm_bindgen(unchecked_param_type = "string")] code: JsValue) -> JsValue {
    answer(|| known::explain(&taken::<String>("code", code)?))
}

/// Every rule.
#[wasm_bindgen(unchecked_return_type = "RuleFacts[] | Failure")]
pub fn rules() -> JsValue {
    answer(|| Ok(known::all()))
}

/// This package's version.
#[wasm_bindgen(unchecked_return_type = "string | Failure")]
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

/// An argument that may be left out.
fn given<T: DeserializeOwned + Default>(name: &str, value: JsValue) -> Result<T, Problem> {
    if value.loose_eq(&JsValue::NULL) {
        Ok(T::default())
    } else {
        taken(name, value)
    }
}

/// An argument, by the name that is documented.
fn taken<T: DeserializeOwned>(name: &str, value: JsValue) -> Result<T, Problem> {
    T::deserialize(Argument(value))
        .map_err(|misfit| Problem::Arguments(keyway_report::escape::text(&misfit.told(name))))
}

/// Runs a job and carries its answer across: plain objects, and bytes as `Uint8Array`.
fn answer<T: Serialize>(job: impl FnOnce() -> Result<T, Problem>) -> JsValue {
    let serializer = Serializer::json_compatible().serialize_bytes_as_arrays(false);
    let answer = Outcome::from(job()).serialize(&serializer);
    // An answer that is none is told as such: `undefined` would be taken for one.
    answer
        .or_else(|_| Failure::from(&Problem::Answer).serialize(&serializer))
        .unwrap_or(JsValue::NULL)
}
