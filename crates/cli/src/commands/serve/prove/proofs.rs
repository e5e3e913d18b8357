//! One look for each setting.

use std::net::SocketAddr;
use std::time::Duration;

use keyway_config::Service;
use keyway_config::model::{ClientMode, ProtocolVersion, ProxyProtocol};
use keyway_dns::verify::Version;
use keyway_report::Verdict;

use super::super::leaves::Leaf;
use super::{Proof, Stage, requests};
use crate::intent::{Connection, GROUPS, Manner, Place, Unserved, connect_to, shown_to, talk};
use crate::voice::proof as words;

/// How long one connection to this machine is waited for.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// A name that no service has (RFC 6761, section 6.4).
const NOBODY: &str = "nobody.invalid";

/// All that can be seen.
pub(super) fn all(stage: &Stage) -> Vec<Proof> {
    let mut proofs = Vec::new();
    if !stage.leaves.is_empty() {
        certificates(stage, &mut proofs);
        proofs.push(stranger(stage));
        proofs.extend(requests::clients(stage));
    }
    requests::exchanges(stage, &mut proofs);
    proofs.extend(requests::reload(stage));
    let redirect = |address| requests::redirect(stage, address);
    proofs.extend(stage.redirect.map(redirect));
    proofs.extend(requests::crowd(stage));
    let idle = stage.idle.iter();
    proofs.extend(idle.map(|(setting, why)| Proof::new(setting, Proof::EFFECT, why)));
    proofs
}

/// What takes too long to be seen, or needs more than this machine.
pub(super) fn not_looked_at(service: &Service) -> Vec<&'static str> {
    let mut open = vec!["listen: other ports than those of the file were listened at"];
    open.push("upstream: something else was behind");
    if service.upstream.0.len() > 1 {
        open.push("balance: there was one upstream");
    }
    if service.health.is_some() {
        open.push("health: nothing was looked at but what was behind");
    }
    if service.proxy_protocol != ProxyProtocol::default() {
        open.push("proxy_protocol: nobody stood between");
    }
    if service.tls.client.mode != ClientMode::None {
        open.push("tls.client.ca: nobody came with a certificate of these CAs");
    }
    if !service.tls.client.crl.is_empty() {
        open.push("tls.client.crl: nobody came with a certificate that is on a list");
    }
    if !service.tls.ticket_keys.is_empty() {
        open.push("tls.ticket_keys: there was one server");
    }
    open.push("timeouts, and limits of connections and handshakes but the least: they need time or many connections");
    let is_address = |host: &str| host.parse::<std::net::IpAddr>().is_ok();
    if service.host.iter().any(is_address) {
        open.push("host: addresses are not those of loopback");
    }
    open
}

pub(super) fn place(host: &str, address: SocketAddr) -> Place {
    // A wildcard is asked for by a name that it covers.
    let host = match host.strip_prefix("*.") {
        Some(base) => format!("any.{base}"),
        None => host.to_owned(),
    };
    Place { host, address }
}

/// A name that is served, to ask for.
pub(super) fn somebody(stage: &Stage, address: SocketAddr) -> Option<Place> {
    let hosts = stage.leaves.iter().flat_map(|leaf| &leaf.hosts);
    let mut names = hosts.filter(|host| host.parse::<std::net::IpAddr>().is_err());
    names.next().map(|host| place(host, address))
}

