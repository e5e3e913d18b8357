//! When the last cache, whoever's, lets go of what a plan replaced.

use std::path::{Path, PathBuf};

use keyway_dns::net::Authority;
use keyway_dns::plan::{Change, Gone, Plan, Spread, Step, gone, older};
use keyway_dns::view::{Role, Said, View};
use keyway_report::Timestamp;

use super::{Journal, Turn};
use crate::failure::Failure;

/// A plan that was carried out, at least in part.
pub(crate) struct Carried {
    plan: Plan,
    path: PathBuf,
}

/// Until when caches may have what was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Released {
    /// As far as anybody knows nothing was replaced.
    Nothing,
    /// Until then.
    At(Timestamp),
    /// Nobody can say: a server may still give it to whoever asks.
    Open,
}

impl Carried {
    /// The plan of a file.
    pub(crate) fn new(plan: Plan, path: &Path) -> Self {
        let path = path.to_owned();
        Self { plan, path }
    }

    /// Whether somebody said that the plan starts from what has stood, with its TTLs, for longer than caches remember.
    pub(crate) fn is_settled(&self) -> bool {
        self.plan.settled
    }

    /// Whether the steps from one on, which are not made, take away what stood before the plan: the servers give that to
    /// whoever asks. What an earlier step left is none of it.
    fn is_still_given(&self, number: usize) -> bool {
        let (made, left) = self.plan.steps.split_at(number.min(self.plan.steps.len()));
        let made = || made.iter().flat_map(|step| &step.changes);
        let mut replaced = left.iter().flat_map(Step::replaced);
        replaced.any(|(name, kind, _)| {
            let is_same = |change: &Change| (&change.name, change.kind) == (name, kind);
            !made().any(is_same)
        })
    }

    /// From what the zone's servers say: of each step, from when the last of them is known to have it. `views` are in
    /// the order of the servers' addresses. What is seen now is noted, where it is seen `now`. Where these are not
    /// all the servers of the zone (`is_all`), nothing is noted, and no time is said: what a few of them have says
    /// nothing of the others. What was noted is taken back where a server is seen not to have it.
    pub(crate) fn released(
        &self,
        authority: &Authority,
        views: &[View],
        now: Timestamp,
        is_noted: bool,
        is_all: bool,
    ) -> Result<Released, Failure> {
        let servers = by_server(authority, views);
        // Of a resolver's SOA record a part of the time is over, and each server hands out its own.
        let ours = views.iter().filter(|view| view.role == Role::Authoritative);
        let negative = ours.map(|view| view.negative_ttl(&self.plan.zone));
        let negative = negative.max().unwrap_or_default();
        // Who carries it out notes what is seen meanwhile.
        let turn = is_noted.then(|| Turn::take(&self.path));
        let mut journal = Journal::of(&self.path, &self.plan.checksum().to_string())?;
        if matches!(turn, Some(Err(_))) {
            journal.write_nothing();
        }
        let older_at = servers.iter().copied().flatten();
        if let Some(ttl) = older(&self.plan, older_at)
            && is_noted
        {
            // A plan beside which nothing can be written is looked at all the same.
            let _ = journal.seen_older(ttl);
        }
        // What a resolver has is known to be kept so long, and is not forgotten when it is not asked the next time.
        let resolvers = || views.iter().filter(|view| view.role == Role::Resolver);
        let mut steps = 0..self.plan.steps.len();
        let is_gone = |step| gone(&self.plan, step, servers.iter().copied()) == Gone::Everywhere;
        if is_noted && steps.all(is_gone) {
            let left = Spread::left(self.plan.changes());
            let _ = journal.remember(&left.cached(resolvers()), now);
        }
        let mut last = Released::Nothing;
        for (number, step) in self.plan.steps.iter().enumerate() {
            match gone(&self.plan, number, servers.iter().copied()) {
                Gone::Nowhere => {
                    if is_noted && views.iter().any(says) {
                        let _ = journal.not_made(number);
                    }
                    if matches!(last, Released::At(_)) && self.is_still_given(number) {
                        return Ok(Released::Open);
                    }
                    break;
                }
                Gone::InPlaces => {
                    let lacks = |views: &&[View]| {
                        let gone = gone(&self.plan, number, std::iter::once(*views));
                        gone == Gone::Nowhere && views.iter().any(says)
                    };
                    if is_noted && servers.iter().any(lacks) {
                        let _ = journal.not_everywhere(number + 1);
                    }
                    return Ok(Released::Open);
                }
                Gone::Everywhere if !is_all => return Ok(Released::Open),
                Gone::Everywhere => {}
            }
            let known = journal.everywhere(number + 1);
            if known.is_none() && is_noted {
                let _ = journal.seen_everywhere(number + 1, now);
            }
            let kept_for = journal.kept_for(step.kept_for(negative));
            let end = known.unwrap_or(now).plus(kept_for);
            last = match last {
                Released::At(other) => Released::At(other.max(end)),
                _ => Released::At(end),
            };
        }
        let cached = older(&self.plan, resolvers()).map(|ttl| now.plus(i64::from(ttl)));
        let sets = self.plan.changes();
        let sets = sets.map(|change| (&change.name, change.kind));
        let cached = cached.max(journal.remembered(sets));
        Ok(match (last, cached) {
            (Released::At(end), Some(cached)) => Released::At(end.max(cached)),
            (last, _) => last,
        })
    }
}

/// Whether a server of the zone says anything.
fn says(view: &View) -> bool {
    let speaks = |said: &Said| matches!(said, Said::Records { .. } | Said::Nothing(_));
    view.role == Role::Authoritative && view.said.values().any(speaks)
}

/// The views of each server that can be asked.
fn by_server<'v>(authority: &Authority, views: &'v [View]) -> Vec<&'v [View]> {
    let mut left = views;
    let counts = authority.servers.iter();
    let counts = counts.map(|server| server.addresses.len());
    let each = counts.map(|count| {
        let (here, rest) = left.split_at(count.min(left.len()));
        left = rest;
        here
    });
    each.collect()
}
