//! From what is to what is wanted: the changes, in an order in which no moment is worse than before or
//! after.

mod absent;
mod advice;
pub mod answer;
mod around;
mod binds;
mod bridge;
mod browsers;
mod checksum;
mod elsewhere;
pub mod file;
mod follow;
mod given;
mod layers;
mod leads;
mod led;
mod older;
mod order;
mod pins;
mod prerequisites;
mod private;
mod progress;
mod recent;
mod refuse;
mod seeming;
mod servers;
mod shadows;
mod share;
mod spread;
mod state;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::net::SocketAddr;

use crate::name::Name;
use crate::rdata::Type;
use crate::wanted::{HTTPS_PORT, Wanted};

pub use advice::{LONG_TTL, advice, foreseen, plan_possible, refusal, without_lead};
pub use browsers::{binding_of_port, ports_elsewhere};
pub(crate) use browsers::{browser, other_ports};
pub use elsewhere::elsewhere;
pub use follow::LEAD;
pub use given::Given;
pub use leads::Lead;
pub use older::Older;
pub(crate) use pins::{is_of_keys, of_other_keys};
pub use pins::{pinned_elsewhere, pins_of_port};
pub(crate) use prerequisites::host;
pub use prerequisites::{Holds, Prerequisite};
pub use private::private;
pub use progress::{Drift, Progress};
pub use refuse::PlanError;
#[cfg(feature = "net")]
pub(crate) use seeming::NOBODY;
pub use share::{MAX_SHARE, Share};
pub use spread::{Behind, Cached, Gone, Spread, gone, older};
pub use state::{Checksum, LOOKED_FOR, NEVER_BESIDE_ALIAS, Set, State, wildcards};
pub(crate) use state::{MAX_ALIASES, NEGATIVE_TTL};

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
    /// What a wildcard gives in its place where the name is not there: before, where the set is new, or after, where
    /// it was all that the name had.
    pub given: Option<Given>,
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

    /// Whether its name is no alias yet, and becomes one.
    pub(crate) fn makes_alias(&self) -> bool {
        self.kind == Type::CNAME && self.before.is_none() && self.after.is_some()
    }

    /// Data that is added, in the form of the wire.
    pub fn added(&self) -> BTreeSet<&[u8]> {
        difference(self.after.as_ref(), self.before.as_ref())
    }

    /// Data that is removed.
    pub fn removed(&self) -> BTreeSet<&[u8]> {
        difference(self.before.as_ref(), self.after.as_ref())
    }

    /// Whether a set gets another TTL: all of it is taken away and written anew then, as a record that is there already
    /// may be added in vain, its TTL and all (Knot does so; RFC 2136, section 3.4.2.2, has it replaced).
    pub fn is_retimed(&self) -> bool {
        let sets = self.before.as_ref().zip(self.after.as_ref());
        sets.is_some_and(|(before, after)| before.ttl != after.ttl)
    }

    /// Data that has to be written: all of it where the TTL changes, else what is new.
    pub fn written(&self) -> BTreeSet<&[u8]> {
        match &self.after {
            Some(after) if self.is_retimed() => after.data.iter().map(Vec::as_slice).collect(),
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
    /// How long to wait after every server has what the step before left, seconds: until no cache holds what that one
    /// replaced.
    pub wait: u32,
    /// What the names in the plan own before it.
    pub state: Checksum,
    /// The changes.
    pub changes: Vec<Change>,
}

/// A set that is as it has to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub kind: Type,
    /// Its records, where whoever made the plan wrote them down.
    pub set: Option<Set>,
}

/// What has to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The zone.
    pub zone: Name,
    /// What it was made from: what the names that are changed own.
    pub state: Checksum,
    /// Sets that are as they have to be.
    pub kept: Vec<Kept>,
    /// Sets that say where its names lead, of which there are none and may be none: it makes none of them.
    pub absent: BTreeSet<(Name, Type)>,
    /// What the aliases that it makes lead to in the zone and that it leaves alone, in the order of names and types.
    pub leads: Vec<Lead>,
    /// What to do, in this order.
    pub steps: Vec<Step>,
    /// Whether somebody said that what it starts from has stood for longer than caches remember, with the TTLs that it
    /// has: else nobody knows whether a TTL was lowered shortly before.
    pub settled: bool,
    /// The TCP port that clients of HTTPS come to; [`HTTPS_PORT`] until whoever makes the plan says another one.
    pub port: u16,
    /// Where clients come to at addresses of which somebody said other ports, or several.
    pub places: BTreeSet<SocketAddr>,
}

impl Step {
    /// Sets that must not be there where the step makes a name an alias, beside those that it touches itself: a server
    /// that finds one ignores the CNAME, and takes away what was to make room for it all the same (RFC 2136, section
    /// 3.4.2.2).
    pub fn excluded(&self) -> impl Iterator<Item = (&Name, Type)> {
        let aliases = self.changes.iter().filter(|change| change.makes_alias());
        aliases.flat_map(move |alias| {
            let kinds = LOOKED_FOR.iter().chain(NEVER_BESIDE_ALIAS).copied();
            let kinds = kinds.filter(move |kind| {
                let mut own = self.changes.iter();
                let is_own = own.any(|own| own.name == alias.name && own.kind == *kind);
                !kind.stands_beside_alias() && !is_own
            });
            kinds.map(|kind| (&alias.name, kind))
        })
    }

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

