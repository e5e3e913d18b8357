//! How far a change has come among the servers of a zone.

use std::collections::{BTreeMap, BTreeSet};

use super::follow::LEAD;
use super::{Change, Given, Older, Plan, Set, Step};
use crate::message::Question;
use crate::name::Name;
use crate::rdata::Type;
use crate::view::{Role, Said, View};

/// A set, as it was and as it has to stand at every server.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Left {
    after: Option<Set>,
    given: Option<Given>,
}

/// Sets that have to stand at every server of a zone before something else may be done: who asks one that is
/// behind is given what was there before, and remembers that for another TTL.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spread(BTreeMap<(Name, Type), Left>);

/// How long caches may have what is older than sets.
pub type Cached = BTreeMap<(Name, Type), Older>;

/// A server that is not known to have all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// What to call it.
    pub server: String,
    /// Why it does not say, where it does not; `None` where it gives something else.
    pub why: Option<String>,
}

impl Spread {
    /// What changes leave, made one after the other.
    pub fn left<'c>(changes: impl IntoIterator<Item = &'c Change>) -> Self {
        let mut sets = BTreeMap::new();
        for change in changes {
            let key = (change.name.clone(), change.kind);
            let (after, given) = (change.after.clone(), change.given.clone());
            sets.insert(key, Left { after, given });
        }
        Self(sets)
    }

    /// What a plan starts from: what it changes, as it is, and what stays, which may have come only just before, as well as
    /// what is not there beside it may have gone.
    pub fn start(plan: &Plan) -> Self {
        let mut sets = BTreeMap::new();
        // A name without any may be new, and a wildcard's so far.
        let stay = plan.kept.iter().filter(|kept| kept.set.is_some());
        let stay = stay.filter(|kept| LEAD.contains(&kept.kind));
        let stay: BTreeSet<&Name> = stay.map(|kept| &kept.name).collect();
        for (name, kind) in plan.absent.iter().filter(|(name, _)| stay.contains(name)) {
            let (after, given) = (None, None);
            sets.insert((name.clone(), *kind), Left { after, given });
        }
        for kept in &plan.kept {
            let (after, given) = (kept.set.clone(), None);
            if after.is_some() {
                sets.insert((kept.name.clone(), kept.kind), Left { after, given });
            }
        }
        for change in plan.changes() {
            let key = (change.name.clone(), change.kind);
            let (after, given) = (change.before.clone(), change.given.clone());
            sets.entry(key).or_insert(Left { after, given });
        }
        Self(sets)
    }

    /// The part of what a plan starts from that caches are asked for: all that is there, and of names that lead somewhere
    /// also what else would lead them. Who asks a resolver for what is not there yet has it remember that there is nothing, for
    /// everybody (RFC 2308, section 5).
    #[must_use]
    pub fn in_caches(mut self) -> Self {
        let there = self.0.iter().filter(|(_, left)| left.stands().is_some());
        let leading = there.filter(|((_, kind), _)| LEAD.contains(kind));
        let leading: BTreeSet<Name> = leading.map(|((name, _), _)| name.clone()).collect();
        self.0.retain(|(name, kind), left| {
            left.stands().is_some() || LEAD.contains(kind) && leading.contains(name)
        });
        self
    }

    /// Whether it says anything of a set.
    pub fn is_about(&self, name: &Name, kind: Type) -> bool {
        self.0.contains_key(&(name.clone(), kind))
    }

    /// What to ask every server.
    pub fn questions(&self) -> impl Iterator<Item = Question> {
        self.0.keys().map(|(name, kind)| Question {
            name: name.clone(),
            kind: *kind,
        })
    }

    /// The servers that are behind, of each the views at its addresses. One that says all of it at one address need
    /// not be reached at the others.
    pub fn behind<'v>(&self, servers: impl IntoIterator<Item = &'v [View]>) -> Vec<Behind> {
        let mut behind = Vec::new();
        for views in servers {
            let stands: Vec<(&View, Stands)> =
                views.iter().map(|view| (view, self.at(view))).collect();
            let is_known = stands.iter().any(|(_, stands)| *stands == Stands::All);
            for (view, stands) in stands {
                let why = match stands {
                    Stands::All => continue,
                    Stands::Other => None,
                    Stands::Unsaid(_) if is_known => continue,
                    Stands::Unsaid(why) => Some(why),
                };
                let server = view.server.clone();
                behind.push(Behind { server, why });
            }
        }
        behind
    }

    /// Of each set that resolvers have as something else how long they do, seconds: what was there before, or that nothing
    /// was.
    pub fn cached<'v>(&self, views: impl IntoIterator<Item = &'v View>) -> Cached {
        self.kept(views, |left, set| !left.is_data(set))
    }

    /// The same, where a longer TTL is another thing, too: it was lowered.
    pub fn remembered<'v>(&self, views: impl IntoIterator<Item = &'v View>) -> Cached {
        self.kept(views, |left, set| !left.is_data(set) || left.is_longer(set))
    }

    fn kept<'v>(
        &self,
        views: impl IntoIterator<Item = &'v View>,
        is_other: impl Fn(&Left, &Set) -> bool,
    ) -> Cached {
        let mut cached = Cached::new();
        for view in views {
            for ((name, kind), left) in &self.0 {
                let older = match view.of(name, *kind) {
                    Some(Said::Records { set, .. }) if is_other(left, set) => Older {
                        seconds: set.ttl,
                        elsewhere: if left.has_all(set) { 0 } else { set.ttl },
                    },
                    Some(Said::Nothing(Some(seconds))) if left.after.is_some() => Older {
                        seconds: *seconds,
                        elsewhere: 0,
                    },
                    _ => continue,
                };
                let known = cached.entry((name.clone(), *kind)).or_default();
                *known = older.max(*known);
            }
        }
        cached
    }

    /// The sets of which a server gives others.
    pub fn unlike(&self, view: &View) -> Vec<(&Name, Type)> {
        let sets = self
            .0
            .iter()
            .filter(|((name, kind), left)| match view.of(name, *kind) {
                Some(Said::Records { set, .. }) => !left.has(set),
                Some(Said::Nothing(_)) => left.after.is_some(),
                _ => false,
            });
        sets.map(|((name, kind), _)| (name, *kind)).collect()
    }

    fn at(&self, view: &View) -> Stands {
        let mut unsaid = None;
        for ((name, kind), left) in &self.0 {
            match view.of(name, *kind) {
                Some(Said::Records { set, .. }) if left.has(set) => {}
                Some(Said::Nothing(_)) if left.after.is_none() => {}
                Some(Said::Records { .. } | Said::Nothing(_)) => return Stands::Other,
                Some(Said::Failed(why) | Said::Cut(why)) => unsaid = Some(why.clone()),
                Some(Said::Refused(code)) => unsaid = Some(format!("it says {code}")),
                Some(Said::Bogus) => unsaid = Some("it says SERVFAIL".to_owned()),
                Some(Said::Lame) | None => {
                    unsaid = Some("it has no authority over the zone".to_owned());
                }
            }
        }
        unsaid.map_or(Stands::All, Stands::Unsaid)
    }
}

