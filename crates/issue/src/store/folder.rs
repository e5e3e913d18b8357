//! A folder of this machine as a store.
//!
//! ```text
//! PAIRS/NAME/current/       the pair that is served (`pairs`)
//! PAIRS/NAME/next/          what has been asked for (`pending`)
//! PAIRS/NAME/renewal.json   how the last attempts ended
//! PAIRS/NAME/lease.json     the last lease, and who holds it
//! PAIRS/NAME/lock           locked for as long as the holder lives
//! PAIRS/NAME/change         locked while something changes
//! ACCOUNTS/CA/              the account with a CA (`acme::Account`)
//! ```

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use tokio::time::sleep;
use zeroize::Zeroizing;

use super::{
    AccountKey, Answering, Asked, Entry, Holding, MAX_NAMES, Order, Presence, Published, Reading,
    Store, StoreError, Version, Written,
};
use crate::Pairs;
use crate::kept;
use crate::pairs::{lock_file, private_folder, write};
use crate::pending::Pending;

/// Between two looks at a lock that is held while something changes: some file writes.
const PAUSE: Duration = Duration::from_millis(20);

/// How often: ten seconds, after which who holds it has been stopped.
const LOOKS: usize = 500;

const LEASE: &str = "lease.json";
const RECORD: &str = "renewal.json";

/// Entries in a folder, and accounts in another one. A holder that ends is seen at once; what its lease says counts
/// where it lives on and does nothing.
///
/// What publishing changes is several files, the pair first: a crash leaves the new pair served and what had been
/// asked for in its place, as [`Pending`] says.
#[derive(Debug, Clone)]
pub struct Folder {
    pairs: Pairs,
    accounts: PathBuf,
}

/// What `lease.json` holds.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Leased {
    lease: u64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    holding: Option<Holding>,
}

impl Folder {
    /// That of these pairs, with the accounts in a folder, of each CA one.
    pub fn at(pairs: Pairs, accounts: impl Into<PathBuf>) -> Self {
        Self {
            pairs,
            accounts: accounts.into(),
        }
    }

    fn pending(&self, name: &str) -> Pending {
        Pending::at(self.pairs.of(name).join("next"))
    }

    fn entry(&self, name: &str) -> Result<Option<(Entry, Version)>, StoreError> {
        let folder = self.pairs.of(name);
        let mut entry = Entry::default();
        let leased = leased(&folder.join(LEASE))?;
        entry.lease = leased.lease;
        entry.holding = leased.holding;
        entry.published = self.published(name)?;
        entry.record = record(&folder.join(RECORD))?;
        let pending = self.pending(name);
        entry.asked = pending.kept_key()?.map(|key| Asked {
            key,
            order: pending
                .kept_order()
                .map(|(url, identifiers)| Order { url, identifiers }),
        });
        if entry == Entry::default() {
            return Ok(None);
        }
        let version = version(name, &entry)?;
        Ok(Some((entry, version)))
    }

    fn published(&self, name: &str) -> Result<Option<Published>, StoreError> {
        let found = self.pairs.numbered(name);
        let found = found.map_err(failed(&self.pairs.places(name).chain))?;
        Ok(found.map(|(generation, pair)| Published { generation, pair }))
    }

    /// Writes what differs.
    fn put(&self, name: &str, entry: &Entry, before: &Entry) -> Result<(), StoreError> {
        let folder = self.pairs.of(name);
        if let Some(pair) = entry.pair()
            && before.pair() != Some(pair)
        {
            let put = self.pairs.put(name, pair);
            put.map_err(failed(&self.pairs.places(name).chain))?;
        }
        if entry.record != before.record {
            let path = folder.join(RECORD);
            let put = match &entry.record {
                Some(record) => write(&path, record.as_bytes(), 0o600),
                None => fs::remove_file(&path),
            };
            put.map_err(failed(&path))?;
        }
        if entry.asked != before.asked {
            self.put_asked(name, entry.asked.as_ref(), before.asked.as_ref())?;
        }
        if (entry.lease, &entry.holding) != (before.lease, &before.holding) {
            let path = folder.join(LEASE);
            let leased = Leased {
                lease: entry.lease,
                holding: entry.holding.clone(),
            };
            let text = serde_json::to_vec(&leased).map_err(|source| StoreError::Unreadable {
                place: path.display().to_string(),
                source,
            })?;
            write(&path, &text, 0o600).map_err(failed(&path))?;
        }
        Ok(())
    }

    fn put_asked(
        &self,
        name: &str,
        asked: Option<&Asked>,
        before: Option<&Asked>,
    ) -> Result<(), StoreError> {
        let pending = self.pending(name);
        let order = asked.and_then(|asked| asked.order.as_ref());
        if asked.is_none() || (order.is_none() && before.is_some()) {
            let folder = self.pairs.of(name).join("next");
            pending.clear().map_err(failed(&folder))?;
        }
        if let Some(asked) = asked {
            pending.keep_key(&asked.key)?;
        }
        if let Some(order) = order {
            pending.keep_lines(&order.url, &order.identifiers);
        }
        Ok(())
    }

