//! The hosts of a service, as those who come to it know them.

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
#[derive(Debug, Clone, PartialEq, Eq)]
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
        let own = service.tls.certificates.iter();
        let own = own.flat_map(|own| own.host.iter());
        let texts = service.host.iter().chain(own).chain(managed);
        // A certificate without hosts is for the names in it.
        let named = judged
            .iter()
            .filter(|judged| judged.hosts.is_empty())
            .flat_map(names);
        let mut hosts = Vec::new();
        for host in texts.chain(named).filter_map(Self::read) {
            if !hosts.contains(&host) {
                hosts.push(host);
            }
        }
        hosts
    }

    fn read(text: &str) -> Option<Self> {
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
        let is_ours = |text: &str| Self::read(text).is_some_and(|host| host.covers(self));
        let ours = judged.iter().filter(|judged| {
            if judged.hosts.is_empty() {
                names(judged).any(is_ours)
            } else {
                judged.hosts.iter().any(|host| is_ours(host))
            }
        });
        let leaves = ours.filter_map(|judged| judged.report.certificates.first());
        let leaves = leaves.map(|leaf| Leaf {
            sha256: leaf.sha256.clone(),
            not_before: leaf.not_before,
        });
        leaves.collect()
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

/// The names that the service's own certificate was for, and that nobody gets a certificate for any more: neither
/// its successor covers them, nor one for hosts of its own.
pub(crate) fn uncovered(before: &Judged, now: &[Judged]) -> Vec<String> {
    let is_covered = |name: &str| {
        now.iter().any(|judged| {
            let is_theirs = judged.is_default
                || judged.hosts.is_empty()
                || judged.hosts.iter().any(|host| covers(host, name));
            is_theirs && names(judged).any(|pattern| covers(pattern, name))
        })
    };
    let lost = names(before).filter(|name| !is_covered(name));
    lost.map(str::to_owned).collect()
}

/// Hosts of a service that it has no more, under another name that stands for them neither.
pub(crate) fn gone(old: &Service, new: &Service) -> Vec<String> {
    let hosts = |service: &Service| -> Vec<String> {
        let own = service.tls.certificates.iter();
        let own = own.flat_map(|own| own.host.iter());
        service.host.iter().chain(own).map(str::to_owned).collect()
    };
    let kept = hosts(new);
    let mut gone = hosts(old);
    gone.retain(|host| !kept.iter().any(|pattern| covers(pattern, host)));
    gone
}

/// Whether a host, or a name in a certificate, stands for another.
fn covers(pattern: &str, name: &str) -> bool {
    match (ServiceHost::read(pattern), ServiceHost::read(name)) {
        (Some(pattern), Some(name)) => pattern.covers(&name),
        _ => pattern.eq_ignore_ascii_case(name),
    }
}

fn names(judged: &Judged) -> impl Iterator<Item = &str> {
    let leaf = judged.report.certificates.first().into_iter();
    leaf.flat_map(|leaf| leaf.dns_names.iter().chain(&leaf.ip_addresses))
        .map(String::as_str)
}
