//! What is older than what a plan starts from, and is remembered for longer than its TTLs say.

use super::{Cached, Plan, Set, State, Step, follow};
use crate::name::Name;
use crate::rdata::Type;

/// How long caches may have what is older than a set, seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Older {
    /// Anything: other data, the same with a longer TTL, or that there was nothing.
    pub seconds: u32,
    /// Data that the set does not have: whoever has it is led elsewhere. No longer than `seconds`.
    pub elsewhere: u32,
}

impl Older {
    /// The longer of both, each.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            seconds: self.seconds.max(other.seconds),
            elsewhere: self.elsewhere.max(other.elsewhere),
        }
    }
}

impl State {
    /// Says how long caches may have what is older than sets that names have, or had: it was replaced, or had a longer TTL.
    pub fn remembered(&mut self, cached: Cached) {
        for (key, older) in cached {
            let known = self.around.remembered.entry(key).or_default();
            *known = older.max(*known);
        }
    }

    /// How long caches may have what is at most as new as a set, seconds.
    pub(super) fn kept_for(&self, name: &Name, kind: Type, set: Option<&Set>) -> Option<u32> {
        let ttl = set.map(|set| set.ttl);
        if self.around.has_stood || self.around.remembered.is_empty() {
            return ttl;
        }
        let known = self.around.remembered.get(&(name.clone(), kind));
        ttl.max(known.map(|older| older.seconds))
    }
}

impl Step {
    /// The sets that it replaces, a name's own or a wildcard's in its place, and how long caches may have them.
    pub fn replaced(&self) -> impl Iterator<Item = (&Name, Type, Older)> {
        self.changes.iter().filter_map(|change| {
            let given = change.given.as_ref().map(|given| &given.set);
            let before = change.before.as_ref().or(given)?;
            let seconds = before.ttl;
            let elsewhere = if follow::leaves(change) { seconds } else { 0 };
            let older = Older { seconds, elsewhere };
            Some((&change.name, change.kind, older))
        })
    }
}

impl Plan {
    /// Waits for what an older plan would have waited for: where a step changes what one of that would have changed, the
    /// time since the steps before is not known to have passed, whatever else comes first now. The longest wait of that
    /// one is given back which no step here has to take over.
    pub fn wait_as(&mut self, older: &Self) -> Option<u32> {
        let mut left = None;
        for old in &older.steps {
            let is_same = |step: &&mut Step| {
                let mut changes = old.changes.iter();
                changes.any(|old| {
                    let mut new = step.changes.iter();
                    new.any(|new| {
                        (&old.name, old.kind, &old.before) == (&new.name, new.kind, &new.before)
                    })
                })
            };
            let mut is_found = self.zone == older.zone && old.wait == 0;
            for step in self.steps.iter_mut().filter(is_same) {
                if self.zone == older.zone {
                    step.wait = step.wait.max(old.wait);
                    is_found = true;
                }
            }
            if !is_found && old.wait > 0 {
                left = left.max(Some(old.wait));
            }
        }
        left
    }
}
