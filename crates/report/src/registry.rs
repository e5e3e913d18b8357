//! How a model crate lists its rules: one struct a rule, one enum over all.

use std::fmt::Debug;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::Rule;

/// The evidence of one rule, and what it means.
pub trait Evidence: Debug + Clone + PartialEq + Serialize {
    /// The rule.
    const RULE: Rule;

    /// What was seen, in one sentence or two. Untrusted text has to be escaped here.
    fn message(&self) -> String;

    /// What to do in this very case.
    fn fix(&self) -> String {
        Self::RULE.fix.to_owned()
    }
}

/// The largest whole number that every reader of JSON takes as it is: most hold numbers as IEEE 754 doubles
/// (RFC 7493, section 2.2).
pub const MAX_EXACT: u64 = (1 << 53) - 1;

/// The facts of a finding as a JSON object.
pub fn evidence<E: Evidence>(evidence: &E) -> Value {
    facts(serde_json::to_value(evidence))
}

/// Serialised evidence as the JSON object that a finding tells. Evidence holds only strings, numbers and lists, which
/// always serialise; a whole number past [`MAX_EXACT`] is a string of its digits.
pub fn facts(evidence: Result<Value, serde_json::Error>) -> Value {
    let mut value = match evidence {
        Ok(Value::Object(map)) => Value::Object(map),
        _ => Value::Object(Map::new()),
    };
    make_exact(&mut value);
    value
}

fn make_exact(value: &mut Value) {
    match value {
        Value::Number(number) => {
            let size = number
                .as_u64()
                .or_else(|| number.as_i64().map(i64::unsigned_abs));
            if size.is_some_and(|size| size > MAX_EXACT) {
                *value = Value::String(number.to_string());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(make_exact),
        Value::Object(members) => members.values_mut().for_each(make_exact),
        _ => {}
    }
}

/// Makes the enum `Kind` over the evidence of every rule, with `all()`, the rules in the given order.
#[macro_export]
macro_rules! kinds {
    ($( $module:ident :: $name:ident ),* $(,)?) => {
        /// What was found: one variant a rule, carrying its evidence.
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum Kind {
            $(
                #[doc = concat!("See [`", stringify!($module), "`].")]
                $name($module::$name),
            )*
        }

        $(
            impl From<$module::$name> for Kind {
                fn from(evidence: $module::$name) -> Self {
                    Self::$name(evidence)
                }
            }
        )*

        impl $crate::Kind for Kind {
            fn rule(&self) -> &'static $crate::Rule {
                match self {
                    $( Self::$name(_) => &<$module::$name as $crate::Evidence>::RULE, )*
                }
            }
            fn message(&self) -> String {
                match self { $( Self::$name(evidence) => $crate::Evidence::message(evidence), )* }
            }
            fn fix(&self) -> String {
                match self { $( Self::$name(evidence) => $crate::Evidence::fix(evidence), )* }
            }
            fn evidence(&self) -> ::serde_json::Value {
                match self { $( Self::$name(evidence) => $crate::evidence(evidence), )* }
            }
        }

        /// Every rule of this crate.
        pub fn all() -> &'static [&'static $crate::Rule] {
            &[ $( &<$module::$name as $crate::Evidence>::RULE, )* ]
        }
    };
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_number_that_readers_of_json_would_change_is_told_as_text() {
        let told = facts(Ok(json!({
            "fits": MAX_EXACT, "not": MAX_EXACT + 1, "below": i64::MIN, "in": [{ "a": [u64::MAX, 0.5, -1] }],
        })));
        assert_eq!(
            told,
            json!({
                "fits": MAX_EXACT, "not": "9007199254740992", "below": "-9223372036854775808",
                "in": [{ "a": ["18446744073709551615", 0.5, -1] }],
            })
        );
        assert_eq!(facts(Ok(json!(1))), json!({}));
    }
}
