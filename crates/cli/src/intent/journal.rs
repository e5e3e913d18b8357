//! Which steps of a plan were made, and when: a file beside the plan.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use keyway_report::Timestamp;
use serde::{Deserialize, Serialize};

use super::service::save;
use super::unreadable;
use crate::failure::Failure;

/// What the first field of the file says.
const SCHEMA: &str = "keyway.dns-applied/1";

/// Which steps of a plan were made.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Journal {
    schema: String,
    /// The plan's checksum: steps of another plan do not count.
    plan: String,
    steps: Vec<Made>,
    #[serde(skip)]
    path: PathBuf,
}

#[derive(Debug, Serialize, Deserialize)]
struct Made {
    /// From 1.
    step: usize,
    /// When, as seconds since 1970.
    at: i64,
}

impl Journal {
    /// That of a plan's file: `FILE.applied`, if it is there and of that plan.
    pub(crate) fn of(plan: &Path, checksum: &str) -> Result<Self, Failure> {
        let mut path = plan.as_os_str().to_owned();
        path.push(".applied");
        let path = PathBuf::from(path);
        let known = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice::<Self>(&bytes).ok(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(unreadable(&path, source)),
        };
        let known = known.filter(|journal| journal.schema == SCHEMA && journal.plan == checksum);
        let mut journal = known.unwrap_or_else(|| Self {
            schema: SCHEMA.to_owned(),
            plan: checksum.to_owned(),
            steps: Vec::new(),
            path: PathBuf::new(),
        });
        journal.path = path;
        Ok(journal)
    }

    /// When a step was made, from 0.
    pub(crate) fn at(&self, number: usize) -> Option<Timestamp> {
        let made = self.steps.iter().rfind(|made| made.step == number + 1);
        made.map(|made| Timestamp::from_seconds(made.at))
    }

    /// Notes that a step was made.
    pub(crate) fn done(&mut self, number: usize, at: Timestamp) -> Result<(), Failure> {
        self.steps.push(Made {
            step: number + 1,
            at: at.seconds(),
        });
        self.keep()
    }

    /// Writes it beside the plan.
    ///
    /// # Errors
    /// [`Failure`] where nothing can be written there.
    pub(crate) fn keep(&self) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(self).unwrap_or_default() + "\n";
        save(&self.path, &text, false)
    }
}
