//! Servers that send everybody on to https.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use super::syntax::Directive;
use crate::forms::settings;

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
pub(super) fn is_redirected_from(listen: &str, addresses: &BTreeSet<SocketAddr>) -> bool {
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

/// Takes out of a server what sends on whoever comes in plain text; `false` where it does not.
pub(super) fn take_out_plain(block: &mut Vec<Directive>) -> bool {
    let is_sending = |directive: &Directive| {
        let inner = directive.block.as_deref().unwrap_or_default();
        let is_sent = matches!(inner, [inner] if matches!(
            *inner.texts(),
            ["return", "301" | "302" | "307" | "308", to] if is_redirect(to)
        ));
        is_sent && PLAIN.contains(&directive.texts().concat().as_str())
    };
    let before = block.len();
    block.retain(|directive| !is_sending(directive));
    block.len() < before
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
