//! Requests of one connection of HTTP/2: whether any is under way, and since when none is.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// What goes on on a connection.
#[derive(Debug)]
pub(crate) struct Traffic(Mutex<State>);

#[derive(Debug)]
struct State {
    open: usize,
    /// When the last one ended, or the connection began.
    last: Instant,
}

/// One request, until its answer has ended.
#[derive(Debug)]
pub(crate) struct UnderWay(Arc<Traffic>);

impl Default for Traffic {
    fn default() -> Self {
        let last = Instant::now();
        Self(Mutex::new(State { open: 0, last }))
    }
}

impl Traffic {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more request.
    pub(crate) fn begin(self: &Arc<Self>) -> UnderWay {
        self.state().open += 1;
        UnderWay(Arc::clone(self))
    }

    /// Waits until no request was under way for so long.
    pub(crate) async fn rests(&self, longest: Duration) {
        loop {
            let now = Instant::now();
            let end = {
                let state = self.state();
                let since = if state.open == 0 { state.last } else { now };
                since + longest
            };
            if end <= now {
                return;
            }
            sleep_until(end).await;
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.open = state.open.saturating_sub(1);
        state.last = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(10);

    #[tokio::test(start_paused = true)]
    async fn a_connection_rests_when_no_request_was_under_way_for_so_long() {
        let traffic = Arc::new(Traffic::default());
        let began = Instant::now();
        let request = traffic.begin();
        let ends = async {
            tokio::time::sleep(3 * LIMIT).await;
            drop(request);
        };
        tokio::join!(ends, traffic.rests(LIMIT));
        assert_eq!(began.elapsed(), 4 * LIMIT);
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_asks_for_nothing_rests_from_the_beginning() {
        let traffic = Traffic::default();
        let began = Instant::now();
        traffic.rests(LIMIT).await;
        assert_eq!(began.elapsed(), LIMIT);
    }
}
