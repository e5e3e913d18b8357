//! What is behind: where it is, whether it answers, and connections to it.

mod answered;
mod coming;
mod connect;
mod health;
mod heard;
mod kept;
mod message;
mod multiplexed;
mod pool;
mod target;
mod unanswered;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use keyway_config::model::Balance as Kind;

pub(crate) use answered::{Answered, Back};
pub(crate) use connect::{ConnectError, UpstreamTls, Way, connect};
pub(crate) use health::{Look, watch};
pub(crate) use pool::{Patience, Pool};
pub(crate) use target::{Scheme, Target};
pub(crate) use unanswered::SendError;

/// How long an upstream that could not be connected to is passed over, at first and at most. It doubles with
/// each failure.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Upstreams, in the order in which they are to be tried. One that does not take connections is passed over for a
/// while, and one that is down is left out.
#[derive(Debug)]
pub(crate) struct Balance {
    upstreams: Vec<Arc<Upstream>>,
    kind: Kind,
    turn: AtomicUsize,
    began: Instant,
}

/// One upstream and how it did.
#[derive(Debug)]
pub(crate) struct Upstream {
    pub(crate) target: Arc<Target>,
    failures: AtomicU32,
    /// Milliseconds since `Balance::began`; until then it is passed over.
    rests_until: AtomicU64,
    /// Whether it failed the last look.
    is_down: AtomicBool,
    /// What is under way there, where that is counted.
    open: AtomicUsize,
}

/// Something that is under way at an upstream, until it is dropped.
#[derive(Debug)]
pub(crate) struct Busy(Arc<Upstream>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Balance {
    pub(crate) fn new(targets: Vec<Target>, kind: Kind) -> Self {
        let upstreams = targets.into_iter().map(|target| {
            Arc::new(Upstream {
                target: Arc::new(target),
                failures: AtomicU32::new(0),
                rests_until: AtomicU64::new(0),
                is_down: AtomicBool::new(false),
                open: AtomicUsize::new(0),
            })
        });
        Self {
            upstreams: upstreams.collect(),
            kind,
            turn: AtomicUsize::new(0),
            began: Instant::now(),
        }
    }

    /// The same, with what is known of those that were there before.
    pub(crate) fn after(mut self, before: &Self) -> Self {
        self.began = before.began;
        for upstream in &mut self.upstreams {
            let mut all = before.upstreams.iter();
            if let Some(known) = all.find(|known| known.target == upstream.target) {
                *upstream = Arc::clone(known);
            }
        }
        self
    }

    /// All of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<Upstream>> {
        self.upstreams.iter()
    }

    /// Whether all failed their last look.
    pub(crate) fn are_down(&self) -> bool {
        !self.upstreams.is_empty() && self.upstreams.iter().all(|upstream| !upstream.is_up())
    }

    /// Those that are not down, in the order in which they are to be tried: the next in turn or the least busy one
    /// first, those that rest last.
    pub(crate) fn in_turn(&self) -> impl Iterator<Item = &Arc<Upstream>> {
        let now = self.now();
        let of = move |rests: bool| {
            let up = self.upstreams.iter().filter(|upstream| upstream.is_up());
            up.filter(move |upstream| upstream.rests(now) == rests)
        };
        // Turns of those that are up: else the one behind another that is down would have the share of both.
        let count = of(false).count();
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % count.max(1);
        let from = move |rests: bool| {
            let behind = if rests { 0 } else { turn };
            of(rests).skip(behind).chain(of(rests).take(behind))
        };
        let idlest = (self.kind == Kind::LeastBusy)
            .then(|| from(false).min_by_key(|upstream| upstream.open.load(Ordering::Relaxed)))
            .flatten();
        let others = from(false)
            .filter(move |upstream| idlest.is_none_or(|idlest| !Arc::ptr_eq(idlest, upstream)));
        idlest.into_iter().chain(others).chain(from(true))
    }

    /// Counts something as under way at an upstream, where that is of use.
    pub(crate) fn busy(&self, upstream: &Arc<Upstream>) -> Option<Busy> {
        (self.kind == Kind::LeastBusy).then(|| {
            upstream.open.fetch_add(1, Ordering::Relaxed);
            Busy(Arc::clone(upstream))
        })
    }

    /// Notes that an upstream did not take a connection.
    pub(crate) fn failed(&self, upstream: &Upstream) {
        let failures = upstream.failures.fetch_add(1, Ordering::Relaxed).min(8);
        let pause = (FIRST_PAUSE * 2_u32.pow(failures)).min(LONGEST_PAUSE);
        let until = self.now() + milliseconds(pause);
        upstream.rests_until.store(until, Ordering::Relaxed);
    }

    fn now(&self) -> u64 {
        milliseconds(self.began.elapsed())
    }
}

