//! What replicas share: the pair of a name, the way to the next one, and the right to walk it.
//!
//! | part | what |
//! | --- | --- |
//! | [`Store`] | what a store can do: read an entry, and write it where it is still the one that was read |
//! | [`Entry`] | all that is kept of a name, as one piece: nobody sees a new certificate with an old key |
//! | [`Lease`] | the right to renew a name: one replica has it, the others wait, and what is too late is refused |
//! | [`Mirror`] | a store's pair in a folder, where `keyway serve` follows it |
//! | [`share`] | the account with a CA, the same for all |
//! | [`Folder`] | a folder of this machine: the store that is always there |
//! | `Objects` | an object store (S3, Azure Blob, GCS), with the feature `object-store` |
//!
//! A store keeps private keys as they are: whoever may read it, has them. Who may is what the folder's or the
//! bucket's rights say; an object store encrypts at rest with its own keys, and replicas reach it by TLS. What an
//! [`Entry`] is written as refuses fields that it does not know, so that a form with its keys sealed can come without
//! an older replica overwriting it.
//!
//! No clock is read here: who asks says what moment it is, and waits between two steps.
//!
//! # One replica's turn
//!
//! ```no_run
//! use keyway_issue::store::{Lease, LeaseError, Mirror, Store, Taken};
//! use keyway_issue::{Pair, Pairs};
//! # use keyway_report::Timestamp;
//!
//! # fn is_due(_: Option<&Pair>) -> bool { true }
//! # async fn turn(store: &dyn Store, ordered: impl AsyncFn(&str) -> Pair, now: Timestamp) -> Result<(), LeaseError> {
//! if let Taken::Lease(mut lease) = Lease::take(store, "a.test", "replica 1", now).await? {
//!     // Somebody else may have been here between a look and the lease.
//!     if is_due(lease.pair()) {
//!         let key = lease.key(None).await?;
//!         let pair = ordered(&key.serialize_pem()).await;
//!         lease.publish(&pair, None).await?;
//!     } else {
//!         lease.release(None).await?;
//!     }
//! }
//! let mut mirror = Mirror::of(Pairs::at("certificates"), "a.test");
//! mirror.follow(store).await?;
//! # Ok(())
//! # }
//! ```

mod account;
mod entry;
mod error;
mod folder;
mod lease;
mod mirror;
#[cfg(feature = "object-store")]
mod objects;

use std::fmt::Debug;
use std::fs::File;
use std::future::Future;
use std::pin::Pin;

pub use account::{AccountKey, share};
pub use entry::{Asked, Entry, MAX_ENTRY, Order, Published};
pub use error::{LeaseError, StoreError};
pub use folder::Folder;
pub use lease::{Holding, Lease, MARGIN, TERM, Taken};
pub use mirror::{Mirror, Mirrored};
#[cfg(feature = "object-store")]
pub use objects::Objects;

/// Most names of entries that are listed.
pub const MAX_NAMES: usize = 10_000;

/// What a store will have done.
pub type Answering<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Which of the entries that a name had one is: a store's own word, which says nothing but the same or another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// HTTP's `ETag`, or what stands for one.
    pub tag: String,
    /// The number that some stores give an object besides.
    pub number: Option<String>,
}

impl Version {
    /// One that is a tag alone.
    pub fn new(tag: impl Into<String>) -> Self {
        Self {
            tag: tag.into(),
            number: None,
        }
    }
}

/// What is there of a name.
#[derive(Debug, Clone)]
pub enum Reading {
    /// Nothing.
    Absent,
    /// The version that is known already.
    Same,
    /// This.
    Found(Box<Entry>, Version),
}

/// What became of an entry that was to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// It is there, as this version.
    Done(Version),
    /// Another one is there than the one that it was to take the place of; nothing was written.
    Conflict,
}

/// What a store knows of whether somebody is at a name.
#[derive(Debug)]
pub enum Presence {
    /// Nothing: time tells.
    Unknown,
    /// Somebody of this machine is, and lives.
    Other,
    /// Nobody was; whoever has this is, for as long as it is held.
    Alone(File),
}

/// Where entries are kept, each under a name. Every method ends within a bounded time, as
/// far as the system's calls do.
pub trait Store: Send + Sync + Debug {
    /// What is there of a name, unless it is this version.
    fn read<'a>(&'a self, name: &'a str, unless: Option<&'a Version>) -> Answering<'a, Reading>;

    /// The names of entries that there are, in no order, as [`Store::read`] takes them: [`MAX_NAMES`] at most.
    fn names(&self) -> Answering<'_, Vec<String>>;

    /// Writes an entry in the place of one version, or, with `None`, where none is there. Whoever reads sees the one
    /// before or this one.
    fn write<'a>(
        &'a self,
        name: &'a str,
        entry: &'a Entry,
        over: Option<&'a Version>,
    ) -> Answering<'a, Written>;

    /// The account with a CA, by a name of it that can be a file's.
    fn account<'a>(&'a self, ca: &'a str) -> Answering<'a, Option<AccountKey>>;

    /// Keeps an account with a CA where there is none, and gives back the one that is there then.
    fn keep_account<'a>(
        &'a self,
        ca: &'a str,
        account: &'a AccountKey,
    ) -> Answering<'a, AccountKey>;

    /// Whether anybody is at a name, where the store sees that sooner than by time.
    ///
    /// # Errors
    /// The store cannot be used.
    fn presence(&self, name: &str) -> Result<Presence, StoreError>;
}
