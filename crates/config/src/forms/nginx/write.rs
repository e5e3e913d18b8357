//! A service as servers of nginx.

use std::fmt::Write as _;
use std::net::SocketAddr;

use super::proxy::proxy;
use super::server::DOT;
use crate::Service;
use crate::forms::fields::Lost;
use crate::forms::sites::{Chosen, Site, client, sites};
use crate::forms::{Exported, behind, fields, settings, wild};
use crate::model::{ClientMode, ProtocolVersion, Status};

/// What is said beside what every server says.
const OWN: &[&str] = &[
    "tls.password",
    "timeouts.handshake",
    "timeouts.header",
    "timeouts.idle",
    "timeouts.connect",
    "limits.body_bytes",
    "tls.ocsp",
    "tls.ticket_keys",
    "proxy_protocol.from",
];

/// What has a meaning of its own in front of a path.
const SCHEMES: &[&str] = &["data:", "engine:", "store:", "syslog:", "unix:"];

/// Whether a path can be said: variables (`$`) are looked up anew for each connection, and controls are
/// no part of a file's name that anyone meant.
pub(in crate::forms) fn is_said(path: &str) -> bool {
    !path.is_empty()
        && !path.contains('$')
        && !path.contains(char::is_control)
        && !SCHEMES.iter().any(|scheme| path.starts_with(scheme))
}

/// A text as one word of nginx.
fn quoted(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
    if text.bytes().all(is_plain) {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// What all servers of a service share.
struct Shared<'s> {
    service: &'s Service,
    listens: Vec<SocketAddr>,
    /// Lines of every server that speaks TLS.
    tls: String,
    /// Lines of every server.
    proxy: String,
    has_h2: bool,
    rejects: bool,
    /// The networks that say for whom they connect.
    networks: Vec<String>,
}

/// What a server is among those at its address.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rank {
    /// One for its names.
    Named,
    /// The one for every other name, too.
    Default,
    /// The one for every other name, which turns them away.
    Closed,
}

impl Shared<'_> {
    /// Words of `listen` and lines for who comes by a proxy. Whoever comes to the address has to say it, and is
    /// believed in these networks.
    fn announced(&self) -> (&'static str, String) {
        if self.networks.is_empty() {
            return ("", String::new());
        }
        let mut out = String::new();
        for network in &self.networks {
            let _ = writeln!(out, "    set_real_ip_from {network};");
        }
        if self.service.is_http() {
            out += "    real_ip_header proxy_protocol;\n";
        }
        (" proxy_protocol", out)
    }
}

/// Names of a server. nginx's own wildcards stand for names of several labels.
fn names(hosts: &[String]) -> String {
    let name = |host: &String| {
        let pattern = wild::pattern(host, DOT);
        pattern.map_or_else(
            || settings::bracketed(host),
            |pattern| format!("~{pattern}"),
        )
    };
    match hosts {
        [] => "_".to_owned(),
        some => some.iter().map(name).collect::<Vec<_>>().join(" "),
    }
}

fn tls(service: &Service, post_quantum: bool, lost: &mut Lost) -> (String, bool) {
    let tls = &service.tls;
    let mut out = String::new();
    let (min, max) = settings::versions(service, lost);
    let versions: Vec<&str> = [
        (ProtocolVersion::Tls12, "TLSv1.2"),
        (ProtocolVersion::Tls13, "TLSv1.3"),
    ]
    .into_iter()
    .filter(|(version, _)| (min..=max).contains(version))
    .map(|(_, word)| word)
    .collect();
    let _ = writeln!(out, "    ssl_protocols {};", versions.join(" "));
    let suites = settings::openssl_suites(service);
    if !suites.is_empty() {
        let _ = writeln!(out, "    ssl_ciphers {suites};");
    }
    let groups = settings::groups(service, post_quantum, lost);
    let _ = writeln!(out, "    ssl_ecdh_curve {};", groups.join(":"));
    out += "    ssl_prefer_server_ciphers off;\n";
    out += &tickets(service, lost);
    if !service.is_http() && !tls.alpn.is_empty() {
        let is_token = |token: &&str| {
            token.len() < 256
                && token
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-./".contains(&byte))
                && !token.is_empty()
        };
        let tokens: Vec<&str> = tls.alpn.iter().filter(is_token).collect();
        if tokens.len() < tls.alpn.0.len() {
            fields::add(lost, "tls.alpn");
        }
        if !tokens.is_empty() {
            let _ = writeln!(out, "    ssl_alpn {};", tokens.join(" "));
        }
    }
    let ca = client(service, is_said, lost);
    if let Some(ca) = ca {
        let _ = writeln!(out, "    ssl_client_certificate {};", quoted(ca));
        let word = match tls.client.mode {
            ClientMode::None => "off",
            ClientMode::Optional => "optional",
            ClientMode::Required => "on",
        };
        let _ = writeln!(out, "    ssl_verify_client {word};");
    }
    match tls.client.crl.0.as_slice() {
        [crl] if is_said(crl) && ca.is_some() => {
            let _ = writeln!(out, "    ssl_crl {};", quoted(crl));
        }
        [] => {}
        _ => fields::add(lost, "tls.client.crl"),
    }
    (out, ca.is_none() && tls.client.mode == ClientMode::Required)
}

