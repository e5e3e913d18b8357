//! Chains.

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::{Outcome, answer, given, taken};
use crate::boundary;
use crate::file::File;
use crate::options::{Options, Password};

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
