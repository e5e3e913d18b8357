//! A connection within a time.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use super::Unserved;

/// Bytes that tell what is spoken: `HTTP/`, or the head of a record (RFC 8446, section 5.1).
const HEARD: usize = 5;

/// Most bytes that are read from a connection, where nothing else is said: a message of a handshake has at most 64 KiB in rustls, and a server
/// sends some five, and tickets.
const MAX_BYTES: usize = 1 << 20;

/// A connection that ends at a moment, however slowly the other side speaks: time limits of sockets begin anew
/// with every byte.
pub(super) struct Timed {
    socket: TcpStream,
    end: Instant,
    /// The first bytes that came.
    pub(super) heard: Vec<u8>,
    /// How many came.
    count: usize,
    /// How many may.
    most: usize,
}

impl Timed {
    /// Connects; all that is read and written then ends `timeout` later.
    pub(super) fn connect(address: &SocketAddr, timeout: Duration) -> Result<Self, Unserved> {
        let socket =
            TcpStream::connect_timeout(address, timeout).map_err(|error| unreached(&error))?;
        Ok(Self {
            socket,
            end: Instant::now() + timeout,
            heard: Vec::new(),
            count: 0,
            most: MAX_BYTES,
        })
    }

    /// The same, where the other side may send so many bytes.
    pub(super) fn with_room_for(self, most: usize) -> Self {
        Self { most, ..self }
    }

    /// Where the connection begins, on this machine.
    pub(super) fn own_address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Whether nothing has come that was not read yet.
    pub(super) fn is_quiet(&self) -> io::Result<bool> {
        self.socket.set_nonblocking(true)?;
        let seen = self.socket.peek(&mut [0]);
        self.socket.set_nonblocking(false)?;
        Ok(!matches!(seen, Ok(1..)))
    }

    /// Ends no later than this from now.
    pub(super) fn within(&mut self, limit: Duration) {
        self.end = self.end.min(Instant::now() + limit);
    }

    fn left(&self) -> io::Result<Option<Duration>> {
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        Ok(Some(left))
    }
}

/// Systems differ in what they call it.
fn late(error: io::Error) -> io::Error {
    match error.kind() {
        ErrorKind::WouldBlock => ErrorKind::TimedOut.into(),
        _ => error,
    }
}

impl Read for Timed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.socket.set_read_timeout(self.left()?)?;
        if self.count >= self.most {
            let most = self.most >> 20;
            return Err(io::Error::other(format!("it sends more than {most} MiB")));
        }
        let count = self.socket.read(into).map_err(late)?;
        self.count += count;
        let first = into.iter().take(count);
        let more = HEARD.saturating_sub(self.heard.len());
        self.heard.extend(first.take(more));
        Ok(count)
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.set_write_timeout(self.left()?)?;
        self.socket.write(bytes).map_err(late)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
    }
}

/// A firewall that drops and a port that is closed are the service's; a network that is not there is ours.
fn unreached(error: &io::Error) -> Unserved {
    match error.kind() {
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset | ErrorKind::TimedOut => {
            Unserved::Nobody(error.to_string())
        }
        _ => Unserved::NoWay(error.to_string()),
    }
}
