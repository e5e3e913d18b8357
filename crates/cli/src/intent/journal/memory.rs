//! What caches were seen to have that is older than sets.

use std::collections::BTreeSet;

use keyway_dns::name::Name;
use keyway_dns::plan::{Cached, Older};
use keyway_dns::rdata::Type;
use keyway_report::Timestamp;
use serde::{Deserialize, Serialize};

/// Until when caches may have it, of each set what is remembered longest.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Memory(Vec<Remembered>);

/// A set of which caches may have what is older.
#[derive(Debug, Serialize, Deserialize)]
struct Remembered {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    /// Until when, as seconds since 1970.
    until: i64,
    /// Until when they may have data that the set does not have, where that is sooner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    elsewhere: Option<i64>,
}

impl Remembered {
    /// One and the same set, remembered as long as either says.
    fn join(&mut self, other: &Self) {
        let elsewhere = |it: &Self| it.elsewhere.unwrap_or(it.until);
        let last = elsewhere(self).max(elsewhere(other));
        self.until = self.until.max(other.until);
        self.elsewhere = Some(last).filter(|last| *last < self.until);
    }
}

impl Memory {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every moment that is noted.
    pub(super) fn each(&mut self, mut change: impl FnMut(&mut i64)) {
        for kept in &mut self.0 {
            change(&mut kept.until);
            kept.elsewhere.iter_mut().for_each(&mut change);
        }
    }

    /// Notes what caches have from `now` on.
    pub(super) fn note(&mut self, cached: &Cached, now: Timestamp) {
        let until = |seconds: u32| now.plus(i64::from(seconds)).seconds();
        let new = cached.iter().map(|((name, kind), older)| Remembered {
            name: name.to_string(),
            kind: kind.to_string(),
            until: until(older.seconds),
            elsewhere: (older.elsewhere < older.seconds).then(|| until(older.elsewhere)),
        });
        self.0.extend(new);
        let key = |it: &Remembered| (it.name.clone(), it.kind.clone());
        self.0.sort_by_key(key);
        self.0.dedup_by(|later, kept| {
            let is_same = key(later) == key(kept);
            if is_same {
                kept.join(later);
            }
            is_same
        });
    }

    /// Until when caches may have what is older than one of these sets.
    pub(super) fn until<'n>(
        &self,
        sets: impl Iterator<Item = (&'n Name, Type)>,
    ) -> Option<Timestamp> {
        if self.is_empty() {
            return None;
        }
        let sets = sets.map(|(name, kind)| (name.to_string(), kind.to_string()));
        let sets: BTreeSet<(String, String)> = sets.collect();
        let is_one = |it: &&Remembered| sets.contains(&(it.name.clone(), it.kind.clone()));
        let noted = self.0.iter().filter(is_one);
        let until = noted.map(|it| it.until).max();
        until.map(Timestamp::from_seconds)
    }

    /// How long from `now` caches may have it.
    pub(super) fn left(&self, now: Timestamp) -> impl Iterator<Item = (Name, Type, Older)> {
        self.0.iter().filter_map(move |seen| {
            let (name, kind) = (
                Name::read(&seen.name).ok()?,
                Type::read(seen.kind.as_bytes())?,
            );
            let seconds = |at: i64| left(Timestamp::from_seconds(at), now);
            let older = Older {
                seconds: seconds(seen.until),
                elsewhere: seconds(seen.elsewhere.unwrap_or(seen.until)),
            };
            Some((name, kind, older))
        })
    }

    /// Leaves out what no cache has any more.
    pub(super) fn forget(&mut self, now: Timestamp) {
        self.0.retain(|it| it.until > now.seconds());
    }
}

/// How long it is from `now` until a moment, seconds; 0 where that is over.
pub(super) fn left(until: Timestamp, now: Timestamp) -> u32 {
    u32::try_from(until.since(now)).unwrap_or(0)
}
