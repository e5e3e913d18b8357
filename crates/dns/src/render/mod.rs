//! A plan in the forms of those who carry it out: tools, and people in front of a registrar's form.

mod azure;
mod card;
mod data;
mod nsupdate;
mod octodns;
mod route53;
mod zone;

use std::collections::BTreeSet;
use std::fmt;

use crate::name::Name;
use crate::plan::{Change, Plan, State, Step};
use crate::rdata::Type;

/// A form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// Lines of a zone file.
    Zone,
    /// Input of `nsupdate` (RFC 2136), with the state that the plan was made from as prerequisite.
    Nsupdate,
    /// Command lines of Azure's `az network dns`.
    AzureCli,
    /// A change batch of Amazon Route 53, as JSON, for each step.
    Route53,
    /// Entries of an octoDNS zone, as YAML: all that a name has after each step.
    Octodns,
    /// What to type into a registrar's form.
    Card,
}

impl Form {
    /// All forms.
    pub const ALL: &'static [Self] = &[
        Self::Zone,
        Self::Nsupdate,
        Self::AzureCli,
        Self::Route53,
        Self::Octodns,
        Self::Card,
    ];

    /// What a command line calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Zone => "zone",
            Self::Nsupdate => "nsupdate",
            Self::AzureCli => "azure-cli",
            Self::Route53 => "route53",
            Self::Octodns => "octodns",
            Self::Card => "card",
        }
    }

    /// The form of a name.
    pub fn read(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|form| form.name() == name)
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A plan in a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// A part for each step, in their order.
    pub parts: Vec<Part>,
    /// Types that the form has no words for, whose sets are left out.
    pub lost: Vec<Type>,
}

/// A text that is carried out as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// How long to wait before it, seconds, after every server has what the part before left.
    pub wait: u32,
    /// Whether the service has to serve with a key that stays pinned before it ([`Step::takes_pins`]).
    pub takes_pins: bool,
    /// The text.
    pub text: String,
}

/// Puts a plan into a form. `state` is what it was made from: one form says all that a name has.
pub fn render(plan: &Plan, state: &State, form: Form) -> Rendered {
    let mut lost = Vec::new();
    let mut parts = Vec::new();
    let mut here = state.at_names(plan.names());
    for (number, step) in plan.steps.iter().enumerate() {
        here.apply(step);
        let gaps = gaps(step, state.negative_ttl(&plan.zone));
        let text = match form {
            Form::Zone => zone::step(step),
            Form::Nsupdate => nsupdate::step(plan, number, step),
            Form::AzureCli => azure::step(plan, step, &gaps, &mut lost),
            Form::Route53 => route53::step(plan, step),
            Form::Octodns => octodns::step(plan, step, &here, &mut lost),
            Form::Card => card::step(plan, step, &gaps),
        };
        parts.push(Part {
            wait: step.wait,
            takes_pins: step.takes_pins(),
            text,
        });
    }
    lost.sort_unstable();
    lost.dedup();
    Rendered { parts, lost }
}

/// The changes of a step for those who make one after the other: what is new comes first, save where an alias has
/// to make room, or others for one. Of such a name all that comes follows at once.
fn one_by_one(step: &Step) -> Vec<&Change> {
    let makes_room = |change: &Change| change.after.is_none() && has_no_room(step, change);
    let (mut order, mut done) = (Vec::new(), BTreeSet::new());
    for change in step.changes.iter().filter(|it| it.after.is_some()) {
        if done.contains(&change.name) {
            continue;
        }
        let own = || step.changes.iter().filter(|it| it.name == change.name);
        let room = own().filter(|it| makes_room(it));
        let before = order.len();
        order.extend(room);
        if order.len() == before {
            order.push(change);
        } else {
            order.extend(own().filter(|it| it.after.is_some()));
            done.insert(&change.name);
        }
    }
    let removing = step.changes.iter().filter(|it| it.after.is_none());
    order.extend(removing.filter(|it| !makes_room(it)));
    order
}

/// What to know of names that have nothing for a moment where changes are made one after the other: beside an alias nothing
/// stands, so what makes room goes first. Whoever asks in between may remember that for `negative` seconds (RFC 2308).
fn gaps(step: &Step, negative: u32) -> Vec<String> {
    let gone = step.changes.iter().filter(|it| it.after.is_none());
    let gone = gone.filter(|change| has_no_room(step, change));
    let names: BTreeSet<&Name> = gone.map(|change| &change.name).collect();
    let text = |name: &Name| {
        format!(
            "{name} has nothing between what goes and what comes: make both at once, one right after the other. Whoever asks \
             in between remembers that for up to {negative} seconds"
        )
    };
    names.into_iter().map(text).collect()
}

/// Whether the step also adds something at the name that cannot stand beside what a change takes away.
fn has_no_room(step: &Step, gone: &Change) -> bool {
    let mut others = step.changes.iter().filter(|other| other.name == gone.name);
    let is_alias = gone.kind == Type::CNAME;
    others.any(|other| other.after.is_some() && (is_alias || other.kind == Type::CNAME))
}

/// Which step it is, from 1, and of how many.
fn number(plan: &Plan, step: &Step) -> (usize, usize) {
    let place = plan.steps.iter().position(|other| other == step);
    (place.map_or(1, |place| place + 1), plan.steps.len())
}
