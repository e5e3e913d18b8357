//! Asking servers, and telling them: the one part of the crate with sockets (feature `net`).
//!
//! Questions go over UDP and again over TCP where the answer did not fit (RFC 7766); updates and transfers
//! go over TCP at once, so that nothing is done twice. Who asks brings the moment, where a signature has one.

mod ask;
mod authority;
mod caa;
mod delegation;
mod follow;
mod look;
mod negative;
mod resolver;
mod starts;
mod tcp;
mod transfer;

use std::net::SocketAddr;
use std::time::Duration;

use crate::message::tsig::TsigError;
use crate::message::{Code, MessageError, Question};
use crate::name::Name;

pub use ask::{ask, random_id as message_id, tell};
pub use authority::{Authority, Held, Server, authorities, authorities_at, authority, published};
pub use caa::{climb, climb_as};
pub use follow::{Followed, MAX_ALIASES, follow, hosts};
pub use look::{Inquiry, MAX_OPEN, MAX_SOCKETS, everything, look, questions, survey};
pub use negative::negative_ttl;
pub use resolver::{Resolver, SystemError};
pub use transfer::{MAX_TRANSFER, MAX_TRANSFERRED, transfer};

/// The port of servers (RFC 1035, section 4.2).
pub const PORT: u16 = 53;

/// How long a server is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Until it has answered, all tries together.
    pub timeout: Duration,
    /// How often a question over UDP is put again where nothing comes.
    pub retries: u8,
}

impl Default for Patience {
    /// Five seconds, as resolvers do; tries after one second each.
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(5),
            retries: 3,
        }
    }
}

/// Why a server gave no answer that can be used.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// Nothing came.
    #[error("{server} did not answer within {seconds} s; is it up, and does a firewall let port {} through?", .server.port())]
    Silent {
        /// The server.
        server: SocketAddr,
        /// How long it was waited for.
        seconds: u64,
    },
    /// It cannot be reached.
    #[error("{server} cannot be reached: {source}")]
    Unreachable {
        /// The server.
        server: SocketAddr,
        /// Why not.
        source: std::io::Error,
    },
    /// The connection ended in the middle of an answer.
    #[error("{server} hung up before its answer was complete")]
    HungUp {
        /// The server.
        server: SocketAddr,
    },
    /// What came is no answer to what was asked.
    #[error("{server} answered something else than what was asked")]
    Other {
        /// The server.
        server: SocketAddr,
    },
    /// The answer does not fit over TCP either: there is more than came, and nobody says what.
    #[error(
        "{server} cuts off its answer about {} {} over TCP, too: there is more than a message holds, and nobody sees what",
        .question.name, .question.kind
    )]
    Cut {
        /// The server.
        server: SocketAddr,
        /// What it was asked.
        question: Question,
    },
    /// What came does not read, or what shall go does not fit.
    #[error("{server}: {source}")]
    Message {
        /// The server.
        server: SocketAddr,
        /// Why not.
        source: MessageError,
    },
    /// A signature was refused, or is not believed.
    #[error("{server}: {source}")]
    Signature {
        /// The server.
        server: SocketAddr,
        /// Why.
        source: TsigError,
    },
    /// The server answered that it does not, or cannot.
    #[error("{server} says {code}{}", meaning(*.code, *.asked))]
    Refused {
        /// The server.
        server: SocketAddr,
        /// What it was asked to do.
        asked: Asked,
        /// What it says.
        code: Code,
    },
    /// An update went out, and no answer that says what became of it came back.
    #[error(
        "{0}; the change may have been made all the same. The same command looks first, and goes on from there"
    )]
    Lost(Box<AskError>),
    /// A zone with what is in another one.
    #[error("{server} hands out {name}, which is not in the zone that was asked for")]
    Stray {
        /// The server.
        server: SocketAddr,
        /// The name.
        name: Name,
    },
    /// An answer that has no end.
    #[error(
        "{server} sends more than the {MAX_TRANSFER} bytes or {MAX_TRANSFERRED} records that a zone may have here"
    )]
    Endless {
        /// The server.
        server: SocketAddr,
    },
    /// No server is known that could be asked.
    #[error("{0}")]
    Nobody(NobodyError),
}

/// Why there is nobody to ask.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NobodyError {
    /// No resolver.
    #[error("there is no resolver to ask; name one with --resolver")]
    Resolver,
    /// No zone holds the name.
    #[error(
        "no server says which zone {0} is in; name it with --zone, and its server with --server"
    )]
    Zone(Name),
    /// None of the servers of the zone has an address.
    #[error("none of the servers of {0} has an address")]
    Servers(Name),
    /// Signatures on the way to the zone do not hold.
    #[error(
        "the zone that {0} is in is not found, as its signatures do not hold (DNSSEC), and resolvers that look at them give \
         nobody an answer; mend them, or name the zone's server with --server"
    )]
    Bogus(Name),
    /// A resolver answers for the zone by itself (RFC 6303), so that nobody can be told.
    #[error(
        "{0} is a zone that the resolver makes up itself, with localhost as its server: nobody else has it; name the zone's \
         server with --server, or another resolver with --resolver"
    )]
    Local(Name),
}

/// What a server is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// To say what a name has.
    Question,
    /// To change a zone.
    Update,
    /// To hand a whole zone out.
    Transfer,
}

/// What a code means to whoever asked.
fn meaning(code: Code, asked: Asked) -> &'static str {
    match code {
        Code::FORMERR => ": it does not understand the message",
        Code::SERVFAIL => ": it could not; its log says why",
        Code::NXDOMAIN => ": there is no such name",
        Code::NOTIMP => ": it does not do this at all",
        Code::REFUSED => match asked {
            Asked::Question => ": it does not do this for you; does it allow questions from here?",
            Asked::Update => {
                ": it does not do this for you; does it allow updates from here, with this key, of these names?"
            }
            Asked::Transfer => {
                ": it does not do this for you; does it allow transfers from here, and with this key?"
            }
        },
        Code::YXDOMAIN | Code::YXRRSET => {
            ": something is there that was not when the plan was made; make a new plan"
        }
        Code::NXRRSET => {
            ": something is not there any more that was when the plan was made; make a new plan"
        }
        Code::NOTAUTH => {
            ": it does not speak for the zone, or does not take this key for it; is it the primary server?"
        }
        Code::NOTZONE => ": a name is not in the zone",
        _ => "",
    }
}
