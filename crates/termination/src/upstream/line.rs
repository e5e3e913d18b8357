//! A connection of HTTP/1.1 to an upstream that whoever waits for an answer moves along.
//!
//! A task of its own for it would be woken, and wake the one that waits, four times for each request. So it is moved
//! by the task that has the request; while it is kept, by one task for all of them, when something comes that nobody
//! waits for, such as its end.

use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use tokio::sync::Notify;

/// How often it is moved without a pause; then others have their turn.
const TURNS: usize = 16;

/// What hyper gives, to be polled until it ends.
type Moving = Pin<Box<dyn Future<Output = hyper::Result<()>> + Send>>;

/// The connection itself, while it is not left to a task of its own.
pub(super) struct Line {
    /// `None`: it has ended. In a lock that nobody takes, so that it can be lent to threads.
    moving: Mutex<Option<Moving>>,
    bell: Arc<Bell>,
    /// The same, as it is rung for the connection.
    waker: Waker,
    /// As it is rung for whoever waits for something that comes by it: the connection need not be moved for that.
    arrival: Waker,
}

/// Whom it concerns that something is to be done.
struct Bell {
    /// Whether the connection is to be moved.
    has_rung: AtomicBool,
    /// Whether something that is waited for may have come.
    has_come: AtomicBool,
    /// Whether somebody has it who will move it, and see that it has rung.
    is_heard: AtomicBool,
    /// Who waits for an answer.
    waits: Mutex<Option<Waker>>,
    /// Who is told while nobody waits.
    keeper: Arc<Notify>,
}

impl Bell {
    fn waits(&self) -> std::sync::MutexGuard<'_, Option<Waker>> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells whom it concerns, unless somebody hears it.
    fn ring(&self) {
        // Either this is seen here, or the ringing is seen by whoever stops listening.
        if !self.is_heard.load(Ordering::SeqCst) {
            self.tell();
        }
    }

    fn tell(&self) {
        match &*self.waits() {
            Some(waits) => waits.wake_by_ref(),
            None => self.keeper.notify_one(),
        }
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.has_rung.store(true, Ordering::SeqCst);
        self.ring();
    }
}

/// The bell, rung by what comes.
struct Arrival(Arc<Bell>);

impl Wake for Arrival {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.has_come.store(true, Ordering::SeqCst);
        self.0.ring();
    }
}

impl Line {
    pub(super) fn new(
        moving: impl Future<Output = hyper::Result<()>> + Send + 'static,
        keeper: &Arc<Notify>,
    ) -> Self {
        let bell = Arc::new(Bell {
            has_rung: AtomicBool::new(true),
            has_come: AtomicBool::new(false),
            is_heard: AtomicBool::new(true),
            waits: Mutex::new(None),
            keeper: Arc::clone(keeper),
        });
        Self {
            moving: Mutex::new(Some(Box::pin(moving))),
            waker: Waker::from(Arc::clone(&bell)),
            arrival: Waker::from(Arc::new(Arrival(Arc::clone(&bell)))),
            bell,
        }
    }

