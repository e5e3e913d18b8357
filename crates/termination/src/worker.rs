//! One thread: its listeners, its connections, its way to the upstreams.

use std::collections::HashMap;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use crate::admission::Admission;
use crate::connection;
use crate::listen::Role;
use crate::observe::Observer;
use crate::site::Site;
use crate::upstream::Pool;

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
    pub(crate) observer: Arc<dyn Observer>,
    pub(crate) stage: watch::Receiver<Stage>,
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
    Listen(TcpListener, SocketAddr, Role),
    /// Listen no more at an address. Connections from there stay.
    Leave(SocketAddr),
}

impl Worker {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            pool: Arc::default(),
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

    /// How far the end is, to wait for.
    pub(crate) fn stage(&self) -> watch::Receiver<Stage> {
        self.shared.stage.clone()
    }

    /// Follows orders until nobody gives any, and then waits until its connections have ended.
    pub(crate) async fn run(self, mut orders: mpsc::UnboundedReceiver<Order>) {
        let mut listening: HashMap<SocketAddr, JoinHandle<()>> = HashMap::new();
        let mut stage = self.stage();
        loop {
            let order = tokio::select! {
                order = orders.recv() => order,
                _ = stage.wait_for(|stage| *stage != Stage::Open) => None,
            };
            match order {
                Some(Order::Listen(socket, address, role)) => {
                    let accepting = self.clone().accept(socket, role);
                    if let Some(before) = listening.insert(address, tokio::spawn(accepting)) {
                        before.abort();
                    }
                }
                Some(Order::Leave(address)) => {
                    if let Some(before) = listening.remove(&address) {
                        before.abort();
                    }
                }
                None => break,
            }
        }
        for accepting in listening.into_values() {
            accepting.abort();
        }
        drop(stage.wait_for(|stage| *stage == Stage::Over).await);
    }

    async fn accept(self, socket: TcpListener, role: Role) {
        /// After a failure that concerns the whole process, such as too many open files.
        const PAUSE: Duration = Duration::from_millis(50);
        let Ok(listener) = tokio::net::TcpListener::from_std(socket) else {
            return;
        };
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => {
                    tokio::spawn(connection::serve(stream, peer, role, self.clone()));
                }
                Err(error) if is_of_the_client(&error) => {}
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
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
