//! Accounts (RFC 8555, section 7.1.2): a key on disk, and what a CA calls it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use http::Uri;
use instant_acme::{AccountBuilder, Key};
use keyway_chain::x509::Certificate;
use keyway_report::Timestamp;
use rcgen::KeyPair;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use zeroize::Zeroizing;

use super::binding::bind;
use super::patience::ask;
use super::transport::{Directory, Transport};
use super::window::{self, Window};
use super::wire::{Https, Wire};
use super::{AcmeError, Patience, Step};
use crate::kept;
use crate::pairs::{private_folder, write};

/// How long an account, or a word about it, is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// The key.
const KEY: &str = "account.key";

/// What the CA calls the account: a URL.
const ID: &str = "account.url";

/// An account that is bound to one with the CA (RFC 8555, section 7.3.4).
pub struct External {
    /// What the CA calls it.
    pub key_id: String,
    /// The key that goes with it, as bytes.
    pub key: Zeroizing<Vec<u8>>,
}

impl External {
    /// One whose key is written in base64url, as CAs give it out, with `=` at its end or without; `None` where it is
    /// not.
    pub fn read(key_id: &str, key: &str) -> Option<Self> {
        let key = Base64UrlUnpadded::decode_vec(key.trim().trim_end_matches('='));
        Some(Self {
            key_id: key_id.to_owned(),
            key: Zeroizing::new(key.ok()?),
        })
    }
}

/// An account with a CA.
pub struct Account {
    pub(super) inner: instant_acme::Account,
    pub(super) transport: Transport,
    directory: String,
    folder: PathBuf,
}

impl Account {
    /// The account whose key is in this folder. Where there is none, a key is made and kept before the CA hears of it:
    /// whatever breaks off, the next attempt asks by the same key, and finds the same account (RFC 8555, section
    /// 7.3.1), bound or not. A key that does not read is moved to `account.key.broken`, and counts as none.
    ///
    /// Its user has agreed to the CA's terms of service.
    ///
    /// # Errors
    /// The CA is not reached, wants an external account, or knows this one no more; or the folder cannot be used.
    pub async fn open(
        directory: &Directory,
        folder: &Path,
        contact: &[String],
        external: Option<&External>,
    ) -> Result<Self, AcmeError> {
        let wire = Arc::new(Https::new(&directory.roots)?);
        Self::open_over(wire, &directory.url, folder, contact, external).await
    }

    /// The account that is kept in a folder, as [`Account::open`] keeps it; `None` where the CA gave it no number yet.
    /// None is made.
    ///
    /// # Errors
    /// The CA is not reached; or the folder cannot be read.
    pub async fn kept(directory: &Directory, folder: &Path) -> Result<Option<Self>, AcmeError> {
        let transport = Transport::over(Arc::new(Https::new(&directory.roots)?));
        let opening = Opening {
            directory: &directory.url,
            transport: &transport,
            folder,
            contact: &[],
        };
        let Some((key, Some(id))) = opening.kept()? else {
            return Ok(None);
        };
        let inner = opening.known(&key, &id).await?;
        Ok(Some(opening.account(inner)))
    }

    /// The same, by another way than https: for what stands in for a CA.
    ///
    /// # Errors
    /// As [`Account::open`].
    pub async fn open_over(
        wire: Arc<dyn Wire>,
        directory: &str,
        folder: &Path,
        contact: &[String],
        external: Option<&External>,
    ) -> Result<Self, AcmeError> {
        let transport = Transport::over(wire);
        let opening = Opening {
            directory,
            transport: &transport,
            folder,
            contact,
        };
        let kept = opening.kept()?;
        let inner = match (kept, external) {
            (Some((key, Some(id))), _) => opening.known(&key, &id).await?,
            (Some((key, None)), Some(external)) => opening.found_or_bound(&key, external).await?,
            (None, Some(external)) => opening.bound(&opening.new_key()?, external).await?,
            (Some((key, None)), None) => opening.by_key(&key).await?,
            (None, None) => opening.by_key(&opening.new_key()?).await?,
        };
        Ok(opening.account(inner))
    }

