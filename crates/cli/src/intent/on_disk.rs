//! Certificates on disk, as the DNS knows them: by their keys and names.

use std::path::Path;

use keyway_chain::name::{Host, Presented};
use keyway_chain::{Input, ReadOptions, read};
use keyway_config::Service;
use keyway_config::model::{Material, Status};
use keyway_dns::name::Name;

use super::issuing::Managed;
use super::service::ServiceFile;
use super::{read_file, shown};
use crate::failure::Failure;

/// The first certificate of a file.
pub(crate) struct OnDisk {
    /// SHA-256 of its public key.
    pub(crate) spki_sha256: [u8; 32],
    /// SHA-256 of all of it.
    pub(crate) sha256: [u8; 32],
    /// The names and addresses that it is for.
    pub(crate) presented: Vec<Presented>,
}

impl OnDisk {
    /// Whether it is for a host; nothing where the name is none that a certificate could be for.
    pub(crate) fn is_for(&self, host: &Name) -> Option<bool> {
        let known = Host::parse(host.to_string().trim_end_matches('.')).ok()?;
        Some(self.presented.iter().any(|name| name.matches(&known)))
    }
}

/// Reads the first certificate of a file: a server's comes first.
pub(crate) fn public_key(path: &Path) -> Result<OnDisk, Failure> {
    let given = read_file(path).map_err(|refused| refused.at(path))?;
    first(&given.name, &given.bytes)?.ok_or_else(|| {
        let why = format!("{} holds no certificate", shown(path));
        Failure::Need(why)
    })
}

fn first(name: &str, bytes: &[u8]) -> Result<Option<OnDisk>, Failure> {
    let input = Input { name, bytes };
    let bundle = read(&[input], &ReadOptions { passwords: &[] })?;
    let first = bundle.certificates.first();
    Ok(first.map(|first| OnDisk {
        spki_sha256: *first.certificate.spki_sha256(),
        sha256: *first.certificate.sha256(),
        presented: first.certificate.presented().to_vec(),
    }))
}

/// The certificates that a service file serves with, its own or the managed one, as far as they can be read: who looks at
/// records needs none of them.
pub(crate) fn own_certificates(file: &ServiceFile) -> Vec<OnDisk> {
    let service = &file.draft.service;
    if service.status() == Status::Disabled {
        return Vec::new();
    }
    let managed = Managed::of(file).ok().flatten();
    let served = managed.map(|managed| managed.served(service));
    let read = |material: &Material| match material {
        Material::Path(path) => public_key(&file.beside(path)).ok(),
        Material::Pem(text) => first("tls.certificate", text.as_bytes()).ok().flatten(),
    };
    certificates(served.as_ref().unwrap_or(service))
        .filter_map(read)
        .collect()
}

fn certificates(service: &Service) -> impl Iterator<Item = &Material> {
    let more = service.tls.certificates.iter();
    service
        .tls
        .certificate
        .iter()
        .chain(more.map(|own| &own.certificate))
}
