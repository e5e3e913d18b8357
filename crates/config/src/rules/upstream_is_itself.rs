//! `config.upstream-is-itself`

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;
use crate::model::Status;
use crate::{Service, hostname};

/// The service listens where its upstream is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UpstreamIsItself {
    /// The upstream, escaped, without a user.
    pub upstream: String,
    /// The address that the service listens at.
    pub listen: String,
    /// Whether the redirect of plain http listens there.
    pub is_redirect: bool,
}

impl Evidence for UpstreamIsItself {
    const RULE: Rule = Rule {
        code: "config.upstream-is-itself",
        severity: Severity::Error,
        title: "The service listens where its upstream is",
        why: "Two programs cannot listen at one address: either the service behind or this one does not start. Where this one does, every request comes back to it until it gives up.",
        fix: "Let the service behind listen at another port, and write that in `upstream`.",
        sources: &["POSIX.1-2024, bind: EADDRINUSE", "RFC 9110, section 7.6.3"],
    };

    fn message(&self) -> String {
        let (upstream, listen) = (&self.upstream, &self.listen);
        if self.is_redirect {
            format!("The upstream {upstream} is where `tls.redirect` listens, at {listen}.")
        } else {
            format!("The upstream {upstream} is where the service itself listens, at {listen}.")
        }
    }
}

/// The port of a scheme that is proxied (RFC 9110, section 4.2); others are `config.not-an-address`.
fn usual_port(scheme: &str) -> Option<u16> {
    match scheme.to_ascii_lowercase().as_str() {
        "https" => Some(443),
        "http" | "h2c" => Some(80),
        _ => None,
    }
}

/// The addresses of this machine that an upstream is at, so far as its text says them.
fn own_addresses(upstream: &str, is_http: bool) -> Vec<SocketAddr> {
    let usual = match upstream.split_once("://") {
        Some((scheme, _)) if is_http => usual_port(scheme),
        None if !is_http => None,
        _ => return Vec::new(),
    };
    let (host, port) = hostname::host_and_port(upstream);
    let Some(port) = port.or(usual) else {
        return Vec::new();
    };
    let loopback = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    let ips: Vec<IpAddr> = match hostname::address(host) {
        // Who connects to all addresses comes to the loopback (ip(7)).
        Some(ip) if ip.is_unspecified() => loopback.to_vec(),
        Some(ip) => vec![ip],
        None if hostname::is_this_machine(host) => loopback.to_vec(),
        None => Vec::new(),
    };
    ips.into_iter()
        .map(|ip| SocketAddr::new(ip, port))
        .collect()
}

/// Where the service listens, each with whether its redirect does.
fn listens(service: &Service) -> Vec<(SocketAddr, bool)> {
    let is_tls = service.status() != Status::Disabled;
    let all = |port| SocketAddr::new(Ipv6Addr::UNSPECIFIED.into(), port);
    let said = service.listen.iter().filter_map(|text| text.parse().ok());
    let mut listens: Vec<(SocketAddr, bool)> = said.map(|at| (at, false)).collect();
    if service.listen.is_empty() {
        listens.push((all(if is_tls { 443 } else { 80 }), false));
    }
    if service.tls.redirect && is_tls && service.is_http() {
        listens.push((all(80), true));
    }
    listens
}

/// Whether who connects to an address comes to a listener: `[::]` is at every address of both families, and which ones
/// beside the loopback are this machine's nobody knows here.
fn is_at(listen: SocketAddr, target: SocketAddr) -> bool {
    let is_wide = listen.ip().is_unspecified() && (listen.is_ipv6() || target.is_ipv4());
    let is_there = listen.ip() == target.ip() || is_wide && target.ip().is_loopback();
    is_there && listen.port() == target.port()
}

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    let listens = listens(service);
    let mut found = Vec::new();
    for upstream in service.upstream.iter() {
        let targets = own_addresses(upstream, service.is_http());
        let meets = |(listen, _): &&(SocketAddr, bool)| {
            targets.iter().any(|target| is_at(*listen, *target))
        };
        if let Some((listen, is_redirect)) = listens.iter().find(meets) {
            found.push(UpstreamIsItself {
                upstream: escape::text(&hostname::without_user(upstream)),
                listen: listen.to_string(),
                is_redirect: *is_redirect,
            });
        }
    }
    for evidence in found {
        on.found("upstream", evidence);
    }
}
