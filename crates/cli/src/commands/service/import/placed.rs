//! Certificates at the hosts that they are for: other servers look into them, and a service file says it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use keyway_chain::name::Host;
use keyway_chain::x509::Certificate;
use keyway_chain::{Input, ReadOptions};
use keyway_config::Service;
use keyway_config::model::{Listed, Material, OwnCertificate};

use crate::intent::service::kind;

/// What is told of certificates beside the file.
#[derive(Default)]
pub(super) struct Placed {
    /// Certificates that are for none of the hosts, and were left out.
    pub(super) unused: Vec<String>,
    /// Those that nobody could look into, where it matters.
    pub(super) unread: Vec<String>,
}

/// What is seen of a certificate.
#[derive(Default)]
pub(super) struct Seen {
    /// The names in it.
    pub(super) names: Vec<String>,
    /// The kind of its key: a host may have one of each.
    kind: Option<&'static str>,
}

impl Seen {
    /// The first certificate of a text.
    pub(super) fn of(name: &str, bytes: &[u8]) -> Self {
        let input = Input { name, bytes };
        let bundle = keyway_chain::read(&[input], &ReadOptions::default());
        let first = bundle.ok().and_then(|bundle| {
            let mut held = bundle.certificates.into_iter();
            Some(held.next()?.certificate)
        });
        let names = first.iter().flat_map(Certificate::dns_names);
        let names = names.map(|name| String::from_utf8_lossy(name).into_owned());
        Self {
            names: names.filter(|name| keyway_config::is_host(name)).collect(),
            kind: first.and_then(|first| kind(&first.public_key.algorithm)),
        }
    }
}

/// The names in the first certificate of a text.
pub(in crate::commands::service) fn names(name: &str, bytes: &[u8]) -> Vec<String> {
    Seen::of(name, bytes).names
}

/// A host as certificates write it; `None` for an address, and for what is no host.
fn written(host: &str) -> Option<String> {
    let (front, rest) = match host.strip_prefix("*.") {
        Some(rest) => ("*.", rest),
        None => ("", host),
    };
    match Host::parse(rest).ok()? {
        Host::Name(name) => Some(format!("{front}{}", name.ascii()).to_ascii_lowercase()),
        _ => None,
    }
}

/// Whether the names of a certificate stand for a host; an address is in no name.
pub(in crate::commands::service) fn is_for(names: &[String], host: &str) -> bool {
    let Some(host) = written(host) else {
        return false;
    };
    let wide = wildcard(&host);
    let mut names = names.iter().filter_map(|name| written(name));
    names.any(|name| name == host || wide.as_ref() == Some(&name))
}

/// The wildcard that stands for a host (RFC 9525, section 6.3).
fn wildcard(host: &str) -> Option<String> {
    let (_, rest) = host.split_once('.')?;
    Some(format!("*.{rest}"))
}

fn called(material: &Material) -> String {
    material.path().unwrap_or("tls.certificate").to_owned()
}

/// The service's own certificate as one by host.
fn of_service(service: &mut Service) -> Option<OwnCertificate> {
    let tls = &mut service.tls;
    let (certificate, key) = (tls.certificate.take()?, tls.key.take()?);
    Some(OwnCertificate {
        host: Listed::default(),
        certificate,
        key,
        password: tls.password.take(),
        ocsp: tls.ocsp.take(),
    })
}

/// Puts each host of a service that has several certificates, not all with hosts, beside the one of each kind of key that
/// is for it: the first that names it, or else the first whose wildcard stands for it, as HAProxy chooses. What none is
/// for may be of one that nobody could look into, and else stays with the service's own.
pub(super) fn place(service: &mut Service, look: impl Fn(&Material) -> Option<Seen>) -> Placed {
    let mut placed = Placed::default();
    let is_open = |own: &OwnCertificate| own.host.is_empty();
    if service.host.is_empty()
        || service.tls.certificate.is_none()
        || service.tls.key.is_none()
        || !service.tls.certificates.iter().any(is_open)
    {
        return placed;
    }
    let own = service.tls.certificates.iter();
    let own = own.filter(|own| is_open(own)).map(|own| &own.certificate);
    let all = service.tls.certificate.iter().chain(own);
    let (mut count, mut unread) = (0, BTreeSet::new());
    let mut by_name: BTreeMap<Option<&str>, HashMap<String, usize>> = BTreeMap::new();
    for (number, material) in all.enumerate() {
        let Seen { names, kind } = look(material).unwrap_or_default();
        if names.is_empty() {
            placed.unread.push(called(material));
            unread.insert(number);
        }
        let by_name = by_name.entry(kind).or_default();
        for name in names.iter().filter_map(|name| written(name)) {
            by_name.entry(name).or_insert(number);
        }
        count += 1;
    }
    let last = unread.first().copied().unwrap_or_default();
    let mut hosts: Vec<Vec<String>> = vec![Vec::new(); count];
    for host in service.host.iter() {
        let name = written(host);
        let wide = name.as_deref().and_then(wildcard);
        let mut known: Vec<usize> = by_name
            .values()
            .filter_map(|by_name| name.iter().chain(&wide).find_map(|name| by_name.get(name)))
            .copied()
            .collect();
        if known.is_empty() {
            known.push(last);
        }
        for number in known {
            if let Some(hosts) = hosts.get_mut(number) {
                hosts.push(host.to_owned());
            }
        }
    }
    settle(service, hosts, &unread, &mut placed);
    placed
}

