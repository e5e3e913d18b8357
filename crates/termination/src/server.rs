//! The server: threads that listen, and who tells them what to serve.

use std::collections::BTreeMap;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use tokio::sync::{Notify, mpsc, watch};

use crate::admission::Admission;
use crate::listen::{Listener, Role, bind};
use crate::observe::Observer;
use crate::site::Site;
use crate::worker::{Order, Place, Shared, Stage, Worker};

/// Between two looks at whether all connections have ended.
const LOOK: Duration = Duration::from_millis(10);

/// Longest time for threads to leave their sockets.
const LEAVING: Duration = Duration::from_secs(2);

/// A running server. Dropping it ends it at once.
#[derive(Debug)]
pub struct Server {
    shared: Arc<Shared>,
    stage: watch::Sender<Stage>,
    workers: Vec<Thread>,
    listening: BTreeMap<SocketAddr, Role>,
}

#[derive(Debug)]
struct Thread {
    orders: mpsc::UnboundedSender<Order>,
    handle: JoinHandle<()>,
}

/// An address that is bound, and where nobody is answered yet.
#[derive(Debug)]
pub struct Bound {
    sockets: Vec<TcpListener>,
    address: SocketAddr,
    role: Role,
    /// Whether somebody else keeps it.
    is_kept: bool,
}

/// How a server does at a moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pulse {
    /// Connections that are open.
    pub connections: usize,
    /// Bytes of HTTP from clients since it began, without those of TLS.
    pub received: u64,
    /// Bytes of HTTP to clients since it began, without those of TLS.
    pub sent: u64,
    /// Whether all upstreams failed their last look, so that whoever asks is told 503.
    pub is_cut_off: bool,
    /// The upstreams, and whether each passed the last look at it; one that is not looked at has.
    pub upstreams: BTreeMap<String, bool>,
}

/// How a server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped {
    /// Connections that were still open when the time was over, and were cut.
    pub cut: usize,
}

impl Server {
    /// Binds every address and serves, by so many threads: each has its own sockets, its own connections and
    /// its own way to the upstreams.
    ///
    /// # Errors
    /// An address that cannot be bound, or a thread that the system does not give.
    pub fn start(
        site: Site,
        listeners: &[Listener],
        threads: NonZeroUsize,
        observer: Arc<dyn Observer>,
    ) -> io::Result<Self> {
        let (stage, stages) = watch::channel(Stage::Open);
        let shared = Arc::new(Shared {
            site: ArcSwap::from_pointee(site),
            admission: Arc::new(Admission::default()),
            volume: Arc::default(),
            observer,
            stage: stages,
            changed: Notify::new(),
        });
        let mut server = Self {
            shared,
            stage,
            workers: Vec::new(),
            listening: BTreeMap::new(),
        };
        for number in 0..threads.get() {
            let worker = server.thread(number)?;
            server.workers.push(worker);
        }
        for listener in listeners {
            server.listen(*listener)?;
        }
        Ok(server)
    }

