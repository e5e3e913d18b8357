//! What became of a plan, for programs, as `keyway dns apply --format json` writes it.

use std::collections::BTreeSet;

use keyway_dns::name::Name;
use keyway_dns::plan::Plan;
use keyway_dns::rdata::Type;
use keyway_report::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// The contract's name.
pub(crate) const SCHEMA: &str = "keyway.dns-application/1";

/// What became of a plan.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Answer {
    /// `keyway.dns-application/1`.
    schema: &'static str,
    /// The plan's checksum.
    plan: String,
    /// The server that was told.
    pub(crate) server: String,
    /// Step by step.
    pub(crate) steps: Vec<Step>,
    /// Names of which nobody can see from outside whether they have what the plan makes themselves, or a wildcard gives the
    /// same: whoever asks is given the right answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) untold: Vec<String>,
    /// Servers of the zone that are not known to have all of it, although it stands at the one that was told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) behind: Vec<String>,
    /// Sets that aliases of the plan lead to and that do not stand any more: whoever asks for those names is led nowhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) astray: Vec<String>,
    /// Whether it ended before its time, after a step of this run: that all of that one stands nobody has seen.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) stopped: bool,
}

/// What became of a step.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Step {
    /// From 1.
    #[serde(rename = "step")]
    pub(crate) number: usize,
    /// What became of it.
    pub(crate) outcome: Outcome,
    /// Whether the service has to serve with a key that stays pinned before it is made.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) needs_key_switched: bool,
    /// When it may be made, where that is later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) not_before: Option<Timestamp>,
    /// Servers of the zone that are not known to have what the step before left: its time is counted from when they
    /// have it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) behind: Vec<String>,
    /// Whether nobody can say which servers resolvers may come to beside those that were asked: the step is made only
    /// with `--no-other-servers`, or when somebody can.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) others_unknown: bool,
    /// Sets that the server did not change, although it said so: name and type.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) ignored: Vec<String>,
}

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Outcome {
    /// It stood already.
    Stood,
    /// It was made, and stands.
    Made,
    /// The server said that it made it, and did not.
    Ignored,
    /// It has to wait.
    Later,
}

impl Answer {
    /// Nothing is made yet.
    pub(crate) fn new(plan: &Plan, server: String) -> Self {
        let steps = (1..=plan.steps.len()).map(|number| Step {
            number,
            outcome: Outcome::Later,
            needs_key_switched: false,
            not_before: None,
            behind: Vec::new(),
            others_unknown: false,
            ignored: Vec::new(),
        });
        Self {
            schema: SCHEMA,
            plan: plan.checksum().to_string(),
            server,
            steps: steps.collect(),
            untold: Vec::new(),
            behind: Vec::new(),
            astray: Vec::new(),
            stopped: false,
        }
    }

    /// Names that cannot be told from what a wildcard gives.
    pub(crate) fn untold(&mut self, names: &BTreeSet<Name>) {
        let names = names.iter().map(ToString::to_string);
        let new: Vec<String> = names.filter(|name| !self.untold.contains(name)).collect();
        self.untold.extend(new);
    }

    /// Everything stood already.
    pub(crate) fn all_done(&mut self) {
        self.found_done(self.steps.len());
    }

    /// So many steps stood already.
    pub(crate) fn found_done(&mut self, count: usize) {
        for step in self.steps.iter_mut().take(count) {
            step.outcome = Outcome::Stood;
        }
    }

    /// A step was made; what does not stand of it.
    pub(crate) fn made(&mut self, number: usize, ignored: &[(Name, Type)]) {
        if let Some(step) = self.steps.get_mut(number) {
            let text = |(name, kind): &(Name, Type)| format!("{name} {kind}");
            step.ignored = ignored.iter().map(text).collect();
            step.outcome = if ignored.is_empty() {
                Outcome::Made
            } else {
                Outcome::Ignored
            };
        }
    }

    /// A step has to wait.
    pub(crate) fn not_before(&mut self, number: usize, due: Timestamp) {
        if let Some(step) = self.steps.get_mut(number) {
            step.not_before = Some(due);
        }
    }

    /// A step has to wait for servers.
    pub(crate) fn wait_for_servers(
        &mut self,
        number: usize,
        behind: Vec<String>,
        others_unknown: bool,
    ) {
        if let Some(step) = self.steps.get_mut(number) {
            step.behind = behind;
            step.others_unknown = others_unknown;
        }
    }

    /// A step is made when the service serves with another key.
    pub(crate) fn wait_for_key(&mut self, number: usize) {
        if let Some(step) = self.steps.get_mut(number) {
            step.needs_key_switched = true;
        }
    }

    /// Whether this run has changed the zone.
    pub(crate) fn is_begun(&self) -> bool {
        let begun = |step: &Step| matches!(step.outcome, Outcome::Made | Outcome::Ignored);
        self.steps.iter().any(begun)
    }

    /// Whether every step stands, and aliases lead where they did.
    pub(crate) fn is_complete(&self) -> bool {
        let stands = |step: &Step| matches!(step.outcome, Outcome::Stood | Outcome::Made);
        self.steps.iter().all(stands) && self.astray.is_empty() && !self.stopped
    }
}
