//! Which of the certificates of a file a change is about: where there are several, the one for the hosts that are given.

use keyway_config::model::{Listed, Material};

use super::import::{is_for, names};
use crate::arguments::ChangeArguments;
use crate::failure::Failure;
use crate::intent::read_file;
use crate::intent::service::{ServiceFile, regular};
use crate::voice;

/// A certificate of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Chosen {
    /// The service's own, with its hosts.
    Own,
    /// The service's own, of several: hosts stay as they are written.
    First,
    /// One for hosts of its own, by its number.
    Other(usize),
}

impl Chosen {
    /// Finds it.
    pub(super) fn of(file: &ServiceFile, change: &ChangeArguments) -> Result<Self, Failure> {
        let service = &file.draft.service;
        let is_about_files = change.cert.is_some() || change.key.is_some() || change.has_password();
        if !is_about_files || change.host.is_empty() || service.tls.certificates.is_empty() {
            return Ok(Self::Own);
        }
        let all = all(file);
        let mut fitting = all.iter().filter(|(_, hosts)| has(hosts, &change.host));
        match (fitting.next(), fitting.next()) {
            (Some((chosen, _)), None) => {
                stays_for(file, *chosen, change)?;
                Ok(*chosen)
            }
            // The first of its own, beside the others.
            (None, _) if !all.iter().any(|(chosen, _)| *chosen == Self::First) => Ok(Self::Own),
            (found, _) => {
                let lists: Vec<&Listed> = all.iter().map(|(_, hosts)| hosts).collect();
                Err(Failure::Unfit {
                    path: file.path.clone(),
                    why: voice::service::no_certificate_of(&change.host, &lists, found.is_some()),
                })
            }
        }
    }

    /// Whether the hosts that are given take the place of the service's.
    pub(super) fn takes_hosts(self) -> bool {
        self == Self::Own
    }

    /// Whether it is one for hosts of its own.
    pub(super) fn is_other(self) -> bool {
        matches!(self, Self::Other(_))
    }

    /// The table that names its files.
    pub(super) fn table(self) -> String {
        match self {
            Self::Own | Self::First => "tls".to_owned(),
            Self::Other(number) => format!("tls.certificates.{number}"),
        }
    }
}

/// Refuses a new certificate that is not for the hosts that are given, where they stand in the certificates alone: with
/// the old one they would be gone from the service.
fn stays_for(file: &ServiceFile, chosen: Chosen, change: &ChangeArguments) -> Result<(), Failure> {
    let (Chosen::Other(number), Some(path)) = (chosen, &change.cert) else {
        return Ok(());
    };
    let own = file.draft.service.tls.certificates.get(number);
    if own.is_none_or(|own| !own.host.is_empty()) {
        return Ok(());
    }
    let text = regular(path).ok().and_then(|()| read_file(path).ok());
    let named = text.map_or_else(Vec::new, |text| names("--cert", &text.bytes));
    let gone = change.host.iter().find(|host| !is_for(&named, host));
    // What cannot be read is refused when it is judged.
    match gone.filter(|_| !named.is_empty()) {
        Some(host) => Err(Failure::Unfit {
            path: file.path.clone(),
            why: voice::service::not_for_host(path, host, number),
        }),
        None => Ok(()),
    }
}

/// The certificates of a service file, each with its hosts; one without is for the names in it. Without one of the
/// service's own, its hosts are those of the others.
fn all(file: &ServiceFile) -> Vec<(Chosen, Listed)> {
    let service = &file.draft.service;
    let tls = &service.tls;
    let has_own = tls.certificate.is_some() || tls.key.is_some();
    let own = has_own.then(|| (Chosen::First, service.host.clone()));
    let others = tls.certificates.iter().enumerate().map(|(number, own)| {
        let hosts = if own.host.is_empty() {
            named(file, &own.certificate)
        } else {
            own.host.clone()
        };
        (Chosen::Other(number), hosts)
    });
    own.into_iter().chain(others).collect()
}

/// The names in a certificate, where it can be read.
fn named(file: &ServiceFile, certificate: &Material) -> Listed {
    let names = match certificate {
        Material::Pem(text) => names("tls.certificate", text.as_bytes()),
        Material::Path(path) => {
            let beside = file.beside(path);
            let text = regular(&beside).ok().and_then(|()| read_file(&beside).ok());
            text.map_or_else(Vec::new, |text| names(path, &text.bytes))
        }
    };
    Listed(names)
}

fn has(hosts: &Listed, given: &[String]) -> bool {
    given.iter().all(|given| {
        // The dot of the root changes nothing (RFC 1034, section 3.1).
        let given = given.strip_suffix('.').unwrap_or(given);
        let mut hosts = hosts.iter();
        hosts.any(|host| host.eq_ignore_ascii_case(given))
    })
}
