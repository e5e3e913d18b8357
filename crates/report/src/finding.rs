use std::fmt::Debug;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::{Locus, Rule, Severity};

/// What was found: the typed evidence of one rule. Each model crate has one `#[non_exhaustive]` enum.
pub trait Kind: Debug {
    /// The rule this is an occurrence of.
    fn rule(&self) -> &'static Rule;
    /// What was seen, with the facts in it: one sentence or two, untrusted text already escaped.
    fn message(&self) -> String;
    /// What to do in this very case; the rule's general remedy where nothing better is known.
    fn fix(&self) -> String;
    /// The facts as a JSON object, for programs.
    fn evidence(&self) -> serde_json::Value;
}

/// One occurrence of a rule, at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding<K> {
    /// What was found.
    pub kind: K,
    /// Where.
    pub at: Locus,
}

impl<K: Kind> Finding<K> {
    /// The stable code of the rule.
    pub fn code(&self) -> &'static str {
        self.kind.rule().code
    }

    /// The severity of the rule.
    pub fn severity(&self) -> Severity {
        self.kind.rule().severity
    }
}

impl<K: Kind> Serialize for Finding<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Finding", 6)?;
        out.serialize_field("code", self.code())?;
        out.serialize_field("severity", &self.severity())?;
        out.serialize_field("message", &self.kind.message())?;
        out.serialize_field("where", &self.at)?;
        out.serialize_field("fix", &self.kind.fix())?;
        out.serialize_field("evidence", &self.kind.evidence())?;
        out.end()
    }
}

#[cfg(feature = "schema")]
mod schema {
    use super::Finding;
    use crate::{Locus, Severity};

    /// The shape of a serialised [`Finding`].
    #[derive(serde::Serialize, schemars::JsonSchema)]
    #[schemars(rename = "Finding")]
    struct Shape {
        /// Stable code of the rule, for example `chain.leaf-not-first`.
        code: String,
        severity: Severity,
        /// What was seen, in plain words.
        message: String,
        /// Where it was seen.
        #[serde(rename = "where")]
        at: Locus,
        /// What to do about it.
        fix: String,
        /// The facts behind the message; the fields depend on the code.
        evidence: serde_json::Map<String, serde_json::Value>,
    }

    impl<K> schemars::JsonSchema for Finding<K> {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "Finding".into()
        }
        fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
            Shape::json_schema(generator)
        }
    }
}
