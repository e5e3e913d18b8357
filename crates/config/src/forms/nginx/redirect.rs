//! Servers that send everybody on to https.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use super::inherited;
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

/// What stands for the host that is asked for; a port that the client names is none of https.
const ASKED: &[&str] = &["$host", "$http_host"];

/// Statuses of a redirect.
const STATUSES: &[&str] = &["301", "302", "303", "307", "308"];

/// Behind a host, the path that was asked for with what is asked of it: as `return` says it, and `rewrite`, which adds
/// what is asked by itself.
const RETURNED: &[&str] = &["$request_uri", "$uri$is_args$args", "$uri?$args"];
const REWRITTEN: &[&str] = &["$request_uri?", "$request_uri", "$uri"];

/// Behind the host that is asked for, less than that: here it stays.
const LESS: &[&str] = &["$uri", "/"];

/// Patterns that every path matches, each with what stands for the whole path then.
const CAPTURING: &[(&str, &str)] = &[
    ("^(.*)$", "$1"),
    ("(.*)", "$1"),
    ("^(.*)", "$1"),
    ("^/(.*)$", "/$1"),
    ("^/(.*)", "/$1"),
    ("^/?(.*)$", "/$1"),
];

/// The host to which a directive sends everybody by https, with the path that was asked for, or the variable that stands
/// for it: that the service listens at the port, its own server says.
fn https_to(words: &[&str]) -> Option<String> {
    let (to, pattern) = match *words {
        ["return", status, to] if STATUSES.contains(&status) => (to, None),
        ["return", to] => (to, None),
        ["rewrite", pattern, to] | ["rewrite", pattern, to, "permanent" | "redirect"] => {
            (to, Some(pattern))
        }
        _ => return None,
    };
    // `${name}` is `$name`.
    let to = to.replace("${", "$").replace('}', "");
    let rest = to.strip_prefix("https://")?;
    let behind = |paths: &[&str]| {
        let mut paths = paths.iter();
        paths
            .find_map(|path| rest.strip_suffix(path))
            .map(str::to_owned)
    };
    let authority = match pattern {
        None => behind(RETURNED)?,
        Some(pattern) => {
            let captured = CAPTURING.iter().find(|(known, _)| *known == pattern);
            let whole = captured.and_then(|(_, path)| behind(&[path]));
            whole.or_else(|| behind(REWRITTEN).filter(|_| ALL.contains(&pattern)))?
        }
    };
    let host = match authority.rsplit_once(':') {
        Some((host, port)) => {
            port.parse::<u16>().ok()?;
            host
        }
        None => &authority,
    };
    if ASKED.contains(&host) {
        return Some(ASKED[0].to_owned());
    }
    (host == FIRST_NAME || settings::is_plain(host)).then(|| host.to_owned())
}

/// Whether a directive sends everybody to the host that is asked for, and not to what else was.
fn is_for_less(words: &[&str]) -> bool {
    let (["return", _, to] | ["return", to]) = *words else {
        return false;
    };
    let rest = to.strip_prefix("https://");
    let host = rest.map(|rest| {
        LESS.iter()
            .find_map(|path| rest.strip_suffix(path))
            .unwrap_or(rest)
    });
    host.is_some_and(|host| ASKED.contains(&host))
}

/// Whether a directive sends everybody to the first name of the server by https.
pub(super) fn is_to_first(words: &[&str]) -> bool {
    https_to(words).is_some_and(|host| host == FIRST_NAME)
}

/// Whether a directive sends everybody to the same by https, or by the first name of the server.
pub(super) fn is_redirect(words: &[&str]) -> bool {
    https_to(words).is_some_and(|host| host.starts_with('$')) || is_for_less(words)
}

/// Whether a service at these addresses redirects from another one as well.
fn is_redirected_from(listen: &str, addresses: &BTreeSet<SocketAddr>) -> bool {
    let from: Option<SocketAddr> = listen.parse().ok();
    from.is_some_and(|from| {
        from.port() == 80 && addresses.iter().any(|address| address.ip() == from.ip())
    })
}

