//! A Caddyfile (caddyserver.com/docs/caddyfile). Caddy's core proxies HTTP alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use super::sites::{Chosen, Site, client, sites};
use super::{Exported, behind, claimed, fields, settings};
use crate::Service;
use crate::forms::fields::Lost;
use crate::model::{ClientMode, ProtocolVersion, Status};

/// What is said beside what every server says.
const OWN: &[&str] = &["limits.body_bytes", "health"];

/// Whether a path can be said: the language has no escape for backslashes, and looks for placeholders
/// in braces everywhere.
pub(super) fn is_said(path: &str) -> bool {
    !path.is_empty()
        && !path.contains(['{', '}', '\\', '"', '`'])
        && !path.contains(char::is_control)
}

/// A scheme and the port where Caddy takes it for a mistake, whether TLS is automatic or not ("scheme and port violate
/// convention").
pub(super) fn refused_at(status: Status) -> (&'static str, u16) {
    match status {
        Status::Disabled => ("plain http", 443),
        Status::Auto | Status::Enabled => ("https", 80),
    }
}

fn version(version: ProtocolVersion) -> &'static str {
    match version {
        ProtocolVersion::Tls13 => "tls1.3",
        _ => "tls1.2",
    }
}

/// A group in Caddy's words.
fn curve(group: &str) -> &str {
    match group {
        "X25519MLKEM768" => "x25519mlkem768",
        "X25519" => "x25519",
        "prime256v1" => "secp256r1",
        "secp384r1" => "secp384r1",
        other => other,
    }
}

/// Lines of `tls { … }`.
fn tls(service: &Service, post_quantum: bool, lost: &mut Lost) -> String {
    let mut out = String::new();
    let (min, max) = settings::versions(service, lost);
    let _ = writeln!(out, "\t\tprotocols {} {}", version(min), version(max));
    let suites = service.tls.profile.guideline().tls12_suites;
    if !suites.is_empty() {
        let _ = writeln!(out, "\t\tciphers {}", suites.join(" "));
    }
    let groups = settings::groups(service, post_quantum, lost);
    let groups: Vec<&str> = groups.into_iter().map(curve).collect();
    let _ = writeln!(out, "\t\tcurves {}", groups.join(" "));
    let is_known = |token: &&str| ["h2", "http/1.1"].contains(token);
    let alpn: Vec<&str> = settings::alpn(service)
        .into_iter()
        .filter(is_known)
        .collect();
    if alpn.len() < settings::alpn(service).len() {
        fields::add(lost, "tls.alpn");
    }
    if !alpn.is_empty() {
        let _ = writeln!(out, "\t\talpn {}", alpn.join(" "));
    }
    let mode = match service.tls.client.mode {
        ClientMode::None => None,
        ClientMode::Optional => Some("verify_if_given"),
        ClientMode::Required => Some("require_and_verify"),
    };
    let ca = client(service, is_said, lost);
    if let (Some(ca), Some(mode)) = (ca, mode) {
        let _ = write!(
            out,
            "\t\tclient_auth {{\n\t\t\tmode {mode}\n\t\t\ttrusted_ca_cert_file \"{ca}\"\n\t\t}}\n"
        );
    } else if mode.is_none() && ca.is_some() {
        fields::add(lost, "tls.client.ca");
    }
    if !service.tls.client.crl.is_empty() {
        fields::add(lost, "tls.client.crl");
    }
    out
}

/// Ports that are listened at on the same addresses: a `bind` is for all ports of its site.
struct Listening {
    /// None where it is every address.
    bind: Vec<IpAddr>,
    ports: Vec<u16>,
}

impl Listening {
    /// The line that says the addresses.
    fn bound(&self) -> String {
        let addresses: Vec<String> = self.bind.iter().map(IpAddr::to_string).collect();
        if addresses.is_empty() {
            return String::new();
        }
        format!("\tbind {}\n", addresses.join(" "))
    }
}

