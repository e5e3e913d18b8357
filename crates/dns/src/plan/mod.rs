//! From what is to what is wanted: the changes, in an order in which no moment is worse than before or
//! after.

mod advice;
pub mod answer;
pub mod file;
mod order;
mod spread;
mod state;

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::name::Name;
use crate::rdata::{self, Type};
use crate::wanted::Wanted;

pub use advice::{LONG_TTL, advice, refusal};
pub use spread::{Behind, Gone, Spread, gone};
pub(crate) use state::NEGATIVE_TTL;
pub use state::{Checksum, LOOKED_FOR, Set, State, wildcards};

/// What one set of records is made into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Name of the set.
    pub name: Name,
    /// Its type.
    pub kind: Type,
    /// The set as it is; `None` where there is none.
    pub before: Option<Set>,
    /// The set as it has to be; `None` where there may be none.
    pub after: Option<Set>,
    /// Why.
    pub reason: Cow<'static, str>,
}

/// What becomes of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It is new.
    Create,
    /// It gets other data, or another TTL.
    Update,
    /// It goes.
    Delete,
}

impl Action {
    /// Its word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

impl Change {
    /// What becomes of the set.
    pub fn action(&self) -> Action {
        match (&self.before, &self.after) {
            (None, _) => Action::Create,
            (_, None) => Action::Delete,
            _ => Action::Update,
        }
    }

    /// Data that is added, in the form of the wire.
    pub fn added(&self) -> BTreeSet<&[u8]> {
        difference(self.after.as_ref(), self.before.as_ref())
    }

    /// Data that is removed.
    pub fn removed(&self) -> BTreeSet<&[u8]> {
        difference(self.before.as_ref(), self.after.as_ref())
    }

    /// Data that has to be written: all of it where the TTL changes, else what is new.
    pub fn written(&self) -> BTreeSet<&[u8]> {
        let ttl = |set: &Set| set.ttl;
        match &self.after {
            Some(after)
                if self
                    .before
                    .as_ref()
                    .map(ttl)
                    .is_some_and(|ttl| ttl != after.ttl) =>
            {
                after.data.iter().map(Vec::as_slice).collect()
            }
            _ => self.added(),
        }
    }
}

fn difference<'s>(of: Option<&'s Set>, without: Option<&Set>) -> BTreeSet<&'s [u8]> {
    let data = of.into_iter().flat_map(|set| &set.data);
    let is_new = |one: &&Vec<u8>| without.is_none_or(|set| !set.data.contains(*one));
    data.filter(is_new).map(Vec::as_slice).collect()
}

/// Changes that are made together: one update where the server knows transactions, one after the other
/// where it does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// How long to wait after the step before, seconds: until no cache holds what that one replaced.
    pub wait: u32,
    /// What the names in the plan own before it.
    pub state: Checksum,
    /// The changes.
    pub changes: Vec<Change>,
}

/// What has to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The zone.
    pub zone: Name,
    /// What it was made from: what the names that are changed own.
    pub state: Checksum,
    /// Sets that are as they have to be.
    pub kept: Vec<(Name, Type)>,
    /// What to do, in this order.
    pub steps: Vec<Step>,
}

impl Step {
    /// Whether it takes pins of keys away (TLSA): a service has to serve with a key that stays pinned before that
    /// (RFC 7671, section 8.1), which nobody can see in the zone.
    pub fn takes_pins(&self) -> bool {
        let mut pins = self
            .changes
            .iter()
            .filter(|change| change.kind == Type::TLSA);
        pins.any(|change| !change.removed().is_empty())
    }
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Waits for what an older plan would have waited for: where the first step changes what a later one of that would
    /// have changed, the time since its steps before is not known to have passed.
    pub fn wait_as(&mut self, older: &Self) {
        let Some(first) = self.steps.first_mut() else {
            return;
        };
        let later = older.steps.iter().skip(1).filter(|step| {
            let mut changes = step.changes.iter();
            changes.any(|old| {
                let mut new = first.changes.iter();
                new.any(|new| {
                    (&old.name, old.kind, &old.before) == (&new.name, new.kind, &new.before)
                })
            })
        });
        let wait = later.map(|step| step.wait).max();
        first.wait = first.wait.max(wait.unwrap_or(0));
    }

    /// The names that it is about.
    pub fn names(&self) -> BTreeSet<&Name> {
        let kept = self.kept.iter().map(|(name, _)| name);
        kept.chain(self.changes().map(|change| &change.name))
            .collect()
    }

