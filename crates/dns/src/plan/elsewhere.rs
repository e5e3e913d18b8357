//! Names for which others speak than the servers of a zone, where names of the zone lead there: in other zones, or below
//! a delegation.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use keyway_report::{Finding as Found, Locus};

use super::state::{MAX_ALIASES, NEGATIVE_TTL};
use super::{Plan, Set, State};
use crate::name::Name;
use crate::rdata::Type;
use crate::rules::target_unknown::TargetUnknown;
use crate::rules::target_unseen::TargetUnseen;
use crate::zone::Finding;

/// What is known of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Elsewhere {
    /// Those in the zone.
    foreign: BTreeSet<Name>,
    /// Their addresses, as somebody said.
    addresses: BTreeMap<Name, BTreeMap<Type, Set>>,
    /// The names that they are aliases of, one after the other.
    ways: BTreeMap<Name, Vec<Name>>,
    /// Why nobody says where they lead.
    unseen: BTreeMap<Name, String>,
    /// How long caches may know that they have nothing, seconds.
    negative: BTreeMap<Name, u32>,
}

/// What should be known of names for which others speak, and that names become aliases of. `untried` says why nobody
/// was asked about those of which the state says nothing.
pub fn elsewhere(plan: &Plan, state: &State, untried: &str) -> Vec<Finding> {
    let aliases = plan.changes().filter(|change| change.kind == Type::CNAME);
    let aliases = aliases.flat_map(|change| {
        let data = change.after.iter().flat_map(|set| &set.data);
        data.map(|data| (&change.name, data.as_slice()))
    });
    let ends = state.leaves(&plan.zone, aliases).into_iter();
    let kinds = ends.filter_map(|(name, end)| {
        let known = &state.around.elsewhere;
        let (name, target) = (name.to_string(), end.to_string());
        if let Some(addresses) = known.addresses.get(&end) {
            let is_nowhere = addresses.is_empty();
            return is_nowhere.then(|| TargetUnknown { name, target }.into());
        }
        let why = known.unseen.get(&end).map_or(untried, String::as_str);
        let why = why.to_owned();
        Some(TargetUnseen { name, target, why }.into())
    });
    let findings = kinds.map(|kind| Found {
        kind,
        at: Locus::default(),
    });
    findings.collect()
}

impl State {
    /// Says which addresses a name has that is not in the zone.
    pub fn leads_to(&mut self, name: Name, addresses: &[IpAddr]) {
        let mut sets = BTreeMap::<Type, Set>::new();
        for address in addresses {
            let (kind, data) = match address {
                IpAddr::V4(four) => (Type::A, four.octets().to_vec()),
                IpAddr::V6(six) => (Type::AAAA, six.octets().to_vec()),
            };
            let empty = || Set {
                ttl: 0,
                data: BTreeSet::new(),
            };
            sets.entry(kind).or_insert_with(empty).data.insert(data);
        }
        self.around.elsewhere.addresses.insert(name, sets);
    }

    /// The addresses of one kind that a name has which is not in the zone, as far as anybody said.
    pub(super) fn elsewhere(&self, name: &Name, kind: Type) -> Option<&Set> {
        self.around.elsewhere.addresses.get(name)?.get(&kind)
    }

    /// Whether somebody said that such a name has no address.
    pub(super) fn is_nowhere(&self, name: &Name) -> bool {
        let known = self.around.elsewhere.addresses.get(name);
        known.is_some_and(BTreeMap::is_empty)
    }

    /// Says which names such a name is an alias of, one after the other.
    pub fn leads_by(&mut self, name: Name, aliases: Vec<Name>) {
        self.around.elsewhere.ways.insert(name, aliases);
    }

    /// Says why nobody knows where such a name leads.
    pub fn unseen(&mut self, name: Name, why: String) {
        self.around.elsewhere.unseen.insert(name, why);
    }

    /// Says how long caches may know that such a name, or one that it is an alias of, has nothing, seconds, as their
    /// zones say (RFC 2308, section 5).
    pub fn forgotten_after(&mut self, name: Name, seconds: u32) {
        self.around.elsewhere.negative.insert(name, seconds);
    }

