//! What goes on to an upstream beside the request: what becomes of the connection, and whom the request is from. As
//! `keyway serve` does it (nginx.org: ngx_http_proxy_module, ngx_http_map_module, "WebSocket proxying").

use std::fmt::Write as _;

use super::syntax::Directive;
use crate::forms::claimed;

/// Variables for the fields, which stand in the context `http`: several of a name with the same in them are one.
/// WebSocket alone is switched to: HTTP/2 in plain text would go past every look at requests. The host is taken from the
/// field, where the port is, if that does not name another one than the address does.
pub(super) const MAPS: &str = r#"# For the context `http`.
map $http_upgrade $keyway_upgrade {
    websocket websocket;
}
map $keyway_upgrade $keyway_connection {
    websocket upgrade;
}
map "$host $http_host" $keyway_host {
    "~*^(\S+) \1(:\d+)?$" $http_host;
    default $host;
}
map $remote_addr $keyway_for {
    "~:" '"[$remote_addr]"';
    default $remote_addr;
}

"#;

/// The variables that they make.
const MADE: &[&str] = &[
    "$keyway_upgrade",
    "$keyway_connection",
    "$keyway_host",
    "$keyway_for",
];

/// Fields with their values.
const FIELDS: &[(&str, &str)] = &[
    ("Host", "$keyway_host"),
    ("Upgrade", "$keyway_upgrade"),
    ("Connection", "$keyway_connection"),
    ("X-Forwarded-For", "$remote_addr"),
    ("X-Forwarded-Host", "$keyway_host"),
    ("X-Forwarded-Proto", "$scheme"),
    ("Forwarded", "for=$keyway_for;proto=$scheme"),
];

/// Other values of them that lead to the same, as others write them.
const ALSO: &[(&str, &str)] = &[
    ("Host", "$host"),
    ("Host", "$http_host"),
    ("Upgrade", "$http_upgrade"),
    ("X-Forwarded-For", "$proxy_add_x_forwarded_for"),
    ("X-Forwarded-Host", "$host"),
    ("X-Forwarded-Host", "$http_host"),
    ("X-Forwarded-Proto", "https"),
];

/// Values of `Connection`: it speaks of the connection to the upstream, which is kept here where it can be.
const CONNECTIONS: &[&str] = &["", "close", "keep-alive", "upgrade", "$http_connection"];

/// The directive that sets a field.
const SET: &str = "proxy_set_header";

/// Lines of a location.
pub(super) fn lines() -> String {
    let mut out = "        proxy_http_version 1.1;\n".to_owned();
    for (name, value) in FIELDS {
        let quote = if value.contains(';') { "\"" } else { "" };
        let _ = writeln!(out, "        {SET} {name} {quote}{value}{quote};");
    }
    for name in taken_out() {
        let _ = writeln!(out, "        {SET} {name} \"\";");
    }
    out
}

/// Fields that are not sent. nginx knows whole names alone, and passes none on with a `_` in it.
fn taken_out() -> impl Iterator<Item = String> {
    claimed::names().chain(claimed::certificates())
}

/// Whether a directive says what keyway does anyhow; `upgrades` are variables that are made of the field `Upgrade`.
pub(super) fn is_as_ever(words: &[&str], is_of_upgrade: impl Fn(&str) -> bool) -> bool {
    match *words {
        ["proxy_http_version", "1.1"] => true,
        [SET, name, value] if name.eq_ignore_ascii_case("connection") => {
            let value = value.to_ascii_lowercase();
            CONNECTIONS.contains(&value.as_str()) || is_of_upgrade(&value)
        }
        [SET, name, ""] => taken_out().any(|known| known.eq_ignore_ascii_case(name)),
        [SET, name, value] => {
            let mut known = FIELDS.iter().chain(ALSO);
            known.any(|(known, said)| known.eq_ignore_ascii_case(name) && *said == value)
        }
        _ => false,
    }
}

/// Whether a directive makes a variable for the fields: one of [`MAPS`], or of the field `Upgrade`, which leads nobody
/// anywhere by itself.
pub(super) fn is_map(directive: &Directive) -> bool {
    let words = directive.texts();
    match *words {
        ["map", from, made] => from == "$http_upgrade" || MADE.contains(&made),
        _ => false,
    }
}
