//! A store's pair in a folder of this machine.

use super::{Reading, Store, StoreError, Version};
use crate::Pairs;
use crate::pairs::Places;

/// A replica's copy of the pair of a name: files that a server follows.
#[derive(Debug)]
pub struct Mirror {
    pairs: Pairs,
    name: String,
    /// What it is called in the store.
    entry: String,
    seen: Option<Version>,
    record: Option<String>,
}

/// What a look at the store came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mirrored {
    /// The store has no pair of this name; what is in the folder stays.
    Nothing,
    /// The folder has the store's pair.
    Same,
    /// The folder had another one, and has the store's now.
    Put(Places),
}

impl Mirror {
    /// That of a name, in this folder.
    pub fn of(pairs: Pairs, name: &str) -> Self {
        Self {
            pairs,
            name: name.to_owned(),
            entry: name.to_owned(),
            seen: None,
            record: None,
        }
    }

    /// The same, where it is called otherwise in the store.
    #[must_use]
    pub fn called(self, entry: &str) -> Self {
        Self {
            entry: entry.to_owned(),
            ..self
        }
    }

    /// How the last attempts ended, as the store had it when it was looked at last.
    pub fn record(&self) -> Option<&str> {
        self.record.as_deref()
    }

    /// Looks once, and puts the store's pair into the folder where it is another one. What was seen before is not
    /// fetched again. Whoever calls waits between two looks, and goes on with what is there when the store fails.
    ///
    /// # Errors
    /// The store cannot be read, or the folder not be written to; the pair that was there is there.
    pub async fn follow(&mut self, store: &dyn Store) -> Result<Mirrored, StoreError> {
        let unwritable = |source| StoreError::Folder {
            path: self.pairs.places(&self.name).chain,
            source,
        };
        let here = self.pairs.current(&self.name).map_err(unwritable)?;
        let unless = self.seen.as_ref().filter(|_| here.is_some());
        let (entry, version) = match store.read(&self.entry, unless).await? {
            Reading::Absent => return Ok(Mirrored::Nothing),
            Reading::Same => return Ok(Mirrored::Same),
            Reading::Found(entry, version) => (entry, version),
        };
        let mirrored = match entry.pair() {
            None => Mirrored::Nothing,
            Some(pair) if here.as_ref() == Some(pair) => Mirrored::Same,
            Some(pair) => Mirrored::Put(self.pairs.put(&self.name, pair).map_err(unwritable)?),
        };
        self.record.clone_from(&entry.record);
        self.seen = Some(version);
        Ok(mirrored)
    }
}
