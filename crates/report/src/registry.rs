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

/// The facts of a finding as a JSON object. Evidence holds only strings, numbers and lists, which always
/// serialise.
pub fn evidence<E: Evidence>(evidence: &E) -> Value {
    match serde_json::to_value(evidence) {
        Ok(Value::Object(map)) => Value::Object(map),
        _ => Value::Object(Map::new()),
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
