//! What is older than what a plan starts from, and is remembered for longer than its TTLs say.

use super::{Cached, Plan, Set, State, Step};
use crate::name::Name;
use crate::rdata::Type;

impl State {
    /// Says how long caches may have what is older than sets that names have, or had: it was replaced, or had a longer TTL.
    pub fn remembered(&mut self, cached: Cached) {
        for (key, seconds) in cached {
            let known = self.around.remembered.entry(key).or_default();
            *known = seconds.max(*known);
        }
    }

    /// How long caches may have what is at most as new as a set, seconds.
    pub(super) fn kept_for(&self, name: &Name, kind: Type, set: Option<&Set>) -> Option<u32> {
        let ttl = set.map(|set| set.ttl);
        if self.around.has_stood || self.around.remembered.is_empty() {
            return ttl;
        }
        let known = self.around.remembered.get(&(name.clone(), kind));
        ttl.max(known.copied())
    }
}

impl Step {
    /// The sets that it replaces, a name's own or a wildcard's in its place, and how long caches may have them, seconds.
    pub fn replaced(&self) -> impl Iterator<Item = (&Name, Type, u32)> {
        self.changes.iter().filter_map(|change| {
            let given = change.given.as_ref().map(|given| &given.set);
            let before = change.before.as_ref().or(given)?;
            Some((&change.name, change.kind, before.ttl))
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
