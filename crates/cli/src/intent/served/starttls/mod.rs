//! The words before TLS, in protocols that change to it.
//!
//! Nothing may come between a server's go-ahead and its first record of TLS: what was put there by somebody in
//! between would be taken for the server's own (CVE-2011-0411; RFC 9051, section 6.2.1).

mod dialogue;
mod packets;
mod words;

use std::time::Duration;

use super::Unserved;
use super::timed::Timed;
use crate::arguments::Starttls;
use dialogue::Dialogue;

/// Why TLS did not begin.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing came for so long.
    Silent(Duration),
    /// The connection ended; what had come of the answer.
    Ended(Vec<u8>),
    /// What the system says.
    System(String),
    /// More came than is read, in bytes.
    TooMuch(usize),
    /// What came is no answer of the protocol.
    Foreign(Vec<u8>),
    /// TLS is not among what is offered; the answer.
    NotOffered(Vec<u8>),
    /// It is, and was refused; the answer.
    Refused(Vec<u8>),
    /// Something came behind the go-ahead, before TLS.
    Injected(Vec<u8>),
}

/// Asks for TLS, up to the go-ahead. `host` is a name or an address, `timeout` what the socket was given.
pub(super) fn begin(
    socket: &mut Timed,
    protocol: Starttls,
    host: &str,
    timeout: Duration,
) -> Result<(), Unserved> {
    let mut dialogue = Dialogue::new(socket, timeout);
    let done = match protocol {
        Starttls::Smtp => words::smtp(&mut dialogue),
        Starttls::Imap => words::imap(&mut dialogue),
        Starttls::Pop3 => words::pop3(&mut dialogue),
        Starttls::Ftp => words::ftp(&mut dialogue),
        Starttls::Xmpp => words::xmpp(&mut dialogue, host),
        Starttls::Ldap => packets::ldap(&mut dialogue),
        Starttls::Postgres => packets::postgres(&mut dialogue),
        Starttls::Mysql => packets::mysql(&mut dialogue),
    };
    done.and_then(|()| dialogue.end())
        .map_err(|fault| Unserved::Starttls(protocol, fault))?;
    // From here on, what comes is TLS.
    socket.heard.clear();
    Ok(())
}
