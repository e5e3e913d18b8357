//! Something behind a server, for as long as that is looked at.

use std::io::{self, BufRead, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::super::behind;

/// Longest silence of the server.
const PATIENCE: Duration = Duration::from_secs(10);

/// What it answers to everything.
pub(super) const WORD: &str = "behind";

/// Answers every request with 200 and one word, when it has come whole.
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
    let mut reader = BufReader::new(stream.try_clone()?);
    while take_request(&mut reader)? {
        let length = WORD.len();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{WORD}");
        stream.write_all(head.as_bytes())?;
    }
    Ok(())
}

/// Reads a request to its end, which its length tells; whether there was one.
fn take_request(reader: &mut impl BufRead) -> io::Result<bool> {
    let mut length = 0;
    for line in reader.by_ref().lines() {
        let line = line?;
        if line.is_empty() {
            io::copy(&mut reader.take(length), &mut io::sink())?;
            return Ok(true);
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    Ok(false)
}