    /// The names that it is about.
    pub fn names(&self) -> BTreeSet<&Name> {
        let kept = self.kept.iter().map(|kept| &kept.name);
        kept.chain(self.changes().map(|change| &change.name))
            .collect()
    }

    /// Says which port clients of HTTPS come to, and where they come to at addresses of which somebody said one.
    pub fn leads_clients_to(&mut self, port: u16, places: &BTreeSet<SocketAddr>) {
        self.port = port;
        let is_other = places.iter().any(|place| place.port() != port);
        self.places = places.iter().filter(|_| is_other).copied().collect();
    }

    /// All changes, in their order.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.steps.iter().flat_map(|step| &step.changes)
    }
}

/// Makes a plan. Only sets that are wanted (or wanted away) are changed; nothing else of the zone is.
/// `share` is how much of the zone's records may go, percent, as [`Share::of`] takes it.
///
/// # Errors
/// [`PlanError`] where no order of changes leads there, or too much would go.
pub fn plan(zone: &Name, state: &State, wanted: &[Wanted], share: u8) -> Result<Plan, PlanError> {
    plan_within(zone, state, wanted, Share::of(share))
}

/// The same, within a share that somebody may have said.
///
/// # Errors
/// [`PlanError`] as of [`plan`].
pub fn plan_within(
    zone: &Name,
    state: &State,
    wanted: &[Wanted],
    share: Share,
) -> Result<Plan, PlanError> {
    refuse::refuse(zone, state, wanted, share)?;
    let (mut changes, mut kept, mut absent) = (Vec::new(), Vec::new(), BTreeSet::new());
    for want in wanted {
        let before = state.set(&want.name, want.kind).cloned();
        if let Some(both) = given_pins(zone, state, want, before.as_ref()) {
            changes.extend(both);
            continue;
        }
        let (after, reason) = inherited(zone, state, want, before.as_ref());
        if before == after {
            let (name, kind) = (want.name.clone(), want.kind);
            if after.is_some() {
                let set = after;
                kept.push(Kept { name, kind, set });
            } else {
                absent.insert((name, kind));
            }
            continue;
        }
        changes.push(Change {
            name: want.name.clone(),
            kind: want.kind,
            before,
            after,
            given: None,
            reason,
        });
    }
    share.allows(zone, state, &changes)?;
    let bridged = bridge::bridge(&mut changes, zone, state);
    given::note(&mut changes, zone, state);
    let following = follow::follow(&mut changes, zone, state);
    let wait = recent::wait(&changes, &mut kept, &bridged, &following, zone, state);
    let mut plan = Plan {
        zone: zone.clone(),
        state: Checksum::of(&[]),
        kept,
        absent,
        leads: Vec::new(),
        steps: order::steps(changes, &bridged, &following, wait, zone, state),
        settled: state.around.has_stood,
        port: HTTPS_PORT,
        places: BTreeSet::new(),
    };
    absent::keep(&mut plan);
    plan.leads = leads::leads(&plan, state);
    let mut here = state.of_names(plan.names());
    plan.state = here.checksum();
    for step in &mut plan.steps {
        step.state = here.checksum();
        here.apply(step);
    }
    Ok(plan)
}

/// Pins that only a wildcard gives so far: a name's own first ones put them out of force at once (RFC 4592, section
/// 3.3.1). They are taken over, and go later, as its own would (RFC 7671, section 8.1).
fn given_pins(
    zone: &Name,
    state: &State,
    want: &Wanted,
    before: Option<&Set>,
) -> Option<Vec<Change>> {
    if want.kind != Type::TLSA || before.is_some() {
        return None;
    }
    let given = state.given_set(zone, &want.name, want.kind)?;
    let last = want.after(Some(given))?;
    let both = Set {
        ttl: last.ttl,
        data: given.data.union(&last.data).cloned().collect(),
    };
    let change = |before: Option<&Set>, after: &Set| Change {
        name: want.name.clone(),
        kind: want.kind,
        before: before.cloned(),
        after: Some(after.clone()),
        given: None,
        reason: Cow::Borrowed(want.reason),
    };
    let mut changes = vec![change(None, &both)];
    if both != last {
        changes.push(change(Some(&both), &last));
    }
    Some(changes)
}

/// What a set is made into, and why. A name without CAA records has those of the nearest name above that has some, which
/// its own first ones would put out of force (RFC 8659, section 3): what is said there of others is taken over.
fn inherited(
    zone: &Name,
    state: &State,
    want: &Wanted,
    before: Option<&Set>,
) -> (Option<Set>, Cow<'static, str>) {
    let is_made = want.kind == Type::CAA && !want.data.is_empty();
    let is_first = is_made && before.is_none() && want.name != *zone;
    let above = std::iter::successors(want.name.parent().filter(|_| is_first), Name::parent);
    let mut above = above.filter_map(|at| state.set(&at, Type::CAA).map(|set| (at, set)));
    let above = above.next();
    let of = above.as_ref().map(|(_, set)| *set).or(before);
    let after = want.after(of);
    let has_more = after.as_ref().is_some_and(|after| after.data != want.data);
    let mut reason = Cow::Borrowed(want.reason);
    if let Some((above, _)) = above.filter(|_| has_more) {
        let _ = write!(reason.to_mut(), "; what {above} says of others stays");
    }
    if !want.taken_over(of).is_empty() {
        reason += "; issuewild puts issue out of force for wildcards, so others that may issue get it, too";
    }
    (after, reason)
}
