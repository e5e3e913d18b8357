//! What a connection waits for beside its own work: mostly time, and mostly in vain.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

/// A future that is polled when it was woken itself, not each time that the task is for something else: a timer and a
/// stage that are asked at each request cost as much as reading it does.
#[derive(Debug)]
pub(crate) struct Aside<F> {
    future: F,
    bell: Arc<Bell>,
    /// What the future is given to wake.
    waker: Waker,
    /// The task, as the bell knows it.
    task: Option<Waker>,
}

/// Wakes the task, and remembers for whom.
#[derive(Debug)]
struct Bell {
    has_rung: AtomicBool,
    task: Mutex<Option<Waker>>,
}

impl Bell {
    fn task(&self) -> std::sync::MutexGuard<'_, Option<Waker>> {
        self.task.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.has_rung.store(true, Ordering::Release);
        let task = self.task().clone();
        if let Some(task) = task {
            task.wake();
        }
    }
}

impl<F> Aside<F> {
    pub(crate) fn new(future: F) -> Self {
        let bell = Arc::new(Bell {
            // It is polled once, so that it begins to wait.
            has_rung: AtomicBool::new(true),
            task: Mutex::new(None),
        });
        Self {
            future,
            waker: Waker::from(Arc::clone(&bell)),
            bell,
            task: None,
        }
    }
}

impl<F: Future + Unpin> Future for Aside<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let known = self.task.as_ref();
        if !known.is_some_and(|task| task.will_wake(cx.waker())) {
            let task = Some(cx.waker().clone());
            self.bell.task().clone_from(&task);
            self.task = task;
        }
        // After the task was told: whoever rings meanwhile wakes it.
        if !self.bell.has_rung.swap(false, Ordering::Acquire) {
            return Poll::Pending;
        }
        let Self { future, waker, .. } = &mut *self;
        Pin::new(future).poll(&mut Context::from_waker(waker))
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::pin;
    use std::time::Duration;

    use tokio::sync::Notify;
    use tokio::time::{Instant, sleep};

    use super::*;

    const LONG: Duration = Duration::from_secs(10);

    #[tokio::test(start_paused = true)]
    async fn it_is_polled_once_and_when_it_is_woken() {
        let mut polls = 0;
        let mut sleeping = pin!(sleep(LONG));
        let counted = poll_fn(|cx| {
            polls += 1;
            sleeping.as_mut().poll(cx)
        });
        let counted = pin!(counted);
        let mut aside = pin!(Aside::new(counted));
        let mut others = 0;
        // Something else wakes the task every second.
        let mut ticks = tokio::time::interval(LONG / 10);
        let began = Instant::now();
        loop {
            tokio::select! {
                biased;
                () = aside.as_mut() => break,
                _ = ticks.tick() => others += 1,
            }
        }
        assert_eq!(began.elapsed(), LONG);
        assert!(others >= 10, "{others}");
        assert_eq!(polls, 2);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn another_thread_wakes_it_in_whatever_task_it_is_awaited() {
        let notify = Arc::new(Notify::new());
        let waits = Arc::clone(&notify);
        let mut aside = Aside::new(Box::pin(async move { waits.notified().await }));
        // It begins in one task, and is awaited in another.
        assert!(poll_fn(|cx| Poll::Ready(Pin::new(&mut aside).poll(cx).is_pending())).await);
        let awaited = tokio::spawn(aside);
        tokio::task::yield_now().await;
        std::thread::spawn(move || notify.notify_one());
        awaited.await.unwrap();
    }
}