/// The ports of a service with their addresses.
fn listening(listens: &[SocketAddr]) -> Vec<Listening> {
    let mut by_port: BTreeMap<u16, Vec<IpAddr>> = BTreeMap::new();
    for listen in listens {
        by_port.entry(listen.port()).or_default().push(listen.ip());
    }
    let mut by_addresses: BTreeMap<Vec<IpAddr>, Vec<u16>> = BTreeMap::new();
    for (port, mut addresses) in by_port {
        addresses.sort_unstable();
        // `[::]` is both families, which is what no `bind` means.
        if addresses.contains(&Ipv6Addr::UNSPECIFIED.into()) {
            addresses.clear();
        }
        by_addresses.entry(addresses).or_default().push(port);
    }
    let groups = by_addresses.into_iter();
    groups
        .map(|(bind, ports)| Listening { bind, ports })
        .collect()
}

fn site(
    out: &mut String,
    service: &Service,
    site: &Site<'_>,
    at: &Listening,
    tls: &str,
    body: &str,
) {
    let is_plain = service.status() == Status::Disabled;
    let scheme = if is_plain { "http" } else { "https" };
    let addresses = addresses(service, site, scheme, &at.ports);
    let _ = writeln!(out, "{addresses} {{");
    if !is_plain {
        match site.pair {
            Some((certificate, key)) => {
                let _ = writeln!(out, "\ttls \"{certificate}\" \"{key}\" {{\n{tls}\t}}");
            }
            None => {
                let _ = writeln!(out, "\ttls internal {{\n{tls}\t}}");
            }
        }
        if let Some(hsts) = &service.tls.hsts {
            let value = settings::hsts(hsts);
            let _ = writeln!(out, "\theader Strict-Transport-Security \"{value}\"");
        }
    }
    let _ = writeln!(out, "{}{body}}}", at.bound());
}

/// The addresses of a site.
fn addresses(service: &Service, site: &Site<'_>, scheme: &str, ports: &[u16]) -> String {
    // The first certificate, for every other name, too.
    let is_plain = service.status() == Status::Disabled;
    let is_default = service.tls.default_certificate && !is_plain && site.is_first;
    let mut addresses = Vec::new();
    for port in ports {
        let hosts = site.hosts.iter().map(|host| settings::bracketed(host));
        addresses.extend(hosts.map(|host| format!("{scheme}://{host}:{port}")));
        if site.hosts.is_empty() || is_default {
            addresses.push(format!("{scheme}://:{port}"));
        }
    }
    addresses.join(", ")
}

