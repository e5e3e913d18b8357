//! What no plan leads to.

use std::collections::{BTreeMap, BTreeSet};

use super::state::MAX_ALIASES;
use super::{Set, Share, State, servers, share};
use crate::name::Name;
use crate::rdata::Type;
use crate::wanted::Wanted;

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
    /// A host that an NS record names would become an alias (RFC 2181, section 10.3): resolvers take it for no server.
    #[error(
        "{name} would become an alias, and the NS records of {zone} name it (RFC 2181, section 10.3); name another \
         server there first, or use another name"
    )]
    ServerOfZone {
        /// The name.
        name: Name,
        /// Whose NS records name it.
        zone: Name,
    },
    /// A host that an NS record names would lose addresses, where nobody said that it may.
    #[error(
        "{name} would lose {}, and the NS records of {zone} name it, so that all of that zone is asked for there",
        .removed.join(", ")
    )]
    MovesServer {
        /// The name.
        name: Name,
        /// Whose NS records name it.
        zone: Name,
        /// The addresses that it would lose.
        removed: Vec<String>,
        /// Those that it would get.
        added: Vec<String>,
    },
    /// Records would stand beside an alias.
    #[error(
        "{name} is an alias of {target}, and nothing stands beside a CNAME (RFC 1034, section 3.6.2): make the {kind} \
         records at {target}, or remove the CNAME first"
    )]
    BesideAlias {
        /// The name.
        name: Name,
        /// Where it leads.
        target: Name,
        /// Type of what is wanted there.
        kind: String,
    },
    /// A name would become an alias of one in the same zone that leads nowhere.
    #[error("{name} would become an alias of {target}, and {}", nowhere(.at, *.is_loop))]
    LeadsNowhere {
        /// The name.
        name: Name,
        /// Where it would lead.
        target: Name,
        /// Where the way ends.
        at: Name,
        /// Whether it comes back to where it was.
        is_loop: bool,
    },
    /// The plan would take away more of the zone than was allowed.
    #[error("the plan takes away {removed} {}", share::of(.zone, *.records, *.percent))]
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

fn nowhere(at: &Name, is_loop: bool) -> String {
    if is_loop {
        format!("the way from there comes back to {at}")
    } else {
        format!("{at} has no address in the zone")
    }
}

pub(super) fn refuse(
    zone: &Name,
    state: &State,
    wanted: &[Wanted],
    share: Share,
) -> Result<(), PlanError> {
    let wants = Wants(
        wanted
            .iter()
            .map(|want| ((&want.name, want.kind), want))
            .collect(),
    );
    for want in wanted {
        is_ours(zone, state, &want.name)?;
        // That it becomes an alias is refused in any case.
        if share != Share::All && !wants.makes_alias(&want.name) {
            servers::stays(state, &want.name, |kind| {
                wants.after(state, &want.name, kind)
            })?;
        }
        if want.data.is_empty() {
            continue;
        }
        if want.kind == Type::CNAME {
            alone(zone, state, want, &wants)?;
            leads(zone, state, want, &wants)?;
        } else {
            beside(state, want, &wants)?;
        }
    }
    Ok(())
}

/// What is wanted, by name and type.
struct Wants<'w>(BTreeMap<(&'w Name, Type), &'w Wanted>);

impl Wants<'_> {
    /// What a name has of a type afterwards.
    fn after(&self, state: &State, name: &Name, kind: Type) -> Option<Set> {
        match self.0.get(&(name, kind)) {
            Some(want) => want.after(state.set(name, kind)),
            None => state.set(name, kind).cloned(),
        }
    }

    /// Whether a name has records of a type afterwards.
    fn has(&self, state: &State, name: &Name, kind: Type) -> bool {
        self.after(state, name, kind).is_some()
    }

    /// Where a name leads afterwards, as an alias.
    fn target(&self, state: &State, name: &Name) -> Option<Name> {
        let data = match self.0.get(&(name, Type::CNAME)) {
            Some(want) => want.data.first(),
            None => state.set(name, Type::CNAME)?.data.first(),
        };
        data.map(|data| Name::of_wire(data))
    }

    /// Whether a name is to become an alias.
    fn makes_alias(&self, name: &Name) -> bool {
        let alias = self.0.get(&(name, Type::CNAME));
        alias.is_some_and(|want| !want.data.is_empty())
    }

    /// Whether a name, or one below it, has something afterwards that it may not have had.
    fn makes(&self, name: &Name) -> bool {
        let mut made = self.0.values().filter(|want| !want.data.is_empty());
        made.any(|want| want.name.is_within(name))
    }

    /// The wildcard that answers for a name afterwards, where the name is not there: a name that comes is the nearest
    /// one above others (RFC 4592, section 3.3.1), and a wildcard may come itself.
    fn giver(&self, state: &State, name: &Name, zone: &Name) -> Option<Name> {
        let comes_or_is = |name: &Name| state.is_there(name, zone) || self.makes(name);
        if comes_or_is(name) {
            return None;
        }
        let mut here = name.parent();
        while let Some(at) = here.filter(|at| at.is_within(zone)) {
            if comes_or_is(&at) {
                let wildcard = at.child("*").ok()?;
                return (comes_or_is(&wildcard) && wildcard != *name).then_some(wildcard);
            }
            here = at.parent();
        }
        None
    }
}

