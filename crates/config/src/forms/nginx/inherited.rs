//! What is set above the servers holds in each that does not set it itself (nginx.org: "Inheritance").

use std::cell::Cell;

use super::guards::ASKING;
use super::listen::{Speaking, is_ssl_on};
use super::own;
use super::redirect::ALL;
use super::syntax::Directive;

/// Directives that servers take from above, where they speak TLS.
const OF_TLS: &[&str] = &[
    "ssl",
    "ssl_certificate",
    "ssl_certificate_key",
    "ssl_password_file",
    "ssl_protocols",
    "ssl_ciphers",
    "ssl_ecdh_curve",
    "ssl_prefer_server_ciphers",
    "ssl_session_tickets",
    "ssl_session_ticket_key",
    "ssl_stapling",
    "ssl_stapling_file",
    "ssl_client_certificate",
    "ssl_verify_client",
    "ssl_crl",
    "ssl_alpn",
    "ssl_handshake_timeout",
    "http2",
    "add_header",
];

/// Directives that all servers take.
const OF_ALL: &[&str] = &[
    "client_header_timeout",
    "client_max_body_size",
    "keepalive_timeout",
    "proxy_connect_timeout",
    "proxy_protocol",
    "proxy_read_timeout",
    "proxy_send_timeout",
    "proxy_set_header",
    "proxy_ssl",
    "proxy_ssl_verify",
    "proxy_timeout",
];

/// Directives that servers take to which somebody comes by the PROXY protocol.
const OF_PROXIED: &[&str] = &["real_ip_header", "set_real_ip_from"];

/// Directives that may be there several times.
const SEVERAL: &[&str] = &[
    "proxy_set_header",
    "ssl_certificate",
    "ssl_certificate_key",
    "ssl_session_ticket_key",
    "set_real_ip_from",
];

/// So many of one name are taken by each server: the networks of a large CDN are some twenty.
const MAX_SEVERAL: usize = 32;

/// Whether servers take a directive from above.
pub(super) fn is_taken(name: &str) -> bool {
    let mut all = [OF_TLS, OF_ALL, OF_PROXIED, ASKING].into_iter();
    all.any(|known| known.contains(&name))
}

/// What stands above the servers, mostly one directive of a name, and whether a server took it: so a server has no
/// more of it than a few times as many as there are names.
pub(super) struct Above(Vec<(Directive, Cell<bool>)>);

/// Takes what servers inherit out of a context. A second directive of a name stays.
pub(super) fn take(directives: &mut Vec<Directive>) -> Above {
    let mut above: Vec<(Directive, Cell<bool>)> = Vec::new();
    let mut others = Vec::new();
    for directive in directives.drain(..) {
        let name = directive.name();
        let is_header = name != "add_header"
            || directive
                .arguments()
                .first()
                .is_some_and(|name| name.eq_ignore_ascii_case("Strict-Transport-Security"));
        let is_known = is_taken(name);
        let most = if SEVERAL.contains(&name) {
            MAX_SEVERAL
        } else {
            1
        };
        let known = above.iter().filter(|(known, _)| known.name() == name);
        let is_first = known.count() < most;
        if directive.block.is_none() && is_known && is_header && is_first {
            above.push((directive, Cell::new(false)));
        } else {
            others.push(directive);
        }
    }
    *directives = others;
    Above(above)
}

/// A server's directives with those from above that it does not set itself.
pub(super) fn into(
    mut block: Vec<Directive>,
    above: &Above,
    speaking: &Speaking,
) -> Vec<Directive> {
    let has_tls = above.is_ssl_on() || speaking.is_in(&block);
    let is_proxied = block.iter().any(|directive| {
        directive.name() == "listen" && directive.arguments().contains(&"proxy_protocol")
    });
    let mut more = Vec::new();
    for (directive, is_used) in &above.0 {
        let name = directive.name();
        let is_set = block.iter().any(|own| own.name() == name);
        let is_its = if OF_PROXIED.contains(&name) {
            is_proxied
        } else {
            has_tls || OF_ALL.contains(&name) || ASKING.contains(&name)
        };
        if !is_set && is_its {
            is_used.set(true);
            more.push(Directive {
                line: directive.line,
                words: directive.words.clone(),
                block: None,
            });
        }
    }
    block.extend(more);
    block
}

/// A server's directives in whose place its `location /` puts others.
pub(super) fn overridden(block: &[Directive]) -> Vec<&'static str> {
    let inner = block.iter().filter(|directive| is_root(directive));
    let inner = inner.filter_map(|root| root.block.as_ref()).flatten();
    let names: Vec<&str> = inner.map(Directive::name).collect();
    let known = OF_ALL.iter().chain(ASKING).chain(&["add_header"]).copied();
    let is_overridden = |name: &&str| {
        names.contains(name) && !(ASKING.contains(name) && is_taken_elsewhere(block, name))
    };
    known.filter(is_overridden).collect()
}

/// Whether another location takes a directive of the server.
fn is_taken_elsewhere(block: &[Directive], name: &str) -> bool {
    let is_location = |directive: &Directive| directive.name() == "location";
    let mut others = block.iter().filter(|it| is_location(it) && !is_root(it));
    others.any(|other| {
        let inside = other.block.as_deref().unwrap_or_default();
        let says = inside.iter().any(|inner| inner.name() == name);
        !says && !own::is_own(other, inside, |_, _| true)
    })
}

/// Whether a directive is the location of everything.
pub(super) fn is_root(directive: &Directive) -> bool {
    directive.name() == "location" && directive.arguments() == ["/"]
}

/// Whether a directive is a location that goes before that one for every path (nginx.org: ngx_http_core_module,
/// "location").
pub(super) fn is_before_root(directive: &Directive) -> bool {
    let is_all = |pattern: &str| ALL.contains(&pattern);
    directive.name() == "location"
        && matches!(*directive.arguments(), ["~" | "~*", pattern] if is_all(pattern))
}

impl Above {
    fn is_ssl_on(&self) -> bool {
        let mut all = self.0.iter();
        all.any(|(directive, _)| is_ssl_on(directive))
    }

    /// What no server took.
    pub(super) fn unused(&self) -> impl Iterator<Item = &Directive> {
        let unused = self.0.iter().filter(|(_, is_used)| !is_used.get());
        unused.map(|(directive, _)| directive)
    }
}
