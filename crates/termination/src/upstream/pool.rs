use std::mem;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::time::{Instant, timeout_at};

use super::answered::{Answered, Back, By};
use super::coming::{Coming, Opening, Turn};
use super::kept::First;
use super::message::{again, first, length, repeatable, second};
use super::multiplexed::{LONGEST_UNSAID, Lent, Shared};
use super::unanswered::{SendError, was_not_looked_at};
use super::{ConnectError, Scheme, Target, UpstreamTls, Way, connect};
use crate::http::{Body, Progress};
use crate::observe::Observer;
use crate::stream::Watched;

/// Connections of each version that are kept for one upstream by one thread, at most. More are open while there is
/// work for them.
const KEPT: usize = 128;

/// How often a request goes by another connection as the one before did not look at it. Where an upstream ends
/// connections after a few requests and many come at once, two of three may be passed over each time.
const TRIES: u32 = 24;

/// Bytes of an answer that are read before they are passed on; its header has to fit.
const AHEAD: usize = 64 * 1024;

/// Connections to upstreams that wait for work. Each thread has its own.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    /// Of a few upstreams, which are found sooner one by one than by a hash of all that they are.
    idle: Mutex<Vec<(Arc<Target>, Kept)>>,
    /// Who is told of answers that do not come whole.
    observer: Option<Arc<dyn Observer>>,
}

#[derive(Debug, Default)]
struct Kept {
    first: Vec<First>,
    second: Vec<Shared>,
    coming: Arc<Coming>,
}

impl Kept {
    /// Whether nothing of it is of use to anybody.
    fn is_empty(&self) -> bool {
        self.first.is_empty() && self.second.is_empty() && Arc::strong_count(&self.coming) == 1
    }
}

/// How much of a request was sent that was not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sent {
    /// It is as it was.
    Nothing,
    /// Some of it, perhaps all.
    Something,
}

/// A connection for one request.
enum Sender {
    First(First),
    Second(Lent),
}

/// How long things may take.
#[derive(Clone, Copy)]
pub(crate) struct Patience {
    pub(crate) connect: Duration,
    pub(crate) idle: Duration,
}

impl Pool {
    /// One that tells of answers that do not come whole.
    pub(crate) fn telling(observer: Arc<dyn Observer>) -> Self {
        Self {
            observer: Some(observer),
            ..Self::default()
        }
    }

    /// Whom answers are told to that do not come whole.
    pub(super) fn observer(&self) -> Option<&dyn Observer> {
        self.observer.as_deref()
    }

