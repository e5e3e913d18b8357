//! Which certificate the server would show.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::CheckOptions;
use crate::name::Host;
use crate::read::Bundle;
use crate::rules::chain::ca_as_leaf::names_no_server;
use crate::x509::Certificate;

/// Why one certificate was preferred to another for the same names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// A key that was given belongs to it.
    Key,
    /// It carries every name that was asked for.
    Host,
    /// It is valid at the moment of judgement.
    Now,
    /// It was issued later.
    IssuedLater,
    /// It is the first certificate of its file, which is the one that a server shows.
    StandsFirst,
    /// Nothing tells them apart; its fingerprint is the lower one.
    Fingerprint,
}

/// Picks the leaf. In order of weight: it is no CA (a heap may hold a CA's key as well); it belongs to
/// a key that was given; it carries a name that was asked for; nothing else in the heap was issued by
/// it; it is valid now. Of several that belong to the key, and of several for the same names, the one
/// issued last is picked, since a renewed certificate lies beside the older one.
///
/// Place decides twice. Of leaves that are for different servers the one that was named first is judged,
/// as that is what was asked about; the others are strangers. Of leaves for one server that are equally
/// good so far, the first certificate of a file comes before one further on, as that is what a server
/// shows. In which order files were given means nothing for them: the lower fingerprint decides.
pub(super) fn pick(bundle: &Bundle, options: &CheckOptions<'_>) -> Option<usize> {
    let certificate = |index: usize| &bundle.certificates[index].certificate;
    let scores = (0..bundle.certificates.len()).map(|index| score(bundle, options, index));
    let scores: Vec<[bool; 5]> = scores.collect();
    let best = scores.iter().max()?;
    let first = scores.iter().position(|score| score == best)?;
    // The server's certificate is there, and cannot be read: a CA's is not judged in its place.
    let is_stand_in = !best[0] && !best[1] && names_no_server(certificate(first));
    if is_stand_in && bundle.has_unread_certificate() {
        return None;
    }
    let alike = (0..scores.len()).filter(|&index| {
        let same = same_server(certificate(index), certificate(first), options.hosts);
        scores[index] == *best && (best[1] || same)
    });
    let heads = heads(bundle);
    alike.max_by_key(|&index| {
        let held = certificate(index);
        let is_head = heads.contains(&index);
        (held.not_before, is_head, Reverse(held.sha256()))
    })
}

/// The first certificate of each input; in a container none is.
fn heads(bundle: &Bundle) -> BTreeSet<usize> {
    let mut first: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for (index, held) in bundle.certificates.iter().enumerate() {
        let placed = held.sources.iter().filter(|at| !bundle.is_contained(at));
        for source in placed {
            let this = (source.place.bytes.start, index);
            let known = first.entry(source.input).or_insert(this);
            *known = this.min(*known);
        }
    }
    first.into_values().map(|(_, index)| index).collect()
}

/// Whether two certificates are for one server: they carry all that was asked for, or have an entry of
/// subjectAltName in common; without any, one subject.
pub(crate) fn same_server(one: &Certificate, other: &Certificate, hosts: &[Host]) -> bool {
    let asked = |host| carries(one, host) && carries(other, host);
    let (entries, others) = (one.presented(), other.presented());
    let one_name = if entries.is_empty() && others.is_empty() {
        one.subject.der() == other.subject.der()
    } else {
        entries.iter().any(|entry| others.contains(entry))
    };
    one_name || (!hosts.is_empty() && hosts.iter().all(asked))
}

/// Why the leaf that was picked came before another certificate.
pub(crate) fn preferred(
    bundle: &Bundle,
    options: &CheckOptions<'_>,
    picked: usize,
    other: usize,
) -> Choice {
    let (won, lost) = (
        score(bundle, options, picked),
        score(bundle, options, other),
    );
    let issued = |index: usize| bundle.certificates[index].certificate.not_before;
    let stands_first = || {
        let heads = heads(bundle);
        heads.contains(&picked) && !heads.contains(&other)
    };
    match (0..won.len()).find(|&at| won[at] != lost[at]) {
        Some(1) => Choice::Key,
        Some(2) => Choice::Host,
        Some(4) => Choice::Now,
        _ if issued(picked) > issued(other) => Choice::IssuedLater,
        _ if stands_first() => Choice::StandsFirst,
        _ => Choice::Fingerprint,
    }
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