/// Keys of tickets, which servers share; else each connection shakes hands in full.
fn tickets(service: &Service, lost: &mut Lost) -> String {
    let keys = &service.tls.ticket_keys;
    let are_said = !keys.is_empty() && keys.iter().all(is_said);
    if !are_said {
        fields::lose(service, "tls.ticket_keys", lost);
        return "    ssl_session_tickets off;\n".to_owned();
    }
    // Written with is the first, as here.
    let lines = keys
        .iter()
        .map(|key| format!("    ssl_session_ticket_key {};\n", quoted(key)));
    let mut out = "    ssl_session_tickets on;\n".to_owned();
    out.extend(lines);
    out
}

/// `listen` lines: the unspecified IPv6 address stands for both families, which takes two of them.
fn listen(out: &mut String, address: &SocketAddr, words: &str) {
    if address.is_ipv6() && address.ip().is_unspecified() {
        let _ = writeln!(out, "    listen {}{words};", address.port());
    }
    let _ = writeln!(out, "    listen {address}{words};");
}

fn server(out: &mut String, shared: &Shared<'_>, site: &Site<'_>, rank: Rank) {
    let service = shared.service;
    let is_tls = service.status() != Status::Disabled;
    let is_closed = rank == Rank::Closed;
    out.push_str("server {\n");
    let words = match (is_tls, shared.has_h2) {
        (true, true) => " ssl http2",
        (true, false) => " ssl",
        (false, _) => "",
    };
    let default = if rank == Rank::Named {
        ""
    } else {
        " default_server"
    };
    let (proxied, trusted) = shared.announced();
    for address in &shared.listens {
        listen(out, address, &format!("{words}{proxied}{default}"));
    }
    if service.is_http() {
        let hosts: &[String] = if is_closed { &[] } else { &site.hosts };
        let _ = writeln!(out, "    server_name {};", names(hosts));
    }
    out.push_str(&trusted);
    if is_tls {
        match site.pair.filter(|_| !shared.rejects && !is_closed) {
            Some(pair) => {
                for (certificate, key) in [pair].into_iter().chain(site.beside) {
                    let _ = writeln!(out, "    ssl_certificate {};", quoted(certificate));
                    let _ = writeln!(out, "    ssl_certificate_key {};", quoted(key));
                }
            }
            None => out.push_str("    ssl_reject_handshake on;\n"),
        }
        if let Some(password) = site.password.filter(|_| !is_closed) {
            let _ = writeln!(out, "    ssl_password_file {};", quoted(password));
        }
        if let Some(ocsp) = site.ocsp.filter(|_| service.is_http() && !is_closed) {
            let _ = writeln!(
                out,
                "    ssl_stapling on;\n    ssl_stapling_file {};",
                quoted(ocsp)
            );
        }
        out.push_str(&shared.tls);
        if let Some(hsts) = service.tls.hsts.as_ref().filter(|_| service.is_http()) {
            let value = settings::hsts(hsts);
            let _ = writeln!(
                out,
                "    add_header Strict-Transport-Security \"{value}\" always;"
            );
        }
    }
    if is_closed {
        // A name in a request may be another one than that of the handshake.
        out.push_str("    return 421;\n");
    } else {
        out.push_str(&shared.proxy);
    }
    out.push_str("}\n");
}