impl Upstream {
    /// Notes that it took a connection.
    pub(crate) fn succeeded(&self) {
        if self.failures.load(Ordering::Relaxed) != 0 {
            self.failures.store(0, Ordering::Relaxed);
            self.rests_until.store(0, Ordering::Relaxed);
        }
    }

    /// Notes whether it is down; gives whether it was.
    pub(crate) fn set_down(&self, is_down: bool) -> bool {
        self.is_down.swap(is_down, Ordering::Relaxed)
    }

    /// Whether it did not fail the last look.
    pub(crate) fn is_up(&self) -> bool {
        !self.is_down.load(Ordering::Relaxed)
    }

    fn rests(&self, now: u64) -> bool {
        self.rests_until.load(Ordering::Relaxed) > now
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use keyway_config::model::Mode;

    use super::*;

    fn of_kind(kind: Kind) -> Balance {
        let target = |text| Target::parse(text, Mode::Http).unwrap();
        Balance::new(
            ["http://a", "http://b", "http://c"].map(target).to_vec(),
            kind,
        )
    }

    fn balance() -> Balance {
        of_kind(Kind::RoundRobin)
    }

    fn order(balance: &Balance) -> Vec<String> {
        let names = balance.in_turn().map(|one| one.target.host.to_string());
        names.collect()
    }

    #[test]
    fn each_is_first_in_turn() {
        let balance = balance();
        assert_eq!(order(&balance), ["a", "b", "c"]);
        assert_eq!(order(&balance), ["b", "c", "a"]);
    }

    #[test]
    fn one_that_failed_comes_last_until_it_succeeds() {
        let balance = balance();
        balance.failed(&balance.upstreams[1]);
        assert_eq!(order(&balance), ["a", "c", "b"]);
        balance.upstreams[1].succeeded();
        assert_eq!(order(&balance), ["b", "c", "a"]);
    }

    #[test]
    fn those_that_are_up_share_what_another_leaves() {
        let balance = of_kind(Kind::RoundRobin);
        let shares = || {
            let mut shares = [0; 3];
            for _ in 0..60 {
                let first = order(&balance).swap_remove(0);
                shares[usize::from(first.as_bytes()[0] - b'a')] += 1;
            }
            shares
        };
        balance.upstreams[1].set_down(true);
        assert_eq!(shares(), [30, 0, 30]);
        balance.upstreams[1].set_down(false);
        balance.failed(&balance.upstreams[0]);
        assert_eq!(shares(), [0, 30, 30]);
    }

    #[test]
    fn the_least_busy_one_comes_first_and_of_equals_the_next_in_turn() {
        let balance = of_kind(Kind::LeastBusy);
        let take = || {
            let upstream = balance.in_turn().next().unwrap();
            (
                upstream.target.host.to_string(),
                balance.busy(upstream).unwrap(),
            )
        };
        let taken = [take(), take(), take()];
        let names = taken.each_ref().map(|(name, _)| name.as_str());
        assert_eq!(names, ["a", "b", "c"]);
        let [_, second, _] = taken;
        drop(second);
        balance.failed(&balance.upstreams[0]);
        for _ in 0..3 {
            assert_eq!(order(&balance)[0], "b");
        }
        assert_eq!(order(&balance)[2], "a");
    }

    #[test]
    fn one_that_is_down_is_left_out_also_by_the_next_site() {
        let before = balance();
        assert!(!before.upstreams[0].set_down(true));
        let after = balance().after(&before);
        assert_eq!(order(&after), ["b", "c"]);
        assert!(after.upstreams[0].set_down(false));
        assert_eq!(order(&after), ["b", "c", "a"]);
    }
}
