//! What `listen` lines say (nginx.org: ngx_http_core_module, ngx_stream_core_module, "listen").

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};

use super::syntax::Directive;
use crate::forms::left::Left;
use crate::forms::settings;

/// The port where none is said.
const DEFAULT_PORT: u16 = 80;

/// The words behind an address that are read here.
const READ: &[&str] = &[
    "ssl",
    "http2",
    "default_server",
    "default",
    "proxy_protocol",
];

/// Where connections begin with the PROXY protocol.
#[derive(Clone, Copy, Default)]
pub(super) enum Proxied {
    #[default]
    None,
    /// At some addresses, with the line of the first.
    Some(usize),
    /// At all of them.
    All(usize),
}

/// One `listen` line.
pub(super) struct Listen {
    line: usize,
    /// `None` where it is nothing that a service listens on: a socket of files, a range of ports, UDP.
    address: Option<SocketAddr>,
    is_tls: bool,
    is_http2: bool,
    is_default: bool,
    is_proxied: bool,
    /// As it is told.
    told: String,
    /// The words that have no place here.
    others: Vec<String>,
    /// Whether the address is another one than is written.
    instead: bool,
    /// Whether it is IPv6's alone, as it is where nothing else is said.
    is_v6_only: bool,
}

/// Whether it turns TLS on; a flag is read without regard to case (nginx's ngx_conf_set_flag_slot).
pub(super) fn is_ssl_on(directive: &Directive) -> bool {
    let arguments = directive.arguments();
    directive.name() == "ssl" && matches!(arguments[..], [flag] if flag.eq_ignore_ascii_case("on"))
}

/// The address that is written, and whether another stands for a name.
fn address(text: &str) -> Option<(SocketAddr, bool)> {
    if let Ok(port) = text.parse::<u16>() {
        return Some((SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), port), false));
    }
    let starred = match text.strip_prefix('*') {
        Some("") => "0.0.0.0".to_owned(),
        Some(rest) => format!("0.0.0.0{rest}"),
        None => text.to_owned(),
    };
    if let Ok(address) = starred.parse() {
        return Some((address, false));
    }
    let bare = starred.trim_start_matches('[').trim_end_matches(']');
    if let Ok(ip) = bare.parse() {
        return Some((SocketAddr::new(ip, DEFAULT_PORT), false));
    }
    let (name, port) = match text.rsplit_once(':') {
        Some((name, port)) => (name, port.parse().ok()?),
        None => (text, DEFAULT_PORT),
    };
    let ip = settings::address_of_name(name)?;
    Some((SocketAddr::new(ip, port), true))
}

impl Listen {
    /// The line that a directive is, if it is one.
    pub(super) fn of(directive: &Directive) -> Option<Self> {
        let arguments = directive.arguments();
        let (given, words) = arguments.split_first()?;
        if directive.name() != "listen" || directive.block.is_some() {
            return None;
        }
        let is_udp = words.iter().any(|word| ["quic", "udp"].contains(word));
        let read = address(given).filter(|_| !is_udp);
        let is_any = *given == "[::]" || given.starts_with("[::]:");
        let others = words
            .iter()
            .filter(|word| !(READ.contains(word) || is_any && word.starts_with("ipv6only=")));
        Some(Self {
            line: directive.line,
            address: read.map(|(address, _)| address),
            is_tls: words.contains(&"ssl") || words.contains(&"quic"),
            is_http2: words.contains(&"http2"),
            is_default: words.contains(&"default_server") || words.contains(&"default"),
            is_proxied: words.contains(&"proxy_protocol"),
            told: directive.told(),
            others: others.map(|word| (*word).to_owned()).collect(),
            instead: read.is_some_and(|(_, instead)| instead),
            is_v6_only: is_any && !words.contains(&"ipv6only=off"),
        })
    }

    /// The address, with what is not read of the line told.
    fn read(self, left: &mut Left) -> Option<SocketAddr> {
        let Some(address) = self.address else {
            left.line(self.line, &self.told);
            return None;
        };
        if self.instead {
            left.line(self.line, &format!("{}, here {address}", self.told));
        } else if !self.others.is_empty() {
            left.line(self.line, &format!("listen {}", self.others.join(" ")));
        }
        Some(address)
    }
}

