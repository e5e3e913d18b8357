//! What servers of one service share, and which of them shows its certificate to whoever asks for another name.

use std::collections::BTreeSet;

use crate::Service;
use crate::forms::fields::Compared;
use crate::model::{Listed, Material};

/// What servers of one service have in common: what each says for itself is left out.
pub(super) fn shared(service: &Service) -> Compared {
    let mut shared = service.clone();
    shared.host = Listed::default();
    shared.upstream = Listed::default();
    shared.tls.certificate = None;
    shared.tls.key = None;
    shared.tls.password = None;
    shared.tls.ocsp = None;
    shared.tls.status = None;
    shared.tls.redirect = false;
    shared.tls.certificates = Vec::new();
    Compared::of(&shared)
}

/// From where a service is reached: all addresses of one family are those of both.
pub(super) fn reach(service: &Service) -> BTreeSet<String> {
    let wide = |listen: &str| match listen.strip_prefix("0.0.0.0:") {
        Some(port) => format!("[::]:{port}"),
        None => listen.to_owned(),
    };
    // That address alone is left out, as it is the default.
    let default = ["[::]:443"]
        .into_iter()
        .filter(|_| service.listen.is_empty());
    service.listen.iter().chain(default).map(wide).collect()
}

/// Puts a certificate in the place of the service's own, which strangers are shown, and that in its place.
pub(super) fn put_first(service: &mut Service, number: usize) {
    let tls = &mut service.tls;
    let (Some(certificate), Some(key)) = (&mut tls.certificate, &mut tls.key) else {
        return;
    };
    if let Some(own) = tls.certificates.get_mut(number) {
        std::mem::swap::<Material>(certificate, &mut own.certificate);
        std::mem::swap::<Material>(key, &mut own.key);
        std::mem::swap(&mut tls.password, &mut own.password);
        std::mem::swap(&mut tls.ocsp, &mut own.ocsp);
        std::mem::swap(&mut service.host, &mut own.host);
    }
}
