use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use keyway_termination::tickets::TicketKeyError;
use keyway_termination::{EntryError, SiteError};

use super::Failure;

/// Why nothing is served.
#[derive(Debug)]
pub(crate) enum ServeFault {
    /// A service cannot be served.
    Site(SiteError),
    /// A certificate cannot be served with.
    Entry {
        /// The certificate, as it is called.
        certificate: String,
        /// Why.
        source: EntryError,
    },
    /// The keys of tickets cannot be used.
    TicketKeys(TicketKeyError),
    /// The file that secrets are written to cannot be written.
    KeyLog {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// An address cannot be listened on.
    Bind {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The server cannot become the user that it was told to.
    User {
        /// As it is written.
        user: String,
        /// Why.
        fault: UserFault,
    },
    /// The user that it was told to become may not read what it follows.
    Unreadable {
        /// As it is written.
        user: String,
        /// The files, and what the system said.
        files: Vec<(PathBuf, io::Error)>,
    },
    /// The system does not give what a server needs.
    System(io::Error),
}

/// Why a server does not become another user.
#[derive(Debug)]
#[cfg_attr(
    not(target_os = "linux"),
    allow(dead_code, reason = "only Linux is known")
)]
pub(crate) enum UserFault {
    /// The system knows none of this name.
    NoUser(String),
    /// The system knows no group of this name.
    NoSuchGroup(String),
    /// A number that is no user's, and no group is given.
    NoGroup,
    /// It is root.
    Root,
    /// Only root may.
    NotRoot,
    /// It is not that user alone afterwards.
    Kept,
    /// What the system said.
    System(io::Error),
    /// Only Linux is known.
    #[cfg_attr(target_os = "linux", allow(dead_code, reason = "it is Linux"))]
    Elsewhere,
}

impl From<ServeFault> for Failure {
    fn from(fault: ServeFault) -> Self {
        Self::Serve(fault)
    }
}

impl From<SiteError> for Failure {
    fn from(error: SiteError) -> Self {
        ServeFault::Site(error).into()
    }
}
