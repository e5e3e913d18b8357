//! What the forms of servers have in common: addresses, versions, suites, hosts, in the words that
//! OpenSSL and its users have for them.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::{ImportError, fields};
use crate::Service;
use crate::forms::fields::Lost;
pub(super) use crate::hostname::{ascii, is_plain};
use crate::model::{Hsts, Listed, ProtocolVersion, Status};
use crate::rules::duplicate_listen::stand_in;

/// The fields that the form of every server has a place for.
pub(super) const SERVED: &[&str] = &[
    "host",
    "upstream",
    "listen",
    "mode",
    "balance",
    "tls.certificate",
    "tls.key",
    "tls.certificates",
    "tls.default_certificate",
    "tls.profile",
    "tls.min_version",
    "tls.max_version",
    "tls.alpn",
    "tls.client",
    "tls.hsts",
    "tls.redirect",
];

/// An upstream that a form can say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) is_tls: bool,
    pub(super) host: String,
    pub(super) port: u16,
}

impl Target {
    fn parse(text: &str, is_http: bool) -> Option<Self> {
        // A scheme is read without regard to case (RFC 3986, section 3.1).
        let scheme = text.split_once("://");
        let scheme = scheme.map(|(scheme, rest)| (scheme.to_ascii_lowercase(), rest));
        let (is_tls, rest) = match (
            is_http,
            scheme.as_ref().map(|(s, rest)| (s.as_str(), *rest)),
        ) {
            (true, Some(("http", rest))) => (false, rest),
            (true, Some(("https", rest))) => (true, rest),
            (false, None) => (false, text),
            _ => return None,
        };
        let rest = if is_http {
            rest.strip_suffix('/').unwrap_or(rest)
        } else {
            rest
        };
        let default = if is_tls { 443 } else { 80 };
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()?),
            _ if is_http => (rest, default),
            _ => return None,
        };
        let host = host.strip_prefix('[').map_or(Some(host), |inner| {
            let inner = inner.strip_suffix(']')?;
            inner.parse::<Ipv6Addr>().is_ok().then_some(inner)
        })?;
        let host = ascii(host);
        is_plain(&host).then(|| Self {
            is_tls,
            host: host.into_owned(),
            port,
        })
    }

    /// The name that its certificate has to be good for; `None` for an address, which OpenSSL's checks of
    /// names do not know, and in plain text.
    pub(super) fn server_name(&self) -> Option<&str> {
        let is_address = self.host.parse::<IpAddr>().is_ok();
        (self.is_tls && !is_address).then_some(self.host.as_str())
    }

    /// Host and port.
    pub(super) fn authority(&self) -> String {
        format!("{}:{}", bracketed(&self.host), self.port)
    }
}

/// An IPv6 address in its brackets, anything else as it is.
pub(super) fn bracketed(host: &str) -> String {
    match host.parse::<Ipv6Addr>() {
        Ok(_) => format!("[{host}]"),
        Err(_) => host.to_owned(),
    }
}

/// The hosts that every server can say: plain ones, and `*.` before one. Those of other languages are said as
/// A-labels.
pub(super) fn hosts(given: &Listed, field: &str, lost: &mut Lost) -> Vec<String> {
    let is_said = |host: &String| is_plain(host.strip_prefix("*.").unwrap_or(host));
    let hosts = given.iter().map(|host| ascii(host).into_owned());
    let hosts: Vec<String> = hosts.filter(is_said).collect();
    if hosts.len() < given.0.len() {
        fields::add(lost, field);
    }
    hosts
}

/// The upstreams, all of one scheme.
pub(super) fn targets(service: &Service, lost: &mut Lost) -> Vec<Target> {
    let parse = |text| Target::parse(text, service.is_http());
    let mut targets: Vec<Target> = service.upstream.iter().filter_map(parse).collect();
    if let Some(is_tls) = targets.first().map(|first| first.is_tls) {
        targets.retain(|target| target.is_tls == is_tls);
    }
    if targets.len() < service.upstream.0.len() {
        fields::add(lost, "upstream");
    }
    targets
}

