//! Servers that send everybody on to https.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use super::server::Server;
use super::syntax::Directive;
use crate::Service;
use crate::forms::left::Left;
use crate::forms::served::Served;
use crate::forms::settings;

/// What stands for the first name of a server, whatever host is asked for (nginx.org: ngx_http_core_module, "Embedded
/// Variables").
const FIRST_NAME: &str = "$server_name";

/// Said where one host is led to, whatever host is asked for.
const STAYS: &str = ", whatever host is asked for: here that one stays";

/// Whether an address is the same one by https, at any port: that the service listens there, its own server says.
pub(super) fn is_redirect(to: &str) -> bool {
    let rest = ["https://$host", "https://$server_name"]
        .iter()
        .find_map(|start| to.strip_prefix(start));
    let port = rest.and_then(|rest| rest.strip_suffix("$request_uri"));
    port.is_some_and(|port| {
        let number = port.strip_prefix(':').unwrap_or_default();
        port.is_empty() || number.parse::<u16>().is_ok()
    })
}

/// Whether a service at these addresses redirects from another one as well.
fn is_redirected_from(listen: &str, addresses: &BTreeSet<SocketAddr>) -> bool {
    let from: Option<SocketAddr> = listen.parse().ok();
    from.is_some_and(|from| {
        from.port() == 80 && addresses.iter().any(|address| address.ip() == from.ip())
    })
}

/// The one host that everybody is sent to by https, with the path that was asked for.
pub(super) fn host_to(told: &str) -> Option<&str> {
    let words: Vec<&str> = told.split(' ').collect();
    let ["return", "301" | "302" | "307" | "308", to] = *words else {
        return None;
    };
    let rest = to.strip_prefix("https://")?.strip_suffix("$request_uri")?;
    let host = match rest.rsplit_once(':') {
        Some((host, port)) => host.get(..).filter(|_| port.parse::<u16>().is_ok())?,
        None => rest,
    };
    settings::is_plain(host).then_some(host)
}

/// Patterns that every path matches.
pub(super) const ALL: &[&str] = &[
    ".", "^", "/", "^/", ".*", "^.*", "^.*$", "^(.*)$", "^/(.*)$", "^/?(.*)$", "(.*)",
];

/// Whether everybody is sent elsewhere, before anything beside it is looked at (nginx.org:
/// ngx_http_rewrite_module, "return" and "rewrite").
pub(super) fn is_for_all(words: &[&str]) -> bool {
    let is_elsewhere = |to: &str| {
        ["http://", "https://", "$scheme:"]
            .iter()
            .any(|it| to.starts_with(it))
    };
    match *words {
        ["return", "301" | "302" | "303" | "307" | "308", to] => !is_redirect(to),
        ["return", to] => is_elsewhere(to),
        ["rewrite", pattern, _, "permanent" | "redirect"] => ALL.contains(&pattern),
        ["rewrite", pattern, to] => ALL.contains(&pattern) && is_elsewhere(to),
        _ => false,
    }
}

/// Takes out of a server what sends it on name by name, where each of its names is: `if ($host = NAME) { return 301
/// https://$host$request_uri; }`, and `return 404;` for others, as certbot writes it.
pub(super) fn take_out(block: &mut Vec<Directive>) -> bool {
    let sent: Vec<&str> = block.iter().filter_map(sent_on).collect();
    let mut names = block
        .iter()
        .filter(|directive| directive.name() == "server_name")
        .flat_map(Directive::arguments)
        .peekable();
    let is_all = names.peek().is_some()
        && names.all(|name| sent.iter().any(|sent| sent.eq_ignore_ascii_case(name)));
    if is_all {
        block.retain(|it| sent_on(it).is_none() && it.texts() != ["return", "404"]);
    }
    is_all
}

/// Conditions that hold in plain text alone, without the spaces: behind a quotation the bracket is a word.
const PLAIN: &[&str] = &["if($scheme=http)", "if($scheme!=https)"];

/// Takes out of a server what sends on whoever comes in plain text, and tells of the host that stays; `false` where it
/// does not.
pub(super) fn take_out_plain(block: &mut Vec<Directive>, left: &mut Left) -> bool {
    let is_sending = |directive: &Directive| {
        let inner = directive.block.as_deref().unwrap_or_default();
        let is_sent = matches!(inner, [inner] if matches!(
            *inner.texts(),
            ["return", "301" | "302" | "307" | "308", to] if is_redirect(to)
        ));
        is_sent && PLAIN.contains(&directive.texts().concat().as_str())
    };
    let before = block.len();
    block.retain(|directive| {
        let inner = directive.block.iter().flatten();
        let is_kept = !is_sending(directive);
        for inner in inner.filter(|inner| !is_kept && inner.told().contains(FIRST_NAME)) {
            left.line(inner.line, &format!("{}{STAYS}", inner.told()));
        }
        is_kept
    });
    block.len() < before
}

impl Server {
    /// Takes what sends everybody on to https.
    pub(super) fn sends_to_https(&mut self, to: &str) -> bool {
        self.is_redirect = true;
        if to.contains(FIRST_NAME) {
            self.sends_to = Some(FIRST_NAME.to_owned());
        }
        true
    }

    /// The one host that everybody is sent to, whatever host is asked for.
    fn one_host(&self) -> Option<&str> {
        match self.sends_to.as_deref() {
            Some(FIRST_NAME) => self.service.host.iter().next(),
            host => host,
        }
    }
}

/// Tells of the servers that redirect to the service, which is at these addresses: of those whose hosts it has not, and
/// who is sent to another host than was asked for.
pub(super) fn tell(
    servers: Vec<Server>,
    service: &Service,
    addresses: &BTreeSet<SocketAddr>,
    left: &mut Left,
) {
    let own = service.tls.certificates.iter();
    let all: Vec<&String> = own
        .flat_map(|own| &own.host.0)
        .chain(&service.host.0)
        .collect();
    let known = Served::by(all.iter().copied());
    let has = |name: &&str| !all.is_empty() && known.has(name);
    for mut server in servers {
        server.leave_sent();
        let line = server.line;
        let hosts = &server.service.host;
        let others: Vec<&str> = hosts.iter().filter(|name| !has(name)).collect();
        match server.one_host() {
            // By https nobody is there for them.
            Some(to) if !others.is_empty() && has(&to) => {
                let told = format!("server {}: redirect to https://{to}", others.join(" "));
                left.redirect(line, &told, service.tls.default_certificate);
            }
            Some(to) => left.line(line, &format!("redirect to https://{to}{STAYS}")),
            None => {
                for name in others {
                    left.line(line, &format!("redirect of {name}"));
                }
            }
        }
        // From port 80 of its own addresses the service redirects, too.
        let mut listens = server.service.listen.iter();
        if listens.any(|listen| !is_redirected_from(listen, addresses)) {
            let listens = server.service.listen.0.join(" ");
            left.line(line, &format!("redirect from {listens}"));
        }
        left.take_in(server.rest.left, false);
    }
}

/// The name that is sent on by a directive.
fn sent_on(directive: &Directive) -> Option<&str> {
    let [inner] = directive.block.as_deref()? else {
        return None;
    };
    let ["return", "301" | "308", to] = *inner.texts() else {
        return None;
    };
    host_of(directive).filter(|_| is_redirect(to))
}

/// The host of a condition: `if ($host = NAME)`.
pub(super) fn host_of(directive: &Directive) -> Option<&str> {
    match *directive.texts() {
        ["if", "($host", "=", name] => name.strip_suffix(')'),
        _ => None,
    }
}
