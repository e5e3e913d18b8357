//! One look for each setting.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use keyway_config::Service;
use keyway_config::model::{ClientMode, Mode, ProtocolVersion, ProxyProtocol};
use keyway_dns::verify::Version;
use keyway_report::Verdict;

use super::stand_in::WORD;
use super::{Proof, Stage};
use crate::intent::{Connection, GROUPS, Manner, Place, Unserved, connect_to, talk};
use crate::voice::proof as words;

/// How long one connection to this machine is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// A name that no service has (RFC 6761, section 6.4).
const NOBODY: &str = "nobody.invalid";

/// All that can be seen.
pub(super) fn all(stage: &Stage) -> Vec<Proof> {
    let mut proofs = Vec::new();
    if stage.leaves.is_empty() {
        proofs.push(plain(stage));
    } else {
        certificates(stage, &mut proofs);
        proofs.push(stranger(stage));
        proofs.extend(clients(stage));
        exchanges(stage, &mut proofs);
        proofs.extend(reload(stage));
    }
    proofs.extend(stage.redirect.map(|address| redirect(stage, address)));
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
    let mut own = service.tls.certificates.iter();
    if service.tls.ocsp.is_some() || own.any(|own| own.ocsp.is_some()) {
        open.push("tls.ocsp: it was read, and not asked for");
    }
    if !service.tls.ticket_keys.is_empty() {
        open.push("tls.ticket_keys: there was one server");
    }
    open.push("timeouts, limits on connections and handshakes: they need time or many connections");
    let is_address = |host: &str| host.parse::<std::net::IpAddr>().is_ok();
    if service.host.iter().any(is_address) {
        open.push("host: addresses are not those of loopback");
    }
    open
}

fn place(host: &str, address: SocketAddr) -> Place {
    // A wildcard is asked for by a name that it covers.
    let host = match host.strip_prefix("*.") {
        Some(base) => format!("any.{base}"),
        None => host.to_owned(),
    };
    Place { host, address }
}

/// A name that is served, to ask for.
fn somebody(stage: &Stage, address: SocketAddr) -> Option<Place> {
    let hosts = stage.leaves.iter().flat_map(|(hosts, _)| hosts);
    let mut names = hosts.filter(|host| host.parse::<std::net::IpAddr>().is_err());
    names.next().map(|host| place(host, address))
}

