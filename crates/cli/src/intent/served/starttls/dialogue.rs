//! What is said and heard before TLS, within bounds.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::time::Duration;

use super::Fault;
use crate::intent::served::timed::Timed;

/// Most bytes that a server says before TLS. Replies have lines of 512 bytes (RFC 5321, section 4.5.3.1.5), and
/// servers offer some twenty things; features of XMPP are about as long.
pub(super) const MAX_BYTES: usize = 64 << 10;

/// Most lines of one answer: more than anybody has to offer.
const MAX_LINES: usize = 128;

/// Bytes that are read at a time.
const CHUNK: usize = 1 << 10;

/// A conversation in clear text.
pub(super) struct Dialogue<'s> {
    socket: &'s mut Timed,
    timeout: Duration,
    /// What came and was not taken yet.
    buffer: Vec<u8>,
    /// How much came.
    heard: usize,
}

impl<'s> Dialogue<'s> {
    pub(super) fn new(socket: &'s mut Timed, timeout: Duration) -> Self {
        Self {
            socket,
            timeout,
            buffer: Vec::new(),
            heard: 0,
        }
    }

    /// Says something.
    pub(super) fn say(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let said = self.socket.write_all(bytes);
        said.map_err(|error| self.fault(&error))
    }

    /// The address of this machine in the conversation, as mail has it (RFC 5321, section 4.1.3).
    pub(super) fn literal(&self) -> String {
        match self.socket.own_address().map(|address| address.ip()) {
            Ok(std::net::IpAddr::V6(address)) => format!("[IPv6:{address}]"),
            Ok(address) => format!("[{address}]"),
            Err(_) => "[127.0.0.1]".to_owned(),
        }
    }

    /// The next line, without its end.
    pub(super) fn line(&mut self) -> Result<Vec<u8>, Fault> {
        let end = self.until(|heard| heard.iter().position(|byte| *byte == b'\n'))?;
        let mut line = self.take(end + 1)?;
        line.pop();
        line.pop_if(|byte| *byte == b'\r');
        Ok(line)
    }

    /// Lines up to the first of which this is true; that one is the last.
    pub(super) fn lines(&mut self, is_last: impl Fn(&[u8]) -> bool) -> Result<Vec<Vec<u8>>, Fault> {
        let mut lines = Vec::new();
        while lines.len() < MAX_LINES {
            let line = self.line()?;
            let ends = is_last(&line);
            lines.push(line);
            if ends {
                return Ok(lines);
            }
        }
        Err(Fault::TooMuch(self.heard))
    }

    /// The next bytes, so many of them.
    pub(super) fn take(&mut self, count: usize) -> Result<Vec<u8>, Fault> {
        self.until(|heard| (heard.len() >= count).then_some(()))?;
        let rest = self.buffer.split_off(count);
        Ok(std::mem::replace(&mut self.buffer, rest))
    }

    /// Listens until something is found in what came.
    pub(super) fn until<T>(&mut self, find: impl Fn(&[u8]) -> Option<T>) -> Result<T, Fault> {
        loop {
            if let Some(found) = find(&self.buffer) {
                return Ok(found);
            }
            self.listen()?;
        }
    }

    fn listen(&mut self) -> Result<(), Fault> {
        if self.heard >= MAX_BYTES {
            return Err(Fault::TooMuch(MAX_BYTES));
        }
        let mut chunk = [0; CHUNK];
        let count = self.socket.read(&mut chunk);
        let count = count.map_err(|error| self.fault(&error))?;
        if count == 0 {
            return Err(Fault::Ended(std::mem::take(&mut self.buffer)));
        }
        self.heard += count;
        self.buffer.extend(chunk.iter().take(count));
        Ok(())
    }

    /// Nothing more may have come.
    pub(super) fn end(self) -> Result<(), Fault> {
        if !self.buffer.is_empty() {
            return Err(Fault::Injected(self.buffer));
        }
        match self.socket.is_quiet() {
            Ok(true) => Ok(()),
            Ok(false) => Err(Fault::Injected(Vec::new())),
            Err(error) => Err(self.fault(&error)),
        }
    }

    fn fault(&self, error: &io::Error) -> Fault {
        match error.kind() {
            ErrorKind::TimedOut => Fault::Silent(self.timeout),
            _ => Fault::System(error.to_string()),
        }
    }
}
