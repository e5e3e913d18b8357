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
    /// The system does not give what a server needs.
    System(io::Error),
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
