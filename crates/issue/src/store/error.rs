//! Why something is not in a store, or not to be had from it.

use std::io;
use std::path::PathBuf;

use super::MAX_ENTRY;
use crate::pending::PendingError;

/// Why a store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A folder cannot be read or written.
    #[error("{path}: {source}")]
    Folder {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A key is none, or none could be made.
    #[error("{place}: {source}")]
    Key {
        /// Where it is kept.
        place: String,
        /// What is wrong.
        source: rcgen::Error,
    },
    /// What is there is no entry, or one of a later version.
    #[error("{place} is no entry that this version reads: {source}")]
    Unreadable {
        /// Which object.
        place: String,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// What is there is no entry, as it is too big.
    #[error("{place} has over {MAX_ENTRY} bytes, and is no entry")]
    TooBig {
        /// Which object.
        place: String,
    },
    /// Others changed it each time it was to be changed, or hold it locked.
    #[error("{place}: others change it all the time; try again")]
    Busy {
        /// Which entry.
        place: String,
    },
    /// An object store does not answer in time.
    #[error("{place}: no answer within {seconds} seconds; is it reachable from here?")]
    Late {
        /// Which object.
        place: String,
        /// How long it was waited for.
        seconds: u64,
    },
    /// An object store is not reached, or refuses.
    #[cfg(feature = "object-store")]
    #[error("{place}: {}", super::objects::brief(source))]
    Objects {
        /// Which object, or where the store is.
        place: String,
        /// What it says.
        source: Box<object_store::Error>,
    },
    /// An address is none of an object store.
    #[error(
        "{0:?} is no object store: write s3://BUCKET/PREFIX, az://CONTAINER/PREFIX or gs://BUCKET/PREFIX"
    )]
    NoStore(String),
    /// The system gives no random numbers.
    #[error("no random numbers are to be had from the system")]
    Random,
}

impl From<PendingError> for StoreError {
    fn from(error: PendingError) -> Self {
        match error {
            PendingError::Folder { path, source } => Self::Folder { path, source },
            PendingError::Key { path, source } => Self::Key {
                place: path.display().to_string(),
                source,
            },
        }
    }
}

/// Why the holder of a lease could not do what it wanted to.
#[derive(Debug, thiserror::Error)]
pub enum LeaseError {
    /// It is its holder no more: it took too long, and somebody else took over. Nothing was changed.
    #[error(
        "{name}: lease {number} is over, and {by} has lease {now}; what came too late was not kept"
    )]
    Lost {
        /// Of what.
        name: String,
        /// The lease that was.
        number: u64,
        /// The last that was given out.
        now: u64,
        /// Who has it, or had it.
        by: String,
    },
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}
