//! Connections of HTTP/2 that come, and requests that wait for room by them: else each of many at once would open one.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::futures::OwnedNotified;
use tokio::time::timeout;

use super::heard::Terms;

/// What comes of one upstream's connections.
#[derive(Debug, Default)]
pub(super) struct Coming {
    state: Mutex<State>,
    /// Told of each connection that has come, or does not.
    changed: Arc<Notify>,
}

#[derive(Debug)]
struct State {
    /// Connections that are opened, or that have not said yet how many requests they take.
    connections: usize,
    /// Requests that wait for room by them.
    waiting: usize,
    /// What the upstream takes by the last connection.
    terms: Terms,
    /// Whether the last connection takes many at a time at all.
    is_shared: bool,
    /// How many could not be opened.
    failed: u64,
}

impl Default for State {
    fn default() -> Self {
        Self {
            connections: 0,
            waiting: 0,
            terms: Terms::default(),
            is_shared: true,
            failed: 0,
        }
    }
}

/// What a request does that finds no connection.
#[derive(Debug)]
pub(super) enum Turn {
    /// It waits for one that comes.
    Wait(Waiting),
    /// It opens one.
    Open(Opening),
}

/// A request that waits, until it is dropped.
#[derive(Debug)]
pub(super) struct Waiting {
    coming: Arc<Coming>,
    changed: Pin<Box<OwnedNotified>>,
    failed: u64,
}

/// A connection that comes, until it is dropped.
#[derive(Debug)]
pub(super) struct Opening(Arc<Coming>);

impl Coming {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a request does, with a body of that length, if any: it waits, if it may, where one comes that has room for it
    /// and for others like it.
    pub(super) fn turn(self: &Arc<Self>, may_wait: bool, body: Option<u64>) -> Turn {
        let mut state = self.state();
        // Whoever opens one goes by it.
        let others = state.terms.at_a_time(body).saturating_sub(1);
        let others = usize::try_from(others).unwrap_or(usize::MAX);
        let has_room = state.waiting < state.connections.saturating_mul(others);
        if may_wait && state.is_shared && has_room {
            state.waiting += 1;
            let changed = Arc::clone(&self.changed);
            return Turn::Wait(Waiting {
                coming: Arc::clone(self),
                changed: Box::pin(changed.notified_owned()),
                failed: state.failed,
            });
        }
        state.connections += 1;
        Turn::Open(Opening(Arc::clone(self)))
    }
}

impl Waiting {
    /// Waits for so long at most, and says whether there is hope still: no connection failed meanwhile.
    pub(super) async fn is_worth_it(&mut self, longest: Duration) -> bool {
        let _ = timeout(longest, self.changed.as_mut()).await;
        self.coming.state().failed == self.failed
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.coming.state().waiting -= 1;
    }
}

impl Opening {
    /// It could not be opened.
    pub(super) fn fails(self) {
        self.0.state().failed += 1;
    }

    /// It takes one request at a time.
    pub(super) fn takes_one(self) {
        self.0.state().is_shared = false;
    }

    /// It takes many requests at a time, on these terms.
    pub(super) fn takes(self, terms: Terms) {
        let mut state = self.0.state();
        state.is_shared = true;
        state.terms = terms;
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        self.0.state().connections -= 1;
        self.0.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONGEST: Duration = Duration::from_secs(5);

    fn at_most(most: u32) -> Terms {
        Terms {
            most,
            ..Terms::default()
        }
    }

    fn opened(coming: &Arc<Coming>) -> Opening {
        match coming.turn(true, None) {
            Turn::Open(opening) => opening,
            Turn::Wait(_) => panic!("it waits"),
        }
    }

    fn waits(coming: &Arc<Coming>) -> Waiting {
        match coming.turn(true, None) {
            Turn::Wait(waiting) => waiting,
            Turn::Open(_) => panic!("it opens one"),
        }
    }

    #[tokio::test]
    async fn of_requests_at_once_as_many_open_a_connection_as_are_needed_for_all() {
        let coming: Arc<Coming> = Arc::default();
        opened(&coming).takes(at_most(10));
        let first = opened(&coming);
        let mut waiting: Vec<_> = (0..9).map(|_| waits(&coming)).collect();
        let second = opened(&coming);
        waiting.extend((0..9).map(|_| waits(&coming)));
        drop((opened(&coming), first, second));
        assert!(
            matches!(coming.turn(true, None), Turn::Open(_)),
            "none comes"
        );
    }

    #[tokio::test]
    async fn where_a_connection_takes_one_request_each_opens_its_own() {
        let coming: Arc<Coming> = Arc::default();
        let first = opened(&coming);
        let mut waiting = waits(&coming);
        first.takes_one();
        assert!(waiting.is_worth_it(LONGEST).await);
        drop((opened(&coming), opened(&coming)));
        let only = opened(&coming);
        only.takes(at_most(1));
        drop((opened(&coming), opened(&coming)));
        assert_eq!(coming.state().connections, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn who_waited_for_a_connection_that_failed_waits_no_more() {
        let coming: Arc<Coming> = Arc::default();
        let (first, mut waiting) = (opened(&coming), waits(&coming));
        first.fails();
        assert!(!waiting.is_worth_it(LONGEST).await);
        drop(waiting);
        // The client of the next one went away, and the other one is slow.
        let (first, mut waiting) = (opened(&coming), waits(&coming));
        drop(first);
        assert!(waiting.is_worth_it(LONGEST).await);
        drop(waiting);
        let _slow = opened(&coming);
        assert!(waits(&coming).is_worth_it(LONGEST).await);
        assert_eq!(coming.state().waiting, 0);
        assert!(matches!(coming.turn(false, None), Turn::Open(_)));
    }

    #[tokio::test]
    async fn who_sends_much_waits_for_no_connection_that_others_may_fill() {
        let coming: Arc<Coming> = Arc::default();
        let _first = opened(&coming);
        assert!(matches!(coming.turn(true, Some(30_000)), Turn::Wait(_)));
        assert!(matches!(coming.turn(true, Some(100_000)), Turn::Open(_)));
    }
}
