//! Until when servers are asked and waited for.

use std::future::Future;
use std::time::{Duration, Instant};

use crate::intent::Asking;

/// Shortest that servers are asked, whatever is left: who asks gets to hear something.
const SHORTEST_LOOK: Duration = Duration::from_secs(1);

/// Until when somebody waits, where somebody said so.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline(Option<Instant>);

impl Deadline {
    /// So many seconds from now.
    pub(super) fn after(seconds: Option<u64>) -> Self {
        let seconds = seconds.map(Duration::from_secs);
        // What no clock can say is later than anybody waits.
        Self(seconds.and_then(|seconds| Instant::now().checked_add(seconds)))
    }

    /// How long may be waited yet; `None` where nobody said.
    pub(super) fn left(self) -> Option<Duration> {
        let end = self.0?;
        Some(end.saturating_duration_since(Instant::now()))
    }

    /// How long a look may take that takes no longer than `most` anyway: as long as there is time, and a second at least.
    pub(super) fn look(self, most: Duration) -> Duration {
        self.left()
            .map_or(most, |left| left.max(SHORTEST_LOOK).min(most))
    }

    /// The same whom to ask, each of them no longer than there is time.
    pub(super) fn hurry(self, asking: &Asking) -> Asking {
        asking.within(self.look(asking.patience().timeout))
    }

    /// What comes of a job that changes nothing; nothing where there is no time left for it.
    pub(super) async fn bound<T>(self, job: impl Future<Output = T>) -> Option<T> {
        match self.left() {
            Some(left) => tokio::time::timeout(left.max(SHORTEST_LOOK), job)
                .await
                .ok(),
            None => Some(job.await),
        }
    }
}