fn certificates(stage: &Stage, proofs: &mut Vec<Proof>) {
    let manner = Manner {
        starttls: None,
        timeout: PATIENCE,
    };
    let mut looked = false;
    for (hosts, sha256) in &stage.leaves {
        for host in hosts {
            if host.parse::<std::net::IpAddr>().is_ok() {
                continue;
            }
            let seen = connect_to(&[place(host, stage.open.address)], manner).pop();
            let shown = match &seen {
                Some(Ok(seen)) => words::certificate(&seen.served.sha256),
                Some(Err(why)) => words::unserved(why),
                None => String::new(),
            };
            let setting = format!("certificate of {}", words::host(host));
            proofs.push(Proof::new(setting, words::certificate(sha256), shown));
            if let (Some(Ok(seen)), false) = (seen, looked) {
                looked = true;
                proofs.extend(protocol(&stage.service, &seen.connection));
            }
        }
    }
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
    let offered = match service.mode {
        Mode::Http => service.offered_protocols(),
        Mode::Tcp => tls.alpn.iter().map(str::to_owned).collect(),
    };
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

/// Whether a whole answer is there: its header, and the one word.
fn is_answered(heard: &[u8], answers: usize) -> bool {
    let text = String::from_utf8_lossy(heard);
    text.matches("\r\n\r\n").count() >= answers
}

fn get(host: &str, more: &str) -> String {
    format!("GET / HTTP/1.1\r\nHost: {host}\r\n{more}\r\n")
}

fn status(heard: &[u8]) -> String {
    let text = String::from_utf8_lossy(heard);
    let status = text
        .strip_prefix("HTTP/1.1 ")
        .and_then(|rest| rest.get(..3));
    status.map_or_else(|| "no answer".to_owned(), str::to_owned)
}

fn field(heard: &[u8], name: &str) -> String {
    let text = String::from_utf8_lossy(heard);
    let mut lines = text.split("\r\n\r\n").next().unwrap_or_default().lines();
    let found = lines.find_map(|line| {
        let (known, value) = line.split_once(':')?;
        known
            .eq_ignore_ascii_case(name)
            .then(|| value.trim().to_owned())
    });
    found.unwrap_or_else(|| "not sent".to_owned())
}

fn asked(place: &Place, request: &str) -> Vec<u8> {
    let heard = talk(
        place,
        &[request.as_bytes()],
        |_, heard| is_answered(heard, 1),
        PATIENCE,
    );
    heard.unwrap_or_default()
}

/// Who shows no certificate.
fn clients(stage: &Stage) -> Option<Proof> {
    let closed = stage.closed.as_ref()?;
    let place = somebody(stage, closed.address)?;
    let answer = asked(&place, &get(&place.host, ""));
    let (said, seen) = match stage.service.tls.client.mode {
        ClientMode::Required => ("no answer".to_owned(), status(&answer)),
        ClientMode::Optional | ClientMode::None => ("200".to_owned(), status(&answer)),
    };
    let setting = "tls.client: an answer to who shows no certificate";
    Some(Proof::new(setting, said, seen))
}

/// What is answered to requests.
fn exchanges(stage: &Stage, proofs: &mut Vec<Proof>) {
    let Some(place) = somebody(stage, stage.open.address) else {
        return;
    };
    let answer = asked(&place, &get(&place.host, ""));
    let passed = if answer.ends_with(WORD.as_bytes()) {
        "passed on".to_owned()
    } else {
        status(&answer)
    };
    proofs.push(Proof::new("a request", "passed on", passed));
    if stage.service.mode == Mode::Tcp {
        return;
    }
    if let Some(hsts) = &stage.service.tls.hsts {
        let seen = field(&answer, "strict-transport-security");
        proofs.push(Proof::new("tls.hsts", words::hsts(hsts), seen));
    }
    let limits = &stage.service.limits;
    if let Some(most) = limits.body_bytes {
        let long = format!("Content-Length: {}\r\n", most.saturating_add(1));
        let answer = asked(&place, &get(&place.host, &long));
        proofs.push(Proof::new(
            "limits.body_bytes: one more",
            "413",
            status(&answer),
        ));
    }
    if let Some(most) = limits.header_bytes {
        let most = usize::try_from(most).unwrap_or(usize::MAX).min(1 << 20);
        let long = format!("X-Long: {}\r\n", "a".repeat(most));
        let answer = asked(&place, &get(&place.host, &long));
        let setting = "limits.header_bytes: more than that";
        proofs.push(Proof::new(setting, "431", status(&answer)));
    }
    let may_come = limits.body_bytes != Some(0);
    proofs.extend(
        limits
            .body_rate
            .filter(|_| may_come)
            .map(|rate| slow_body(&place, rate)),
    );
}

/// A body that does not come, though its length is told: `Stage` gives it a second.
fn slow_body(place: &Place, rate: u32) -> Proof {
    let answer = asked(place, &get(&place.host, "Content-Length: 1\r\n"));
    let said = if rate > 0 { "408" } else { "no answer" };
    let setting = "limits.body_rate: a body that does not come";
    Proof::new(setting, said, status(&answer))
}

/// A connection that is open while another site takes the place of the first.
fn reload(stage: &Stage) -> Option<Proof> {
    let place = somebody(stage, stage.open.address)?;
    if stage.service.mode == Mode::Tcp {
        return None;
    }
    let request = get(&place.host, "");
    let server = &stage.open.server;
    let is_enough = |number: usize, heard: &[u8]| {
        let done = is_answered(heard, number + 1);
        if done && number == 0 {
            // Between the two requests, once.
            if let Ok(Some(next)) = stage.next.lock().map(|mut next| next.take()) {
                server.replace(next);
            }
        }
        done
    };
    let heard = talk(
        &place,
        &[request.as_bytes(), request.as_bytes()],
        is_enough,
        PATIENCE,
    );
    let heard = heard.unwrap_or_default();
    let answers = String::from_utf8_lossy(&heard)
        .matches("HTTP/1.1 200")
        .count();
    let seen = if answers == 2 { "stays" } else { "ends" };
    Some(Proof::new("an open connection, at a reload", "stays", seen))
}

fn in_plain_text(address: SocketAddr, request: &str) -> Vec<u8> {
    let mut heard = Vec::new();
    let Ok(mut stream) = TcpStream::connect_timeout(&address, PATIENCE) else {
        return heard;
    };
    let limited = stream.set_read_timeout(Some(PATIENCE));
    if limited.is_ok() && stream.write_all(request.as_bytes()).is_ok() {
        let mut part = [0; 4096];
        while let Ok(count @ 1..) = stream.read(&mut part) {
            heard.extend_from_slice(&part[..count]);
            if is_answered(&heard, 1) {
                break;
            }
        }
    }
    heard
}

/// The host that a request in plain text is for.
fn first_host(stage: &Stage) -> String {
    let first = stage.service.host.iter().next().unwrap_or("localhost");
    place(first, stage.open.address).host
}

fn plain(stage: &Stage) -> Proof {
    let request = get(&first_host(stage), "");
    let answer = in_plain_text(stage.open.address, &request);
    Proof::new(
        "tls.status: a request in plain text",
        "200",
        status(&answer),
    )
}

fn redirect(stage: &Stage, address: SocketAddr) -> Proof {
    let host = first_host(stage);
    let answer = in_plain_text(address, &get(&host, ""));
    let seen = format!("{} {}", status(&answer), field(&answer, "location"));
    let port = stage.service.listen.iter().next();
    let port = port.and_then(|address| address.rsplit_once(':'));
    let port = match port {
        None | Some((_, "443")) => String::new(),
        Some((_, port)) => format!(":{port}"),
    };
    let said = format!("308 https://{host}{port}/");
    Proof::new("tls.redirect: port 80", said, words::shown(&seen))
}
