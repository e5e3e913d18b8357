//! What is behind a frontend, and the time that it has.

use std::fmt::Write as _;

use super::hosts::DOT;
use crate::Service;
use crate::forms::behind::{self, MAX_SECONDS};
use crate::forms::fields::Lost;
use crate::forms::words::quoted;
use crate::forms::{fields, settings, wild};
use crate::model::{ProxyVersion, Status};

/// Lines of time limits: the frontend's and the backend's.
pub(super) fn timeouts(service: &Service, lost: &mut Lost) -> (String, String) {
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
pub(super) fn hosts(service: &Service, is_tls: bool, lost: &mut Lost) -> Vec<String> {
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

/// Lines that send hosts to the backend: these, and whatever else is asked for where nobody is turned away.
pub(super) fn uses(service: &Service, name: &str, hosts: &[String]) -> String {
    let is_for_all = service.tls.default_certificate && service.status() != Status::Disabled;
    let mut out = String::new();
    for host in hosts {
        let sample = if service.is_http() {
            // The root's dot at the end changes nothing (RFC 1034, section 3.1).
            "req.hdr(host),field(1,:),regsub([.]$,)"
        } else {
            "ssl_fc_sni"
        };
        // A wildcard stands for one label.
        let (method, host) = match wild::pattern(host, DOT) {
            Some(pattern) => (" -m reg", pattern),
            None => ("", host.clone()),
        };
        let _ = writeln!(
            out,
            "    use_backend {name} if {{ {sample} -i{method} {host} }}"
        );
    }
    if hosts.is_empty() || is_for_all {
        let _ = writeln!(out, "    default_backend {name}");
    }
    out
}

/// The servers of the backend. The certificate of one with TLS has to be good for its name.
pub(super) fn servers(service: &Service, lost: &mut Lost) -> String {
    let targets = settings::named_targets(service, lost);
    let has_targets = !targets.is_empty();
    let mut out = String::new();
    if behind::is_least_busy(service, has_targets, lost) {
        out += "    balance leastconn\n";
    } else if targets.len() > 1 {
        out += "    balance roundrobin\n";
    }
    let look = behind::look(service, has_targets, lost);
    if let Some((look, path)) = look.as_ref().and_then(|look| Some((look, look.path?))) {
        // Answers from 200 to 399 pass, as here.
        let _ = write!(
            out,
            "    option httpchk\n    http-check send meth GET uri {}",
            quoted(path)
        );
        if let Some(host) = &look.host {
            let _ = write!(out, " ver HTTP/1.1 hdr Host {host}");
        }
        out.push('\n');
    }
    let sent = service.proxy_protocol.send.filter(|_| !service.is_http());
    if sent.is_some() && has_targets {
        lost.retain(|field| field != "proxy_protocol.send");
    }
    for (index, target) in targets.iter().enumerate() {
        let _ = write!(out, "    server s{} {}", index + 1, target.authority());
        if let Some(name) = target.server_name() {
            let _ = write!(
                out,
                " ssl verify required ca-file @system-ca verifyhost {name} sni str({name})"
            );
        }
        match sent {
            Some(ProxyVersion::V1) => out += " send-proxy",
            Some(ProxyVersion::V2) => out += " send-proxy-v2",
            None => {}
        }
        if let Some(look) = &look {
            if let Some(name) = target.server_name() {
                let _ = write!(out, " check-sni {name}");
            }
            // One look decides, and may last as long as it is to the next.
            let _ = write!(out, " check inter {}s rise 1 fall 1", look.every);
        }
        out.push('\n');
    }
    out
}

/// Networks of one condition: a line is 64 words (section 2.2).
const MAX_NETWORKS: usize = 32;

/// Lines that have connections from some networks begin with the PROXY protocol.
pub(super) fn announced(service: &Service) -> String {
    let mut out = String::new();
    for networks in behind::networks(service).chunks(MAX_NETWORKS) {
        let _ = writeln!(
            out,
            "    tcp-request connection expect-proxy layer4 if {{ src {} }}",
            networks.join(" ")
        );
    }
    out
}
