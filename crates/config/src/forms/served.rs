//! The hosts that something answers for.

use std::collections::BTreeSet;

use super::settings::Covered;

/// Hosts, with those that their wildcards stand for; without any it is for all.
pub(super) struct Served {
    own: BTreeSet<String>,
    covered: Covered,
}

impl Served {
    pub(super) fn by<'h>(hosts: impl IntoIterator<Item = &'h String> + Clone) -> Self {
        Self {
            own: hosts
                .clone()
                .into_iter()
                .map(|host| host.to_ascii_lowercase())
                .collect(),
            covered: Covered::by(hosts),
        }
    }

    /// Whether a host is one that something else stands for: a wildcard, or that all are meant.
    pub(super) fn covers(&self, host: &str) -> bool {
        self.covered.has(host)
    }

    /// Whether a host is among them.
    pub(super) fn has(&self, host: &str) -> bool {
        self.covers(host) || self.own.contains(&host.to_ascii_lowercase())
    }

    /// The same, as far as can be told: what stands for several hosts may be for one of them.
    pub(super) fn may_have(&self, host: &str) -> bool {
        host.starts_with('*') || self.has(host)
    }
}
