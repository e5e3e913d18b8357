//! What is answered to whoever asks for a plan, as JSON: the same from every shell.

use serde::Serialize;

use super::Plan;
use super::file::PlanFile;
use crate::zone::Finding;

/// What the first field of a refusal says.
pub const REFUSAL: &str = "keyway.dns-refusal/1";

/// A plan, and what should be known before it is carried out.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Planned {
    /// The plan, as its file has it: the fields of `keyway.dns-plan/1`.
    #[serde(flatten)]
    pub plan: PlanFile,
    /// What should be known.
    pub findings: Vec<Finding>,
}

impl Planned {
    /// Writes a plan down, with what there is to say about it.
    pub fn new(plan: &Plan, findings: Vec<Finding>) -> Self {
        Self {
            plan: PlanFile::of(plan),
            findings,
        }
    }
}

/// Why there is no plan, where a rule says it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Refused {
    /// `keyway.dns-refusal/1`.
    pub schema: String,
    /// Why.
    pub findings: Vec<Finding>,
}

impl Refused {
    /// A refusal for what was found.
    pub fn of(findings: Vec<Finding>) -> Self {
        Self {
            schema: REFUSAL.to_owned(),
            findings,
        }
    }
}