/// The same, for servers that verify the name of an upstream's certificate, but no address in it: what
/// could not be verified is not asked.
pub(super) fn named_targets(service: &Service, lost: &mut Lost) -> Vec<Target> {
    let mut targets = targets(service, lost);
    let before = targets.len();
    targets.retain(|target| !target.is_tls || target.server_name().is_some());
    if targets.len() < before {
        fields::add(lost, "upstream");
    }
    targets
}

/// The address that a name stands for wherever it is asked for: this machine's own (RFC 6761 section 6.3). Nobody is
/// asked for others here.
pub(super) fn address_of_name(name: &str) -> Option<IpAddr> {
    let is_own = name.eq_ignore_ascii_case("localhost");
    is_own.then_some(Ipv4Addr::LOCALHOST.into())
}

/// Why what listens on no address that can be read is no service: it would listen on all of them.
pub(super) fn listens_nowhere(line: usize, told: &str) -> ImportError {
    ImportError::Form {
        line,
        message: format!(
            "`{told}` is no address and port that a service listens on, and there is no other; write one \
             in its place, such as 192.0.2.1:443"
        ),
    }
}

/// Why a word that nobody knows, where clients are asked for certificates, is not read: it may keep everybody out, or
/// let everybody in.
pub(super) fn unclear_verify(line: usize, told: &str, known: &[&str]) -> ImportError {
    ImportError::Form {
        line,
        message: format!(
            "`{told}` does not say whether clients have to show certificates; known are {}",
            known.join(", ")
        ),
    }
}

/// The hosts beside its own that a service answers for, too: without any it answers for all that its certificates are
/// for, and a wildcard stands for one label (RFC 9525 section 6.3).
#[derive(Default)]
pub(super) struct Covered {
    is_all: bool,
    /// What stands behind the wildcards, with the dot.
    ends: BTreeSet<String>,
}

impl Covered {
    pub(super) fn by<'h>(hosts: impl IntoIterator<Item = &'h String>) -> Self {
        let mut hosts = hosts.into_iter().peekable();
        let is_all = hosts.peek().is_none();
        let ends = hosts.filter_map(|host| host.strip_prefix('*'));
        let ends = ends.map(str::to_ascii_lowercase).collect();
        Self { is_all, ends }
    }

    pub(super) fn has(&self, host: &str) -> bool {
        let behind = host.find('.').map(|dot| host[dot..].to_ascii_lowercase());
        self.is_all || behind.is_some_and(|end| self.ends.contains(&end))
    }
}

/// Addresses without those that another one stands for.
pub(super) fn distinct(addresses: &[SocketAddr]) -> Vec<SocketAddr> {
    let mut kept: Vec<SocketAddr> = Vec::new();
    let all: BTreeSet<SocketAddr> = addresses.iter().copied().collect();
    let mut seen = BTreeSet::new();
    for address in addresses {
        if stand_in(*address, &all).is_none() && seen.insert(*address) {
            kept.push(*address);
        }
    }
    kept
}

/// The addresses to listen on.
pub(super) fn listens(service: &Service, lost: &mut Lost) -> Vec<SocketAddr> {
    let is_plain = service.status() == Status::Disabled;
    let default = SocketAddr::new(
        Ipv6Addr::UNSPECIFIED.into(),
        if is_plain { 80 } else { 443 },
    );
    let parsed = service.listen.iter().filter_map(|text| text.parse().ok());
    let parsed: Vec<SocketAddr> = parsed.filter(|at: &SocketAddr| at.port() != 0).collect();
    let mut listens = distinct(&parsed);
    if listens.len() < service.listen.0.len() {
        fields::add(lost, "listen");
    }
    if listens.is_empty() {
        listens.push(default);
    }
    listens
}

/// The port that a redirect to https has to name: none where https is at its own (RFC 9110 section 4.2.2).
pub(super) fn port_of_redirect(listens: &[SocketAddr]) -> Option<u16> {
    let mut ports = listens.iter().map(SocketAddr::port);
    let first = ports.clone().next()?;
    (!ports.any(|port| port == 443)).then_some(first)
}

