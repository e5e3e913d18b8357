//! Something of our own behind a server, on a port of this machine, for as long as the program runs.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;

/// Has every connection answered, each by a thread of its own; gives where.
pub(crate) fn start(answer: fn(TcpStream) -> io::Result<()>) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    thread::Builder::new().spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let answering = move || drop(answer(stream));
            drop(thread::Builder::new().spawn(answering));
        }
    })?;
    Ok(address)
}