    /// How long caches may know that what an alias leads to in other zones has nothing, seconds: nobody sees there since
    /// when it has something. Where it has no address, nothing is waited for. 0 where it leads to no other zone.
    pub(super) fn unsettled(&self, zone: &Name, alias: &Name, target: &[u8]) -> u32 {
        let ends = self.leaves(zone, [(alias, target)]).into_iter();
        let known = &self.around.elsewhere;
        let leads = |end: &Name| known.addresses.get(end).is_none_or(|it| !it.is_empty());
        let ends = ends.map(|(_, end)| end).filter(leads);
        let longest = ends.map(|end| known.negative.get(&end).copied().unwrap_or(NEGATIVE_TTL));
        longest.max().unwrap_or(0)
    }

    /// Says that the zone's servers do not speak for a name in it.
    pub fn foreign(&mut self, name: Name) {
        self.around.elsewhere.foreign.insert(name);
    }

    /// Whether others than the zone's servers speak for a name.
    pub(super) fn is_elsewhere(&self, name: &Name, zone: &Name) -> bool {
        let is_foreign = self.around.elsewhere.foreign.contains(name);
        !name.is_within(zone) || is_foreign || self.cut(name, zone).is_some()
    }

    /// Where the way of a name for which others speak comes back to one for which the zone's servers do.
    pub(super) fn back(&self, name: &Name, zone: &Name) -> Option<&Name> {
        let mut way = self.around.elsewhere.ways.get(name)?.iter();
        way.find(|name| !self.is_elsewhere(name, zone))
    }

    /// The names for which others speak that names to become aliases lead to, each with the name that does.
    pub fn leaves<'d>(
        &self,
        zone: &Name,
        aliases: impl IntoIterator<Item = (&'d Name, &'d [u8])>,
    ) -> BTreeSet<(Name, Name)> {
        let mut found = BTreeSet::new();
        for (name, data) in aliases {
            let mut here = Some(Name::of_wire(data));
            for _ in 0..=MAX_ALIASES {
                let Some(at) = here else {
                    break;
                };
                if self.is_elsewhere(&at, zone) {
                    here = self.back(&at, zone).cloned();
                    found.insert((name.clone(), at));
                    continue;
                }
                let given = || self.given_set(zone, &at, Type::CNAME);
                let alias = self.set(&at, Type::CNAME).or_else(given);
                here = alias.and_then(|alias| alias.targets().next());
            }
        }
        found
    }

    /// The names of the zone that a name leads to as an alias, its own or a wildcard's.
    pub(super) fn names_on_way(&self, zone: &Name, name: &Name) -> Vec<Name> {
        let (mut names, mut here) = (Vec::new(), name.clone());
        for _ in 0..=MAX_ALIASES {
            let owner = self.giver(&here, zone).unwrap_or(here);
            let alias = self.set(&owner, Type::CNAME);
            let Some(next) = alias.and_then(|alias| alias.targets().next()) else {
                break;
            };
            let is_elsewhere = self.is_elsewhere(&next, zone);
            let at = if is_elsewhere {
                self.back(&next, zone).cloned()
            } else {
                Some(next)
            };
            let Some(at) = at else {
                break;
            };
            here = at;
            names.push(here.clone());
        }
        names
    }

    /// The sets by which a name leads to addresses, as far as they are in the zone and known: its own, or a wildcard's.
    pub(super) fn way(&self, zone: &Name, name: &Name) -> Vec<(Name, Type, Set)> {
        let (mut way, mut here) = (Vec::new(), Some(name.clone()));
        for _ in 0..=MAX_ALIASES {
            let Some(at) = here.filter(|at| !self.is_elsewhere(at, zone)) else {
                break;
            };
            let owner = self.giver(&at, zone).unwrap_or(at);
            let sets = [Type::CNAME, Type::A, Type::AAAA].into_iter();
            let sets = sets.filter_map(|kind| Some((kind, self.set(&owner, kind)?.clone())));
            let sets: Vec<(Type, Set)> = sets.collect();
            let alias = sets.iter().find(|(kind, _)| *kind == Type::CNAME);
            here = alias.and_then(|(_, alias)| alias.targets().next());
            way.extend(
                sets.into_iter()
                    .map(|(kind, set)| (owner.clone(), kind, set)),
            );
        }
        way
    }
}