    fn thread(&self, number: usize) -> io::Result<Thread> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()?;
        let (orders, received) = mpsc::unbounded_channel();
        let worker = Worker::new(Arc::clone(&self.shared));
        let handle = thread::Builder::new()
            .name(format!("serve-{number}"))
            .spawn(move || runtime.block_on(worker.run(received, number == 0)))?;
        Ok(Thread { orders, handle })
    }

    /// Binds an address, and answers nobody there yet: whoever comes waits.
    ///
    /// # Errors
    /// The address cannot be bound.
    pub fn bind(&self, listener: Listener) -> io::Result<Bound> {
        let sockets = bind(listener.address, self.workers.len())?;
        let address = match sockets.first() {
            Some(socket) => socket.local_addr()?,
            None => listener.address,
        };
        Ok(Bound {
            sockets,
            address,
            role: listener.role,
            is_kept: false,
        })
    }

    /// Takes a socket that listens already, of whoever keeps it when this ends: nobody answers there yet.
    ///
    /// # Errors
    /// The system does not give a handle of it to each thread.
    pub fn adopt(&self, socket: &TcpListener, role: Role) -> io::Result<Bound> {
        socket.set_nonblocking(true)?;
        let sockets = self.workers.iter().map(|_| socket.try_clone());
        Ok(Bound {
            sockets: sockets.collect::<io::Result<_>>()?,
            address: socket.local_addr()?,
            role,
            is_kept: true,
        })
    }

    /// Answers at one more address; gives it with its port. At one that is listened on already the role changes.
    pub fn answer_at(&mut self, bound: Bound) -> SocketAddr {
        let Bound {
            sockets,
            address,
            role,
            is_kept,
        } = bound;
        for (worker, socket) in self.workers.iter().zip(sockets) {
            let order = Order::Listen(
                Place {
                    socket,
                    role,
                    is_kept,
                },
                address,
            );
            // A thread that has ended listens to nobody, and its end is told by `drain`.
            drop(worker.orders.send(order));
        }
        self.listening.insert(address, role);
        address
    }

    /// Binds an address and answers there.
    ///
    /// # Errors
    /// The address cannot be bound.
    pub fn listen(&mut self, listener: Listener) -> io::Result<SocketAddr> {
        let bound = self.bind(listener)?;
        Ok(self.answer_at(bound))
    }

    /// Listens no more at an address. Connections from there stay.
    pub fn leave(&mut self, address: SocketAddr) {
        for worker in &self.workers {
            drop(worker.orders.send(Order::Leave(address)));
        }
        self.listening.remove(&address);
    }

    /// Where it listens, and what it answers there.
    pub fn listening(&self) -> &BTreeMap<SocketAddr, Role> {
        &self.listening
    }

    /// Puts another site in the place of the one there is. Handshakes and requests that come from now on are
    /// answered by it; connections stay open. The versions of TLS, the certificate and the time limits of a
    /// connection stay what they were when it came.
    pub fn replace(&self, site: Site) {
        let site = site.after(&self.site());
        self.shared.site.store(Arc::new(site));
        // One that looks at the upstreams, wherever it is at the moment.
        self.shared.changed.notify_one();
    }

    /// The site that is served.
    pub fn site(&self) -> Arc<Site> {
        self.shared.site.load_full()
    }

    /// Connections that are open.
    pub fn connections(&self) -> usize {
        self.shared.admission.open()
    }

    /// Tells how it does, as often as it is asked, even when the server is busy with its end.
    pub fn pulse(&self) -> impl Fn() -> Pulse + Clone + Send + Sync + use<> {
        let shared = Arc::clone(&self.shared);
        move || {
            let (received, sent) = shared.volume.totals();
            let site = shared.site.load();
            let upstreams = &site.upstreams;
            let each = upstreams.all();
            Pulse {
                connections: shared.admission.open(),
                received,
                sent,
                is_cut_off: upstreams.are_down(),
                upstreams: each.map(|it| (it.target.to_string(), it.is_up())).collect(),
            }
        }
    }

    /// Lets nobody in any more, waits for those who are there, at most as long as `timeouts.drain` says, and
    /// ends.
    pub fn drain(self) -> Stopped {
        let longest = self.site().times.drain;
        self.stage.send_replace(Stage::Draining);
        let began = Instant::now();
        // Sockets are left with care: those who come while they are closed are let in, or come to another one.
        while self.shared.admission.is_listening() && began.elapsed() < LEAVING {
            thread::sleep(LOOK);
        }
        while self.connections() > 0 && began.elapsed() < longest {
            thread::sleep(LOOK);
        }
        let cut = self.connections();
        self.stage.send_replace(Stage::Over);
        for worker in self.workers {
            // A thread that panicked has told so on its way.
            drop(worker.handle.join());
        }
        Stopped { cut }
    }
}
