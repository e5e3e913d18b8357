//! Holds what is served at every address of every host against the certificate on disk.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use keyway_dns::digest;
use keyway_dns::name::Name;
use keyway_dns::net::{AskError, hosts as addresses_of};
use keyway_dns::verify::{self, At, Expected, Version, at_addresses};
use keyway_dns::view::View;
use keyway_dns::zone::Finding;

use super::verify::{Sought, bar};
use crate::failure::Failure;
use crate::intent::{Asking, OnDisk, Place, Served, Unserved as Unseen, asked, served_at};
use crate::voice;

/// Connects to every address that the views give, and to those where an alias ends.
pub(super) async fn hold(
    sought: &Sought,
    asking: &Asking,
    views: &[View],
    on_disk: &OnDisk,
) -> Result<Held, Failure> {
    let hosts = sought.hosts.iter().filter(|host| !host.is_wildcard());
    let (mut places, mut unanswered) = (Vec::new(), BTreeMap::new());
    for host in hosts.clone() {
        let addresses = match addresses(host, views, asking).await {
            Ok(addresses) => addresses,
            // The other hosts are looked at all the same.
            Err(AskError::Refused { server, code, .. }) => {
                let why = voice::verified::says(code);
                unanswered.insert(host, verify::unanswered(server.to_string(), host, why));
                continue;
            }
            Err(error) => return Err(asked(&error)),
        };
        let here = addresses.into_iter().flat_map(|ip| sought.at(ip));
        places.extend(here.map(|address| Place {
            host: host.to_string(),
            address,
        }));
    }
    let bar = bar(voice::verified::connecting_template());
    bar.set_length(places.len() as u64);
    let timeout = asking.patience().timeout;
    let seen = served_at(&places, timeout, &|| bar.inc(1));
    bar.finish_and_clear();
    let mut seen = places.iter().zip(seen).peekable();
    let expected = Expected {
        certificates: vec![digest::show(&on_disk.sha256)],
        oldest: Version::Tls12,
    };
    let mut held = Held::default();
    for host in hosts {
        held.findings.extend(not_for(host, on_disk));
        if let Some(finding) = unanswered.remove(host) {
            held.findings.push(finding);
            held.is_unseen = true;
            continue;
        }
        let name = host.to_string();
        let mut here = Vec::new();
        while let Some(seen) = seen.next_if(|(place, _)| place.host == name) {
            here.push(seen);
        }
        held.take(host, here, &expected);
    }
    Ok(held)
}

/// What came of connecting.
#[derive(Default)]
pub(super) struct Held {
    /// What is wrong.
    pub(super) findings: Vec<Finding>,
    /// Addresses to which this machine has no way: that says nothing of the service.
    pub(super) unreached: Vec<String>,
    /// Whether of some host nothing was seen.
    pub(super) is_unseen: bool,
}

impl Held {
    fn take(
        &mut self,
        host: &Name,
        seen: Vec<(&Place, Result<Served, Unseen>)>,
        expected: &Expected,
    ) {
        let (mut here, mut has_way) = (Vec::new(), seen.is_empty());
        for (place, served) in seen {
            let address = place.address;
            // What says nothing of the service is told beside the findings.
            let served = match served.map_err(|why| why.told()) {
                Ok(served) => Ok(served.shown()),
                Err(Some(told)) => Err(told),
                Err(None) => {
                    self.unreached.push(format!("{host} at {address}"));
                    continue;
                }
            };
            has_way = true;
            here.push(At { address, served });
        }
        if has_way {
            self.findings.extend(at_addresses(host, &here, expected));
        }
        self.is_unseen |= !has_way;
    }
}

/// That the certificate is not for a host, where it is not.
fn not_for(host: &Name, on_disk: &OnDisk) -> Option<Finding> {
    let names = &on_disk.presented;
    (!on_disk.is_for(host)?)
        .then(|| verify::not_for_host(host, names.iter().map(ToString::to_string).collect()))
}

/// The addresses of a host. Servers of a zone do not follow an alias out of it; the resolver does.
async fn addresses(
    host: &Name,
    views: &[View],
    asking: &Asking,
) -> Result<BTreeSet<IpAddr>, AskError> {
    let mut found = BTreeSet::new();
    for view in views {
        found.extend(view.addresses(host));
    }
    if found.is_empty() {
        found.extend(addresses_of(&asking.resolver, host).await?);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(whys: Vec<Unseen>) -> Held {
        let host = Name::read("www.example.com").expect("a name");
        let places: Vec<Place> = (1..=whys.len())
            .map(|last| Place {
                host: host.to_string(),
                address: format!("192.0.2.{last}:443").parse().expect("an address"),
            })
            .collect();
        let seen = places.iter().zip(whys.into_iter().map(Err)).collect();
        let expected = Expected {
            certificates: Vec::new(),
            oldest: Version::Tls12,
        };
        let mut held = Held::default();
        held.take(&host, seen, &expected);
        held
    }

    #[test]
    fn an_address_to_which_this_machine_has_no_way_is_no_fault_of_the_service() {
        let no_way = || Unseen::NoWay("network is unreachable".to_owned());
        let one = held(vec![no_way(), Unseen::Http]);
        assert_eq!(
            (one.findings.len(), one.unreached.len(), one.is_unseen),
            (1, 1, false)
        );
        let none = held(vec![no_way()]);
        assert_eq!(
            (none.findings.len(), none.unreached.len(), none.is_unseen),
            (0, 1, true)
        );
        // A host without an address has a fault, and nothing to reach.
        let nothing = held(Vec::new());
        assert_eq!((nothing.findings.len(), nothing.is_unseen), (1, false));
    }
}