fn certificates(stage: &Stage, proofs: &mut Vec<Proof>) {
    let manner = Manner {
        starttls: None,
        timeout: PATIENCE,
    };
    let mut looked = false;
    for leaf in &stage.leaves {
        let mut staple = leaf.staple.as_ref();
        for host in &leaf.hosts {
            if host.parse::<std::net::IpAddr>().is_ok() {
                continue;
            }
            let seen = connect_to(&[place(host, stage.open.address)], manner).pop();
            let mut of_host = stage.leaves.iter().filter(|leaf| leaf.hosts.contains(host));
            // Which one of several is shown is for what the client verifies.
            let asked = of_host.nth(1).map(|_| {
                let place = place(host, stage.open.address);
                shown_to(leaf.signatures, &place, manner)
            });
            let shown = match (asked, &seen) {
                (Some(Ok(sha256)), _) => words::certificate(&sha256),
                (Some(Err(why)), _) => words::unserved(&why),
                (None, Some(Ok(seen))) => words::certificate(&seen.served.sha256),
                (None, Some(Err(why))) => words::unserved(why),
                (None, None) => String::new(),
            };
            let setting = format!("certificate of {}", words::host(host));
            proofs.push(Proof::new(setting, words::certificate(&leaf.sha256), shown));
            let Some(Ok(seen)) = seen else { continue };
            if seen.served.sha256 == leaf.sha256 {
                proofs.extend(staple.take().map(|_| stapled(leaf, &seen.connection)));
            }
            if !looked {
                looked = true;
                proofs.extend(protocol(&stage.service, &seen.connection));
            }
        }
    }
}

/// The response that the file names for a certificate. One that is not stapled, as clients could make nothing of it,
/// has no effect.
fn stapled(leaf: &Leaf, seen: &Connection) -> Proof {
    const STAPLED: &str = "stapled";
    let shown = match &seen.stapled {
        None => "not stapled",
        Some(response) if leaf.staple.as_ref() == Some(response) => STAPLED,
        Some(_) => "another response is stapled",
    };
    let host = leaf.hosts.first().map_or("", String::as_str);
    let setting = format!("tls.ocsp for {}", words::host(host));
    Proof::new(setting, STAPLED, shown)
}

/// Versions, groups and protocols: of one name, as they are the same for all.
fn protocol(service: &Service, seen: &Connection) -> Vec<Proof> {
    let tls = &service.tls;
    let oldest = tls
        .min_version
        .unwrap_or(tls.profile.guideline().min_version);
    let newest = tls.max_version.unwrap_or(ProtocolVersion::Tls13);
    let known = [
        (Version::Tls13, ProtocolVersion::Tls13),
        (Version::Tls12, ProtocolVersion::Tls12),
    ];
    let said = known.map(|(version, known)| (version, verdict((oldest..=newest).contains(&known))));
    let versions = Proof::new(
        "tls.profile, min_version, max_version",
        words::versions(&said),
        words::versions(&seen.versions),
    );
    let has_newest = newest >= ProtocolVersion::Tls13;
    let said = GROUPS.each_ref().map(|group| {
        let all = tls.profile.guideline().groups;
        let is_known = all.iter().any(|name| is_same(name, group.name));
        verdict(is_known && (has_newest || !group.is_post_quantum))
    });
    let groups = Proof::new(
        "tls.profile: groups",
        words::groups(&said),
        words::groups(&seen.groups),
    );
    let offered = service.offered_protocols();
    let asked = seen.protocols.iter();
    let said: Vec<(&str, Verdict)> = asked
        .map(|(name, _)| {
            (
                *name,
                verdict(offered.iter().any(|offered| offered == name)),
            )
        })
        .collect();
    let protocols = Proof::new(
        "tls.alpn",
        words::protocols(&said),
        words::protocols(&seen.protocols),
    );
    vec![versions, groups, protocols]
}

/// The guidelines call the group of P-256 `prime256v1`, TLS `secp256r1` (RFC 8422, appendix A).
fn is_same(guideline: &str, group: &str) -> bool {
    guideline.eq_ignore_ascii_case(group) || (guideline == "prime256v1" && group == "secp256r1")
}

fn verdict(is_so: bool) -> Verdict {
    if is_so { Verdict::Yes } else { Verdict::No }
}

fn stranger(stage: &Stage) -> Proof {
    const CERTIFICATE: &str = "a certificate";
    let seen = talk(
        &place(NOBODY, stage.open.address),
        &[],
        |_, _| true,
        PATIENCE,
    );
    let shown = match seen {
        Ok(_) => CERTIFICATE.to_owned(),
        Err(Unserved::UnknownName) => "refused".to_owned(),
        Err(why) => words::unserved(&why),
    };
    if stage.service.tls.default_certificate {
        let setting = "tls.default_certificate: a name that is not served";
        return Proof::new(setting, CERTIFICATE, shown);
    }
    Proof::new("a name that is not served", "refused", shown)
}
