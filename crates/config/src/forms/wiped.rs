//! Values that hold keys on their way into a form or out of one.

use serde_json::Value;
use zeroize::Zeroize as _;

/// Overwrites every text in a value.
pub(super) fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(values) => values.iter_mut().for_each(wipe),
        Value::Object(members) => members.values_mut().for_each(wipe),
        _ => {}
    }
}
