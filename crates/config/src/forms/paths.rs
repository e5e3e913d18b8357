//! Paths in a form that is read elsewhere: written in full.

use std::path::Path;

use super::Form;
use crate::Service;
use crate::model::{Material, Secret};

/// Whether a form names the files of a service.
fn names_files(form: Form) -> bool {
    matches!(
        form,
        Form::AzureCluster
            | Form::AzureContainer
            | Form::AzureCli
            | Form::AzurePython
            | Form::Nginx
            | Form::Haproxy
            | Form::Caddy
    )
}

/// The service with its paths written from a folder, where the form names files, and whether one became another.
pub(super) fn full(service: &Service, form: Form, folder: Option<&str>) -> (Service, bool) {
    let mut service = service.clone();
    let Some(folder) = folder.filter(|_| names_files(form)) else {
        return (service, false);
    };
    let mut is_other = false;
    let mut lengthen = |path: &mut String| {
        if path.is_empty() || Path::new(path.as_str()).has_root() {
            return;
        }
        let bare = path.strip_prefix("./").unwrap_or(path);
        *path = Path::new(folder).join(bare).to_string_lossy().into_owned();
        is_other = true;
    };
    let tls = &mut service.tls;
    let own = tls.certificates.iter_mut();
    let mut materials: Vec<&mut Material> = Vec::new();
    let mut passwords: Vec<&mut Secret> = tls.password.iter_mut().collect();
    for own in own {
        materials.extend([&mut own.certificate, &mut own.key]);
        passwords.extend(&mut own.password);
    }
    materials.extend(&mut tls.certificate);
    materials.extend(&mut tls.key);
    materials.extend(&mut tls.client.ca);
    for material in materials {
        if let Material::Path(path) = material {
            lengthen(path);
        }
    }
    for password in passwords {
        if let Secret::File(path) = password {
            lengthen(path);
        }
    }
    let own = tls.certificates.iter_mut();
    let responses = own.filter_map(|own| own.ocsp.as_mut()).chain(&mut tls.ocsp);
    let lists = tls.client.crl.0.iter_mut().chain(&mut tls.ticket_keys.0);
    responses.chain(lists).for_each(lengthen);
    (service, is_other)
}
