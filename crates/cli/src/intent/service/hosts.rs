//! The hosts of a service, as those who come to it know them.

use std::collections::HashSet;
use std::net::IpAddr;

use keyway_chain::name::Host;
use keyway_config::Service;
use keyway_config::model::Listed;
use keyway_dns::name::Name;
use keyway_report::{Timestamp, escape};

use super::Judged;

/// What a client asks for to come to each of some hosts, or what is wrong with one. What is no host at all is told of
/// the file, and nobody asks for it. A wildcard is asked for by a name that it covers.
pub(super) fn asked(hosts: &Listed) -> Result<Vec<String>, String> {
    let hosts = hosts.iter().filter(|host| keyway_config::is_host(host));
    let asked = hosts.map(|host| match host.strip_prefix("*.") {
        Some(rest) => format!("any.{rest}"),
        None => host.to_owned(),
    });
    let asked = asked.map(|host| match Host::parse(&host) {
        Ok(Host::Literal(literal)) => Err(format!("the host {host}: {}", literal.fault())),
        Ok(_) => Ok(host),
        Err(fault) => Err(format!("the host {host}: {fault}")),
    });
    asked.collect()
}

/// A host of a service.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum ServiceHost {
    /// A name; it may be a wildcard.
    Name(Name),
    /// An address, which nobody looks up.
    Address(IpAddr),
}

/// A certificate of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leaf {
    /// SHA-256, hexadecimal.
    pub(crate) sha256: String,
    /// First second of validity.
    pub(crate) not_before: Timestamp,
}

impl ServiceHost {
    /// Every host that the file names, for all of its certificates, and the managed name. What is no host is
    /// left out: `keyway config check` tells of it.
    pub(crate) fn all(service: &Service, judged: &[Judged], managed: Option<&str>) -> Vec<Self> {
        let texts = hosts(service).chain(managed);
        // A certificate without hosts is for the names in it.
        let named = judged
            .iter()
            .filter(|judged| judged.hosts.is_empty())
            .flat_map(names);
        let mut known = HashSet::new();
        let all = texts.chain(named).filter_map(Self::read);
        all.filter(|host| known.insert(host.clone())).collect()
    }

    /// A host as it is written; `None` where it is none.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (front, rest) = match text.strip_prefix("*.") {
            Some(rest) => ("*.", rest),
            None => ("", text),
        };
        match Host::parse(rest).ok()? {
            Host::Name(name) => Name::read(&format!("{front}{}", name.ascii()))
                .ok()
                .map(Self::Name),
            Host::Ip(address) if front.is_empty() => Some(Self::Address(address)),
            _ => None,
        }
    }

    /// As it is shown and asked for: without the dot at its end.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Name(name) => escape::text(name.to_string().trim_end_matches('.')),
            Self::Address(address) => address.to_string(),
        }
    }

    /// The name, where it is one.
    pub(crate) fn name(&self) -> Option<&Name> {
        match self {
            Self::Name(name) => Some(name),
            Self::Address(_) => None,
        }
    }

    /// As a client asks for it: a wildcard by a name that it covers.
    pub(crate) fn asked(&self) -> String {
        let text = self.text();
        match text.strip_prefix("*.") {
            Some(rest) => format!("any.{rest}"),
            None => text,
        }
    }

    /// The certificates of the file that are for it.
    pub(crate) fn certificates(&self, judged: &[Judged]) -> Vec<Leaf> {
        let ours = judged.iter();
        let ours = ours.filter(|judged| is_for(judged, |host| host.covers(self)));
        let leaves = ours.filter_map(|judged| judged.report.certificates.first());
        let leaves = leaves.map(|leaf| Leaf {
            sha256: leaf.sha256.clone(),
            not_before: leaf.not_before,
        });
        leaves.collect()
    }

    /// Those that a server shows to who asks for it: one that is for the name itself goes before a wildcard's.
    pub(crate) fn shown<'j>(&self, judged: &'j [Judged]) -> Vec<&'j Judged> {
        let of = |is_meant: &dyn Fn(&Self) -> bool| -> Vec<&'j Judged> {
            let all = judged.iter();
            all.filter(|judged| is_for(judged, is_meant)).collect()
        };
        let exact = of(&|host| host == self);
        if exact.is_empty() {
            return of(&|host| host.covers(self));
        }
        exact
    }

    /// A wildcard stands for one label (RFC 9525, section 6.3).
    fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Name(pattern), Self::Name(name)) if pattern.is_wildcard() => {
                pattern.parent() == name.parent()
            }
            _ => self == other,
        }
    }
}

