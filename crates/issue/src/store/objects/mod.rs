//! An object store: S3, Azure Blob Storage, Google Cloud Storage, and what speaks like them.
//!
//! ```text
//! PREFIX/certificates/NAME.json   an entry, with its private keys
//! PREFIX/accounts/CA.json         the account with a CA, with its key
//! ```
//!
//! Every write has a condition (`If-None-Match: *`, `If-Match`, `x-goog-if-generation-match`), which these stores
//! judge one after the other; they show what was written to whoever reads after it.

mod connection;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use keyway_report::escape;
use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::path::Path;
use object_store::{
    BackoffConfig, Error, GetOptions, ObjectStore, PutMode, PutPayload, RetryConfig, UpdateVersion,
};
use rustls_pki_types::CertificateDer;
use tokio::time::timeout;

use self::connection::Connector;
use super::{
    AccountKey, Answering, Entry, MAX_ENTRY, MAX_NAMES, Presence, Reading, Store, StoreError,
    Version, Written,
};
use crate::pairs::plain;

/// Longest time for one reading or writing, with what is tried again.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is tried again: what a store says it could not do for now, and connections that did not come about. A write
/// that may have been done is not among them.
const RETRIES: usize = 3;
const RETRY_TIME: Duration = Duration::from_secs(15);

/// What holds entries, and how the name of one ends.
const CERTIFICATES: &str = "certificates";
const ENDING: &str = ".json";

/// Most characters of what a store says.
const MAX_SAID: usize = 140;

/// Entries as objects. Two replicas that name the same bucket and prefix share what is there.
#[derive(Debug, Clone)]
pub struct Objects {
    bucket: Arc<dyn ObjectStore>,
    prefix: Path,
    /// What it is called in errors.
    address: String,
}

impl Objects {
    /// Those of a store that is open, below a prefix.
    pub fn over(objects: Arc<dyn ObjectStore>, prefix: &str) -> Self {
        Self {
            address: objects.to_string(),
            bucket: objects,
            prefix: Path::from(prefix),
        }
    }

    /// Those at `s3://BUCKET/PREFIX`, `az://CONTAINER/PREFIX` or `gs://BUCKET/PREFIX`; nobody is asked yet. Settings
    /// are those of `object_store`, called as in the environment (`AWS_REGION`, `AZURE_STORAGE_ACCOUNT_NAME`,
    /// `GOOGLE_SERVICE_ACCOUNT`): of whom a store is, and by what right it is used; as there, those that this kind of
    /// store does not know are passed over. The roots vouch for its servers; without TLS they are asked where
    /// `allow_http` is `true`.
    ///
    /// # Errors
    /// The address is none, or a setting is missing or cannot be used.
    pub fn open<'a>(
        url: &str,
        settings: impl IntoIterator<Item = (&'a str, &'a str)>,
        roots: &[CertificateDer<'static>],
    ) -> Result<Self, StoreError> {
        let no_store = || StoreError::NoStore(url.to_owned());
        let (scheme, rest) = url.split_once("://").ok_or_else(no_store)?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() {
            return Err(no_store());
        }
        let connector = Connector::new(roots)?;
        let refused = |source| refused(url, source);
        macro_rules! opened {
            ($builder:ty, $with_bucket:ident) => {{
                let mut builder = <$builder>::new()
                    .$with_bucket(bucket)
                    .with_http_connector(connector)
                    .with_retry(retries());
                for (key, value) in settings {
                    if let Ok(known) = key.to_ascii_lowercase().parse() {
                        builder = builder.with_config(known, value);
                    }
                }
                Arc::new(builder.build().map_err(refused)?)
            }};
        }
        let objects: Arc<dyn ObjectStore> = match scheme {
            "s3" => opened!(AmazonS3Builder, with_bucket_name),
            "az" => opened!(MicrosoftAzureBuilder, with_container_name),
            "gs" => opened!(GoogleCloudStorageBuilder, with_bucket_name),
            _ => return Err(no_store()),
        };
        Ok(Self {
            address: format!("{scheme}://{bucket}"),
            ..Self::over(objects, prefix)
        })
    }

    fn place(&self, kind: &str, name: &str) -> Place {
        let path = self.prefix.clone().join(kind);
        let path = path.join(format!("{}{ENDING}", plain(name)));
        Place {
            name: format!("{}/{path}", self.address),
            path,
        }
    }

