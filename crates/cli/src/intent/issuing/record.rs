//! What is kept of how renewing a certificate went, and what it was made for.

use std::fs;
use std::path::{Path, PathBuf};

use keyway_issue::acme::Looks;
use keyway_issue::renewal::History;
use serde::{Deserialize, Serialize};

/// How renewing went.
pub(super) const RECORD: &str = "renewal.json";

/// How renewing it went so far, as it is kept.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Record {
    #[serde(flatten)]
    pub(crate) history: History,
    /// How many of the failures the CA may have counted.
    pub(crate) counted: u32,
    /// What came of the CA's looks, be it for certificates before this one.
    #[serde(skip_serializing_if = "Looks::is_empty")]
    pub(crate) looks: Looks,
    /// Why the last attempt failed, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
    /// What the certificate that is in place was made for; `None` where nobody noted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) made: Option<Made>,
}

/// What a certificate was made for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Made {
    /// The hosts that were asked for: a CA may have added others.
    pub(crate) hosts: Vec<String>,
    /// Who was asked, and for which kind.
    pub(crate) by: String,
    /// The service file.
    pub(crate) service: PathBuf,
}

impl Made {
    /// Whether this path leads to its service file: that may be called by the name of a link, too.
    pub(super) fn is_by(&self, other: &Path) -> bool {
        let own = &self.service;
        other == own
            || own
                .canonicalize()
                .is_ok_and(|own| other.canonicalize().is_ok_and(|it| it == own))
    }

    /// Whether it is for the same hosts, in whatever order, by the same CA and of the same kind.
    pub(super) fn is_alike(&self, other: &Self) -> bool {
        self.is_for_all_of(&other.hosts) && other.is_for_all_of(&self.hosts) && self.by == other.by
    }

    /// Whether all of these are among its hosts.
    pub(super) fn is_for_all_of(&self, hosts: &[String]) -> bool {
        hosts.iter().all(|host| self.hosts.contains(host))
    }
}

impl Record {
    /// That in the folder of a certificate.
    pub(super) fn of(folder: &Path) -> Self {
        let path = folder.join(RECORD);
        // Whoever opens a pipe waits for its other end.
        let is_file = path.metadata().is_ok_and(|facts| facts.is_file());
        let text = is_file.then(|| fs::read_to_string(&path).ok()).flatten();
        Self::read(text.as_deref())
    }

    /// What is kept of it. What cannot be read is begun anew: nothing in it cannot be found out again.
    pub(super) fn read(text: Option<&str>) -> Self {
        serde_json::from_str(text.unwrap_or_default()).unwrap_or_default()
    }

    /// What [`Record::read`] reads: JSON.
    pub(super) fn render(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}