/// Whether a certificate is for such a host: where the file names none for it, those that it names itself count.
fn is_for(judged: &Judged, is_meant: impl Fn(&ServiceHost) -> bool) -> bool {
    let is_ours = |text: &str| ServiceHost::read(text).is_some_and(|host| is_meant(&host));
    if judged.hosts.is_empty() {
        names(judged).any(is_ours)
    } else {
        judged.hosts.iter().any(|host| is_ours(host))
    }
}

/// The names that the service's own certificate was for, and that nobody gets a certificate for any more: neither
/// its successor covers them, nor one for hosts of its own.
pub(crate) fn uncovered(before: &Judged, now: &[Judged]) -> Vec<String> {
    let now: Vec<_> = now
        .iter()
        .map(|judged| {
            let is_for_all = judged.is_default || judged.hosts.is_empty();
            let hosts = judged.hosts.iter().map(String::as_str);
            let theirs = (!is_for_all).then(|| Covering::of(hosts));
            (theirs, Covering::of(names(judged)))
        })
        .collect();
    let is_covered = |name: &str| {
        now.iter().any(|(theirs, names)| {
            theirs.as_ref().is_none_or(|theirs| theirs.has(name)) && names.has(name)
        })
    };
    let lost = names(before).filter(|name| !is_covered(name));
    lost.map(str::to_owned).collect()
}

/// Hosts of a service that it has no more, under another name that stands for them neither.
pub(crate) fn gone(old: &Service, new: &Service) -> Vec<String> {
    let kept = Covering::of(hosts(new));
    let gone = hosts(old).filter(|host| !kept.has(host));
    gone.map(str::to_owned).collect()
}

/// The hosts that a service names, for all of its certificates.
fn hosts(service: &Service) -> impl Iterator<Item = &str> {
    let own = service.tls.certificates.iter();
    let own = own.flat_map(|own| own.host.iter());
    service.host.iter().chain(own)
}

/// Hosts, or names in a certificate, each of which may stand for others. A name is looked for once, however many
/// there are.
struct Covering {
    hosts: HashSet<ServiceHost>,
    /// What stands behind the wildcards.
    parents: HashSet<Option<Name>>,
    /// What is no host, in small letters.
    others: HashSet<String>,
}

impl Covering {
    fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut covering = Self {
            hosts: HashSet::new(),
            parents: HashSet::new(),
            others: HashSet::new(),
        };
        for text in texts {
            match ServiceHost::read(text) {
                Some(ServiceHost::Name(name)) if name.is_wildcard() => {
                    covering.parents.insert(name.parent());
                }
                Some(host) => drop(covering.hosts.insert(host)),
                None => drop(covering.others.insert(text.to_ascii_lowercase())),
            }
        }
        covering
    }

    /// Whether one of them stands for a name.
    fn has(&self, name: &str) -> bool {
        let Some(host) = ServiceHost::read(name) else {
            return self.others.contains(&name.to_ascii_lowercase());
        };
        let parent = host.name().map(Name::parent);
        self.hosts.contains(&host) || parent.is_some_and(|parent| self.parents.contains(&parent))
    }
}

fn names(judged: &Judged) -> impl Iterator<Item = &str> {
    let leaf = judged.report.certificates.first().into_iter();
    leaf.flat_map(|leaf| leaf.dns_names.iter().chain(&leaf.ip_addresses))
        .map(String::as_str)
}