/// What a server listens on.
#[derive(Default)]
pub(super) struct Listens {
    pub(super) has_tls: bool,
    pub(super) http2: bool,
    pub(super) addresses: Vec<SocketAddr>,
    /// The same with those that another one stands for, and those where it answers for names that nobody has.
    pub(super) all: Vec<SocketAddr>,
    pub(super) defaults: Vec<SocketAddr>,
    pub(super) proxied: Proxied,
    /// Lines in plain text beside TLS, as they are told, each with whether they are for the port of http.
    pub(super) plain: Vec<(usize, String, bool)>,
    /// Where it listens on nothing that is read here, the line that says on what, and the line's number.
    pub(super) nowhere: Option<(usize, String)>,
}

/// The addresses at which somebody speaks TLS: all servers at one do.
pub(super) struct Speaking(BTreeSet<SocketAddr>);

impl Speaking {
    /// Finds them, in blocks inside blocks.
    pub(super) fn among(directives: &[Directive]) -> Self {
        let mut speaking = Self(BTreeSet::new());
        speaking.look(directives);
        speaking
    }

    fn look(&mut self, directives: &[Directive]) {
        let is_on = directives.iter().any(is_ssl_on);
        let listens = directives.iter().filter_map(Listen::of);
        let with_tls = listens.filter(|listen| listen.is_tls || is_on);
        self.0.extend(with_tls.filter_map(|listen| listen.address));
        for block in directives.iter().filter_map(|inner| inner.block.as_ref()) {
            self.look(block);
        }
    }

    fn has(&self, listen: &Listen) -> bool {
        listen.is_tls || listen.address.is_some_and(|at| self.0.contains(&at))
    }

    /// Whether a server speaks TLS anywhere.
    pub(super) fn is_in(&self, server: &[Directive]) -> bool {
        let mut listens = server.iter().filter_map(Listen::of);
        server.iter().any(is_ssl_on) || listens.any(|listen| self.has(&listen))
    }

    /// What a server listens on. Where it speaks TLS, an address in plain text is none of the service's.
    pub(super) fn listens(&self, server: &[Directive], left: &mut Left) -> Listens {
        let is_on = server.iter().any(is_ssl_on);
        let mut found = Listens {
            has_tls: self.is_in(server),
            ..Listens::default()
        };
        let mut of_ipv6 = Vec::new();
        let mut proxied = Vec::new();
        for listen in server.iter().filter_map(Listen::of) {
            if found.has_tls && !is_on && !self.has(&listen) {
                let told = format!("{} in plain text", listen.told);
                let is_http = listen.address.is_some_and(|at| at.port() == DEFAULT_PORT);
                found.plain.push((listen.line, told, is_http));
                continue;
            }
            found.http2 |= listen.is_http2;
            of_ipv6.extend(
                listen
                    .address
                    .filter(|_| listen.is_v6_only)
                    .map(|at| (listen.line, at)),
            );
            let at = (listen.line, listen.told.clone());
            found
                .defaults
                .extend(listen.address.filter(|_| listen.is_default));
            proxied.push((listen.is_proxied, listen.line));
            match listen.read(left) {
                Some(address) => found.addresses.push(address),
                None => found.nowhere = found.nowhere.or(Some(at)),
            }
        }
        found.nowhere = found.nowhere.filter(|_| found.addresses.is_empty());
        // Both families is what this address stands for here.
        for (line, address) in of_ipv6 {
            let other = SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), address.port());
            if !found.addresses.contains(&other) {
                left.line(line, &format!("listen {address} of IPv6 alone"));
            }
        }
        let first = proxied.iter().find(|(is_proxied, _)| *is_proxied);
        found.proxied = match first {
            Some((_, line)) if proxied.iter().all(|(is_proxied, _)| *is_proxied) => {
                Proxied::All(*line)
            }
            Some((_, line)) => Proxied::Some(*line),
            None => Proxied::None,
        };
        found.all = found.addresses;
        found.addresses = settings::distinct(&found.all);
        found
    }
}
