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
pub(in crate::commands::service) struct Seen {
    /// The names in it.
    pub(in crate::commands::service) names: Vec<String>,
    /// The kind of its key: a host may have one of each.
    pub(in crate::commands::service) kind: Option<&'static str>,
}

impl Seen {
    /// The first certificate of a text.
    pub(in crate::commands::service) fn of(name: &str, bytes: &[u8]) -> Self {
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

/// The certificates of a service of which not all have hosts: first its own, then those.
struct Shelf {
    /// The names in each, as they are written.
    names: Vec<Vec<String>>,
    /// The first that has a name, for each kind of key.
    by_name: BTreeMap<Option<&'static str>, HashMap<String, usize>>,
    kinds: Vec<Option<&'static str>>,
    /// Those that nobody could look into.
    unread: BTreeSet<usize>,
}

impl Shelf {
    fn of<'m>(
        all: impl Iterator<Item = &'m Material>,
        look: impl Fn(&Material) -> Option<Seen>,
    ) -> Self {
        let mut shelf = Self {
            names: Vec::new(),
            by_name: BTreeMap::new(),
            kinds: Vec::new(),
            unread: BTreeSet::new(),
        };
        for (number, material) in all.enumerate() {
            let Seen { names, kind } = look(material).unwrap_or_default();
            if names.is_empty() {
                shelf.unread.insert(number);
            }
            let names: Vec<String> = names.iter().filter_map(|name| written(name)).collect();
            let by_name = shelf.by_name.entry(kind).or_default();
            for name in &names {
                by_name.entry(name.clone()).or_insert(number);
            }
            shelf.names.push(names);
            shelf.kinds.push(kind);
        }
        shelf
    }

    /// The names in one that none before it has with a key of its kind: for them it is shown.
    fn shown(&self, number: usize) -> Vec<String> {
        let kind = self.kinds.get(number).copied().flatten();
        let by_name = self.by_name.get(&kind);
        let is_first =
            |name: &&String| by_name.and_then(|by_name| by_name.get(*name)) == Some(&number);
        let names = self.names.get(number).into_iter().flatten();
        names.filter(is_first).cloned().collect()
    }

    /// The hosts of each: those that name it first, or else the first whose wildcard stands for it. What none is for may
    /// be of one that nobody could look into, and else stays with the first.
    fn hosts(&self, hosts: &Listed) -> Vec<Vec<String>> {
        let mut placed: Vec<Vec<String>> = vec![Vec::new(); self.names.len()];
        let last = self.unread.first().copied().unwrap_or_default();
        for host in hosts.iter() {
            let name = written(host);
            let wide = name.as_deref().and_then(wildcard);
            let mut known: Vec<usize> = self
                .by_name
                .values()
                .filter_map(|by_name| name.iter().chain(&wide).find_map(|name| by_name.get(name)))
                .copied()
                .collect();
            if known.is_empty() {
                known.push(last);
            }
            for number in known {
                if let Some(placed) = placed.get_mut(number) {
                    placed.push(host.to_owned());
                }
            }
        }
        // A name goes before the wildcard that stands for it.
        let all: HashSet<String> = hosts.iter().filter_map(written).collect();
        for (number, placed) in placed.iter_mut().enumerate() {
            let is_below = |name: &String| {
                !all.contains(name) && wildcard(name).is_some_and(|wide| all.contains(&wide))
            };
            placed.extend(self.shown(number).into_iter().filter(is_below));
        }
        placed
    }
}

/// Puts each host of a service that has several certificates, not all with hosts, beside the one of each kind of key that
/// is for it, as HAProxy chooses. Where the form has no hosts, each certificate is for the names in it.
pub(super) fn place(
    service: &mut Service,
    has_hosts: bool,
    look: impl Fn(&Material) -> Option<Seen>,
) -> Placed {
    let is_open = |own: &OwnCertificate| own.host.is_empty();
    if service.host.is_empty()
        || service.tls.certificate.is_none()
        || service.tls.key.is_none()
        || !service.tls.certificates.iter().any(is_open)
    {
        return Placed::default();
    }
    let own = service.tls.certificates.iter();
    let own = own.filter(|own| is_open(own)).map(|own| &own.certificate);
    let all: Vec<&Material> = service.tls.certificate.iter().chain(own).collect();
    let shelf = Shelf::of(all.iter().copied(), look);
    let unread = shelf.unread.iter().filter_map(|number| all.get(*number));
    let unread = unread.map(|material| called(material)).collect();
    let unused = if service.tls.default_certificate || !has_hosts {
        settle_for_all(service, &shelf)
    } else {
        settle(service, &shelf)
    };
    Placed { unused, unread }
}

/// Writes it so for a service of all hosts, or of those that certificates name: each certificate stays, for the names in it, but for those that are never
/// shown. Returns these.
fn settle_for_all(service: &mut Service, shelf: &Shelf) -> Vec<String> {
    let hosts = shelf.hosts(&service.host).into_iter().next();
    let hosts = hosts.unwrap_or_default();
    if hosts.is_empty() && shelf.unread.contains(&0) {
        // Nobody can tell what the first one is for.
        return Vec::new();
    }
    // Whoever asks for another host is answered, too: with the certificate that names it, or with the first.
    service.host.0 = hosts;
    let is_below = |name: &String| {
        let by_name = shelf.by_name.values();
        let wide = wildcard(name).filter(|_| !service.host.0.contains(name));
        let mut wide = wide
            .iter()
            .flat_map(|wide| by_name.clone().filter_map(|it| it.get(wide)));
        wide.any(|number| *number != 0)
    };
    let more: Vec<String> = shelf.shown(0).into_iter().filter(is_below).collect();
    service.host.0.extend(more);
    let (open, closed): (Vec<_>, Vec<_>) = std::mem::take(&mut service.tls.certificates)
        .into_iter()
        .partition(|own| own.host.is_empty());
    let mut unused = Vec::new();
    let mut kept = Vec::new();
    for (number, mut own) in (1..).zip(open) {
        let shown = shelf.shown(number);
        let all = shelf.names.get(number).map_or(0, Vec::len);
        if shown.is_empty() && all > 0 {
            unused.push(called(&own.certificate));
            continue;
        }
        if shown.len() < all {
            own.host = Listed(shown);
        }
        kept.push(own);
    }
    service.tls.certificates = kept.into_iter().chain(closed).collect();
    unused
}

/// Writes it so: the first certificate with hosts is the service's own, and those without are left out, but for those that
/// nobody could look into. Returns what is left out.
fn settle(service: &mut Service, shelf: &Shelf) -> Vec<String> {
    let hosts = shelf.hosts(&service.host);
    let (open, closed): (Vec<_>, Vec<_>) = std::mem::take(&mut service.tls.certificates)
        .into_iter()
        .partition(|own| own.host.is_empty());
    let all = of_service(service).into_iter().chain(open).zip(hosts);
    let (ours, others): (Vec<_>, Vec<_>) = all
        .enumerate()
        .partition(|(_, (_, hosts))| !hosts.is_empty());
    let (kept, unused): (Vec<_>, Vec<_>) = others
        .into_iter()
        .partition(|(number, _)| shelf.unread.contains(number));
    let mut ours = ours.into_iter().map(|(_, own)| own);
    if let Some((first, hosts)) = ours.next() {
        service.host.0 = hosts;
        let tls = &mut service.tls;
        (tls.certificate, tls.key) = (Some(first.certificate), Some(first.key));
        (tls.password, tls.ocsp) = (first.password, first.ocsp);
    }
    let kept = kept.into_iter().map(|(_, own)| own);
    let others = ours.chain(kept).map(|(own, hosts)| OwnCertificate {
        host: Listed(hosts),
        ..own
    });
    service.tls.certificates = others.chain(closed).collect();
    let unused = unused.iter();
    unused
        .map(|(_, (own, _))| called(&own.certificate))
        .collect()
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
