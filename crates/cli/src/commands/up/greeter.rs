//! The service that stands behind where nobody named one: a page that says that it works.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::commands::serve::behind;

/// Longest silence of who asks.
const PATIENCE: Duration = Duration::from_secs(30);

/// Most bytes of one line of a request.
const LINE: u64 = 16 * 1024;

/// The page, without anything that a browser would fetch.
const PAGE: &str = include_str!("greeting.html");

/// Answers every request with the page.
pub(super) struct Greeter {
    pub(super) address: SocketAddr,
}

impl Greeter {
    pub(super) fn start() -> io::Result<Self> {
        let address = behind::start(answer)?;
        Ok(Self { address })
    }
}

fn answer(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let mut line = String::new();
        if reader.by_ref().take(LINE).read_line(&mut line)? == 0 {
            return Ok(());
        }
        if line.trim_end().is_empty() {
            break;
        }
    }
    // One answer a connection: bodies that may follow are nobody's concern.
    let length = PAGE.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(PAGE.as_bytes())
}
