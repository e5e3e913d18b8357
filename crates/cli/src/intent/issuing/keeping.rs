//! Where managed certificates are kept: in the state folder of this machine, or in a store that replicas share. Of what
//! is shared, the state folder has a copy, which is what a server follows.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};
use keyway_issue::Pairs;
use keyway_issue::pairs::private_folder;
use keyway_issue::store::{
    Folder, Lease, MARGIN, Mirror, Mirrored, Store, StoreError, TERM, Taken, share,
};
use tokio::time::sleep;

use super::called::{ca_name, called};
use super::former::former;
use super::issuer::Issuer;
use super::managed::{Managed, STAGED};
use super::record::Record;
use crate::failure::Failure;
use crate::intent::{moment, workshop};
use crate::voice;

/// How long somebody else is waited for who is at the same certificate: in a folder as long as an order takes, in a store
/// until a holder that says nothing more counts as gone.
const NEAR_PATIENCE: Duration = Duration::from_secs(330);
const FAR_PATIENCE: Duration = Duration::from_secs((TERM + MARGIN + 30).unsigned_abs());

/// Between two looks at whether they are done.
const NEAR_PAUSE: Duration = Duration::from_millis(200);
const FAR_PAUSE: Duration = Duration::from_secs(2);

/// Where certificates are kept.
#[derive(Clone, Default)]
pub(crate) struct Keeping {
    shared: Option<Shared>,
}

#[derive(Clone)]
struct Shared {
    store: Arc<dyn Store>,
    address: String,
    /// Where it is, of one in a folder.
    folder: Option<PathBuf>,
}

impl Keeping {
    /// The store at an address: `file:///FOLDER`, or one of those of `object_store`. Without one, the state folder.
    pub(crate) fn at(address: Option<&str>) -> Result<Self, Failure> {
        let Some(address) = address.filter(|address| !address.is_empty()) else {
            return Ok(Self::default());
        };
        let folder = address.strip_prefix("file://").map(PathBuf::from);
        let store: Arc<dyn Store> = match &folder {
            Some(path) if path.is_absolute() => {
                let pairs = Pairs::at(path.join("certificates"));
                Arc::new(Folder::at(pairs, path.join("accounts")))
            }
            Some(_) => return Err(Failure::Need(voice::renew::no_store(address))),
            None => objects(address)?,
        };
        Ok(Self {
            shared: Some(Shared {
                store,
                address: address.to_owned(),
                folder,
            }),
        })
    }

    /// Where that of one service is.
    pub(super) fn of<'a>(&self, managed: &'a Managed) -> Result<Kept<'a>, Failure> {
        let Some(shared) = &self.shared else {
            return Ok(Kept {
                managed,
                seat: Seat {
                    store: Arc::new(managed.store()),
                    name: managed.name.clone(),
                    address: None,
                },
                copy: None,
            });
        };
        if managed.issuer == Issuer::Local {
            return Err(Failure::Need(voice::renew::LOCAL_IS_NOT_SHARED.to_owned()));
        }
        // A server goes on with its copy meanwhile: it is looked at each time.
        if shared
            .folder
            .as_ref()
            .is_some_and(|folder| !folder.is_dir())
        {
            return Err(Failure::Need(voice::renew::no_folder(&shared.address)));
        }
        let name = shared_name(managed);
        Ok(Kept {
            managed,
            copy: Some(Copy {
                mirror: Mirror::of(managed.pairs(), &managed.name).called(&name),
                address: shared.address.clone(),
                is_searched: false,
            }),
            seat: Seat {
                store: Arc::clone(&shared.store),
                name,
                address: Some(shared.address.clone()),
            },
        })
    }
}

/// What a certificate is called in a store: replicas whose files say the same, in whatever order, share it, and others do not
/// take turns with them, be it only while a change of the file makes its way to all.
fn shared_name(managed: &Managed) -> String {
    let mut hosts = managed.wanted.hosts.clone();
    hosts.sort_unstable();
    let wanted = format!("{}\n{}", hosts.join("\n"), managed.wanted.by);
    let digest = digest(&SHA256, wanted.as_bytes());
    let first: [u8; 8] = digest.as_ref().first_chunk().copied().unwrap_or_default();
    let name = hosts.first().map_or_else(String::new, |host| called(host));
    let staged = if managed.is_staged { STAGED } else { "" };
    format!("{name}{staged}+{:016x}", u64::from_be_bytes(first))
}

#[cfg(feature = "object-store")]
fn objects(address: &str) -> Result<Arc<dyn Store>, Failure> {
    use crate::intent::system_roots;
    use keyway_issue::store::Objects;
    // As `object_store` reads them, and nowhere else: a file that is shown to others has no credentials.
    const KINDS: [&str; 3] = ["AWS_", "AZURE_", "GOOGLE_"];
    let set = std::env::vars_os().filter_map(|(name, value)| {
        let (name, value) = (name.into_string().ok()?, value.into_string().ok()?);
        let is_ours = KINDS.iter().any(|kind| name.starts_with(kind));
        is_ours.then(|| (name, zeroize::Zeroizing::new(value)))
    });
    let set: Vec<(String, zeroize::Zeroizing<String>)> = set.collect();
    let settings = set
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    match Objects::open(address, settings, &system_roots()?) {
        Ok(objects) => Ok(Arc::new(objects)),
        Err(StoreError::NoStore(_)) => Err(Failure::Need(voice::renew::no_store(address))),
        Err(error) => Err(unusable(&error)),
    }
}

