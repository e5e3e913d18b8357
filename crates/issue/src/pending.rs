//! A certificate that has been asked for, and is not there yet: its key, and the order.
//!
//! ```text
//! FOLDER/key.pem      written before a CA hears of it, for its owner alone
//! FOLDER/order        the order's URL, then what it is for, a line each
//! ```
//!
//! A key that does not read is moved to `key.pem.broken`, and its order forgotten: what the CA would give for it fits no
//! key. Whatever breaks off, the next attempt has the same key, and goes on with the same order where the CA still has it.

use std::fs;
use std::io;
use std::path::PathBuf;

use rcgen::KeyPair;
use zeroize::Zeroizing;

use crate::Identifier;
use crate::kept;
use crate::pairs::{private_folder, write};

const KEY: &str = "key.pem";
const ORDER: &str = "order";

/// What is kept until a certificate has come.
#[derive(Debug, Clone)]
pub struct Pending {
    folder: PathBuf,
}

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PendingError {
    /// The folder cannot be read or written.
    #[error("{path}: {source}")]
    Folder {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// No key could be made, or the one that was to be taken over is none.
    #[error("{path}: {source}")]
    Key {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        source: rcgen::Error,
    },
}

impl Pending {
    /// That of a folder, which is made when there is something to keep.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// The key of an attempt before, where there is one that reads.
    ///
    /// # Errors
    /// [`PendingError`]
    pub fn existing(&self) -> Result<Option<KeyPair>, PendingError> {
        let read = |text: Zeroizing<String>| {
            KeyPair::from_pem(&text).map_err(|source| PendingError::Key {
                path: self.folder.join(KEY),
                source,
            })
        };
        self.kept_key()?.map(read).transpose()
    }

    /// The key of an attempt before, or else this one, or else a new one (P-256); it is kept before it is given out.
    ///
    /// # Errors
    /// [`PendingError`]
    pub fn key(&self, kept: Option<&str>) -> Result<KeyPair, PendingError> {
        let broken = |source| PendingError::Key {
            path: self.folder.join(KEY),
            source,
        };
        if let Some(key) = self.existing()? {
            return Ok(key);
        }
        let key = match kept {
            Some(pem) => KeyPair::from_pem(pem),
            None => KeyPair::generate(),
        };
        let key = key.map_err(broken)?;
        self.keep_key(&Zeroizing::new(key.serialize_pem()))?;
        Ok(key)
    }

    /// The key of an attempt before, in PEM.
    pub(crate) fn kept_key(&self) -> Result<Option<Zeroizing<String>>, PendingError> {
        let path = self.folder.join(KEY);
        kept::key(&path, &self.folder.join(ORDER))
            .map_err(|source| PendingError::Folder { path, source })
    }

    /// Keeps a key, in PEM.
    pub(crate) fn keep_key(&self, pem: &str) -> Result<(), PendingError> {
        let path = self.folder.join(KEY);
        private_folder(&self.folder)
            .and_then(|()| write(&path, pem.as_bytes(), 0o600))
            .map_err(|source| PendingError::Folder { path, source })
    }

    /// The order of an attempt before, where it was for just these.
    pub fn order(&self, identifiers: &[Identifier]) -> Option<String> {
        let (url, were) = self.kept_order()?;
        let are: Vec<String> = identifiers.iter().map(ToString::to_string).collect();
        (were == are).then_some(url)
    }

    /// The order of an attempt before, and what it was for.
    pub(crate) fn kept_order(&self) -> Option<(String, Vec<String>)> {
        let text = kept::text(&self.folder.join(ORDER)).ok()??;
        let mut lines = text.lines().map(str::to_owned);
        Some((lines.next()?, lines.collect()))
    }

    /// Keeps the order. Where that fails, a next attempt begins a new one, which does no harm.
    pub fn keep_order(&self, url: &str, identifiers: &[Identifier]) {
        let lines: Vec<String> = identifiers.iter().map(ToString::to_string).collect();
        self.keep_lines(url, &lines);
    }

    /// The same, of identifiers as they are written.
    pub(crate) fn keep_lines(&self, url: &str, identifiers: &[String]) {
        let text = [&[url.to_owned()], identifiers].concat().join("\n") + "\n";
        drop(write(&self.folder.join(ORDER), text.as_bytes(), 0o600));
    }

    /// Forgets all of it, when the certificate is in its place.
    ///
    /// # Errors
    /// Those of the system.
    pub fn clear(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_next_attempt_has_the_same_key_and_the_same_order_for_the_same_names() {
        let stage = tempfile::tempdir().unwrap();
        let pending = Pending::at(stage.path().join("next"));
        let first = pending.key(None).unwrap().serialize_pem();
        assert_eq!(pending.key(None).unwrap().serialize_pem(), first);
        let one = [Identifier::parse("a.test").unwrap()];
        let other = [Identifier::parse("b.test").unwrap()];
        assert_eq!(pending.order(&one), None);
        pending.keep_order("https://ca.test/order/1", &one);
        assert_eq!(
            pending.order(&one).as_deref(),
            Some("https://ca.test/order/1")
        );
        assert_eq!(pending.order(&other), None);
        pending.clear().unwrap();
        assert_ne!(pending.key(None).unwrap().serialize_pem(), first);
    }

    #[test]
    fn a_key_that_stays_is_taken_over() {
        let stage = tempfile::tempdir().unwrap();
        let pending = Pending::at(stage.path().join("next"));
        let kept = KeyPair::generate().unwrap().serialize_pem();
        assert_eq!(pending.key(Some(&kept)).unwrap().serialize_pem(), kept);
    }

    #[test]
    fn a_key_that_does_not_read_is_moved_aside_and_its_order_forgotten() {
        let stage = tempfile::tempdir().unwrap();
        let pending = Pending::at(stage.path());
        let names = [Identifier::parse("a.test").unwrap()];
        for broken in [&b""[..], b"garbage", b"\xff\xfe"] {
            fs::write(stage.path().join(KEY), broken).unwrap();
            pending.keep_order("https://ca.test/order/1", &names);
            assert!(pending.existing().unwrap().is_none());
            assert_eq!(pending.order(&names), None);
            let aside = stage.path().join("key.pem.broken");
            assert_eq!(fs::read(aside).unwrap(), broken);
            let key = pending.key(None).unwrap().serialize_pem();
            assert_eq!(pending.key(None).unwrap().serialize_pem(), key);
        }
    }

    #[cfg(unix)]
    #[test]
    fn its_key_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let stage = tempfile::tempdir().unwrap();
        Pending::at(stage.path()).key(None).unwrap();
        let mode = stage
            .path()
            .join(KEY)
            .metadata()
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
