//! What is behind a frontend, and the time that it has.

use std::fmt::Write as _;

use crate::Service;
use crate::forms::{fields, settings};

/// Seconds that every time of HAProxy takes: milliseconds in 31 bits.
const MAX_SECONDS: u32 = 2_000_000;

/// Lines of time limits: the frontend's and the backend's.
pub(super) fn timeouts(service: &Service, lost: &mut Vec<String>) -> (String, String) {
    let mut front = String::new();
    let mut back = String::new();
    let mut seconds =
        |name: &str, value: Option<u32>, default: u32, field: &str, is_front: bool| {
            let is_good = value.is_none_or(|value| (1..=MAX_SECONDS).contains(&value));
            if !is_good {
                fields::add(lost, field);
            }
            let value = value.filter(|_| is_good).unwrap_or(default);
            let out = if is_front { &mut front } else { &mut back };
            let _ = writeln!(out, "    timeout {name} {value}s");
        };
    let given = &service.timeouts;
    if service.is_http() {
        seconds("http-request", given.header, 30, "timeouts.header", true);
    } else if given.header.is_some() {
        seconds("http-request", Some(0), 30, "timeouts.header", true);
    }
    seconds("client", given.idle, 75, "timeouts.idle", true);
    seconds("server", given.idle, 75, "timeouts.idle", false);
    seconds("connect", given.connect, 5, "timeouts.connect", false);
    (front, back)
}

/// The hosts that lead to the backend: the service's own, and those of more certificates.
pub(super) fn hosts(service: &Service, is_tls: bool, lost: &mut Vec<String>) -> Vec<String> {
    let own = service.tls.certificates.iter().enumerate();
    let own = own.map(|(index, own)| (&own.host, format!("tls.certificates[{index}].host")));
    let all = [(&service.host, "host".to_owned())].into_iter().chain(own);
    let mut hosts: Vec<String> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for (index, (given, field)) in all.enumerate() {
        let mut said = settings::hosts(given, &field, lost);
        let before = said.len();
        // In TCP mode a name is the one of the handshake; an IPv6 address ends at its first colon.
        said.retain(|host| !host.contains(':') && (service.is_http() || is_tls));
        if said.len() < before {
            fields::add(lost, &field);
        }
        // The service's own are said as they stand there.
        said.retain(|host| seen.insert(host.to_ascii_lowercase()) || index == 0);
        hosts.extend(said);
        if service.host.is_empty() {
            // Every host leads there.
            break;
        }
    }
    hosts
}

/// Lines that send hosts to the backend.
pub(super) fn uses(service: &Service, name: &str, hosts: &[String]) -> String {
    let mut out = String::new();
    for host in hosts {
        let sample = if service.is_http() {
            "req.hdr(host),field(1,:)"
        } else {
            "ssl_fc_sni"
        };
        let (method, host) = match host.strip_prefix('*') {
            Some(end) => (" -m end", end),
            None => ("", host.as_str()),
        };
        let _ = writeln!(
            out,
            "    use_backend {name} if {{ {sample} -i{method} {host} }}"
        );
    }
    if hosts.is_empty() {
        let _ = writeln!(out, "    default_backend {name}");
    }
    out
}

/// The servers of the backend. The certificate of one with TLS has to be good for its name.
pub(super) fn servers(service: &Service, lost: &mut Vec<String>) -> String {
    let targets = settings::named_targets(service, lost);
    let mut out = String::new();
    if targets.len() > 1 {
        out += "    balance roundrobin\n";
    }
    for (index, target) in targets.iter().enumerate() {
        let _ = write!(out, "    server s{} {}", index + 1, target.authority());
        if let Some(name) = target.server_name() {
            let _ = write!(
                out,
                " ssl verify required ca-file @system-ca verifyhost {name} sni str({name})"
            );
        }
        out.push('\n');
    }
    out
}
