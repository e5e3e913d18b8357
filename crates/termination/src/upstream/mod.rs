//! What is behind: where it is, whether it answers, and connections to it.

mod connect;
mod pool;
mod target;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

pub(crate) use connect::{ConnectError, UpstreamTls, Way, connect};
pub(crate) use pool::{Answered, Back, Patience, Pool, SendError, causes};
pub(crate) use target::{Scheme, Target};

/// How long an upstream that could not be connected to is passed over, at first and at most. It doubles with
/// each failure.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Upstreams in turn. One that does not take connections is passed over for a while.
#[derive(Debug)]
pub(crate) struct Balance {
    upstreams: Vec<Upstream>,
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
}

impl Balance {
    pub(crate) fn new(targets: Vec<Target>) -> Self {
        let upstreams = targets.into_iter().map(|target| Upstream {
            target: Arc::new(target),
            failures: AtomicU32::new(0),
            rests_until: AtomicU64::new(0),
        });
        Self {
            upstreams: upstreams.collect(),
            turn: AtomicUsize::new(0),
            began: Instant::now(),
        }
    }

    /// All of them, in the order in which they are to be tried: the next in turn first, those that rest last.
    pub(crate) fn in_turn(&self) -> impl Iterator<Item = &Upstream> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let count = self.upstreams.len();
        let now = self.now();
        let from = move |rests: bool| {
            (0..count)
                .map(move |step| &self.upstreams[turn.wrapping_add(step) % count])
                .filter(move |upstream| upstream.rests(now) == rests)
        };
        from(false).chain(from(true))
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

    fn balance() -> Balance {
        let target = |text| Target::parse(text, Mode::Http).unwrap();
        Balance::new(["http://a", "http://b", "http://c"].map(target).to_vec())
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
}
