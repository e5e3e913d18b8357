//! What clients come to that ask caches for names of a zone, written from the standards alone and with nothing of what
//! plans are made by: wildcards and the closest encloser (RFC 4592), aliases from name to name (RFC 1034, section
//! 3.6.2), and caches, each of which may have any answer of before for its TTL, or for the time of the SOA record
//! (RFC 2308). Tests of plans and their fuzz target are held against it.

use std::collections::{BTreeMap, BTreeSet};

use keyway_dns::name::Name;
use keyway_dns::plan::{Plan, Set, State};
use keyway_dns::rdata::Type;

/// How long it is remembered that there is nothing where no SOA record says, seconds (RFC 2308, section 5).
const NEGATIVE: u32 = 10_800;

const KINDS: [Type; 2] = [Type::A, Type::AAAA];

/// Where a question for addresses of one kind ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum End {
    /// At addresses.
    Addresses(BTreeSet<Vec<u8>>),
    /// At a name for which others speak: nothing is known of it.
    Elsewhere(Name),
    /// At nothing: no name, or no address of the kind.
    Nothing,
    /// Nowhere: the way comes back to where it was.
    Loop,
}

impl End {
    fn is_good(&self) -> bool {
        matches!(self, Self::Addresses(_) | Self::Elsewhere(_))
    }
}

/// What a zone's server says.
enum Said<'z> {
    Records(&'z Set),
    Alias(Name),
    Elsewhere,
    Nothing,
}

/// A zone at one moment.
struct Moment {
    top: Name,
    sets: BTreeMap<(Name, Type), Set>,
    /// Names that are there: owners, and all above them.
    there: BTreeSet<Name>,
    /// Seconds since it was replaced; `None` where it was not.
    over: Option<u32>,
}

impl Moment {
    fn of(top: &Name, state: &State, over: Option<u32>) -> Self {
        let sets = state.sets();
        let sets = sets.map(|(name, kind, set)| ((name.clone(), kind), set.clone()));
        let sets: BTreeMap<(Name, Type), Set> = sets.collect();
        let mut there = BTreeSet::from([top.clone()]);
        for (owner, _) in sets.keys() {
            let above = std::iter::successors(Some(owner.clone()), Name::parent);
            there.extend(above.take_while(|name| name.is_within(top)));
        }
        let top = top.clone();
        Self {
            top,
            sets,
            there,
            over,
        }
    }

    fn has(&self, name: &Name, kind: Type) -> Option<&Set> {
        self.sets.get(&(name.clone(), kind))
    }

    /// Whether another server is named for it, or for one above, or the names there are those of others.
    fn is_elsewhere(&self, name: &Name) -> bool {
        if !name.is_within(&self.top) {
            return true;
        }
        let above = std::iter::successors(Some(name.clone()), Name::parent);
        let mut above = above.take_while(|name| *name != self.top);
        above.any(|at| self.has(&at, Type::NS).is_some())
            || std::iter::successors(name.parent(), Name::parent)
                .take_while(|name| name.is_within(&self.top))
                .any(|at| self.has(&at, Type::DNAME).is_some())
    }

    /// Whose records are given for a name, if anybody's.
    fn owner(&self, name: &Name) -> Option<Name> {
        if self.there.contains(name) {
            return Some(name.clone());
        }
        let mut above = std::iter::successors(name.parent(), Name::parent);
        let encloser = above.find(|at| self.there.contains(at))?;
        encloser
            .child("*")
            .ok()
            .filter(|it| self.there.contains(it))
    }

    /// What is said of a name, and how long that is remembered.
    fn say(&self, name: &Name, kind: Type) -> (Said<'_>, u32) {
        if self.is_elsewhere(name) {
            return (Said::Elsewhere, u32::MAX);
        }
        if let Some(owner) = self.owner(name) {
            if let Some(alias) = self.has(&owner, Type::CNAME) {
                let target = alias.targets().next().expect("a target");
                return (Said::Alias(target), alias.ttl);
            }
            if let Some(set) = self.has(&owner, kind) {
                return (Said::Records(set), set.ttl);
            }
        }
        let start = self.has(&self.top, Type::SOA).map(|soa| {
            let data = soa.data.first().expect("a record");
            let minimum = data.last_chunk::<4>().expect("five numbers");
            u32::from_be_bytes(*minimum).min(soa.ttl)
        });
        (Said::Nothing, start.unwrap_or(NEGATIVE))
    }
}

/// Caches that may have what a zone said at any of several moments, the last of which is now.
pub(crate) struct Caches(Vec<Moment>);

impl Caches {
    /// Of a zone that has always been so.
    pub(crate) fn of(zone: &Name, state: &State) -> Self {
        Self(vec![Moment::of(zone, state, None)])
    }

    /// What they may have of each moment.
    fn said(&self, name: &Name, kind: Type) -> impl Iterator<Item = (usize, Said<'_>)> {
        let moments = self.0.iter().enumerate();
        let name = name.clone();
        moments.filter_map(move |(at, moment)| {
            let (said, ttl) = moment.say(&name, kind);
            moment
                .over
                .is_none_or(|over| over < ttl)
                .then_some((at, said))
        })
    }

    /// Where questions for one kind of addresses may end.
    fn ends(&self, name: &Name, kind: Type) -> BTreeSet<End> {
        let (mut ends, mut done) = (BTreeSet::new(), BTreeSet::new());
        self.follow(name, kind, &mut Vec::new(), &mut done, &mut ends);
        ends
    }