    /// The object at a place, unless it is this version; `None` where there is none.
    async fn get(
        &self,
        place: &Place,
        unless: Option<&Version>,
    ) -> Result<Option<Object>, StoreError> {
        let options = GetOptions::new().with_if_none_match(unless.map(|it| it.tag.clone()));
        let got = bounded(place, async {
            let found = self.bucket.get_opts(&place.path, options).await?;
            if found.meta.size > MAX_ENTRY as u64 {
                return Ok(None);
            }
            let version = Version {
                tag: found.meta.e_tag.clone().unwrap_or_default(),
                number: found.meta.version.clone(),
            };
            Ok(Some(Object::Found(found.bytes().await?, version)))
        });
        match got.await? {
            Ok(Some(object)) => Ok(Some(object)),
            Ok(None) => Err(StoreError::TooBig {
                place: place.name.clone(),
            }),
            Err(Error::NotModified { .. }) => Ok(Some(Object::Same)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(source) => Err(refused(&place.name, source)),
        }
    }

    async fn put(&self, place: &Place, text: Bytes, mode: PutMode) -> Result<Written, StoreError> {
        let put = self
            .bucket
            .put_opts(&place.path, PutPayload::from(text), mode.into());
        match bounded(place, put).await? {
            Ok(done) => Ok(Written::Done(Version {
                tag: done.e_tag.unwrap_or_default(),
                number: done.version,
            })),
            Err(Error::Precondition { .. } | Error::AlreadyExists { .. }) => Ok(Written::Conflict),
            Err(source) => Err(refused(&place.name, source)),
        }
    }
}

/// Where an object is, and what that is called in errors.
struct Place {
    path: Path,
    name: String,
}

/// What is at a place.
enum Object {
    Same,
    Found(Bytes, Version),
}

impl Store for Objects {
    fn read<'a>(&'a self, name: &'a str, unless: Option<&'a Version>) -> Answering<'a, Reading> {
        Box::pin(async move {
            let place = self.place(CERTIFICATES, name);
            Ok(match self.get(&place, unless).await? {
                None => Reading::Absent,
                Some(Object::Same) => Reading::Same,
                Some(Object::Found(text, version)) => {
                    let entry = Entry::read(&text).map_err(unreadable(&place))?;
                    Reading::Found(Box::new(entry), version)
                }
            })
        })
    }

    fn names(&self) -> Answering<'_, Vec<String>> {
        Box::pin(async move {
            let path = self.prefix.clone().join(CERTIFICATES);
            let place = Place {
                name: format!("{}/{path}", self.address),
                path,
            };
            let listed = self.bucket.list_with_delimiter(Some(&place.path));
            let listed = bounded(&place, listed).await?;
            let listed = listed.map_err(|source| refused(&place.name, source))?;
            let names = listed.objects.iter().filter_map(|object| {
                let name = object.location.filename()?.strip_suffix(ENDING)?;
                Some(name.to_owned())
            });
            Ok(names.take(MAX_NAMES).collect())
        })
    }

    fn write<'a>(
        &'a self,
        name: &'a str,
        entry: &'a Entry,
        over: Option<&'a Version>,
    ) -> Answering<'a, Written> {
        Box::pin(async move {
            let place = self.place(CERTIFICATES, name);
            let text = entry.render().map_err(unreadable(&place))?;
            if text.len() > MAX_ENTRY {
                return Err(StoreError::TooBig {
                    place: place.name.clone(),
                });
            }
            let mode = over.map_or(PutMode::Create, |version| {
                PutMode::Update(UpdateVersion {
                    e_tag: Some(version.tag.clone()),
                    version: version.number.clone(),
                })
            });
            self.put(&place, Bytes::copy_from_slice(&text), mode).await
        })
    }

    fn account<'a>(&'a self, ca: &'a str) -> Answering<'a, Option<AccountKey>> {
        Box::pin(async move {
            let place = self.place("accounts", ca);
            match self.get(&place, None).await? {
                Some(Object::Found(text, _)) => serde_json::from_slice(&text)
                    .map(Some)
                    .map_err(unreadable(&place)),
                Some(Object::Same) | None => Ok(None),
            }
        })
    }

    fn keep_account<'a>(
        &'a self,
        ca: &'a str,
        account: &'a AccountKey,
    ) -> Answering<'a, AccountKey> {
        Box::pin(async move {
            let place = self.place("accounts", ca);
            let text = serde_json::to_vec(account).map_err(unreadable(&place))?;
            match self.put(&place, text.into(), PutMode::Create).await? {
                Written::Done(_) => Ok(account.clone()),
                Written::Conflict => {
                    let kept = self.account(ca).await?;
                    kept.ok_or_else(|| StoreError::Busy {
                        place: place.name.clone(),
                    })
                }
            }
        })
    }

    fn presence(&self, _: &str) -> Result<Presence, StoreError> {
        Ok(Presence::Unknown)
    }
}

fn retries() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig::default(),
        max_retries: RETRIES,
        retry_timeout: RETRY_TIME,
    }
}

async fn bounded<T>(place: &Place, work: impl Future<Output = T>) -> Result<T, StoreError> {
    timeout(PATIENCE, work).await.map_err(|_| StoreError::Late {
        place: place.name.clone(),
        seconds: PATIENCE.as_secs(),
    })
}

fn refused(place: &str, source: Error) -> StoreError {
    StoreError::Objects {
        place: place.to_owned(),
        source: Box::new(source),
    }
}

fn unreadable(place: &Place) -> impl FnOnce(serde_json::Error) -> StoreError {
    let place = place.name.clone();
    move |source| StoreError::Unreadable { place, source }
}

/// What lies at the bottom of an error: what a server says, or the system.
pub(super) fn brief(error: &Error) -> String {
    let mut last: &dyn std::error::Error = error;
    while let Some(source) = last.source() {
        last = source;
    }
    let said = last.to_string();
    let said = coded(&said).unwrap_or(said);
    let said: String = said.chars().take(MAX_SAID).collect();
    escape::text(&said)
}

/// What these stores answer in XML, without it: HTTP's status, their code, and the first line of their words.
fn coded(said: &str) -> Option<String> {
    let within = |tag: &str| {
        let (_, rest) = said.split_once(&format!("<{tag}>"))?;
        rest.split(['<', '\n']).next()
    };
    let (status, _) = said.split_once(": <")?;
    let code = within("Code")?;
    Some(format!(
        "{status}: {code}: {}",
        within("Message").unwrap_or("")
    ))
}
