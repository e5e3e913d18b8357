//! What is around the names of a plan, where servers are asked: what is above them, and where they lead.

use std::collections::{BTreeMap, BTreeSet};

use keyway_dns::message::Question;
use keyway_dns::name::Name;
use keyway_dns::net::{Authority, Followed, MAX_ALIASES, Resolver, follow, negative_ttl};
use keyway_dns::plan::{NEVER_BESIDE_ALIAS, State};
use keyway_dns::rdata::Type;
use keyway_dns::view::{Said, View};
use keyway_dns::wanted::Wanted;

use super::plan::{ask_primary, at_primary};
use crate::failure::Failure;
use crate::intent::Asking;
use crate::terminal;
use crate::voice;

/// Takes in what is around the names that are wanted.
pub(super) async fn look_around(
    state: &mut State,
    authority: &Authority,
    asking: &Asking,
    wanted: &[Wanted],
) -> Result<(), Failure> {
    let zone = &authority.zone;
    let own = wanted.iter().map(|want| want.name.clone());
    let mut names: BTreeSet<Name> = own.filter(|name| name.is_within(zone)).collect();
    for name in &names {
        state.know(name.clone());
    }
    state.settle();
    let targets = Wanted::looked_at(wanted);
    follow_within(state, authority, asking, &mut names, targets).await;
    let absent = absent(state, authority, asking, &names).await?;
    let questions = above(&names, zone).filter(|question| !absent.contains(&question.name));
    let view = ask_primary(authority, asking, questions.collect()).await?;
    take(state, &view);
    state.settle();
    if issuers_are_above(state, zone, wanted) {
        issuers_above(state, asking, zone).await;
    }
    Ok(())
}

/// Takes in what else names have that are to become aliases. The server is told of these types again when it makes
/// them (RFC 2136, section 2.4.3), so one that says nothing here is no harm.
pub(super) async fn beside_aliases(
    state: &mut State,
    authority: &Authority,
    asking: &Asking,
    wanted: &[Wanted],
) -> Result<(), Failure> {
    let aliases = wanted.iter().filter(|want| want.kind == Type::CNAME);
    let names = aliases.filter(|want| !want.data.is_empty());
    // A wildcard answers for a name that is not there.
    let names = names.map(|want| &want.name).filter(|name| {
        let is_alias = state.set(name, Type::CNAME).is_some();
        !is_alias && state.kinds(name).next().is_some()
    });
    let questions = names.flat_map(|name| {
        let kinds = NEVER_BESIDE_ALIAS.iter();
        kinds.map(|kind| Question {
            name: name.clone(),
            kind: *kind,
        })
    });
    let questions: BTreeSet<Question> = questions.collect();
    if questions.is_empty() {
        return Ok(());
    }
    let view = ask_primary(authority, asking, questions.clone()).await?;
    for Question { name, kind } in questions {
        if let Some(Said::Records { set, .. }) = view.of(&name, kind) {
            for data in &set.data {
                state.add(name.clone(), kind, set.ttl, data);
            }
        }
    }
    Ok(())
}

/// Follows aliases from name to name within the zone. What another zone's servers answer for stays unknown.
async fn follow_within(
    state: &mut State,
    authority: &Authority,
    asking: &Asking,
    names: &mut BTreeSet<Name>,
    mut next: BTreeSet<Name>,
) {
    for _ in 0..MAX_ALIASES {
        next.retain(|name| name.is_within(&authority.zone) && !names.contains(name));
        if next.is_empty() {
            return;
        }
        let mut further = BTreeSet::new();
        for name in &next {
            let Ok(part) = at_primary(authority, [name.clone()].into(), asking).await else {
                state.foreign(name.clone());
                continue;
            };
            state.join(&part);
            state.know(name.clone());
            let aliases = part.sets().filter(|(_, kind, _)| *kind == Type::CNAME);
            further.extend(aliases.flat_map(|(_, _, set)| set.targets()));
        }
        names.append(&mut next);
        next = further;
    }
}

/// Names above those that are not there, although a wildcard answers for them. Those that are there are noted.
async fn absent(
    state: &mut State,
    authority: &Authority,
    asking: &Asking,
    names: &BTreeSet<Name>,
) -> Result<BTreeSet<Name>, Failure> {
    let doubtful: BTreeMap<Name, Question> = state.doubtful(names, &authority.zone);
    if doubtful.is_empty() {
        return Ok(BTreeSet::new());
    }
    let view = ask_primary(authority, asking, doubtful.values().cloned().collect()).await?;
    let is_there = |question: &Question| {
        let said = view.of(&question.name, question.kind);
        matches!(said, Some(Said::Nothing(_)))
    };
    let mut absent = BTreeSet::new();
    for (name, question) in doubtful {
        if is_there(&question) {
            state.exists(name);
        } else {
            absent.insert(name);
        }
    }
    Ok(absent)
}