/// The one host that everybody is sent to by https, with the path that was asked for.
pub(super) fn host_to(told: &str) -> Option<String> {
    let words: Vec<&str> = told.split(' ').collect();
    https_to(&words).filter(|host| !host.starts_with('$'))
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
    if is_redirect(words) {
        return false;
    }
    match *words {
        ["return", status, _] => STATUSES.contains(&status),
        ["return", to] => is_elsewhere(to),
        ["rewrite", pattern, _, "permanent" | "redirect"] => ALL.contains(&pattern),
        ["rewrite", pattern, to] => ALL.contains(&pattern) && is_elsewhere(to),
        _ => false,
    }
}

/// Takes out of a server what sends it on name by name, where each of its names is: `if ($host = NAME) { return 301
/// https://$host$request_uri; }`, and `return 404;` for others, as certbot writes it.
fn take_out(block: &mut Vec<Directive>, left: &mut Left) -> bool {
    let sent: Vec<&str> = block.iter().filter_map(sent_on).collect();
    let named = block.iter().filter(|it| it.name() == "server_name");
    let names: Vec<(usize, &str)> = named
        .flat_map(|it| it.arguments().into_iter().map(|name| (it.line, name)))
        .collect();
    let is_sent = |name: &str| sent.iter().any(|sent| sent.eq_ignore_ascii_case(name));
    let (sent_names, others): (Vec<_>, Vec<_>) = names.iter().partition(|(_, name)| is_sent(name));
    let is_said = |it: &Directive| ["listen", "server_name"].contains(&it.name());
    let is_closed = |it: &Directive| it.texts() == ["return", "404"];
    let mut all = block.iter();
    // Of others nobody is answered there, where nothing else is said.
    let is_all =
        others.is_empty() || all.all(|it| is_said(it) || sent_on(it).is_some() || is_closed(it));
    if !is_all || sent_names.is_empty() {
        return false;
    }
    for (line, name) in others {
        left.line(
            line,
            &format!("server_name {name}, which is not sent on there: here it is"),
        );
    }
    block.retain(|it| sent_on(it).is_none() && !is_closed(it));
    true
}

/// Conditions that hold in plain text alone, without the spaces: behind a quotation the bracket is a word.
const PLAIN: &[&str] = &[
    "if($scheme=http)",
    "if($scheme!=https)",
    "if($https=)",
    "if($https!=on)",
];

/// Takes out of a server what sends on whoever comes in plain text, and tells of the host that stays; `false` where it
/// does not.
pub(super) fn take_out_plain(block: &mut Vec<Directive>, left: &mut Left) -> bool {
    let is_sending = |directive: &Directive| {
        let inner = directive.block.as_deref().unwrap_or_default();
        let is_sent = matches!(inner, [inner] if is_redirect(&inner.texts()));
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
    /// Takes out of a server in plain text what sends everybody on, by a condition that holds for all; whether it is there.
    pub(super) fn takes_out_redirects(&mut self, block: &mut Vec<Directive>) -> bool {
        let left = &mut self.rest.left;
        take_out(block, left) || take_out_plain(block, left)
    }

    /// Takes what sends everybody on to https.
    pub(super) fn sends_to_https(&mut self, line: usize, words: &[&str]) -> bool {
        self.is_redirect = true;
        if is_for_less(words) {
            let told = format!("{}: here with the path that is asked for", words.join(" "));
            self.rest.left.line(line, &told);
        }
        self.sends_to = https_to(words).filter(|host| host == FIRST_NAME);
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

/// Whether a directive is a location of every path that only sends on to https.
pub(super) fn is_everywhere(directive: &Directive) -> bool {
    let inner = directive.block.as_deref().unwrap_or_default();
    inherited::is_before_root(directive) && matches!(inner, [inner] if is_redirect(&inner.texts()))
}

/// The name that is sent on by a directive.
fn sent_on(directive: &Directive) -> Option<&str> {
    let [inner] = directive.block.as_deref()? else {
        return None;
    };
    host_of(directive).filter(|_| is_redirect(&inner.texts()))
}

/// The host of a condition: `if ($host = NAME)`.
pub(super) fn host_of(directive: &Directive) -> Option<&str> {
    match *directive.texts() {
        ["if", "($host", "=", name] => name.strip_suffix(')'),
        _ => None,
    }
}
