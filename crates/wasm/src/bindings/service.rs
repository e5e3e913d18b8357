//! Service files, and the DNS for them.

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::{answer, given, taken};
use crate::dns::{self, DnsNeed, ZoneOptions};
use crate::file::File;
use crate::options::Password;
use crate::service::{self, ConfigOptions};

/// Checks a service file in TOML or JSON.
#[wasm_bindgen(js_name = configCheck, unchecked_return_type = "ConfigChecked | Failure")]
pub fn config_check(
    #[wasm_bindgen(unchecked_param_type = "string")] text: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "ConfigOptions")] options: JsValue,
) -> JsValue {
    answer(|| {
        let options: ConfigOptions = given("options", options)?;
        service::config_check(taken::<Password>("text", text)?.as_str(), &options)
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
        let files: Vec<File> = given("files", files)?;
        let (text, form): (Password, String) = (taken("text", text)?, taken("form", form)?);
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
        let (text, form): (Password, String) = (taken("text", text)?, taken("form", form)?);
        service::config_import(text.as_str(), &form)
    })
}

/// Writes a service file in TOML and in JSON.
#[wasm_bindgen(js_name = configWrite, unchecked_return_type = "ConfigWritten | Failure")]
pub fn config_write(#[wasm_bindgen(unchecked_param_type = "string")] text: JsValue) -> JsValue {
    answer(|| service::config_write(taken::<Password>("text", text)?.as_str()))
}

/// Every form of other tools that a service can be written in.
#[wasm_bindgen(js_name = configForms, unchecked_return_type = "ConfigForm[] | Failure")]
pub fn config_forms() -> JsValue {
    answer(|| Ok(service::config_forms()))
}

/// The records that a service needs, and the same for those who make them.
#[wasm_bindgen(js_name = dnsRecords, unchecked_return_type = "DnsRecords | Failure")]
pub fn dns_records(#[wasm_bindgen(unchecked_param_type = "DnsNeed")] need: JsValue) -> JsValue {
    answer(|| dns::dns_records(&taken::<DnsNeed>("need", need)?))
}

/// Checks a zone file.
#[wasm_bindgen(js_name = dnsCheckZone, unchecked_return_type = "ZoneAnswer | Failure")]
pub fn dns_check_zone(
    #[wasm_bindgen(unchecked_param_type = "string")] zone: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "ZoneOptions")] options: JsValue,
) -> JsValue {
    answer(|| {
        let options: ZoneOptions = given("options", options)?;
        dns::dns_check_zone(&taken::<String>("zone", zone)?, &options)
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
        let (need, zone): (DnsNeed, String) = (taken("need", need)?, taken("zone", zone)?);
        dns::dns_plan(&need, &zone, &given("options", options)?)
    })
}
