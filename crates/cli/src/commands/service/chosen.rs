//! Which of the certificates of a file a change is about: where there are several, the one for the hosts that are given.

use std::path::Path;

use keyway_config::model::{Listed, Material};

use super::import::{Seen, is_for};
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
        if !is_about_files || service.tls.certificates.is_empty() {
            return Ok(Self::Own);
        }
        let all = all(file);
        if change.host.is_empty() {
            // Beside another one for the same hosts, the kind of the key says which one is meant.
            let own = of_kind(file, change, fitting(&all, &service.host.0));
            let other = own.filter(|kept| kept.chosen != Self::First);
            return Ok(other.map_or(Self::Own, |kept| kept.chosen));
        }
        let fitting = fitting(&all, &change.host);
        let found = match *fitting {
            [kept] => Some(kept),
            [] => None,
            _ => of_kind(file, change, fitting.clone()),
        };
        match found {
            Some(kept) => {
                stays_for(file, kept.chosen, change)?;
                Ok(kept.chosen)
            }
            // The first of its own, beside the others.
            None if !all.iter().any(|kept| kept.chosen == Self::First) => Ok(Self::Own),
            None => {
                let lists: Vec<&Listed> = all.iter().map(|kept| &kept.hosts).collect();
                let are_several = !fitting.is_empty();
                Err(Failure::Unfit {
                    path: file.path.clone(),
                    why: voice::service::no_certificate_of(&change.host, &lists, are_several),
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
    let named = of_path(path, "--cert").names;
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

/// A certificate of a service file.
struct Kept<'f> {
    chosen: Chosen,
    /// Its hosts; one without is for the names in it.
    hosts: Listed,
    certificate: Option<&'f Material>,
}

/// The certificates of a service file. Without one of the service's own, its hosts are those of the others.
fn all(file: &ServiceFile) -> Vec<Kept<'_>> {
    let service = &file.draft.service;
    let tls = &service.tls;
    let has_own = tls.certificate.is_some() || tls.key.is_some();
    let own = has_own.then(|| Kept {
        chosen: Chosen::First,
        hosts: service.host.clone(),
        certificate: tls.certificate.as_ref(),
    });
    let others = tls.certificates.iter().enumerate().map(|(number, own)| {
        let hosts = if own.host.is_empty() {
            Listed(look(file, &own.certificate).names)
        } else {
            own.host.clone()
        };
        Kept {
            chosen: Chosen::Other(number),
            hosts,
            certificate: Some(&own.certificate),
        }
    });
    own.into_iter().chain(others).collect()
}

/// Those that are for all of these hosts.
fn fitting<'k, 'f>(all: &'k [Kept<'f>], hosts: &[String]) -> Vec<&'k Kept<'f>> {
    all.iter().filter(|kept| has(&kept.hosts, hosts)).collect()
}

/// The one of several whose key is of the kind that the new certificate's is.
fn of_kind<'k, 'f>(
    file: &ServiceFile,
    change: &ChangeArguments,
    mut several: Vec<&'k Kept<'f>>,
) -> Option<&'k Kept<'f>> {
    let kind = of_path(change.cert.as_ref()?, "--cert").kind?;
    let is_its = |kept: &&Kept<'_>| {
        let own = kept.certificate.map(|certificate| look(file, certificate));
        own.and_then(|own| own.kind) == Some(kind)
    };
    several.retain(is_its);
    match *several {
        [kept] => Some(kept),
        _ => None,
    }
}

/// What is seen of a certificate of the file, where it can be read.
fn look(file: &ServiceFile, certificate: &Material) -> Seen {
    match certificate {
        Material::Pem(text) => Seen::of("tls.certificate", text.as_bytes()),
        Material::Path(path) => of_path(&file.beside(path), path),
    }
}

/// The same of one at a path, which is called so.
fn of_path(path: &Path, called: &str) -> Seen {
    let text = regular(path).ok().and_then(|()| read_file(path).ok());
    text.map_or_else(Seen::default, |text| Seen::of(called, &text.bytes))
}

fn has(hosts: &Listed, given: &[String]) -> bool {
    given.iter().all(|given| {
        // The dot of the root changes nothing (RFC 1034, section 3.1).
        let given = given.strip_suffix('.').unwrap_or(given);
        let mut hosts = hosts.iter();
        hosts.any(|host| host.eq_ignore_ascii_case(given))
    })
}
