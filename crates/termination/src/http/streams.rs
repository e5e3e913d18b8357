//! The streams of one connection of HTTP/2. One whose client takes nothing of its answer is ended, and what it holds
//! here and at the upstream with it; the others of its connection go on.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};
use std::time::Duration;

use hyper::rt::Executor;
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep_until};

/// Nothing of an answer waits for the client: it is the upstream's turn.
const WAITS: u8 = 0;
/// A part of the answer was given for the client to take.
const GIVEN: u8 = 1;
/// The same, and it was so when it was looked at last.
const STUCK: u8 = 2;

/// The stream was ended.
const ENDED: u8 = 3;

/// How one stream does. hyper asks for more of an answer when the client has room for what it has: whoever takes
/// nothing leaves it where it was given.
#[derive(Debug, Clone, Default)]
pub(super) struct Taking(Arc<State>);

#[derive(Debug, Default)]
struct State {
    answer: AtomicU8,
    /// Who sends the request's body on.
    sends: Mutex<Option<Waker>>,
}

impl Taking {
    /// A part of the answer is given.
    pub(super) fn gives(&self) {
        self.0.answer.store(GIVEN, Ordering::Relaxed);
    }

    /// More of it is asked for, and has not come.
    pub(super) fn waits(&self) {
        self.0.answer.store(WAITS, Ordering::Relaxed);
    }

    /// Whether the stream was ended while more of the request is waited for; else whoever waits is woken when it is.
    pub(super) fn has_ended(&self, cx: &Context<'_>) -> bool {
        let mut sends = self.0.sends.lock().unwrap_or_else(PoisonError::into_inner);
        let has_ended = self.0.answer.load(Ordering::Relaxed) == ENDED;
        *sends = (!has_ended).then(|| cx.waker().clone());
        has_ended
    }

    /// Whether nothing was taken since the last look.
    fn is_stuck(&self) -> bool {
        let seen =
            self.0
                .answer
                .compare_exchange(GIVEN, STUCK, Ordering::Relaxed, Ordering::Relaxed);
        seen == Err(STUCK)
    }

    /// Ends what is sent on of the request: as long as somebody asks for more of it, the stream is open.
    fn end(&self) {
        self.0.answer.store(ENDED, Ordering::Relaxed);
        let mut sends = self.0.sends.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waker) = sends.take() {
            waker.wake();
        }
    }
}

#[derive(Debug)]
struct Stream {
    taking: Taking,
    /// What ends it.
    task: Option<AbortHandle>,
}

#[derive(Debug, Default)]
struct All {
    begun: usize,
    streams: HashMap<usize, Stream>,
}

/// Streams that are under way.
#[derive(Debug, Default)]
pub(super) struct Streams(Mutex<All>);

impl Streams {
    fn all(&self) -> MutexGuard<'_, All> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more, and its number.
    pub(super) fn begin(&self) -> (usize, Taking) {
        let mut all = self.all();
        all.begun += 1;
        let taking = Taking::default();
        let stream = Stream {
            taking: taking.clone(),
            task: None,
        };
        let number = all.begun;
        all.streams.insert(number, stream);
        (number, taking)
    }

    /// One has ended.
    pub(super) fn end(&self, number: usize) {
        self.all().streams.remove(&number);
    }

    /// Ends each stream of which a client took nothing for so long, twice that at most.
    pub(super) async fn end_stuck(&self, longest: Duration) {
        loop {
            sleep_until(Instant::now() + longest).await;
            for stream in self.all().streams.values() {
                if let Some(task) = stream.task.as_ref().filter(|_| stream.taking.is_stuck()) {
                    task.abort();
                    stream.taking.end();
                }
            }
        }
    }
}

/// Runs each stream of a connection as a task. hyper hands one over right after it has asked for the answer to it,
/// with nothing between: it is the one that began last.
#[derive(Debug, Clone)]
pub(super) struct Tasks(pub(super) Arc<Streams>);

impl<F> Executor<F> for Tasks
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    fn execute(&self, stream: F) {
        let task = tokio::spawn(stream).abort_handle();
        let mut all = self.0.all();
        let last = all.begun;
        if let Some(stream) = all.streams.get_mut(&last) {
            stream.task.get_or_insert(task);
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;
    use tokio::time::sleep;

    use super::*;

    const LIMIT: Duration = Duration::from_secs(10);

    /// A stream that does what it is told to each second, and when it ended.
    fn run(
        streams: &Arc<Streams>,
        each: impl Fn(&Taking) + Send + 'static,
    ) -> oneshot::Receiver<()> {
        let (_, taking) = streams.begin();
        let (end, ended) = oneshot::channel();
        Tasks(Arc::clone(streams)).execute(async move {
            let _end = end;
            loop {
                each(&taking);
                sleep(Duration::from_secs(1)).await;
            }
        });
        ended
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_of_which_nothing_is_taken_is_ended_and_no_other() {
        let streams = Arc::new(Streams::default());
        let began = Instant::now();
        let (_, stuck) = streams.begin();
        let (end, ended) = oneshot::channel::<()>();
        Tasks(Arc::clone(&streams)).execute(async move {
            let _end = end;
            stuck.gives();
            std::future::pending::<()>().await;
        });
        let taken = run(&streams, Taking::gives);
        // An upload that goes on for long, and an answer that the upstream takes its time for.
        let unanswered = run(&streams, |_| {});
        let silent = run(&streams, Taking::waits);
        tokio::select! {
            () = streams.end_stuck(LIMIT) => {}
            _ = ended => assert_eq!(began.elapsed(), 2 * LIMIT),
        }
        tokio::select! {
            () = streams.end_stuck(LIMIT) => {}
            () = sleep(10 * LIMIT) => {}
            _ = taken => panic!("its client takes it"),
            _ = unanswered => panic!("nothing was given"),
            _ = silent => panic!("it is the upstream's turn"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_has_ended_is_forgotten() {
        let streams = Streams::default();
        let (first, _) = streams.begin();
        let (second, _) = streams.begin();
        assert_ne!(first, second);
        streams.end(first);
        streams.end(second);
        assert!(streams.all().streams.is_empty());
    }
}
