//! How far a zone has come on the way of a plan, and what is not as it is expected there.

use std::collections::BTreeSet;

use super::{Plan, Set, State};
use crate::name::Name;
use crate::rdata::Type;

/// A set that is not as it is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub kind: Type,
    /// What there would have to be; `None` where there may be none.
    pub expected: Option<Set>,
    /// What there is.
    pub seen: Option<Set>,
}

/// How far a zone has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// A step is the next one.
    At {
        /// Its number, from 0.
        step: usize,
        /// What the names of the plan have.
        here: Box<State>,
        /// Names that have it as far as can be seen, while a wildcard gives it in any case.
        untold: BTreeSet<Name>,
    },
    /// It has all that the plan makes.
    Done {
        /// As of [`Self::At`].
        untold: BTreeSet<Name>,
    },
    /// Somebody else has changed it.
    Changed {
        /// Sets that the plan knows of, held against the stage of it that comes nearest.
        drifts: Vec<Drift>,
        /// Sets of other types that its names have.
        others: Vec<(Name, Type)>,
    },
}

impl State {
    /// What is not as it is expected, in the order of names and types.
    pub fn unlike(&self, expected: &Self) -> Vec<Drift> {
        let keys: BTreeSet<&(Name, Type)> = self.sets.keys().chain(expected.sets.keys()).collect();
        let drifts = keys.into_iter().filter_map(|key| {
            let (expected, seen) = (expected.sets.get(key), self.sets.get(key));
            (expected != seen).then(|| Drift {
                name: key.0.clone(),
                kind: key.1,
                expected: expected.cloned(),
                seen: seen.cloned(),
            })
        });
        drifts.collect()
    }

    /// What it has of some types.
    #[must_use]
    pub fn of_kinds(mut self, kinds: &[Type]) -> Self {
        self.sets.retain(|(_, kind), _| kinds.contains(kind));
        self
    }

    fn of_sets(&self, sets: &BTreeSet<(&Name, Type)>) -> Self {
        let mut state = Self::default();
        for (name, kind) in sets {
            let key = ((*name).clone(), *kind);
            let set = self.sets.get(&key).cloned();
            state.sets.extend(set.map(|set| (key, set)));
        }
        state
    }
}

impl Plan {
    /// How far a zone has come in which its names have this, of the types that are looked for.
    pub fn progress(&self, here: &State) -> Progress {
        let (mut stage, plain) = (self.start(), here.checksum());
        for (number, step) in self.steps.iter().enumerate() {
            let (here, untold) = here.taking(&stage);
            let is_plain = untold.is_empty();
            if step.state == if is_plain { plain } else { here.checksum() } {
                return Progress::At {
                    step: number,
                    here: Box::new(here),
                    untold,
                };
            }
            stage.apply(step);
        }
        let known = self.known();
        let (last, untold) = here.taking(&stage);
        if last.of_sets(&known) == stage.of_sets(&known) {
            return Progress::Done { untold };
        }
        self.changed(here)
    }

    /// What there is in the place of the stage that comes nearest.
    fn changed(&self, here: &State) -> Progress {
        let mut stage = self.start();
        let known = self.known();
        let drifts = |stage: &State| here.taking(stage).0.of_sets(&known).unlike(stage);
        let mut nearest = drifts(&stage);
        for step in &self.steps {
            stage.apply(step);
            let other = drifts(&stage);
            if other.len() < nearest.len() {
                nearest = other;
            }
        }
        let sets = here.sets().map(|(name, kind, _)| (name, kind));
        let others = sets.filter(|set| !known.contains(set));
        Progress::Changed {
            drifts: nearest,
            others: others.map(|(name, kind)| (name.clone(), kind)).collect(),
        }
    }

    /// What it knows of what its names have before the first step.
    fn start(&self) -> State {
        let mut state = State::default();
        let kept = self.kept.iter();
        let kept = kept.map(|kept| (&kept.name, kept.kind, &kept.set));
        let changed = self.changes().map(|it| (&it.name, it.kind, &it.before));
        let mut seen = BTreeSet::new();
        for (name, kind, set) in kept.chain(changed) {
            // What a later change starts from is what an earlier one leaves.
            if seen.insert((name, kind)) {
                let set = set.clone().map(|set| ((name.clone(), kind), set));
                state.sets.extend(set);
            }
        }
        state
    }

    /// Sets of which it says what they are: kept, changed or none.
    fn known(&self) -> BTreeSet<(&Name, Type)> {
        let kept = self.kept.iter().filter(|kept| kept.set.is_some());
        let kept = kept.map(|kept| (&kept.name, kept.kind));
        let changed = self.changes().map(|it| (&it.name, it.kind));
        kept.chain(changed).chain(self.none()).collect()
    }

    /// Sets of which there may be none.
    fn none(&self) -> impl Iterator<Item = (&Name, Type)> {
        self.absent.iter().map(|(name, kind)| (name, *kind))
    }

    /// The types that it is about, and aliases, which stand in the place of all others.
    pub fn kinds(&self) -> Vec<Type> {
        let kept = self.kept.iter().map(|kept| kept.kind);
        let kinds = kept.chain(self.changes().map(|change| change.kind));
        let kinds = kinds.chain(self.none().map(|(_, kind)| kind));
        let kinds: BTreeSet<Type> = kinds.chain([Type::CNAME]).collect();
        kinds.into_iter().collect()
    }

    /// The first of some names to which the steps from one on would give something else by a wildcard, if the names were
    /// not there themselves.
    pub fn gives_later<'n>(&self, number: usize, names: &'n BTreeSet<Name>) -> Option<&'n Name> {
        let later = self
            .steps
            .iter()
            .skip(number)
            .flat_map(|step| &step.changes);
        let wildcards = later.filter(|change| change.name.is_wildcard());
        let tops: BTreeSet<Name> = wildcards.filter_map(|it| it.name.parent()).collect();
        names.iter().find(|name| name.is_at_or_below(&tops))
    }
}