#[cfg(not(feature = "object-store"))]
fn objects(address: &str) -> Result<Arc<dyn Store>, Failure> {
    Err(Failure::Need(voice::renew::no_store(address)))
}

/// One managed certificate, and the store that decides about it.
pub(super) struct Kept<'a> {
    managed: &'a Managed,
    pub(super) seat: Seat,
    /// What the state folder has of it, where it is not the store.
    copy: Option<Copy>,
}

/// Where the right to change a certificate is had.
#[derive(Clone)]
pub(super) struct Seat {
    store: Arc<dyn Store>,
    name: String,
    /// Where the store is that replicas share; `None` of the state folder.
    pub(super) address: Option<String>,
}

/// What a look at a store came to.
pub(super) enum Followed<'a> {
    /// It has no pair.
    Nothing,
    /// There is nothing new.
    Same,
    /// A new pair was fetched from this address.
    Fetched(&'a str),
    /// It has no pair, but one of before for some of the hosts, which was fetched, as there was none here.
    Former(&'a str),
}

struct Copy {
    mirror: Mirror,
    address: String,
    /// Whether a pair of before was looked for.
    is_searched: bool,
}

/// A store's record as it is kept here. Where the store has no pair yet, it does not say what the one here was made for.
fn here(record: &str, managed: &Managed, is_new: bool) -> String {
    let mut read = Record::read(Some(record));
    if is_new || read.made.is_some() {
        return record.to_owned();
    }
    read.made = managed.record().made;
    read.render()
}

impl Kept<'_> {
    /// Has the state folder hold what the store has.
    pub(super) async fn follow(&mut self) -> Result<Followed<'_>, Failure> {
        let Some(copy) = &mut self.copy else {
            return Ok(Followed::Same);
        };
        let folder = self.managed.folder();
        private_folder(&folder).map_err(|source| Failure::Unwritable {
            path: folder,
            source,
        })?;
        self.managed.claim()?;
        let mirrored = copy.mirror.follow(&*self.seat.store).await;
        let mirrored = mirrored.map_err(|error| unusable(&error))?;
        if let Some(record) = copy.mirror.record() {
            let is_new = matches!(mirrored, Mirrored::Put(_));
            self.managed.keep(&here(record, self.managed, is_new))?;
        }
        if mirrored == Mirrored::Nothing && !copy.is_searched && self.managed.current()?.is_none() {
            copy.is_searched = true;
            if let Some((pair, made)) = former(&*self.seat.store, self.managed).await {
                self.managed.keep_former(&pair, made)?;
                return Ok(Followed::Former(&copy.address));
            }
        }
        Ok(match mirrored {
            Mirrored::Nothing => Followed::Nothing,
            Mirrored::Same => Followed::Same,
            Mirrored::Put(_) => Followed::Fetched(&copy.address),
        })
    }
}

impl Seat {
    /// Asks for the right to change it.
    pub(super) async fn take(&self) -> Result<Taken<'_>, Failure> {
        let holder = format!("{}, process {}", workshop::machine(), std::process::id());
        let taken = Lease::take(&*self.store, &self.name, &holder, moment(None)?).await;
        taken.map_err(|error| unusable(&error))
    }

    /// The same, when nobody else has it.
    pub(super) async fn lease(&self) -> Result<Box<Lease<'_>>, Failure> {
        let mut waiting = Waiting::at(self);
        loop {
            match self.take().await? {
                Taken::Lease(lease) => return Ok(lease),
                Taken::Held(holding) => waiting.more(&holding.holder).await?,
            }
        }
    }

    /// Makes the account with a CA the one that all replicas have; a key for it may be made.
    pub(super) async fn share_account(
        &self,
        managed: &Managed,
        url: &str,
        may_make: bool,
    ) -> Result<(), Failure> {
        if self.address.is_none() {
            return Ok(());
        }
        let shared = share(&*self.store, &ca_name(url), &managed.account(url), may_make).await;
        shared.map_err(|error| unusable(&error))
    }
}

/// Waiting for who is at a certificate.
pub(super) struct Waiting {
    began: Instant,
    patience: Duration,
    pause: Duration,
    told: bool,
}

impl Waiting {
    pub(super) fn at(seat: &Seat) -> Self {
        let (patience, pause) = if seat.address.is_some() {
            (FAR_PATIENCE, FAR_PAUSE)
        } else {
            (NEAR_PATIENCE, NEAR_PAUSE)
        };
        Self {
            began: Instant::now(),
            patience,
            pause,
            told: false,
        }
    }

    /// Waits a moment more, and tells of it the first time.
    pub(super) async fn more(&mut self, holder: &str) -> Result<(), Failure> {
        if self.began.elapsed() > self.patience {
            return Err(Failure::Need(voice::renew::held(holder)));
        }
        if !self.told {
            crate::terminal::note(&voice::renew::waiting(holder));
            self.told = true;
        }
        sleep(self.pause).await;
        Ok(())
    }
}

fn unusable(error: &StoreError) -> Failure {
    voice::renew::unusable_store(error)
}
