//! Whom servers are told that a request is from, as `keyway serve` tells its upstreams (Configuration Manual, section
//! 4.2: `http-request`).

use std::fmt::Write as _;

use crate::claims::is_claim;
use crate::forms::claimed;

/// What is said anew, of a client that came by `{scheme}`. One that came over IPv4 to an address of both families is
/// said by its IPv4 address; an IPv6 address stands in brackets and quotes (RFC 7239, section 6).
const SAID: &[&str] = &[
    // What a client names there, the next proxy takes out, be it what is said below (RFC 9110, section 7.6.1).
    "del-header Connection unless { req.hdr(upgrade) -i websocket } { req.hdr(connection) -m sub -i upgrade }",
    "set-header Connection upgrade if { req.hdr(upgrade) -i websocket } { req.hdr(connection) -m sub -i upgrade }",
    "set-var(txn.keyway_for) src,regsub(^::ffff:,)",
    "set-header X-Forwarded-For %[var(txn.keyway_for)]",
    "set-header X-Forwarded-Host %[req.fhdr(host)]",
    "set-header X-Forwarded-Proto {scheme}",
    "set-header Forwarded 'for=%[var(txn.keyway_for)];proto={scheme}' unless { var(txn.keyway_for) -m sub : }",
    "set-header Forwarded 'for=\"[%[var(txn.keyway_for)]]\";proto={scheme}' if { var(txn.keyway_for) -m sub : }",
];

/// Lines of others that lead to the same.
const ALSO: &[&str] = &[
    "option forwardfor",
    "http-request set-header X-Forwarded-For %[src]",
    "http-request set-header X-Forwarded-Proto https",
    "http-request set-header X-Forwarded-Proto https if { ssl_fc }",
    "http-request set-header X-Forwarded-Host %[req.hdr(host)]",
];

fn said(scheme: &str) -> impl Iterator<Item = String> {
    let first = format!("del-header '{}' -m reg", claimed::pattern());
    let said = SAID
        .iter()
        .map(move |line| line.replace("{scheme}", scheme));
    let all = [first].into_iter().chain(said);
    all.map(|line| format!("http-request {line}"))
}

/// Lines of a frontend.
pub(super) fn lines(is_plain: bool) -> String {
    let scheme = if is_plain { "http" } else { "https" };
    let mut out = String::new();
    for line in said(scheme) {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "    {line}");
    }
    out
}

/// Whether a line says what keyway does anyhow.
pub(super) fn is_as_ever(words: &[&str]) -> bool {
    let line = match words {
        ["http-request", "del-header", name] => return is_claim(&name.to_ascii_lowercase()),
        ["http-request" | "option", ..] => words.join(" "),
        _ => return false,
    };
    // Words are read without the quotes around them.
    let mut own = ["http", "https"].into_iter().flat_map(said);
    ALSO.contains(&line.as_str()) || own.any(|own| own.replace('\'', "") == line)
}
