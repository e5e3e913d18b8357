//! Sockets of one's own for the looks of a CA, where no server of ours is there already.

use std::future::Future;
use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

/// Most who are answered at a time. A CA comes from a handful of places at once.
const MOST: usize = 64;

/// How long is waited where nobody can be let in: for descriptors, most often, which come back.
const PAUSE: Duration = Duration::from_millis(100);

/// Most who wait to be let in, as of [`TcpListener::bind`].
const BACKLOG: i32 = 128;

/// Places that are bound, and at which nobody listens until a CA is to look there: whoever may not bind them any more (ports
/// below 1024 are root's, ip(7)) listens all the same. Nobody else is kept from them. Only Linux lets a socket listen
/// again once it has ended that.
#[derive(Debug, Default)]
pub struct Reserved(Vec<(SocketAddr, Socket)>);

impl Reserved {
    /// Binds one more.
    ///
    /// # Errors
    /// Somebody else listens there, or it is not allowed to.
    pub fn add(&mut self, address: SocketAddr) -> io::Result<()> {
        let domain = Domain::for_address(address);
        let socket = Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?;
        // As `TcpListener::bind` has it: connections that are over keep nobody from it.
        #[cfg(unix)]
        socket.set_reuse_address(true)?;
        socket.bind(&address.into())?;
        self.0.push((address, socket));
        Ok(())
    }

    /// The one of an address.
    fn at(&self, address: SocketAddr) -> Option<&Socket> {
        let mut bound = self.0.iter().filter(|(place, _)| *place == address);
        bound.next().map(|(_, socket)| socket)
    }
}

/// Sockets that are listened at until they are dropped.
#[derive(Debug)]
pub(super) struct Sockets {
    tasks: Vec<JoinHandle<()>>,
    /// Those that stay bound.
    reserved: Vec<Socket>,
}

impl Sockets {
    /// Listens at these addresses, bound before or not, and answers each who comes. It is called within a runtime of tokio.
    ///
    /// # Errors
    /// Somebody else is there, or it is not allowed to.
    pub(super) fn start<F, A>(
        addresses: &[SocketAddr],
        reserved: &Reserved,
        answer: F,
    ) -> io::Result<Self>
    where
        F: Fn(TcpStream) -> A + Clone + Send + 'static,
        A: Future<Output = ()> + Send + 'static,
    {
        let room = Arc::new(Semaphore::new(MOST));
        let mut sockets = Self {
            tasks: Vec::new(),
            reserved: Vec::new(),
        };
        for address in addresses {
            let socket = match reserved.at(*address) {
                Some(bound) => sockets.listen_at(bound)?,
                None => TcpListener::bind(address)?,
            };
            socket.set_nonblocking(true)?;
            let socket = tokio::net::TcpListener::from_std(socket)?;
            let task = tokio::spawn(listen(socket, Arc::clone(&room), answer.clone()));
            sockets.tasks.push(task);
        }
        Ok(sockets)
    }

    fn listen_at(&mut self, bound: &Socket) -> io::Result<TcpListener> {
        let (socket, kept) = (bound.try_clone()?, bound.try_clone()?);
        socket.listen(BACKLOG)?;
        self.reserved.push(kept);
        Ok(socket.into())
    }
}

impl Drop for Sockets {
    fn drop(&mut self) {
        for socket in &self.reserved {
            // Whoever comes is refused again, and not left to wait.
            drop(socket.shutdown(Shutdown::Read));
        }
        for task in &self.tasks {
            task.abort();
        }
    }
}

async fn listen<F, A>(socket: tokio::net::TcpListener, room: Arc<Semaphore>, answer: F)
where
    F: Fn(TcpStream) -> A,
    A: Future<Output = ()> + Send + 'static,
{
    loop {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else {
            return;
        };
        let Ok((stream, _)) = socket.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let answered = answer(stream);
        tokio::spawn(async move {
            answered.await;
            drop(place);
        });
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use keyway_testkit::pebble::{HTTP_PORT, own_address};
    use tokio::io::AsyncReadExt as _;

    use super::*;

    #[tokio::test]
    async fn a_place_that_is_kept_is_listened_at_again_and_again_and_refuses_in_between() {
        let place = (own_address(), HTTP_PORT).into();
        let mut reserved = Reserved::default();
        reserved.add(place).unwrap();
        for _ in 0..3 {
            let sockets =
                Sockets::start(&[place], &reserved, async |stream: TcpStream| drop(stream));
            let mut came = TcpStream::connect(place).await.unwrap();
            assert_eq!(came.read(&mut [0]).await.unwrap(), 0);
            drop(sockets);
            let refused = TcpStream::connect(place).await.unwrap_err();
            assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
        }
        // Somebody else who has come there meanwhile is not joined.
        let _other = TcpListener::bind(place).unwrap();
        let taken = Sockets::start(&[place], &reserved, async |stream: TcpStream| drop(stream));
        assert_eq!(taken.unwrap_err().kind(), io::ErrorKind::AddrInUse);
    }
}
