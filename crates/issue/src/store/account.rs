//! The account with a CA: the same for all replicas.

use std::fs;
use std::io;
use std::path::Path;

use rcgen::KeyPair;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::entry::secret;
use super::{Store, StoreError};
use crate::kept;
use crate::pairs::{private_folder, write};

/// The files of [`crate::acme::Account`].
const KEY: &str = "account.key";
const URL: &str = "account.url";

/// The account with a CA: its key, and what the CA calls it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountKey {
    /// The key, in PEM (PKCS#8).
    #[serde(with = "secret")]
    pub key: Zeroizing<String>,
    /// What the CA calls it, where that was known when it was kept; a CA says so to whoever asks by the key.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub url: Option<String>,
}

impl std::fmt::Debug for AccountKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountKey")
            .field("key", &"[redacted]")
            .field("url", &self.url)
            .finish()
    }
}

impl AccountKey {
    /// What is in a folder of [`crate::acme::Account`].
    pub(super) fn of(folder: &Path) -> Result<Option<Self>, StoreError> {
        let path = folder.join(URL);
        let key = kept::key(&folder.join(KEY), &path);
        let Some(key) = key.map_err(unusable(folder))? else {
            return Ok(None);
        };
        let url = kept::text(&path).ok().flatten();
        let url = url.map(|url| url.trim().to_owned());
        let url = url.filter(|url| !url.is_empty());
        Ok(Some(Self { key, url }))
    }

    /// Puts it into such a folder.
    pub(super) fn put(&self, folder: &Path) -> Result<(), StoreError> {
        let put = || {
            private_folder(folder)?;
            // A URL is never beside a key that it does not belong to.
            match fs::remove_file(folder.join(URL)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            write(&folder.join(KEY), self.key.as_bytes(), 0o600)?;
            match &self.url {
                Some(url) => write(&folder.join(URL), format!("{url}\n").as_bytes(), 0o600),
                None => Ok(()),
            }
        };
        put().map_err(unusable(folder))
    }
}

fn unusable(folder: &Path) -> impl Fn(io::Error) -> StoreError {
    let path = folder.join(KEY);
    move |source| StoreError::Folder {
        path: path.clone(),
        source,
    }
}

/// Makes the account in a folder of [`crate::acme::Account`] the one that all replicas have: the store's, or, where it
/// has none, the folder's, or else a new key where one may be made. Whoever comes second takes the first one's.
///
/// # Errors
/// The store or the folder cannot be used.
pub async fn share(
    store: &dyn Store,
    ca: &str,
    folder: &Path,
    may_make: bool,
) -> Result<(), StoreError> {
    let here = AccountKey::of(folder)?;
    let shared = match (store.account(ca).await?, &here) {
        (Some(shared), _) => shared,
        (None, Some(here)) => store.keep_account(ca, here).await?,
        (None, None) if may_make => {
            let key = KeyPair::generate().map_err(|source| StoreError::Key {
                place: folder.join(KEY).display().to_string(),
                source,
            })?;
            let key = Zeroizing::new(key.serialize_pem());
            store
                .keep_account(ca, &AccountKey { key, url: None })
                .await?
        }
        (None, None) => return Ok(()),
    };
    // The folder may know more of the same account.
    if here.is_none_or(|here| here.key != shared.key) {
        shared.put(folder)?;
    }
    Ok(())
}