    /// All changes, in their order.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.steps.iter().flat_map(|step| &step.changes)
    }

    /// A checksum of all of it, by which a plan that was reviewed is known again.
    pub fn checksum(&self) -> Checksum {
        let mut lines = vec![format!("zone {} state {}", self.zone, self.state)];
        for (name, kind) in &self.kept {
            lines.push(format!("kept {name} {kind}"));
        }
        for step in &self.steps {
            lines.push(format!("step after {} state {}", step.wait, step.state));
            for change in &step.changes {
                let head = format!("{} {}", change.name, change.kind);
                lines.push(format!("set {head}"));
                lines.push(format!("why {:?}", change.reason));
                for (word, set) in [("is", &change.before), ("becomes", &change.after)] {
                    let data = set.iter().flat_map(|set| {
                        let line = |data: &Vec<u8>| {
                            let data = rdata::show(change.kind, data);
                            format!("{word} {} {data}", set.ttl)
                        };
                        set.data.iter().map(line)
                    });
                    lines.extend(data);
                }
            }
        }
        Checksum::of(&lines)
    }
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A name is not in the zone.
    #[error("{name} is not in the zone {zone}; another server has to be told")]
    NotInZone {
        /// The name.
        name: Name,
        /// The zone.
        zone: Name,
    },
    /// A name is in the zone, and other servers answer for it.
    #[error("{name} is not answered for by the servers of {zone}: {cut} leads elsewhere")]
    Delegated {
        /// The name.
        name: Name,
        /// The zone.
        zone: Name,
        /// The name with NS records, or with a DNAME.
        cut: Name,
    },
    /// The name of the zone itself would become an alias.
    #[error(
        "{zone} is the name of the zone, which has SOA and NS records and so can have no CNAME (RFC 1034, \
         section 3.6.2); point it at addresses, or use the provider's ALIAS record"
    )]
    AliasAtTop {
        /// The zone.
        zone: Name,
        /// Where it would lead.
        target: Name,
    },
    /// A name that would become an alias has records that are not the service's.
    #[error(
        "{name} would become an alias, and has {} records that are not the service's; remove them first, \
         or use another name", .kinds.join(", ")
    )]
    Occupied {
        /// The name.
        name: Name,
        /// Types of what it has.
        kinds: Vec<String>,
    },
    /// The plan would take away more of the zone than was allowed.
    #[error("the plan takes away {removed} {}", of(.zone, *.records, *.percent))]
    TooMuch {
        /// The zone.
        zone: Name,
        /// Records that would go.
        removed: usize,
        /// Records that there are; `None` where nobody looked at all of them.
        records: Option<usize>,
        /// The share that was allowed, percent.
        percent: u8,
    },
}

/// Share of a zone's records that a plan may take away without being told so, percent.
pub const MAX_SHARE: u8 = 25;

/// Fewest records that a plan may take away of any zone, however small it is.
const ALWAYS: usize = 4;

/// Most records that a plan may take away of a zone that nobody knows the size of.
const UNKNOWN: usize = 16;

fn of(zone: &Name, records: Option<usize>, percent: u8) -> String {
    match records {
        Some(records) => format!("of the {records} records of {zone}, more than {percent} %"),
        None => format!(
            "records, more than the {UNKNOWN} that may go while nobody has looked at all of {zone}"
        ),
    }
}

/// Makes a plan. Only sets that are wanted (or wanted away) are changed; nothing else of the zone is.
/// `share` is how much of the zone's records may go, percent.
///
/// # Errors
/// [`PlanError`] where no order of changes leads there, or too much would go.
pub fn plan(zone: &Name, state: &State, wanted: &[Wanted], share: u8) -> Result<Plan, PlanError> {
    refuse(zone, state, wanted)?;
    let (mut changes, mut kept) = (Vec::new(), Vec::new());
    for want in wanted {
        let before = state.set(&want.name, want.kind).cloned();
        let after = want.after(before.as_ref());
        if before == after {
            if after.is_some() {
                kept.push((want.name.clone(), want.kind));
            }
            continue;
        }
        changes.push(Change {
            name: want.name.clone(),
            kind: want.kind,
            before,
            after,
            reason: Cow::Borrowed(want.reason),
        });
    }
    let removed = changes
        .iter()
        .map(|change| change.removed().len())
        .sum::<usize>();
    let records = state.counted();
    let is_much = match records {
        Some(records) => removed > ALWAYS && removed * 100 > records * usize::from(share),
        None => removed > UNKNOWN && share < 100,
    };
    if is_much {
        return Err(PlanError::TooMuch {
            zone: zone.clone(),
            removed,
            records,
            percent: share,
        });
    }
    let mut plan = Plan {
        zone: zone.clone(),
        state: Checksum::of(&[]),
        kept,
        steps: order::steps(changes, zone, state),
    };
    let mut here = state.of_names(plan.names());
    plan.state = here.checksum();
    for step in &mut plan.steps {
        step.state = here.checksum();
        here.apply(step);
    }
    Ok(plan)
}

fn refuse(zone: &Name, state: &State, wanted: &[Wanted]) -> Result<(), PlanError> {
    let own: BTreeSet<(&Name, Type)> = wanted.iter().map(|want| (&want.name, want.kind)).collect();
    for want in wanted {
        let name = &want.name;
        if !name.is_within(zone) {
            return Err(PlanError::NotInZone {
                name: name.clone(),
                zone: zone.clone(),
            });
        }
        if let Some(cut) = state.cut(name, zone) {
            return Err(PlanError::Delegated {
                name: name.clone(),
                zone: zone.clone(),
                cut,
            });
        }
        if want.kind != Type::CNAME || want.data.is_empty() {
            continue;
        }
        if name == zone {
            let (zone, target) = (name.clone(), want.data.first());
            let target = target.map_or_else(|| zone.clone(), |data| Name::of_wire(data));
            return Err(PlanError::AliasAtTop { zone, target });
        }
        let foreign = state
            .kinds(name)
            .filter(|kind| !kind.stands_beside_alias() && !own.contains(&(name, *kind)));
        let kinds: Vec<String> = foreign.map(|kind| kind.to_string()).collect();
        if !kinds.is_empty() {
            let name = name.clone();
            return Err(PlanError::Occupied { name, kinds });
        }
    }
    Ok(())
}
