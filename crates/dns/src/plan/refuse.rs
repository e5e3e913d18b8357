//! What no plan leads to.

use super::led::{self, Wants};
use super::{Share, State, servers, share};
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
        /// The name with NS records.
        cut: Name,
    },
    /// A name is below a DNAME.
    #[error(
        "{name} is below {above}, whose DNAME leads all below it elsewhere (RFC 6672, section 2.3); nobody would be given \
         what stands there"
    )]
    BelowDname {
        /// The name.
        name: Name,
        /// The name with the DNAME.
        above: Name,
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
    /// An alias of the zone would lead nowhere: a name that comes hides what a wildcard gives its target (RFC 4592,
    /// section 3.3.1).
    #[error("{name} is an alias of {target}, and {}", no_more(.at, *.is_loop))]
    LosesTarget {
        /// The alias, which stays as it is.
        name: Name,
        /// Where it leads.
        target: Name,
        /// Where the way would end.
        at: Name,
        /// Whether it would come back to where it was.
        is_loop: bool,
    },
    /// The plan would take away more of the zone than was allowed.
    #[error("the plan takes away {}", share::of(.zone, *.removed, *.records, *.percent))]
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
        format!("{at} has no address")
    }
}

fn no_more(at: &Name, is_loop: bool) -> String {
    if is_loop {
        format!("the way from there would come back to {at}")
    } else {
        format!(
            "{at} would have no address any more: a name that comes hides the wildcard that gives it one"
        )
    }
}

pub(super) fn refuse(
    zone: &Name,
    state: &State,
    wanted: &[Wanted],
    share: Share,
) -> Result<(), PlanError> {
    let wants = Wants::of(wanted);
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
            led::leads(zone, state, want, &wants)?;
        } else {
            beside(state, want, &wants)?;
        }
    }
    led::stay(zone, state, &wants)
}

/// Whether the zone's servers answer for a name.
fn is_ours(zone: &Name, state: &State, name: &Name) -> Result<(), PlanError> {
    let (name, zone) = (name.clone(), zone.clone());
    if !name.is_within(&zone) {
        return Err(PlanError::NotInZone { name, zone });
    }
    let Some(cut) = state.cut(&name, &zone) else {
        return Ok(());
    };
    // Where both are, the servers of the zone hand all of it on.
    let is_handed_on = cut != zone && state.set(&cut, Type::NS).is_some();
    Err(if is_handed_on {
        PlanError::Delegated { name, zone, cut }
    } else {
        PlanError::BelowDname { name, above: cut }
    })
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
    let foreign = state.kinds(name).filter(|kind| {
        let is_beside = *kind == Type::CNAME || kind.stands_beside_alias();
        !is_beside && wants.after(state, name, *kind).is_some()
    });
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