    /// Keeps a connection whose answer has ended.
    pub(super) fn keep(&self, target: &Arc<Target>, first: First) {
        self.of(target, |kept| {
            if kept.first.len() >= KEPT {
                kept.first.retain(First::is_open);
            }
            if kept.first.len() < KEPT {
                kept.first.push(first);
            }
        });
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<(Arc<Target>, Kept)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something to what is kept for an upstream.
    fn of<T>(&self, target: &Arc<Target>, act: impl FnOnce(&mut Kept) -> T) -> T {
        let mut idle = self.idle();
        if let Some((_, kept)) = idle.iter_mut().find(|(known, _)| known == target) {
            return act(kept);
        }
        // Others may never be asked again.
        idle.retain(|(_, kept)| !kept.is_empty());
        let mut kept = Kept::default();
        let done = act(&mut kept);
        idle.push((Arc::clone(target), kept));
        done
    }

    /// Sends a request by a connection that is there, or by a new one. A request that a kept connection did not
    /// take, as the upstream closed it meanwhile, goes by another; so does one that was sent and not answered, where
    /// it may be sent twice (RFC 9110, section 9.2.2) and can be.
    ///
    /// The request is lent, for each future that holds one holds it twice and is moved with it. After
    /// [`SendError::Connect`] it is whole.
    pub(crate) async fn send(
        self: &Arc<Self>,
        target: &Arc<Target>,
        tls: Option<&UpstreamTls>,
        (way, patience): (Way, Patience),
        request: &mut Request<Body>,
    ) -> Result<Answered, SendError> {
        let mut may_repeat = true;
        let mut tries = TRIES;
        loop {
            let length = may_share(target, way).then(|| length(request)).flatten();
            let how = (way, patience, length);
            // What is repeated goes by none that was kept: it may be as old as the one that broke.
            let kept = may_repeat.then(|| self.take(target, how)).flatten();
            let (sender, is_new) = match kept {
                Some(sender) => (sender, false),
                // Boxed: it is rare, and as large as a handshake of TLS is.
                None => Box::pin(self.gain(target, tls, how))
                    .await
                    .map_err(SendError::Connect)?,
            };
            let spare = (may_repeat && !is_new).then(|| again(request)).flatten();
            let is_shared = matches!(sender, Sender::Second(..));
            match self.by(sender, target, patience, request).await {
                Ok(answered) => return Ok(answered),
                // The next connection gets it whole.
                Err((_, Sent::Nothing)) if tries > 0 && (is_shared || !is_new) => tries -= 1,
                Err((error, _)) => match spare.filter(|_| !error.is_late()) {
                    Some(spare) => {
                        *request = spare;
                        may_repeat = false;
                    }
                    None => return Err(error),
                },
            }
        }
    }

    async fn by(
        self: &Arc<Self>,
        sender: Sender,
        target: &Arc<Target>,
        patience: Patience,
        request: &mut Request<Body>,
    ) -> Result<Answered, (SendError, Sent)> {
        let mut connection = match sender {
            Sender::First(connection) => connection,
            // Boxed: what it keeps to send once more would be room that every request takes.
            Sender::Second(lent) => {
                let sending = self.among_others(lent, target, patience, request);
                return Box::pin(sending).await;
            }
        };
        match connection.send(first(mem::take(request))).await {
            Ok(response) => Ok(self.answered(response, target, By::Alone(connection))),
            Err(mut error) => {
                let sent = match error.take_message() {
                    Some(unsent) => {
                        *request = unsent;
                        Sent::Nothing
                    }
                    None => Sent::Something,
                };
                Err((SendError::Broken(error.into_error()), sent))
            }
        }
    }

    /// The same by a connection that others go by.
    async fn among_others(
        self: &Arc<Self>,
        mut connection: Lent,
        target: &Arc<Target>,
        patience: Patience,
        request: &mut Request<Body>,
    ) -> Result<Answered, (SendError, Sent)> {
        let progress = request.body().progress().unwrap_or_default();
        // The time for a connection was another one.
        progress.moves();
        if let Some(length) = length(request) {
            connection.in_use.sends(&progress, length);
        }
        let (lent, spare) = repeatable(mem::take(request));
        let sending = connection.send(second(lent, target));
        let error = match while_it_moves(sending, &progress, patience.idle).await {
            Some(Ok(response)) => {
                return Ok(self.answered(response, target, By::Shared(connection.in_use)));
            }
            Some(Err(error)) => error,
            None => {
                connection.in_use.leave();
                return Err((SendError::Late, Sent::Something));
            }
        };
        let mut sent = Sent::Something;
        if was_not_looked_at(&error) {
            connection.in_use.leave();
            if let Some(whole) = spare.again() {
                *request = whole;
                sent = Sent::Nothing;
            }
        }
        Err((SendError::Broken(error.into_error()), sent))
    }

    fn answered(
        self: &Arc<Self>,
        response: Response<Incoming>,
        target: &Arc<Target>,
        by: By,
    ) -> Answered {
        let back = Back {
            pool: Arc::clone(self),
            target: Arc::clone(target),
            by,
        };
        Answered { response, back }
    }

    /// A connection that was kept, and is ready for a request.
    fn take(
        &self,
        target: &Arc<Target>,
        (way, patience, body): (Way, Patience, Option<u64>),
    ) -> Option<Sender> {
        self.of(target, |kept| {
            if may_share(target, way) {
                kept.second.retain(Shared::is_open);
                let mut shared = kept.second.iter();
                if let Some(shared) =
                    shared.find(|shared| shared.takes_more(patience.connect, body))
                {
                    return Some(Sender::Second(shared.lend()));
                }
            }
            while kept.first.pop_if(|first| !first.is_open()).is_some() {}
            // One by which a request is sent still, whose answer has ended, holds up nobody else's.
            let ready = kept.first.iter().rposition(First::is_ready)?;
            Some(Sender::First(kept.first.swap_remove(ready)))
        })
    }

    /// A connection where none was kept, and whether it is a new one: where others open one that is for many, there may
    /// be room on that. All of it takes no longer than opening one may.
    async fn gain(
        &self,
        target: &Arc<Target>,
        tls: Option<&UpstreamTls>,
        how: (Way, Patience, Option<u64>),
    ) -> Result<(Sender, bool), ConnectError> {
        let (way, patience, body) = how;
        if !may_share(target, way) {
            let opened = self.open(target, tls, (way, patience), None).await;
            return opened.map(|sender| (sender, true));
        }
        let coming = self.of(target, |kept| Arc::clone(&kept.coming));
        let began = Instant::now();
        let mut is_worth_waiting = true;
        loop {
            if let Some(sender) = self.take(target, how) {
                return Ok((sender, false));
            }
            let left = patience.connect.saturating_sub(began.elapsed());
            // The rest is for a connection of its own.
            let longest = left.saturating_sub(patience.connect / 2);
            match coming.turn(is_worth_waiting && !longest.is_zero(), body) {
                Turn::Wait(mut waiting) => {
                    is_worth_waiting = waiting.is_worth_it(longest.min(LONGEST_UNSAID)).await;
                }
                Turn::Open(opening) => {
                    let patience = Patience {
                        connect: left,
                        ..patience
                    };
                    let how = (way, patience);
                    let opened = self.open(target, tls, how, Some(opening)).await;
                    return opened.map(|sender| (sender, true));
                }
            }
        }
    }

    async fn open(
        &self,
        target: &Arc<Target>,
        tls: Option<&UpstreamTls>,
        (way, patience): (Way, Patience),
        opening: Option<Opening>,
    ) -> Result<Sender, ConnectError> {
        let (stream, is_h2) = match connect(target, tls, way, patience.connect).await {
            Ok(connected) => connected,
            Err(error) => {
                if let Some(opening) = opening {
                    opening.fails();
                }
                return Err(error);
            }
        };
        let stream = Watched::new(stream, patience.idle);
        if is_h2 || target.scheme == Scheme::H2c {
            let shared = Shared::begin(stream, opening)
                .await
                .map_err(ConnectError::Http)?;
            let lent = shared.lend();
            self.of(target, |kept| {
                if kept.second.len() < KEPT {
                    kept.second.push(shared);
                }
            });
            return Ok(Sender::Second(lent));
        }
        if let Some(opening) = opening {
            opening.takes_one();
        }
        let stream = TokioIo::new(stream);
        let (sender, connection) = http1::Builder::new()
            .max_buf_size(AHEAD)
            .handshake(stream)
            .await
            .map_err(ConnectError::Http)?;
        tokio::spawn(async { drop(connection.with_upgrades().await) });
        let mut first = First::new(sender);
        first.ready().await.map_err(ConnectError::Http)?;
        Ok(Sender::First(first))
    }
}

/// Whether a request may go by a connection that is for many.
fn may_share(target: &Target, way: Way) -> bool {
    match target.scheme {
        Scheme::H2c => true,
        Scheme::Https => way == Way::Any,
        Scheme::Http | Scheme::Tcp => false,
    }
}

/// What comes of waiting for an answer, unless neither it nor the body that is sent moves for so long.
async fn while_it_moves<T>(
    waiting: impl Future<Output = T>,
    progress: &Progress,
    longest: Duration,
) -> Option<T> {
    let mut waiting = pin!(waiting);
    loop {
        let end = progress.last() + longest;
        match timeout_at(end, waiting.as_mut()).await {
            Ok(done) => return Some(done),
            Err(_) if progress.last() + longest <= end => return None,
            Err(_) => {}
        }
    }
}