impl Left {
    /// What stands there: its own, or what a wildcard gives.
    fn stands(&self) -> Option<&Set> {
        let given = self.given.as_ref().map(|given| &given.set);
        self.after.as_ref().or(given)
    }

    /// Whether it is that, whatever is left of its TTL.
    fn is_data(&self, set: &Set) -> bool {
        self.stands().is_some_and(|stands| stands.data == set.data)
    }

    /// Whether it has all that a set has: who has that is led nowhere else.
    fn has_all(&self, set: &Set) -> bool {
        self.stands()
            .is_some_and(|stands| stands.data.is_superset(&set.data))
    }

    fn is_longer(&self, set: &Set) -> bool {
        self.stands().is_none_or(|stands| stands.ttl < set.ttl)
    }

    fn has(&self, set: &Set) -> bool {
        match &self.after {
            Some(after) => after == set,
            None => gives(self.given.as_ref(), set),
        }
    }
}

/// Whether it is a wildcard that gives a set, whatever its TTL by now.
fn gives(given: Option<&Given>, set: &Set) -> bool {
    given.is_some_and(|given| given.set.data == set.data)
}

/// Which servers have gone on from what a step replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// None has: it was not made.
    Nowhere,
    /// Some have, and others give what was there before, or do not say.
    InPlaces,
    /// All have.
    Everywhere,
}

/// Which servers have gone on from what a step of a plan replaced, the step's number from 0; of each server the views
/// at its addresses.
pub fn gone<'v>(plan: &Plan, number: usize, servers: impl IntoIterator<Item = &'v [View]>) -> Gone {
    if number >= plan.steps.len() {
        return Gone::Nowhere;
    }
    let (mut past, mut not) = (false, false);
    for views in servers {
        let said: Vec<Option<bool>> = views
            .iter()
            .map(|view| is_past(plan, number, view))
            .collect();
        if said.contains(&Some(false)) || !said.contains(&Some(true)) {
            not |= !views.is_empty();
        }
        past |= said.contains(&Some(true));
    }
    match (past, not) {
        (false, _) => Gone::Nowhere,
        (true, true) => Gone::InPlaces,
        (true, false) => Gone::Everywhere,
    }
}

