use keyway_report::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::{CrlFacts, KeyFacts, OcspFacts, Report, RequestFacts};
use crate::check::{Anchors, CheckOptions, check};
use crate::read::{Bundle, InputFacts};

/// Version of the JSON contract of [`Facts`].
pub const FACTS_SCHEMA: &str = "keyway.inspect/1";

/// What was given, without any judgement: `keyway inspect --format json`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Facts {
    /// `keyway.inspect/1`.
    pub schema: &'static str,
    /// What was given.
    pub inputs: Vec<InputFacts>,
    /// The certificates, without their part in a chain.
    #[cfg_attr(feature = "schema", schemars(schema_with = "certificates"))]
    pub certificates: Vec<Value>,
    /// The signing requests.
    pub requests: Vec<RequestFacts>,
    /// The revocation lists.
    pub crls: Vec<CrlFacts>,
    /// The OCSP responses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ocsp_responses: Vec<OcspFacts>,
    /// The private keys, as facts about their public part.
    pub keys: Vec<KeyFacts>,
}

/// Members that depend on the chain, which nobody asked about.
const JUDGED: [&str; 2] = ["role", "given"];

/// The report that inspecting rests on: it trusts nobody, verifies nothing and is of no moment.
pub fn unjudged(bundle: &Bundle) -> Report {
    let anchors = Anchors::none();
    let options = CheckOptions::new(Timestamp::from_seconds(0), &anchors, &[]);
    check(bundle, &options)
}

impl From<Report> for Facts {
    fn from(report: Report) -> Self {
        let certificates = report.certificates.iter().map(|certificate| {
            // A struct of texts and numbers: it always serialises.
            let mut value = serde_json::to_value(certificate).unwrap_or_default();
            if let Some(members) = value.as_object_mut() {
                members.retain(|name, _| !JUDGED.contains(&name.as_str()));
            }
            value
        });
        Self {
            schema: FACTS_SCHEMA,
            certificates: certificates.collect(),
            inputs: report.inputs,
            requests: report.requests,
            crls: report.crls,
            ocsp_responses: report.ocsp_responses,
            keys: report.keys,
        }
    }
}

#[cfg(feature = "schema")]
fn certificates(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
    use schemars::JsonSchema as _;
    let mut schema = super::CertificateFacts::json_schema(generator);
    for part in ["properties", "required"] {
        match schema.get_mut(part) {
            Some(Value::Object(members)) => {
                members.retain(|name, _| !JUDGED.contains(&name.as_str()));
            }
            Some(Value::Array(names)) => {
                names.retain(|name| name.as_str().is_none_or(|name| !JUDGED.contains(&name)));
            }
            _ => {}
        }
    }
    schemars::json_schema!({ "type": "array", "items": schema })
}
