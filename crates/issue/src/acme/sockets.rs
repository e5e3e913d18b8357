//! Sockets of one's own for the looks of a CA, where no server of ours is there already.

use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

/// Most who are answered at a time. A CA comes from a handful of places at once.
const MOST: usize = 64;

/// How long is waited where nobody can be let in: for descriptors, most often, which come back.
const PAUSE: Duration = Duration::from_millis(100);

/// Sockets that are listened at until they are dropped.
#[derive(Debug)]
pub(super) struct Sockets {
    tasks: Vec<JoinHandle<()>>,
}

impl Sockets {
    /// Listens at these addresses, and answers each who comes. It is called within a runtime of tokio.
    ///
    /// # Errors
    /// Somebody else is there, or it is not allowed to.
    pub(super) fn start<F, A>(addresses: &[SocketAddr], answer: F) -> io::Result<Self>
    where
        F: Fn(TcpStream) -> A + Clone + Send + 'static,
        A: Future<Output = ()> + Send + 'static,
    {
        let room = Arc::new(Semaphore::new(MOST));
        let mut sockets = Self { tasks: Vec::new() };
        for address in addresses {
            let socket = TcpListener::bind(address)?;
            socket.set_nonblocking(true)?;
            let socket = tokio::net::TcpListener::from_std(socket)?;
            let task = tokio::spawn(listen(socket, Arc::clone(&room), answer.clone()));
            sockets.tasks.push(task);
        }
        Ok(sockets)
    }
}

impl Drop for Sockets {
    fn drop(&mut self) {
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
