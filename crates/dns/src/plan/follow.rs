//! What comes only when nobody is led to the old place any more.

use std::collections::BTreeSet;

use super::prerequisites::host;
use super::{Change, Set, State};
use crate::name::Name;
use crate::rdata::Type;

/// Kinds of records that say where a name leads.
pub const LEAD: [Type; 3] = [Type::A, Type::AAAA, Type::CNAME];

const REASON: &str =
    "; it may not hold at the old place, so it comes when no cache leads there any more";

/// The first records of their name by which clients judge where it leads them, where it leads elsewhere than before: whoever
/// has the old address in a cache must not hold the old place against the pins of a key that is served at the new one
/// (RFC 7671, section 8.4), nor come to it by TLS alone (HTTPS, RFC 9460, section 9.5). So it is where the name was led
/// elsewhere before, and caches still have that. Where there are some already, new ones stand beside them. What an alias gave its name before is not known to be nothing, so that all comes at once there; it gives nothing to the
/// names below, where records of ports stand.
pub(super) fn follow(changes: &mut [Change], zone: &Name, state: &State) -> BTreeSet<(Name, Type)> {
    let left = changes.iter().filter(|change| leaves(change));
    let left = left.map(|change| change.name.clone());
    let lately = lately(state).map(|(name, _)| name.clone());
    let left: BTreeSet<Name> = left.chain(lately).collect();
    let aliases = changes.iter().filter(|change| was_alias(change));
    let aliases: BTreeSet<Name> = aliases.map(|change| change.name.clone()).collect();
    let mut following = BTreeSet::new();
    for change in changes {
        let about = about(&change.name, change.kind);
        let is_given = |host: &Name| *host == change.name && aliases.contains(host);
        let about = about.filter(|host| change.kind != Type::HTTPS || !is_given(host));
        let had = |kind| state.given_set(zone, &change.name, kind).is_some();
        let is_first = change.before.is_none() && !had(change.kind);
        if is_first && about.is_some_and(|host| left.contains(&host)) {
            change.reason += REASON;
            following.insert((change.name.clone(), change.kind));
        }
    }
    following
}

/// How long what follows is held back by what caches have of where names were led before a plan, seconds.
pub(super) fn held(following: &BTreeSet<(Name, Type)>, state: &State) -> u32 {
    let hosts = following.iter();
    let hosts: BTreeSet<Name> = hosts
        .filter_map(|(name, kind)| about(name, *kind))
        .collect();
    let lately = lately(state).filter(|(name, _)| hosts.contains(name));
    lately.map(|(_, seconds)| seconds).max().unwrap_or(0)
}

/// Names that caches lead elsewhere than the zone does, and for how long, seconds.
fn lately(state: &State) -> impl Iterator<Item = (&Name, u32)> {
    let known = state.around.remembered.iter();
    let known = known.filter(|_| !state.around.has_stood);
    let leads = known.filter(|((_, kind), older)| LEAD.contains(kind) && older.elsewhere > 0);
    leads.map(|((name, _), older)| (name, older.elsewhere))
}

/// The host that records are about by which clients judge where it leads them.
fn about(name: &Name, kind: Type) -> Option<Name> {
    match kind {
        Type::TLSA => name.parent().and_then(|protocol| protocol.parent()),
        Type::HTTPS => Some(host(name)),
        _ => None,
    }
}

/// Whether clients that have what was there before are led elsewhere than those that come afterwards.
pub(super) fn leaves(change: &Change) -> bool {
    let stays = |data: &Vec<u8>, kind: Type| {
        let after = change.after.as_ref().filter(|_| kind == change.kind);
        after.is_some_and(|after: &Set| after.data.contains(data))
    };
    let given = change.given.as_ref().filter(|_| change.before.is_none());
    let given = given.filter(|given| LEAD.contains(&given.kind));
    let mut given = given.into_iter().flat_map(|it| {
        let data = it.set.data.iter();
        data.map(|data| (data, it.kind))
    });
    LEAD.contains(&change.kind)
        && (!change.removed().is_empty() || given.any(|(data, kind)| !stays(data, kind)))
}

/// Whether a name was an alias, of its own or by a wildcard.
fn was_alias(change: &Change) -> bool {
    let is_own = change.kind == Type::CNAME && change.before.is_some();
    let mut given = change.given.iter();
    is_own || given.any(|given| given.kind == Type::CNAME)
}