    fn moving(&mut self) -> &mut Option<Moving> {
        self.moving
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves it while there is something to do, and until something else is done that comes by it. Whoever polls is
    /// woken when there is more.
    pub(super) fn until<T>(
        &mut self,
        cx: &mut Context<'_>,
        mut other: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        let bell = Arc::clone(&self.bell);
        {
            let mut waits = bell.waits();
            if !waits
                .as_ref()
                .is_some_and(|known| known.will_wake(cx.waker()))
            {
                *waits = Some(cx.waker().clone());
            }
        }
        bell.is_heard.store(true, Ordering::SeqCst);
        let arrival = self.arrival.clone();
        let mut other = || {
            bell.has_come.store(false, Ordering::SeqCst);
            other(&mut Context::from_waker(&arrival))
        };
        let mut done = other();
        for _ in 0..TURNS {
            if done.is_ready() || !self.step() {
                break;
            }
            done = other();
        }
        // Who has got something comes back for more, or lets it rest.
        if done.is_pending() {
            bell.is_heard.store(false, Ordering::SeqCst);
            let has_rung = bell.has_rung.load(Ordering::SeqCst);
            if has_rung || bell.has_come.load(Ordering::SeqCst) {
                cx.waker().wake_by_ref();
            }
        }
        done
    }

    /// Moves it if it has rung; gives whether it did.
    fn step(&mut self) -> bool {
        if !self.bell.has_rung.swap(false, Ordering::SeqCst) {
            return false;
        }
        let waker = self.waker.clone();
        let cx = &mut Context::from_waker(&waker);
        let moving = self.moving();
        // How it ended is told to whoever waits for something that comes by it.
        if moving
            .as_mut()
            .is_some_and(|moving| moving.as_mut().poll(cx).is_ready())
        {
            *moving = None;
        }
        true
    }

    /// Nobody waits any more: what comes concerns the keeper.
    pub(super) fn rests(&mut self) {
        *self.bell.waits() = None;
        self.bell.is_heard.store(false, Ordering::SeqCst);
        if self.bell.has_rung.load(Ordering::SeqCst) {
            self.bell.tell();
        }
    }

    /// Somebody has it, who will move it.
    pub(super) fn taken(&mut self) {
        self.bell.is_heard.store(true, Ordering::SeqCst);
    }

    /// Does what is to be done while nobody waits; gives whether it has ended.
    pub(super) fn has_ended(&mut self) -> bool {
        self.step();
        self.moving().is_none()
    }

    /// Leaves it to a task of its own.
    pub(super) fn apart(mut self) {
        if let Some(moving) = self.moving().take() {
            tokio::spawn(async { drop(moving.await) });
        }
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::pin;
    use std::sync::atomic::AtomicUsize;

    use super::*;

    /// Counts how often it is woken.
    #[derive(Default)]
    struct Woken(AtomicUsize);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    impl Woken {
        fn count(&self) -> usize {
            self.0.load(Ordering::SeqCst)
        }
    }

    /// A line that notes the waker that it is moved with, rings so often by itself, and ends when it was moved so
    /// many times.
    fn line(rings: usize, ends: usize) -> (Line, Arc<Mutex<Vec<Waker>>>, Arc<Notify>) {
        let moved: Arc<Mutex<Vec<Waker>>> = Arc::default();
        let keeper = Arc::new(Notify::new());
        let list = Arc::clone(&moved);
        let moving = poll_fn(move |cx| {
            let mut list = list.lock().unwrap();
            list.push(cx.waker().clone());
            if list.len() <= rings {
                cx.waker().wake_by_ref();
            }
            if list.len() < ends {
                Poll::Pending
            } else {
                Poll::Ready(Ok(()))
            }
        });
        (Line::new(moving, &keeper), moved, keeper)
    }

    fn is_told(keeper: &Notify) -> bool {
        let told = pin!(keeper.notified());
        told.poll(&mut Context::from_waker(Waker::noop()))
            .is_ready()
    }

    #[test]
    fn it_is_moved_when_it_rang_and_not_otherwise() {
        let (mut line, moved, keeper) = line(0, 9);
        let task = Arc::new(Woken::default());
        let waker = Waker::from(Arc::clone(&task));
        let mut cx = Context::from_waker(&waker);
        for _ in 0..3 {
            assert!(line.until(&mut cx, |_| Poll::<()>::Pending).is_pending());
        }
        assert_eq!(moved.lock().unwrap().len(), 1);
        let ring = moved.lock().unwrap()[0].clone();
        ring.wake_by_ref();
        assert_eq!(task.count(), 1, "whoever waits is woken");
        assert!(line.until(&mut cx, |_| Poll::<()>::Pending).is_pending());
        assert_eq!(moved.lock().unwrap().len(), 2);
        assert!(!is_told(&keeper));
    }

    #[test]
    fn what_rings_while_it_is_moved_is_seen_at_once_and_wakes_nobody() {
        let (mut line, moved, _keeper) = line(2, 9);
        let task = Arc::new(Woken::default());
        let waker = Waker::from(Arc::clone(&task));
        let is_moved = || match moved.lock().unwrap().len() {
            3 => Poll::Ready(()),
            _ => Poll::Pending,
        };
        let done = line.until(&mut Context::from_waker(&waker), |_| is_moved());
        assert_eq!((done, task.count()), (Poll::Ready(()), 0));
    }

    #[test]
    fn what_comes_wakes_whoever_waits_and_the_connection_is_not_moved_for_it() {
        let (mut line, moved, _keeper) = line(0, 9);
        let task = Arc::new(Woken::default());
        let waker = Waker::from(Arc::clone(&task));
        let mut arrival = None;
        let mut waits = |cx: &mut Context<'_>| {
            arrival = Some(cx.waker().clone());
            Poll::<()>::Pending
        };
        let mut cx = Context::from_waker(&waker);
        assert!(line.until(&mut cx, &mut waits).is_pending());
        arrival.unwrap().wake();
        assert_eq!(task.count(), 1);
        assert!(line.until(&mut cx, |_| Poll::Ready(())).is_ready());
        assert_eq!(moved.lock().unwrap().len(), 1);
        // Whoever waits may ask for another turn.
        let again = line.until(&mut cx, |cx| {
            cx.waker().wake_by_ref();
            Poll::<()>::Pending
        });
        assert_eq!((again, task.count()), (Poll::Pending, 2));
    }

    #[test]
    fn one_that_rings_for_ever_lets_others_have_their_turn() {
        let (mut line, moved, _keeper) = line(usize::MAX, usize::MAX);
        let task = Arc::new(Woken::default());
        let waker = Waker::from(Arc::clone(&task));
        let done = line.until(&mut Context::from_waker(&waker), |_| Poll::<()>::Pending);
        assert!(done.is_pending());
        assert_eq!((moved.lock().unwrap().len(), task.count()), (TURNS, 1));
    }

    #[test]
    fn while_nobody_waits_the_keeper_is_told() {
        let (mut line, moved, keeper) = line(0, 2);
        let task = Arc::new(Woken::default());
        let waker = Waker::from(Arc::clone(&task));
        let waiting = line.until(&mut Context::from_waker(&waker), |_| Poll::<()>::Pending);
        assert!(waiting.is_pending());
        line.rests();
        assert!(!line.has_ended() && !is_told(&keeper));
        let ring = moved.lock().unwrap()[0].clone();
        ring.wake();
        assert!(is_told(&keeper));
        assert!(line.has_ended());
        assert_eq!(task.count(), 0);
    }
}
