//! What a request says of whoever sent it, and upstreams believe: whoever passes it on says it itself, or nobody does.

use std::borrow::Cow;

/// Fields that are one by their whole name (RFC 7239; what proxies and frameworks have beside it).
pub const NAMES: &[&str] = &[
    "forwarded",
    "x-real-ip",
    "x-client-ip",
    "x-original-url",
    "x-rewrite-url",
    "true-client-ip",
    "x-cluster-client-ip",
    "cf-connecting-ip",
    "fastly-client-ip",
    "x-scheme",
    "x-url-scheme",
    "front-end-https",
    "x-host",
    "x-original-host",
    "remote-user",
    "x-remote-user",
    // A CGI makes `HTTP_PROXY` of it, by which programs reach others (httpoxy).
    "proxy",
];

/// What the name of another begins with.
pub const START: &str = "x-forwarded-";

/// What the name of another has in it (RFC 9440, and what servers had before).
pub const WITHIN: &[&str] = &["client-cert", "clientcert", "ssl-client-"];

/// Whether an upstream may believe what a field says of its client, by the field's name in small letters. Gateways of
/// CGI and its kin (RFC 3875, section 4.1.18) make the same variable of `-` and of `_`.
pub fn is_claim(name: &str) -> bool {
    let name = if name.contains('_') {
        Cow::Owned(name.replace('_', "-"))
    } else {
        Cow::Borrowed(name)
    };
    NAMES.contains(&name.as_ref())
        || name.starts_with(START)
        || WITHIN.iter().any(|part| name.contains(part))
}
