//! What a service file says of those who hold its records.

use std::path::{Path, PathBuf};

use keyway_config::model::Tsig;
use keyway_config::rules::unknown_field::UnknownField;
use keyway_config::{Surroundings, check};
use keyway_dns::message::tsig::{Algorithm, Key};
use keyway_report::{Evidence as _, Kind as _};

use super::service::{ServiceFile, secret};
use super::{read_file, shown};
use crate::arguments::SignArguments;
use crate::failure::Failure;
use crate::terminal;
use crate::voice;

/// What a service file says of those who hold its records.
#[derive(Default)]
pub(crate) struct Known {
    /// Resolvers.
    pub(crate) resolvers: Vec<String>,
    /// The server that takes updates.
    pub(crate) server: Option<String>,
    /// The key that signs them, which is read when something is signed.
    key: Option<KeyField>,
}

/// A key that a service file names.
struct KeyField {
    tsig: Tsig,
    file: PathBuf,
    folder: PathBuf,
}

/// Reads a service file for what it says of the DNS; fields that nobody reads are told.
pub(crate) fn with_slips_told(path: &Path) -> Result<ServiceFile, Failure> {
    let file = ServiceFile::open(path)?;
    if let Some(note) = voice::plan::slips(&file.path, &slips(&file)) {
        terminal::note(&note);
    }
    Ok(file)
}

/// Fields that nobody reads, in words: what they should say stays what it is without them.
fn slips(file: &ServiceFile) -> Vec<String> {
    let found = check(&file.draft, &shown(&file.path), &Surroundings::default());
    let slips = found
        .iter()
        .filter(|it| it.code() == UnknownField::RULE.code);
    slips.map(|slip| slip.kind.message()).collect()
}

impl Known {
    /// What is in a service file, if there is one.
    pub(crate) fn of(file: Option<&ServiceFile>) -> Self {
        let Some(file) = file else {
            return Self::default();
        };
        let dns = &file.draft.service.dns;
        let key = dns.tsig.as_ref().map(|tsig| KeyField {
            tsig: tsig.clone(),
            file: file.path.clone(),
            folder: file.folder(),
        });
        Self {
            resolvers: dns.resolvers.iter().map(str::to_owned).collect(),
            server: dns.server.clone(),
            key,
        }
    }

    /// The service file's key to sign with.
    pub(crate) fn own_key(&self) -> Result<Option<Key>, Failure> {
        self.key.as_ref().map(KeyField::read).transpose()
    }

    /// The key to sign with: the one that was named, else the file's.
    pub(crate) fn key(&self, arguments: &SignArguments) -> Result<Option<Key>, Failure> {
        let Some(path) = &arguments.tsig else {
            return self.own_key();
        };
        let given = read_file(path).map_err(|refused| refused.at(path))?;
        let unusable = |why: String| Failure::Key {
            path: path.clone(),
            why,
        };
        let text = std::str::from_utf8(&given.bytes);
        let text = text.map_err(|_| unusable("it is no text".to_owned()))?;
        let key = Key::read(text).map_err(|error| unusable(error.to_string()))?;
        Ok(Some(key))
    }
}

impl KeyField {
    fn read(&self) -> Result<Key, Failure> {
        let algorithm = self.tsig.algorithm.as_deref().unwrap_or("hmac-sha256");
        let unusable = |why: String| Failure::Key {
            path: self.file.clone(),
            why,
        };
        let known = Algorithm::read(algorithm);
        let known = known.ok_or_else(|| unusable(format!("there is no algorithm {algorithm}")))?;
        let secret = secret(&self.tsig.secret, &self.folder, "dns.tsig.secret")?;
        let text =
            std::str::from_utf8(&secret).map_err(|_| unusable("it is no text".to_owned()))?;
        Key::new(&self.tsig.name, known, text).map_err(|error| unusable(error.to_string()))
    }
}
