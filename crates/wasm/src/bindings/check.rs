//! Chains.

use std::cell::RefCell;

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::{Outcome, answer, given, taken};
use crate::boundary::{self, Reader};
use crate::file::File;
use crate::options::{Options, Password};

thread_local! {
    /// What reads files; it keeps nothing unless it is told to.
    static READER: RefCell<Reader> = RefCell::default();
}

/// Whether `check` and `fix` keep what they read last, keys and all, in the module's memory: a further question about the
/// same files, at another moment say, then derives no key again. Nothing is kept when nobody asks for it; what is kept
/// is overwritten by this call, and when other files or passwords come.
#[wasm_bindgen(unchecked_return_type = "boolean | Failure")]
pub fn keep(#[wasm_bindgen(unchecked_param_type = "boolean")] on: JsValue) -> JsValue {
    answer(|| {
        let keeps = taken("on", on)?;
        READER.with_borrow_mut(|reader| reader.keep(keeps));
        Ok(keeps)
    })
}

/// Reads and judges files as one heap.
#[wasm_bindgen(unchecked_return_type = "Report | Failure")]
pub fn check(
    #[wasm_bindgen(unchecked_param_type = "InputFile[]")] files: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Options")] options: JsValue,
) -> JsValue {
    answer(|| {
        let (files, options): (Vec<File>, Options) =
            (taken("files", files)?, taken("options", options)?);
        READER.with_borrow_mut(|reader| reader.check(&files, &options))
    })
}

/// Judges every file by itself: one report or failure for each, in their order.
#[wasm_bindgen(js_name = checkEach, unchecked_return_type = "(Report | Failure)[] | Failure")]
pub fn check_each(
    #[wasm_bindgen(unchecked_param_type = "InputFile[]")] files: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Options")] options: JsValue,
) -> JsValue {
    answer(|| {
        let (files, options): (Vec<File>, Options) =
            (taken("files", files)?, taken("options", options)?);
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
        let (files, options): (Vec<File>, Options) =
            (taken("files", files)?, taken("options", options)?);
        let settings = given("settings", settings)?;
        READER.with_borrow_mut(|reader| reader.fix(&files, &options, &settings))
    })
}

/// What the files hold, without judging it.
#[wasm_bindgen(unchecked_return_type = "Facts | Failure")]
pub fn inspect(
    #[wasm_bindgen(unchecked_param_type = "InputFile[]")] files: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "string[]")] passwords: JsValue,
) -> JsValue {
    answer(|| {
        let files: Vec<File> = taken("files", files)?;
        let passwords: Vec<Password> = given("passwords", passwords)?;
        boundary::inspect(&files, &passwords)
    })
}
