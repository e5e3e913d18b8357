//! Which certificate the server would show.

use std::cmp::Reverse;

use super::CheckOptions;
use crate::name::Host;
use crate::read::Bundle;
use crate::x509::Certificate;

/// Picks the leaf. In order of weight: it is no CA (a heap may hold a CA's key as well); it belongs to
/// a key that was given; it carries a name that was asked for; nothing else in the heap was issued by
/// it; it is valid now. Of several that belong to the key the one issued last is picked, since a
/// renewed certificate lies beside the older one; otherwise the one that stands first.
pub(super) fn pick(bundle: &Bundle, options: &CheckOptions<'_>) -> Option<usize> {
    (0..bundle.certificates.len()).max_by_key(|&index| {
        let score = score(bundle, options, index);
        let issued = score[1].then(|| bundle.certificates[index].certificate.not_before);
        (score, issued, Reverse(index))
    })
}

fn score(bundle: &Bundle, options: &CheckOptions<'_>, index: usize) -> [bool; 5] {
    let certificate = &bundle.certificates[index].certificate;
    [
        !certificate.is_ca(),
        bundle.keys.iter().any(|key| key.belongs_to(certificate)),
        !options.hosts.is_empty() && options.hosts.iter().all(|host| carries(certificate, host)),
        !issues_another(bundle, index),
        certificate.not_before <= options.now && options.now <= certificate.not_after,
    ]
}

fn issues_another(bundle: &Bundle, index: usize) -> bool {
    let subject = bundle.certificates[index].certificate.subject.der();
    bundle
        .certificates
        .iter()
        .enumerate()
        .any(|(other, held)| other != index && held.certificate.issuer.der() == subject)
}

/// Whether a certificate's subjectAltName covers a host.
pub(crate) fn carries(certificate: &Certificate, host: &Host) -> bool {
    certificate
        .presented()
        .iter()
        .any(|entry| entry.matches(host))
}