/// The longest TTL of sets that servers of the zone give and a plan knows nothing of, which are older than what it
/// starts from, and of sets that resolvers have, and the plan leaves nowhere. Caches may keep those longer than the
/// plan says. So it is with what stands in the place of sets that stay. `None` where there are none.
pub fn older<'v>(plan: &Plan, views: impl IntoIterator<Item = &'v View>) -> Option<u32> {
    let mut known = BTreeMap::<(&Name, Type), Vec<&Change>>::new();
    for change in plan.changes() {
        let changes = known.entry((&change.name, change.kind)).or_default();
        changes.push(change);
    }
    let is_known = |role: Role, change: &Change, set: Option<&Set>| {
        let (before, after) = (change.before.as_ref(), change.after.as_ref());
        // Of a resolver's TTL a part is over.
        let data = |set: Option<&Set>| set.map(|set| set.data.clone());
        match role {
            Role::Resolver if data(after) == data(set) => return true,
            Role::Authoritative if after == set || before == set => return true,
            _ => {}
        }
        let given = change
            .given
            .as_ref()
            .filter(|_| role == Role::Authoritative || after.is_none());
        set.is_some_and(|set| gives(given, set))
    };
    let said = |view: &'v View, name: &Name, kind: Type| match view.of(name, kind)? {
        Said::Records { set, .. } => Some((Some(set), set.ttl)),
        Said::Nothing(ttl) => Some((None, (*ttl)?)),
        _ => None,
    };
    let older = views.into_iter().flat_map(|view| {
        let changed = known.iter().filter_map(move |((name, kind), changes)| {
            let (set, ttl) = said(view, name, *kind)?;
            let mut changes = changes.iter();
            (!changes.any(|change| is_known(view.role, change, set))).then_some(ttl)
        });
        let kept = plan.kept.iter().filter_map(move |kept| {
            let (set, ttl) = said(view, &kept.name, kept.kind)?;
            (set.map(|set| &set.data) != kept.set.as_ref().map(|set| &set.data)).then_some(ttl)
        });
        changed.chain(kept)
    });
    older.max()
}

/// Whether a server has what a step leaves, or what a later one makes of that; `None` where it does not say. What was
/// there before the step may be there again after a later one, and is past it only where all of that one stands.
fn is_past(plan: &Plan, number: usize, view: &View) -> Option<bool> {
    let (step, later) = plan.steps.get(number..)?.split_first()?;
    let mut past = true;
    for change in &step.changes {
        let said = match view.of(&change.name, change.kind)? {
            Said::Records { set, .. } => Some(set),
            Said::Nothing(_) => None,
            _ => return None,
        };
        let given = change.given.as_ref().filter(|_| change.after.is_none());
        let is_given = said.is_some_and(|said| gives(given, said));
        let leaves_it = |step: &Step| {
            let mut changes = step.changes.iter();
            changes.any(|other| {
                (&other.name, other.kind) == (&change.name, change.kind)
                    && other.after.as_ref() == said
            })
        };
        let is_before = change.before.as_ref() == said;
        let mut later = later.iter().zip(number + 1..);
        let is_later = later.any(|(step, number)| {
            leaves_it(step) && (!is_before || is_past(plan, number, view) == Some(true))
        });
        past &= is_given || change.after.as_ref() == said || is_later;
    }
    Some(past)
}

impl Step {
    /// How long caches keep what was there before it, seconds: records, the name's own or a wildcard's, for their TTL,
    /// and that there was nothing for the time that the zone's SOA record says (RFC 2308, section 5).
    pub fn kept_for(&self, negative: u32) -> u32 {
        let had = |name: &Name, kind: Type| {
            let mut changes = self.changes.iter();
            changes.any(|it| it.name == *name && it.kind == kind && it.before.is_some())
        };
        let kept = self.changes.iter().map(|change| {
            let given = change.given.as_ref();
            match &change.before {
                Some(before) => before.ttl,
                // Whoever asked for a type that there was not remembers that, where an alias would lead on now.
                None if change.kind == Type::CNAME
                    && given.is_none_or(|it| it.kind != change.kind) =>
                {
                    given.map_or(negative, |given| given.set.ttl.max(negative))
                }
                // Where an alias was, nobody was told that there is nothing.
                None if given.is_none() && had(&change.name, Type::CNAME) => 0,
                None => given.map_or(negative, |given| given.set.ttl),
            }
        });
        kept.max().unwrap_or(0)
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Stands {
    All,
    Other,
    Unsaid(String),
}