    fn account_folder(&self, ca: &str) -> PathBuf {
        self.accounts.join(ca)
    }
}

impl Store for Folder {
    fn read<'a>(&'a self, name: &'a str, unless: Option<&'a Version>) -> Answering<'a, Reading> {
        Box::pin(async move {
            Ok(match self.entry(name)? {
                None => Reading::Absent,
                Some((_, version)) if unless == Some(&version) => Reading::Same,
                Some((entry, version)) => Reading::Found(Box::new(entry), version),
            })
        })
    }

    fn names(&self) -> Answering<'_, Vec<String>> {
        Box::pin(async move {
            let names = self.pairs.names(MAX_NAMES);
            names.map_err(|(folder, source)| failed(&folder)(source))
        })
    }

    fn write<'a>(
        &'a self,
        name: &'a str,
        entry: &'a Entry,
        over: Option<&'a Version>,
    ) -> Answering<'a, Written> {
        Box::pin(async move {
            let _changing = locked(&self.pairs.of(name).join("change")).await?;
            let before = self.entry(name)?;
            if before.as_ref().map(|(_, version)| version) != over {
                return Ok(Written::Conflict);
            }
            let before = before.map(|(entry, _)| entry).unwrap_or_default();
            self.put(name, entry, &before)?;
            // A generation may have been skipped.
            let (_, version) = self.entry(name)?.unwrap_or((before, Version::new("")));
            Ok(Written::Done(version))
        })
    }

    fn account<'a>(&'a self, ca: &'a str) -> Answering<'a, Option<AccountKey>> {
        Box::pin(async move { AccountKey::of(&self.account_folder(ca)) })
    }

    fn keep_account<'a>(
        &'a self,
        ca: &'a str,
        account: &'a AccountKey,
    ) -> Answering<'a, AccountKey> {
        Box::pin(async move {
            let folder = self.account_folder(ca);
            let _changing = locked(&folder.join("lock")).await?;
            if let Some(here) = AccountKey::of(&folder)? {
                return Ok(here);
            }
            account.put(&folder)?;
            Ok(account.clone())
        })
    }

    fn presence(&self, name: &str) -> Result<Presence, StoreError> {
        let path = self.pairs.of(name).join("lock");
        let file = openable(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Presence::Alone(file)),
            Err(TryLockError::WouldBlock) => Ok(Presence::Other),
            Err(TryLockError::Error(source)) => Err(failed(&path)(source)),
        }
    }
}

/// An entry's version is what it says.
fn version(name: &str, entry: &Entry) -> Result<Version, StoreError> {
    let text = entry.render().map_err(|source| StoreError::Unreadable {
        place: name.to_owned(),
        source,
    })?;
    let digest = digest(&SHA256, &text);
    let hex = digest.as_ref().iter().map(|byte| format!("{byte:02x}"));
    Ok(Version::new(hex.collect::<String>()))
}

/// The right to change what a file stands for, for as long as it is held.
async fn locked(path: &Path) -> Result<File, StoreError> {
    let file = openable(path)?;
    for _ in 0..LOOKS {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => sleep(PAUSE).await,
            Err(TryLockError::Error(source)) => return Err(failed(path)(source)),
        }
    }
    Err(StoreError::Busy {
        place: path.display().to_string(),
    })
}

/// A file to lock.
fn openable(path: &Path) -> Result<File, StoreError> {
    let open = || {
        private_folder(path.parent().unwrap_or(Path::new(".")))?;
        lock_file(path)
    };
    open().map_err(failed(path))
}

/// How the last attempts ended. What is no text is begun anew by whoever reads it, and keeps
/// nobody from renewing.
fn record(path: &Path) -> Result<Option<String>, StoreError> {
    let bytes = undamaged(path)?;
    Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}

/// The last lease. What a crash or a copy has damaged keeps nobody from renewing: the lock says who lives. What a later
/// version wrote is refused.
fn leased(path: &Path) -> Result<Leased, StoreError> {
    let Some(text) = undamaged(path)? else {
        return Ok(Leased::default());
    };
    match serde_json::from_slice(&text) {
        Ok(leased) => Ok(leased),
        Err(error) if !error.is_data() => Ok(Leased::default()),
        Err(source) => Err(StoreError::Unreadable {
            place: path.display().to_string(),
            source,
        }),
    }
}

/// What a file holds, where there is one that is not damaged.
fn undamaged(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
    match kept::bytes(path) {
        Err(error) if kept::is_damaged(&error) => Ok(None),
        other => other.map_err(failed(path)),
    }
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> StoreError + use<> {
    let path = path.to_owned();
    move |source| StoreError::Folder { path, source }
}