/// Writes it so: the first certificate with hosts is the service's own, and those without are left out, but for those that
/// nobody could look into. Of a service for all hosts each stays for the names in it.
fn settle(
    service: &mut Service,
    hosts: Vec<Vec<String>>,
    unread: &BTreeSet<usize>,
    placed: &mut Placed,
) {
    let is_first_bare = hosts.first().is_none_or(Vec::is_empty);
    if service.tls.default_certificate && is_first_bare && unread.contains(&0) {
        // Nobody can tell what the first one is for.
        return;
    }
    let (open, closed): (Vec<_>, Vec<_>) = std::mem::take(&mut service.tls.certificates)
        .into_iter()
        .partition(|own| own.host.is_empty());
    if service.tls.default_certificate {
        // Whoever asks for another host is answered, too: with the certificate that names it, or with the first.
        service.host.0 = hosts.into_iter().next().unwrap_or_default();
        service.tls.certificates = open.into_iter().chain(closed).collect();
        return;
    }
    let all = of_service(service).into_iter().chain(open).zip(hosts);
    let (ours, others): (Vec<_>, Vec<_>) = all.partition(|(_, hosts)| !hosts.is_empty());
    let (kept, unused): (Vec<_>, Vec<_>) = others
        .into_iter()
        .partition(|(own, _)| placed.unread.contains(&called(&own.certificate)));
    placed.unused = unused
        .iter()
        .map(|(own, _)| called(&own.certificate))
        .collect();
    let mut ours = ours.into_iter();
    if let Some((first, hosts)) = ours.next() {
        service.host.0 = hosts;
        let tls = &mut service.tls;
        (tls.certificate, tls.key) = (Some(first.certificate), Some(first.key));
        (tls.password, tls.ocsp) = (first.password, first.ocsp);
    }
    let others = ours.chain(kept).map(|(own, hosts)| OwnCertificate {
        host: Listed(hosts),
        ..own
    });
    service.tls.certificates = others.chain(closed).collect();
}

/// Hosts whose certificate could be looked into, and is not for them.
pub(super) fn uncovered(
    service: &Service,
    names_of: impl Fn(&Material) -> Option<Vec<String>>,
) -> Vec<String> {
    let own = service.tls.certificates.iter();
    let own = own.map(|own| (&own.certificate, &own.host));
    let first = service.tls.certificate.iter();
    let all = first.map(|first| (first, &service.host)).chain(own);
    let mut uncovered = Vec::new();
    for (certificate, hosts) in all.filter(|(_, hosts)| !hosts.is_empty()) {
        let names = names_of(certificate).filter(|names| !names.is_empty());
        let Some(names) = names else {
            continue;
        };
        let names: HashSet<String> = names.iter().filter_map(|name| written(name)).collect();
        let is_covered = |name: &String| {
            names.contains(name) || wildcard(name).is_some_and(|wide| names.contains(&wide))
        };
        let is_bare = |host: &&str| written(host).is_some_and(|name| !is_covered(&name));
        uncovered.extend(hosts.iter().filter(is_bare).map(str::to_owned));
    }
    uncovered
}

/// Whether a path of a certificate or a key begins with no slash.
pub(super) fn is_relative(service: &Service) -> bool {
    let tls = &service.tls;
    let own = tls.certificates.iter();
    let own = own.flat_map(|own| [&own.certificate, &own.key]);
    let all = tls.certificate.iter().chain(&tls.key).chain(own);
    let mut paths = all.filter_map(Material::path);
    paths.any(|path| !path.is_empty() && !Path::new(path).has_root())
}