    /// The profiles that the CA has (draft-aaron-acme-profiles), each with its words on it.
    pub fn profiles(&self) -> Vec<(String, String)> {
        let profiles = self.inner.profiles();
        let profiles = profiles.map(|it| (it.name.to_owned(), it.description.to_owned()));
        let mut profiles: Vec<_> = profiles.collect();
        profiles.sort();
        profiles
    }

    /// The CA's names in CAA records (RFC 8659), as its directory says; empty where it does not.
    pub fn issuers(&self) -> Vec<String> {
        self.transport.aside().issuers
    }

    /// What time it was by the CA's clock when it answered last, where it says so (RFC 9110, section 6.6.1).
    pub fn clock(&self) -> Option<Timestamp> {
        self.transport.aside().date
    }

    /// What the CA calls the account.
    pub fn id(&self) -> &str {
        self.inner.id()
    }

    /// When the CA wants this certificate to be renewed (RFC 9773). `None` where it says nothing of that.
    ///
    /// # Errors
    /// It is not reached, or refuses.
    pub async fn window(&self, certificate: &Certificate) -> Result<Option<Window>, AcmeError> {
        window::ask(&self.inner, &self.transport, certificate).await
    }

    /// Whether a URL is at the server of the CA.
    pub(super) fn is_at_ca(&self, url: &str) -> bool {
        [self.directory.as_str(), self.inner.id()]
            .iter()
            .any(|own| is_same_origin(own, url))
    }

    /// Forgets what the CA calls the account, so that it is asked for by its key again: for a CA that knows it no more.
    pub(super) fn forget(&self) {
        let _ = fs::remove_file(self.folder.join(ID));
    }
}

/// An account that is being opened.
struct Opening<'a> {
    directory: &'a str,
    transport: &'a Transport,
    folder: &'a Path,
    contact: &'a [String],
}

