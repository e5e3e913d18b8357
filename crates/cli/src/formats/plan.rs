//! Plans for programs, as `keyway dns plan --format json` writes them.

use keyway_dns::plan::Plan;
use keyway_dns::plan::file::PlanFile;
use keyway_dns::zone::Finding;
use serde::Serialize;

/// A plan, and what should be known before it is carried out.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    /// The plan, as its file has it: the fields of `keyway.dns-plan/1`.
    #[serde(flatten)]
    pub(crate) plan: PlanFile,
    /// What should be known.
    pub(crate) findings: Vec<Finding>,
}

impl Answer {
    pub(crate) fn new(plan: &Plan, findings: Vec<Finding>) -> Self {
        Self {
            plan: PlanFile::of(plan),
            findings,
        }
    }
}

/// Why there is no plan.
#[derive(Debug, Serialize)]
pub(crate) struct Refused<'a> {
    schema: &'static str,
    findings: &'a [Finding],
}

impl<'a> Refused<'a> {
    pub(crate) fn of(findings: &'a [Finding]) -> Self {
        Self {
            schema: "keyway.dns-refusal/1",
            findings,
        }
    }
}