/// What is asked about the names above: whether others stand for all below (RFC 6672), and whom they let issue (RFC
/// 8659, section 3). Of the zone's name also which hosts it names.
fn above(names: &BTreeSet<Name>, zone: &Name) -> impl Iterator<Item = Question> {
    let mut above = BTreeSet::new();
    for name in names {
        let mut here = name.parent();
        while let Some(at) = here.filter(|at| at.is_within(zone)) {
            here = at.parent();
            if !at.is_wildcard() && !above.insert(at) {
                break;
            }
        }
    }
    let top = [Type::NS, Type::MX].map(|kind| (zone.clone(), kind));
    let kinds = [Type::DNAME, Type::CAA];
    let above = above
        .into_iter()
        .flat_map(move |name| kinds.map(|kind| (name.clone(), kind)));
    let all: BTreeSet<(Name, Type)> = above.chain(top).collect();
    all.into_iter().map(|(name, kind)| Question { name, kind })
}

/// Whether a name gets CAA records that has none in the zone, nor has a name above it there.
fn issuers_are_above(state: &State, zone: &Name, wanted: &[Wanted]) -> bool {
    let made = |want: &&Wanted| want.kind == Type::CAA && !want.data.is_empty();
    let mut wanted = wanted.iter().filter(made);
    wanted.any(|want| {
        let names = std::iter::successors(Some(want.name.clone()), Name::parent);
        let mut names = names.take_while(|name| name.is_within(zone));
        names.all(|name| state.set(&name, Type::CAA).is_none())
    })
}

/// CAA records above the zone are about all in it that has none.
async fn issuers_above(state: &mut State, asking: &Asking, zone: &Name) {
    let resolver = asking.counting();
    let mut above = zone.parent();
    // Nobody asks the root (RFC 8659, section 3).
    while let Some(name) = above.filter(|name| name.parent().is_some()) {
        if resolver.servers.is_empty() {
            let why = asking.no_resolver();
            return terminal::note(&voice::plan::above_unasked(&name, &why));
        }
        above = name.parent();
        let kind = Type::CAA;
        let question = Question { name, kind };
        let answer = match resolver.ask(&question).await {
            Ok(answer) => answer,
            Err(error) => {
                let note = voice::plan::above_unasked(&question.name, &error.to_string());
                return terminal::note(&note);
            }
        };
        for record in &answer.answers {
            if record.kind == kind && record.name == question.name {
                state.add(record.name.clone(), kind, record.ttl, &record.data);
            }
        }
    }
}

fn take(state: &mut State, view: &View) {
    for ((name, kind), said) in &view.said {
        let set = said.set().filter(|_| state.set(name, *kind).is_none());
        for data in set.iter().flat_map(|set| &set.data) {
            state.add(name.clone(), *kind, set.map_or(0, |set| set.ttl), data);
        }
    }
}

/// Takes in where names lead for which other servers speak and that names become aliases of, as far as a resolver says;
/// and where such a way comes back into the zone, what that has.
pub(super) async fn look_elsewhere(
    state: &mut State,
    authority: &Authority,
    asking: &Asking,
    wanted: &[Wanted],
) {
    let (resolver, port) = (asking.counting(), asking.port());
    let own = wanted.iter().map(|want| want.name.clone());
    let (mut names, mut seen) = (own.collect(), BTreeSet::new());
    let aliases = wanted.iter().filter(|want| want.kind == Type::CNAME);
    let aliases = aliases.flat_map(|want| {
        want.data
            .iter()
            .map(move |data| (&want.name, data.as_slice()))
    });
    for _ in 0..MAX_ALIASES {
        let ends = state.leaves(&authority.zone, aliases.clone()).into_iter();
        let ends = ends.map(|(_, end)| end).filter(|end| !seen.contains(end));
        let ends: BTreeSet<Name> = ends.collect();
        if ends.is_empty() {
            return;
        }
        let mut ways = BTreeSet::new();
        for end in &ends {
            match look_up(asking, end).await {
                Ok(followed) => {
                    forgotten(state, &resolver, end, &followed, port).await;
                    state.leads_to(end.clone(), &followed.addresses);
                    state.leads_by(end.clone(), followed.aliases.clone());
                    ways.extend(followed.aliases);
                }
                Err(why) => state.unseen(end.clone(), why),
            }
        }
        seen.extend(ends);
        follow_within(state, authority, asking, &mut names, ways).await;
    }
}

/// Takes in how long caches may know that there is nothing on the way of a name for which others speak. Where nobody
/// says, the longest is counted.
async fn forgotten(
    state: &mut State,
    resolver: &Resolver,
    name: &Name,
    followed: &Followed,
    port: u16,
) {
    let mut longest = 0;
    for at in std::iter::once(name).chain(&followed.aliases) {
        match negative_ttl(resolver, at, port).await {
            Ok(seconds) => longest = longest.max(seconds),
            Err(_) => return,
        }
    }
    state.forgotten_after(name.clone(), longest);
}

/// Where a name leads, or why nobody says.
async fn look_up(asking: &Asking, name: &Name) -> Result<Followed, String> {
    let resolver = asking.counting();
    if resolver.servers.is_empty() {
        return Err(asking.no_resolver());
    }
    match follow(&resolver, name).await {
        Ok(followed) if followed.is_whole => Ok(followed),
        Ok(_) => Err(voice::plan::not_followed().to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
