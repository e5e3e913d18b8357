//! One thread: its listeners, its connections, its way to the upstreams.

use std::collections::HashMap;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use socket2::SockRef;
use tokio::net::TcpStream;
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::time::{Instant, timeout_at};

use crate::admission::Admission;
use crate::connection;
use crate::http::Volume;
use crate::listen::{Role, set_up, turn_away};
use crate::observe::Observer;
use crate::site::Site;
use crate::upstream::{self, Pool};

/// How far the end of the server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Everybody is served.
    Open,
    /// Nobody new is let in; who is there ends what is under way.
    Draining,
    /// Who is still there goes.
    Over,
}

/// What all threads share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) site: ArcSwap<Site>,
    pub(crate) admission: Arc<Admission>,
    pub(crate) volume: Arc<Volume>,
    pub(crate) observer: Arc<dyn Observer>,
    pub(crate) stage: watch::Receiver<Stage>,
    /// Told when another site is served.
    pub(crate) changed: Notify,
}

/// What the connections of one thread know.
#[derive(Debug, Clone)]
pub(crate) struct Worker {
    shared: Arc<Shared>,
    pool: Arc<Pool>,
}

/// What a thread is told to do.
#[derive(Debug)]
pub(crate) enum Order {
    /// Listen.
    Listen(Place, SocketAddr),
    /// Listen no more at an address. Connections from there stay.
    Leave(SocketAddr),
}

/// Where is listened.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) socket: TcpListener,
    pub(crate) role: Role,
    /// Whether somebody else keeps the socket, and those in its queue are served by whoever comes next.
    pub(crate) is_kept: bool,
}

impl Worker {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self {
            pool: Arc::new(Pool::telling(Arc::clone(&shared.observer))),
            shared,
        }
    }

    /// The service as it is now.
    pub(crate) fn site(&self) -> Arc<Site> {
        self.shared.site.load_full()
    }

    pub(crate) fn pool(&self) -> &Arc<Pool> {
        &self.pool
    }

    pub(crate) fn observer(&self) -> &dyn Observer {
        &*self.shared.observer
    }

    pub(crate) fn admission(&self) -> &Arc<Admission> {
        &self.shared.admission
    }

    pub(crate) fn volume(&self) -> &Arc<Volume> {
        &self.shared.volume
    }

    /// Whether nobody new is let in any more.
    pub(crate) fn is_ending(&self) -> bool {
        *self.shared.stage.borrow() != Stage::Open
    }

    /// Waits until another site is served.
    pub(crate) async fn site_changes(&self) {
        self.shared.changed.notified().await;
    }

    /// How far the end is, to wait for.
    pub(crate) fn stage(&self) -> watch::Receiver<Stage> {
        self.shared.stage.clone()
    }

    /// Follows orders until nobody gives any, and then waits until its connections have ended.
    ///
    /// One thread of a server `looks` at the upstreams for all.
    pub(crate) async fn run(self, mut orders: mpsc::UnboundedReceiver<Order>, looks: bool) {
        if looks {
            tokio::spawn(upstream::watch(self.clone()));
        }
        // Whoever drops one of these ends the accepting.
        let mut listening: HashMap<SocketAddr, oneshot::Sender<()>> = HashMap::new();
        let mut stage = self.stage();
        loop {
            let order = tokio::select! {
                order = orders.recv() => order,
                _ = stage.wait_for(|stage| *stage != Stage::Open) => None,
            };
            match order {
                Some(Order::Listen(place, address)) => {
                    let (going, left) = oneshot::channel();
                    tokio::spawn(self.clone().accept(place, left));
                    listening.insert(address, going);
                }
                Some(Order::Leave(address)) => {
                    listening.remove(&address);
                }
                None => break,
            }
        }
        drop(listening);
        drop(stage.wait_for(|stage| *stage == Stage::Over).await);
    }

    /// Lets in who comes, until it is over; then those who came before and wait in the queue of the system, which
    /// would be lost with it.
    async fn accept(self, place: Place, mut left: oneshot::Receiver<()>) {
        /// After a failure that concerns the whole process, such as too many open files.
        const PAUSE: Duration = Duration::from_millis(50);
        /// Time for those who have begun to come: far more than a round trip, less than the second after which others
        /// try again.
        const COMING: Duration = Duration::from_millis(300);
        let Place {
            socket,
            role,
            is_kept,
        } = place;
        let _listening = self.admission().listen();
        let Ok(listener) = tokio::net::TcpListener::from_std(socket) else {
            return;
        };
        // Where it cannot be set up, connections are served without.
        drop(set_up(&SockRef::from(&listener)));
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = &mut left => break,
            };
            match accepted {
                Ok((stream, peer)) => self.serve(stream, peer, role),
                Err(error) if is_of_the_client(&error) => {}
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
        if is_kept {
            return;
        }
        // Where it cannot be said, the queue is emptied all the same, and few are lost.
        drop(turn_away(&SockRef::from(&listener)));
        let end = Instant::now() + COMING;
        while let Ok(Ok((stream, peer))) = timeout_at(end, listener.accept()).await {
            self.serve(stream, peer, role);
        }
        let Ok(listener) = listener.into_std() else {
            return;
        };
        while let Ok((stream, peer)) = listener.accept() {
            if stream.set_nonblocking(true).is_ok()
                && let Ok(stream) = TcpStream::from_std(stream)
            {
                self.serve(stream, peer, role);
            }
        }
    }

    fn serve(&self, stream: TcpStream, peer: SocketAddr, role: Role) {
        tokio::spawn(connection::serve(stream, peer, role, self.clone()));
    }
}

/// Whether one client went away before it was let in.
fn is_of_the_client(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
    )
}
