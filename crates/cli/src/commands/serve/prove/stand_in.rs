//! Something behind a server, for as long as that is looked at.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::super::behind;

/// Longest silence of the server.
const PATIENCE: Duration = Duration::from_secs(10);

/// What it answers to everything.
pub(super) const WORD: &str = "behind";

/// Answers every request with 200 and one word.
pub(super) struct StandIn {
    pub(super) address: SocketAddr,
}

impl StandIn {
    pub(super) fn start() -> io::Result<Self> {
        let address = behind::start(answer)?;
        Ok(Self { address })
    }
}

fn answer(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    for line in BufReader::new(stream.try_clone()?).lines() {
        if line?.is_empty() {
            let length = WORD.len();
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{WORD}");
            stream.write_all(head.as_bytes())?;
        }
    }
    Ok(())
}