/// A site in plain text that redirects: of several addresses of a `bind`, Caddy 2.6 redirects from the last alone.
fn redirect(
    service: &Service,
    sites: &[Site<'_>],
    listening: &[Listening],
    port: Option<u16>,
) -> String {
    let all: BTreeSet<IpAddr> = listening.iter().flat_map(|at| at.bind.clone()).collect();
    let is_everywhere = listening.iter().any(|at| at.bind.is_empty());
    let at = Listening {
        bind: all.into_iter().filter(|_| !is_everywhere).collect(),
        ports: vec![80],
    };
    let addresses: Vec<String> = sites
        .iter()
        .map(|site| addresses(service, site, "http", &at.ports))
        .collect();
    let (addresses, bound) = (addresses.join(", "), at.bound());
    let port = port.map_or_else(String::new, |port| format!(":{port}"));
    format!("{addresses} {{\n{bound}\tredir https://{{host}}{port}{{uri}} 308\n}}\n")
}

/// HTTP/3 is spoken nowhere here, and Caddy would by itself (Caddyfile: "Global options", "protocols", from 2.6 on).
const SERVERS: &str = "\tservers {\n\t\tprotocols h1 h2\n\t}\n";

/// Whom a request is from, as `Forwarded` has it: addresses of IPv6 in brackets and quotes (RFC 7239, section 6).
const FOR: &str = "\tmap {remote_host} {keyway_for} {\n\t\t~(.*:.*) \"\\\"[${1}]\\\"\"\n\t\tdefault {remote_host}\n\t}\n";

/// Lines that take out what clients claim of themselves. Caddy's own answers stand for the rest: whom a request is from,
/// its host and its scheme.
fn unbelieved() -> String {
    let parts = claimed::parts().iter().map(|part| format!("*{part}*"));
    let all = claimed::names().chain(parts).chain(claimed::underscored());
    let mut out = "\t\theader_up Forwarded \"for={keyway_for};proto={scheme}\"\n".to_owned();
    for name in all {
        let _ = writeln!(out, "\t\theader_up -{name}");
    }
    out
}

/// Lines on how upstreams share the load and are looked at. Caddy's own default is any of them.
fn shared(service: &Service, lost: &mut Lost) -> String {
    let policy = if behind::is_least_busy(service, true, lost) {
        "least_conn"
    } else {
        "round_robin"
    };
    let mut out = format!("\t\tlb_policy {policy}\n");
    let Some(look) = behind::look(service, true, lost) else {
        return out;
    };
    match look.path {
        // Answers from 200 to 399 pass, as here.
        Some(path) => {
            let every = look.every;
            let _ = write!(
                out,
                "\t\thealth_uri {path}\n\t\thealth_interval {every}s\n\t\thealth_timeout {every}s\n"
            );
            if let Some(host) = look.host {
                let _ = write!(out, "\t\thealth_headers {{\n\t\t\tHost {host}\n\t\t}}\n");
            }
        }
        None => fields::lose(service, "health", lost),
    }
    out
}

/// The service as a Caddyfile.
pub(super) fn export(service: &Service, post_quantum: bool) -> Exported {
    if !service.is_http() {
        let text = "# Caddy has no TCP mode of its own.\n".to_owned();
        return Exported::new(text, fields::said(service));
    }
    let mut lost = fields::lost(service, &[settings::SERVED, OWN].concat());
    let is_plain = service.status() == Status::Disabled;
    let mut sites = sites(service, is_said, Chosen::Hosts, &mut lost);
    if service.tls.password.is_some() {
        fields::add(&mut lost, "tls.password");
    }
    for (index, own) in service.tls.certificates.iter().enumerate() {
        if own.password.is_some() {
            fields::add(&mut lost, &format!("tls.certificates[{index}].password"));
        }
        if own.ocsp.is_some() {
            fields::add(&mut lost, &format!("tls.certificates[{index}].ocsp"));
        }
    }
    settings::status(service, sites[0].pair.is_some(), &mut lost);
    let tls = if is_plain {
        sites.truncate(1);
        String::new()
    } else {
        tls(service, post_quantum, &mut lost)
    };
    if !is_plain && sites[0].hosts.is_empty() && !service.tls.default_certificate {
        fields::add(&mut lost, "tls.default_certificate");
    }
    let listens = settings::listens(service, &mut lost);
    let mut body = String::new();
    match service.limits.body_bytes {
        Some(bytes) if (1..=1 << 62).contains(&bytes) => {
            let _ = writeln!(body, "\trequest_body {{\n\t\tmax_size {bytes}\n\t}}");
        }
        Some(_) => fields::add(&mut lost, "limits.body_bytes"),
        None => {}
    }
    let targets = settings::targets(service, &mut lost);
    let is_closed = service.tls.client.mode == ClientMode::Required
        && !is_plain
        && client(service, is_said, &mut Lost::default()).is_none();
    if is_closed {
        // Whose certificates are good cannot be said, and Caddy would take the system's CAs for it.
        body.push_str("\trespond 403\n");
    } else if targets.is_empty() {
        body.push_str("\trespond 502\n");
    } else {
        let upstreams: Vec<String> = targets
            .iter()
            .map(|target| {
                let scheme = if target.is_tls { "https" } else { "http" };
                format!("{scheme}://{}", target.authority())
            })
            .collect();
        let _ = writeln!(
            body,
            "{FOR}\treverse_proxy {} {{\n{}{}\t}}",
            upstreams.join(" "),
            unbelieved(),
            shared(service, &mut lost)
        );
    }
    if targets.is_empty() || is_closed {
        behind::is_least_busy(service, false, &mut lost);
        drop(behind::look(service, false, &mut lost));
    }
    let listening = listening(&listens);
    let is_redirecting = service.tls.redirect && !is_plain;
    let is_bound = listening.iter().any(|at| at.bind.len() > 1);
    let redirects = if is_redirecting && !is_bound {
        "disable_certs"
    } else {
        "off"
    };
    let mut out = format!(
        "# Options for all sites: they stand once, at the top of a Caddyfile.\n{{\n\tauto_https {redirects}\n{SERVERS}}}\n"
    );
    for at in &listening {
        for each in &sites {
            out.push('\n');
            site(&mut out, service, each, at, &tls, &body);
        }
    }
    if is_redirecting && is_bound {
        let port = settings::port_of_redirect(&listens);
        out.push('\n');
        out += &redirect(service, &sites, &listening, port);
    }
    Exported::new(out, lost)
}
