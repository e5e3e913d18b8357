//! What is read of a service, and followed.

use std::path::PathBuf;

use keyway_config::Service;
use keyway_config::model::{Material, Secret};

use super::follow::Stamp;
use crate::intent::service::{ServiceFile, ocsp_paths};

/// Files, each as it is now.
pub(super) fn stamped(files: impl IntoIterator<Item = PathBuf>) -> Vec<(PathBuf, Stamp)> {
    let files = files.into_iter();
    let stamped = files.map(|file| {
        let stamp = Stamp::of(&file);
        (file, stamp)
    });
    stamped.collect()
}

/// The files that a service file names.
pub(super) fn named(file: &ServiceFile, service: &Service) -> Vec<PathBuf> {
    let tls = &service.tls;
    let own = tls.certificates.iter();
    let pairs = own.map(|own| {
        (
            Some(&own.certificate),
            Some(&own.key),
            own.password.as_ref(),
        )
    });
    let first = (
        tls.certificate.as_ref(),
        tls.key.as_ref(),
        tls.password.as_ref(),
    );
    let mut files = Vec::new();
    let mut add = |path: Option<&str>| files.extend(path.map(|path| file.beside(path)));
    for (certificate, key, password) in pairs.chain([first]) {
        add(certificate.and_then(Material::path));
        add(key.and_then(Material::path));
        if let Some(Secret::File(path)) = password {
            add(Some(path));
        }
    }
    add(tls.client.ca.as_ref().and_then(Material::path));
    for path in tls.client.crl.iter().chain(tls.ticket_keys.iter()) {
        add(Some(path));
    }
    files.extend(ocsp_paths(file, service).flatten());
    files
}