/// Above the server that turns others away. nginx refuses a second one at an address.
const CLOSED: &str = "\n# Whoever asks for another name is turned away. An address has one such server: of several services at it, \
    keep one.\n";

/// Whether names that nobody has can be turned away: where each server has names of its own, and none is an address.
fn closes(service: &Service, sites: &[Site<'_>]) -> bool {
    let are_named = sites.iter().all(|site| !site.hosts.is_empty());
    let hosts = sites.iter().flat_map(|site| &site.hosts);
    service.is_http() && are_named && settings::asks_by_name(hosts.map(String::as_str))
}

/// The service as servers of nginx.
pub(in crate::forms) fn export(service: &Service, post_quantum: bool) -> Exported {
    let mut lost = fields::lost(service, &[settings::SERVED, OWN].concat());
    let is_tls = service.status() != Status::Disabled;
    let mut sites = sites(service, is_said, Chosen::HostsAndKeys, &mut lost);
    let (tls, rejects) = if is_tls {
        tls(service, post_quantum, &mut lost)
    } else {
        sites.truncate(1);
        (String::new(), false)
    };
    let has_pair = sites[0].pair.is_some() && !rejects;
    settings::status(service, has_pair, &mut lost);
    let said = fields::said(service);
    let mut lose = |field: &str| {
        for said in said.iter().filter(|said| said.starts_with(field)) {
            fields::add(&mut lost, said);
        }
    };
    if rejects {
        sites.truncate(1);
        lose("tls.certificate");
        lose("tls.key");
        lose("tls.password");
        lose("tls.ocsp");
    }
    if !service.is_http() {
        // The context `stream` looks at no names; a server needs a certificate and an upstream.
        sites.truncate(1);
        sites[0].beside = None;
        for field in [
            "host",
            "tls.certificates",
            "tls.hsts",
            "tls.redirect",
            // ngx_stream_ssl_module has had no stapling before 1.27.2.
            "tls.ocsp",
        ] {
            lose(field);
        }
    }
    let alpn = settings::alpn(service);
    if service.is_http() && is_tls && alpn != ["h2", "http/1.1"] && alpn != ["http/1.1"] {
        lose("tls.alpn");
    }
    let listens = settings::listens(service, &mut lost);
    let host = sites[0].hosts.first().map(String::as_str);
    let (head, proxy) = proxy(service, host, &mut lost);
    let shared = Shared {
        service,
        listens,
        tls,
        proxy,
        has_h2: service.is_http() && alpn.contains(&"h2"),
        rejects,
        networks: behind::networks(service),
    };
    if !shared.networks.is_empty() {
        fields::add(&mut lost, "proxy_protocol.from");
    }
    let is_default = service.tls.default_certificate && is_tls && service.is_http() && has_pair;
    let first = if is_default {
        Rank::Default
    } else {
        Rank::Named
    };
    let mut out = head;
    if service.is_http() || (!shared.proxy.is_empty() && (!is_tls || has_pair)) {
        for (index, site) in sites.iter().enumerate() {
            let rank = if index == 0 { first } else { Rank::Named };
            server(&mut out, &shared, site, rank);
        }
    }
    if is_tls && has_pair && !service.tls.default_certificate {
        if closes(service, &sites) {
            out.push_str(CLOSED);
            server(&mut out, &shared, &sites[0], Rank::Closed);
        } else {
            fields::add(&mut lost, "tls.default_certificate");
        }
    }
    if service.tls.redirect && service.is_http() && is_tls {
        let hosts: Vec<String> = sites.iter().flat_map(|site| site.hosts.clone()).collect();
        let port = settings::port_of_redirect(&shared.listens);
        let port = port.map_or_else(String::new, |port| format!(":{port}"));
        let (proxied, trusted) = shared.announced();
        let _ = write!(
            out,
            "\nserver {{\n    listen 80{proxied};\n    listen [::]:80{proxied};\n    server_name {};\n{trusted}    \
             return 301 https://$host{port}$request_uri;\n}}\n",
            names(&hosts)
        );
    }
    Exported::new(out, lost)
}
