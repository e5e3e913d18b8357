//! Holds what is served at every address of every host against the certificate on disk.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};

use keyway_dns::digest;
use keyway_dns::name::Name;
use keyway_dns::net::hosts as addresses_of;
use keyway_dns::verify::{At, Expected, Unserved, Version, at_addresses};
use keyway_dns::view::View;
use keyway_dns::zone::Finding;

use super::verify::{Sought, bar};
use crate::arguments::VerifyArguments;
use crate::failure::Failure;
use crate::intent::{Place, asked, served_at};
use crate::voice;

/// Connects to every address that the views give, and to those where an alias ends.
pub(super) async fn hold(
    arguments: &VerifyArguments,
    sought: &Sought,
    views: &[View],
    on_disk: [u8; 32],
) -> Result<Vec<Finding>, Failure> {
    let hosts = sought.hosts.iter().filter(|host| !host.is_wildcard());
    let mut places = Vec::new();
    for host in hosts.clone() {
        let addresses = addresses(host, views, sought).await?;
        places.extend(addresses.into_iter().map(|ip| Place {
            host: host.to_string(),
            address: SocketAddr::new(ip, arguments.connect_port),
        }));
    }
    let bar = bar(voice::verified::connecting_template());
    bar.set_length(places.len() as u64);
    let timeout = sought.asking.patience().timeout;
    let seen = served_at(&places, timeout, &|| bar.inc(1));
    bar.finish_and_clear();
    let mut seen = places.iter().zip(seen).peekable();
    let expected = Expected {
        certificates: vec![digest::show(&on_disk)],
        oldest: Version::Tls12,
    };
    let findings = hosts.flat_map(|host| {
        let name = host.to_string();
        let mut here = Vec::new();
        while let Some((place, served)) = seen.next_if(|(place, _)| place.host == name) {
            here.push(At {
                address: place.address,
                served: served.map(|served| served.shown()).map_err(|why| {
                    // Nobody asks here whose fault it is that nothing came.
                    why.told()
                        .unwrap_or_else(|| Unserved::NoService(voice::served::unserved(&why)))
                }),
            });
        }
        at_addresses(host, &here, &expected)
    });
    Ok(findings.collect())
}

/// The addresses of a host. Servers of a zone do not follow an alias out of it; the resolver does.
async fn addresses(
    host: &Name,
    views: &[View],
    sought: &Sought,
) -> Result<BTreeSet<IpAddr>, Failure> {
    let mut found = BTreeSet::new();
    for view in views {
        found.extend(view.addresses(host));
    }
    if found.is_empty() {
        let followed = addresses_of(&sought.asking.resolver, host).await;
        found.extend(followed.map_err(|error| asked(&error))?);
    }
    Ok(found)
}