impl Opening<'_> {
    /// What was opened.
    fn account(&self, inner: instant_acme::Account) -> Account {
        Account {
            inner,
            transport: self.transport.clone(),
            directory: self.directory.to_owned(),
            folder: self.folder.to_path_buf(),
        }
    }

    /// The key that is kept, and what the CA calls it where that is known: an address of the CA's, or it counts as none.
    fn kept(&self) -> Result<Option<(PrivatePkcs8KeyDer<'static>, Option<String>)>, AcmeError> {
        let path = self.folder.join(ID);
        let text = kept::key(&self.folder.join(KEY), &path);
        let Some(text) = text.map_err(|error| self.unusable(&error))? else {
            return Ok(None);
        };
        let key = PrivateKeyDer::from_pem_slice(text.as_bytes());
        let key = key.map_err(|error| self.unusable(&error))?;
        let PrivateKeyDer::Pkcs8(key) = key else {
            return Err(self.unusable(&"it is not in PKCS#8"));
        };
        let id = kept::text(&path).ok().flatten();
        let id = id.map(|id| id.trim().to_owned());
        Ok(Some((
            key,
            id.filter(|id| is_same_origin(self.directory, id)),
        )))
    }

    fn new_key(&self) -> Result<PrivatePkcs8KeyDer<'static>, AcmeError> {
        let made = KeyPair::generate().map_err(|error| self.unusable(&error))?;
        let key = PrivatePkcs8KeyDer::from(made.serialize_der());
        self.keep_key(&key)?;
        Ok(key)
    }

    fn keep_key(&self, key: &PrivatePkcs8KeyDer<'_>) -> Result<(), AcmeError> {
        let pair = KeyPair::try_from(key).map_err(|error| self.unusable(&error))?;
        let pem = Zeroizing::new(pair.serialize_pem());
        private_folder(self.folder)
            .and_then(|()| write(&self.folder.join(KEY), pem.as_bytes(), 0o600))
            .map_err(|error| self.unusable(&error))
    }

    fn keep_id(&self, account: &instant_acme::Account) -> Result<(), AcmeError> {
        let line = format!("{}\n", account.id());
        write(&self.folder.join(ID), line.as_bytes(), 0o600).map_err(|error| self.unusable(&error))
    }

    async fn known(
        &self,
        key: &PrivatePkcs8KeyDer<'static>,
        id: &str,
    ) -> Result<instant_acme::Account, AcmeError> {
        self.ask(Step::Directory, async |builder| {
            let url = self.directory.to_owned();
            builder
                .from_parts(id.to_owned(), key.clone_key(), url)
                .await
        })
        .await
    }

    async fn by_key(
        &self,
        key: &PrivatePkcs8KeyDer<'static>,
    ) -> Result<instant_acme::Account, AcmeError> {
        let account = self.ask(Step::Account, async |builder| {
            let url = self.directory.to_owned();
            let pair = Key::from_pkcs8_der(key.clone_key())?;
            let made = builder.create_from_key((pair, key.clone_key().into()), url);
            Ok(made.await?.0)
        });
        let account = account.await?;
        if !self.contact.is_empty() {
            let contact: Vec<&str> = self.contact.iter().map(String::as_str).collect();
            let patience = Patience::of(PATIENCE);
            ask(Step::Account, self.transport, patience, async || {
                account.update_contacts(&contact).await
            })
            .await?;
        }
        self.keep_id(&account)?;
        Ok(account)
    }

    /// The account that a key has, which was bound before; else a new one. A CA may take what binds it but once.
    async fn found_or_bound(
        &self,
        key: &PrivatePkcs8KeyDer<'static>,
        external: &External,
    ) -> Result<instant_acme::Account, AcmeError> {
        let found = self.ask(Step::Account, async |builder| {
            let url = self.directory.to_owned();
            let pair = Key::from_pkcs8_der(key.clone_key())?;
            let found = builder.from_key((pair, key.clone_key().into()), url);
            Ok(found.await?.0)
        });
        match found.await {
            Ok(account) => {
                self.keep_id(&account)?;
                Ok(account)
            }
            Err(error @ AcmeError::Refused { .. }) if !error.is_passing() => {
                self.bound(key, external).await
            }
            Err(other) => Err(other),
        }
    }

    async fn bound(
        &self,
        key: &PrivatePkcs8KeyDer<'static>,
        external: &External,
    ) -> Result<instant_acme::Account, AcmeError> {
        let patience = Patience::of(PATIENCE);
        let (transport, directory) = (self.transport, self.directory);
        let id = ask(Step::Account, transport, patience, async || {
            bind(transport, directory, key, external, self.contact).await
        });
        let account = self.known(key, &id.await?).await?;
        self.keep_id(&account)?;
        Ok(account)
    }

    async fn ask<T>(
        &self,
        step: Step,
        mut once: impl AsyncFnMut(AccountBuilder) -> Result<T, instant_acme::Error>,
    ) -> Result<T, AcmeError> {
        let patience = Patience::of(PATIENCE);
        ask(step, self.transport, patience, async || {
            let http = Box::new(self.transport.clone());
            once(instant_acme::Account::builder_with_http(http)).await
        })
        .await
    }

    fn unusable(&self, why: &dyn std::fmt::Display) -> AcmeError {
        AcmeError::AccountKey(format!("{}: {why}", self.folder.join(KEY).display()))
    }
}

/// Whether two URLs are https, and of one host and port (RFC 6454, section 5).
fn is_same_origin(one: &str, other: &str) -> bool {
    let origin = |url: &str| {
        let url: Uri = url.parse().ok()?;
        let authority = url
            .authority()
            .filter(|_| url.scheme_str() == Some("https"))?;
        let port = authority.port_u16().unwrap_or(443);
        Some((authority.host().to_ascii_lowercase(), port))
    };
    origin(one).is_some_and(|one| origin(other) == Some(one))
}
