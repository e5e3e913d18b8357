//! How slowly a body may come.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

/// What came quickly earns no more than this: who sent much may still be silent no longer than others.
const MOST_EARNED: Duration = Duration::from_secs(60 * 60);

/// Time that is spent by waiting for bytes, and earned by bytes that come. Who holds them up behind us spends none.
#[derive(Debug)]
pub(super) struct Pace {
    /// Bytes that earn a second.
    rate: u32,
    left: Duration,
    /// Since when is waited.
    since: Option<Instant>,
    /// Set anew when it fires, not at each byte: the end never comes closer.
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Pace {
    /// So long without a byte, and one second more for each `rate` bytes; `None` where bytes earn more than any time.
    pub(super) fn new(first: Duration, rate: u32) -> Option<Self> {
        (rate > 0).then(|| Self {
            rate,
            left: first.min(MOST_EARNED),
            since: None,
            alarm: None,
        })
    }

    /// Bytes came.
    pub(super) fn came(&mut self, bytes: usize) {
        if let Some(since) = self.since.take() {
            self.left = self.left.saturating_sub(since.elapsed());
        }
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let millis = bytes.saturating_mul(1000) / u64::from(self.rate);
        let earned = self.left.saturating_add(Duration::from_millis(millis));
        self.left = earned.min(MOST_EARNED);
    }

    /// Whether the time is spent, while nothing comes; else whoever waits is woken when that may be so.
    pub(super) fn is_spent(&mut self, cx: &mut Context<'_>) -> bool {
        let end = *self.since.get_or_insert_with(Instant::now) + self.left;
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(end)));
        while let Poll::Ready(()) = alarm.as_mut().poll(cx) {
            if end <= Instant::now() {
                return true;
            }
            alarm.as_mut().reset(end);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::time::{sleep, timeout};

    use super::*;

    const FIRST: Duration = Duration::from_secs(20);

    /// How long is waited in vain until the time is spent, if it ever is.
    async fn spent(pace: &mut Pace) -> Option<Duration> {
        let began = Instant::now();
        let spent = poll_fn(|cx| {
            if pace.is_spent(cx) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        });
        let spent = timeout(2 * MOST_EARNED, spent).await;
        spent.is_ok().then(|| began.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn silence_spends_the_time_and_bytes_earn_more() {
        let mut pace = Pace::new(FIRST, 500).unwrap();
        assert_eq!(spent(&mut pace).await, Some(FIRST));
        let mut pace = Pace::new(FIRST, 500).unwrap();
        pace.came(5_000);
        assert_eq!(
            spent(&mut pace).await,
            Some(FIRST + Duration::from_secs(10))
        );
        let mut pace = Pace::new(FIRST, 500).unwrap();
        pace.came(usize::MAX);
        assert_eq!(spent(&mut pace).await, Some(MOST_EARNED));
    }

    #[tokio::test(start_paused = true)]
    async fn who_sends_a_byte_at_a_time_is_out_of_time_as_well() {
        let mut pace = Pace::new(FIRST, 500).unwrap();
        let began = Instant::now();
        loop {
            let wait = async { spent(&mut pace).await };
            if timeout(Duration::from_secs(1), wait).await.is_ok() {
                break;
            }
            pace.came(1);
        }
        let taken = began.elapsed();
        assert!(
            (FIRST..FIRST + Duration::from_secs(1)).contains(&taken),
            "{taken:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn time_in_which_nobody_asks_for_bytes_is_not_spent() {
        let mut pace = Pace::new(FIRST, 500).unwrap();
        pace.came(500);
        sleep(10 * FIRST).await;
        assert_eq!(spent(&mut pace).await, Some(FIRST + Duration::from_secs(1)));
    }

    #[test]
    fn without_a_rate_there_is_no_pace() {
        assert!(Pace::new(FIRST, 0).is_none());
    }
}