    fn follow(
        &self,
        name: &Name,
        kind: Type,
        way: &mut Vec<Name>,
        done: &mut BTreeSet<Name>,
        ends: &mut BTreeSet<End>,
    ) {
        if way.contains(name) {
            ends.insert(End::Loop);
            return;
        }
        if !done.insert(name.clone()) {
            return;
        }
        way.push(name.clone());
        for (_, said) in self.said(name, kind) {
            match said {
                Said::Records(set) => _ = ends.insert(End::Addresses(set.data.clone())),
                Said::Elsewhere => _ = ends.insert(End::Elsewhere(name.clone())),
                Said::Nothing => _ = ends.insert(End::Nothing),
                Said::Alias(target) => self.follow(&target, kind, way, done, ends),
            }
        }
        way.pop();
    }

    /// Where questions for both kinds may end, asked of one cache.
    fn pairs(&self, name: &Name) -> BTreeSet<[End; 2]> {
        let mut pairs = BTreeSet::new();
        self.follow_both(name, &mut BTreeSet::new(), &mut pairs);
        pairs
    }

    fn follow_both(&self, name: &Name, done: &mut BTreeSet<Name>, pairs: &mut BTreeSet<[End; 2]>) {
        if !done.insert(name.clone()) {
            return;
        }
        let of = |said: &Said<'_>, kind| match said {
            Said::Records(set) => BTreeSet::from([End::Addresses(set.data.clone())]),
            Said::Elsewhere => BTreeSet::from([End::Elsewhere(name.clone())]),
            Said::Nothing => BTreeSet::from([End::Nothing]),
            Said::Alias(target) => self.ends(target, kind),
        };
        for (four_at, four) in self.said(name, Type::A) {
            for (six_at, six) in self.said(name, Type::AAAA) {
                match (&four, &six) {
                    // A cache has one alias at a time, and it answers for both kinds.
                    (Said::Alias(_), Said::Alias(_)) if four_at != six_at => continue,
                    (Said::Alias(target), Said::Alias(_)) => {
                        self.follow_both(target, done, pairs);
                        continue;
                    }
                    (Said::Alias(_), _) if four_at < six_at => continue,
                    (_, Said::Alias(_)) if six_at < four_at => continue,
                    _ => {}
                }
                for first in of(&four, Type::A) {
                    let seconds = of(&six, Type::AAAA).into_iter();
                    pairs.extend(seconds.map(|second| [first.clone(), second]));
                }
            }
        }
    }

    /// Whether a name leads anywhere, whatever is remembered.
    pub(crate) fn leads(&self, name: &Name) -> bool {
        let leads = |kind: &Type| self.ends(name, *kind).iter().all(End::is_good);
        KINDS.iter().any(leads)
    }
}

/// A name that a client may ask for where another one is a wildcard's.
fn asked(name: &Name) -> Name {
    let below = name.parent().filter(|_| name.is_wildcard());
    let below = below.map(|above| above.child("any-other").expect("short"));
    below.unwrap_or_else(|| name.clone())
}

/// What is wrong with a plan for these hosts, where what stood before it has stood for longer than caches remember:
/// whoever asks for a name that leads somewhere before and after it is led somewhere after every step, and for a kind of
/// addresses that is there before and after it gets it, whatever a cache may have of before; and no host, nor an alias that
/// is in the zone, leads nowhere in the end that did not before.
pub(crate) fn fault(zone: &Name, before: &State, plan: &Plan, hosts: &[Name]) -> Option<String> {
    let mut states = vec![before.clone()];
    for step in &plan.steps {
        let mut state = states.last()?.clone();
        state.apply(step);
        states.push(state);
    }
    let mut names: BTreeSet<Name> = before.sets().map(|(name, _, _)| asked(name)).collect();
    names.extend(hosts.iter().map(asked));
    let kept: Vec<Name> = before
        .sets()
        .filter(|(_, kind, _)| *kind == Type::CNAME)
        .map(|(name, _, _)| asked(name))
        .chain(hosts.iter().map(asked))
        .collect();
    let first = Caches::of(zone, before);
    let last = Caches::of(zone, states.last()?);
    for name in &names {
        if kept.contains(name) && first.leads(name) && !last.leads(name) {
            return Some(format!("{name} leads nowhere in the end"));
        }
    }
    for step in 1..states.len() {
        let moments = states[..=step].iter().enumerate().map(|(at, state)| {
            // It was replaced by the step of the same number.
            let since = plan.steps.get(at + 1..step);
            let over =
                (at < step).then(|| since.map_or(0, |steps| steps.iter().map(|it| it.wait).sum()));
            Moment::of(zone, state, over)
        });
        let now = Caches(moments.collect());
        for name in &names {
            let why = worse(name, &first, &now, &last);
            if let Some(why) = why {
                return Some(format!("{name} after step {step}: {why}"));
            }
        }
    }
    None
}

fn worse(name: &Name, first: &Caches, now: &Caches, last: &Caches) -> Option<String> {
    for kind in KINDS {
        let (before, after) = (first.ends(name, kind), last.ends(name, kind));
        if before.iter().chain(&after).all(End::is_good) {
            let ends = now.ends(name, kind);
            if !ends.iter().all(End::is_good) {
                return Some(format!("{kind} {ends:?}"));
            }
        }
    }
    if first.leads(name) && last.leads(name) {
        let mut pairs = now.pairs(name).into_iter();
        let nothing = pairs.find(|pair| !pair.iter().any(End::is_good));
        return nothing.map(|pair| format!("{pair:?}"));
    }
    None
}