/// Whether the zone's servers answer for a name.
fn is_ours(zone: &Name, state: &State, name: &Name) -> Result<(), PlanError> {
    let (name, zone) = (name.clone(), zone.clone());
    if !name.is_within(&zone) {
        return Err(PlanError::NotInZone { name, zone });
    }
    match state.cut(&name, &zone) {
        Some(cut) => Err(PlanError::Delegated { name, zone, cut }),
        None => Ok(()),
    }
}

/// Whether a name that becomes an alias has nothing else.
fn alone(zone: &Name, state: &State, want: &Wanted, wants: &Wants<'_>) -> Result<(), PlanError> {
    let name = &want.name;
    if name == zone {
        let (zone, target) = (name.clone(), want.data.first());
        let target = target.map_or_else(|| zone.clone(), |data| Name::of_wire(data));
        return Err(PlanError::AliasAtTop { zone, target });
    }
    if state.set(name, Type::CNAME).is_none()
        && let Some((owner, Type::NS)) = state.named_by(name)
    {
        let (name, zone) = (name.clone(), owner.clone());
        return Err(PlanError::ServerOfZone { name, zone });
    }
    let foreign = state
        .kinds(name)
        .filter(|kind| !kind.stands_beside_alias() && !wants.0.contains_key(&(name, *kind)));
    let kinds: Vec<String> = foreign.map(|kind| kind.to_string()).collect();
    if kinds.is_empty() {
        return Ok(());
    }
    let name = name.clone();
    Err(PlanError::Occupied { name, kinds })
}

/// Whether a name that gets other records is no alias (RFC 2181, section 10.1).
fn beside(state: &State, want: &Wanted, wants: &Wants<'_>) -> Result<(), PlanError> {
    match wants.target(state, &want.name) {
        Some(target) if !want.kind.stands_beside_alias() => Err(PlanError::BesideAlias {
            name: want.name.clone(),
            target,
            kind: want.kind.to_string(),
        }),
        _ => Ok(()),
    }
}

/// Whether an alias comes to an address, as far as its way is in the zone, or comes back to it, and is known.
fn leads(zone: &Name, state: &State, want: &Wanted, wants: &Wants<'_>) -> Result<(), PlanError> {
    let Some(target) = want.data.first().map(|data| Name::of_wire(data)) else {
        return Ok(());
    };
    let ends = |at: &Name, is_loop| {
        Err(PlanError::LeadsNowhere {
            name: want.name.clone(),
            target: target.clone(),
            at: at.clone(),
            is_loop,
        })
    };
    let (mut here, mut seen) = (target.clone(), BTreeSet::from([want.name.clone()]));
    for _ in 0..MAX_ALIASES {
        if state.is_elsewhere(&here, zone) {
            match state.back(&here, zone) {
                Some(back) => here = back.clone(),
                None => return Ok(()),
            }
            continue;
        }
        if !seen.insert(here.clone()) {
            return ends(&here, true);
        }
        if !state.is_known(&here) && !wants.makes(&here) {
            return Ok(());
        }
        // A wildcard answers for a name that is not there.
        let owner = wants.giver(state, &here, zone);
        let owner = owner.unwrap_or_else(|| here.clone());
        match wants.target(state, &owner) {
            Some(next) => here = next,
            None if [Type::A, Type::AAAA]
                .iter()
                .any(|kind| wants.has(state, &owner, *kind)) =>
            {
                return Ok(());
            }
            None => return ends(&here, false),
        }
    }
    Ok(())
}
