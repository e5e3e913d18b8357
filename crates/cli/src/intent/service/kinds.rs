//! Certificates side by side for one host: which of them a server can choose between.

use std::collections::HashSet;

use keyway_chain::x509::PublicKeyAlgorithm;
use keyway_chain::{CertificateFacts, Report};
use keyway_config::rules::duplicate_host::SameKind;

use super::{Judged, ServiceHost};

impl Judged {
    /// Who gets it: the hosts that the file names, or else those that it names itself.
    pub(crate) fn shown_to(&self) -> Vec<String> {
        if !self.hosts.is_empty() {
            return self.hosts.clone();
        }
        let leaf = self.report.certificates.first();
        let names = leaf.map(|leaf| leaf.dns_names.iter().chain(&leaf.ip_addresses));
        names.into_iter().flatten().cloned().collect()
    }

    /// The kind of its key, by which clients tell which of two certificates they can verify (RFC 8446, section 4.2.3).
    fn kind(&self) -> Option<&'static str> {
        kind(&self.report.certificates.first()?.key.algorithm)
    }
}

/// What keys of an algorithm are called; `None` where no server has such.
pub(crate) fn kind(algorithm: &PublicKeyAlgorithm) -> Option<&'static str> {
    Some(match algorithm {
        PublicKeyAlgorithm::Rsa | PublicKeyAlgorithm::RsaPss => "RSA",
        PublicKeyAlgorithm::Ec => "ECDSA",
        PublicKeyAlgorithm::Ed25519 => "Ed25519",
        PublicKeyAlgorithm::Ed448 => "Ed448",
        _ => return None,
    })
}

/// Certificates with keys of a kind that one before them has for the same host: nobody would get them there. Of
/// those that are for the names in them, all have to be taken.
pub(crate) fn doubled(judged: &[Judged]) -> Vec<SameKind> {
    let mut seen = HashSet::new();
    let mut doubled = Vec::new();
    let own = judged.iter().scan(0, |next, judged| {
        let index = *next;
        *next += usize::from(!judged.is_default);
        Some((index, judged))
    });
    for (index, judged) in own {
        let Some(kind) = judged.kind() else { continue };
        let hosts = judged.shown_to();
        let hosts: HashSet<ServiceHost> = hosts
            .iter()
            .filter_map(|it| ServiceHost::read(it))
            .collect();
        let count = hosts.len();
        let taken = hosts
            .into_iter()
            .filter(|host| !seen.insert((kind, host.clone())));
        let mut taken: Vec<String> = taken.map(|host| host.text()).collect();
        if judged.hosts.is_empty() && taken.len() < count {
            continue;
        }
        taken.sort_unstable();
        doubled.extend(taken.into_iter().map(|host| SameKind { index, host, kind }));
    }
    doubled
}

/// Certificates of servers that stand in the same files with their keys, beside the one that is served.
pub(super) fn unserved(report: &Report) -> Vec<CertificateFacts> {
    let served = report.certificates.first();
    let has_key = |other: &CertificateFacts| {
        let mut keys = report.keys.iter();
        keys.any(|key| key.spki_sha256 == other.spki_sha256)
    };
    let others = report.certificates.iter().filter(|other| {
        let is_served = served.is_some_and(|leaf| leaf.spki_sha256 == other.spki_sha256);
        !other.ca && !is_served && has_key(other)
    });
    others.cloned().collect()
}