/// The versions of TLS from the oldest to the newest: the profile has the last word.
pub(super) fn versions(service: &Service, lost: &mut Lost) -> (ProtocolVersion, ProtocolVersion) {
    let tls = &service.tls;
    let oldest = tls.profile.guideline().min_version;
    let mut min = tls.min_version.unwrap_or(oldest);
    let mut max = tls.max_version.unwrap_or(ProtocolVersion::Tls13);
    if min < oldest {
        fields::add(lost, "tls.min_version");
        min = oldest;
    }
    if max < min {
        fields::add(lost, "tls.max_version");
        max = ProtocolVersion::Tls13;
    }
    (min, max)
}

/// The profile's suites of TLS 1.2 as OpenSSL names them.
pub(super) fn openssl_suites(service: &Service) -> String {
    let suites = service.tls.profile.guideline().tls12_suites.iter();
    let named = suites.map(|suite| {
        suite
            .trim_start_matches("TLS_")
            .replace("_WITH_", "_")
            .replace("AES_", "AES")
            .replace("CHACHA20_POLY1305_SHA256", "CHACHA20_POLY1305")
            .replace('_', "-")
    });
    named.collect::<Vec<_>>().join(":")
}

/// The group that is not in every version of the servers.
const HYBRID: &str = "X25519MLKEM768";

/// The profile's groups for key exchange, in OpenSSL's names; the hybrid one where it is known.
pub(super) fn groups(service: &Service, post_quantum: bool, lost: &mut Lost) -> Vec<&'static str> {
    let mut groups = service.tls.profile.guideline().groups.to_vec();
    if !post_quantum {
        groups.retain(|group| *group != HYBRID);
        fields::add(lost, &format!("tls.profile ({HYBRID})"));
    }
    groups
}

/// Whether a list of groups, as OpenSSL separates them, is a profile's, with the hybrid one or without.
pub(super) fn are_groups(given: &str) -> bool {
    [true, false].into_iter().any(|post_quantum| {
        let groups = groups(&Service::default(), post_quantum, &mut Lost::default());
        groups.join(":") == given
    })
}

/// The value of the header Strict-Transport-Security (RFC 6797 section 6.1).
pub(super) fn hsts(hsts: &Hsts) -> String {
    let mut value = format!("max-age={}", hsts.max_age);
    if hsts.include_subdomains {
        value += "; includeSubDomains";
    }
    if hsts.preload {
        value += "; preload";
    }
    value
}

/// Reads the header's value; `None` when something else is in it.
pub(super) fn hsts_of(value: &str) -> Option<Hsts> {
    let mut hsts = Hsts {
        max_age: 0,
        include_subdomains: false,
        preload: false,
    };
    let mut has_age = false;
    for part in value.split(';').map(str::trim) {
        let lower = part.to_ascii_lowercase();
        match lower.split_once('=') {
            Some(("max-age", age)) => {
                let age: i64 = age.trim().trim_matches('"').parse().ok()?;
                // A service file is TOML, whose numbers end there.
                hsts.max_age = u64::try_from(age).ok()?;
                has_age = true;
            }
            None if lower == "includesubdomains" => hsts.include_subdomains = true,
            None if lower == "preload" => hsts.preload = true,
            None if lower.is_empty() => {}
            _ => return None,
        }
    }
    has_age.then_some(hsts)
}

/// The protocols above TLS that are offered.
pub(super) fn alpn(service: &Service) -> Vec<&str> {
    match service.tls.alpn.is_empty() {
        false => service.tls.alpn.iter().collect(),
        true if service.is_http() => vec!["h2", "http/1.1"],
        true => Vec::new(),
    }
}

/// Whether who asks for a name that nobody has, or for none, can be turned away by hosts alone: whoever comes to an
/// address that is a host asks for no name (RFC 6066, section 3).
pub(super) fn asks_by_name<'h>(mut hosts: impl Iterator<Item = &'h str>) -> bool {
    !hosts.any(|host| {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        bare.parse::<IpAddr>().is_ok()
    })
}

/// Leaves a status out of what is lost where it follows from what a form says.
pub(super) fn status(service: &Service, has_certificate: bool, lost: &mut Lost) {
    let follows = match service.status() {
        Status::Disabled => true,
        Status::Enabled => has_certificate,
        Status::Auto => false,
    };
    if follows {
        lost.retain(|field| field != "tls.status");
    }
}
