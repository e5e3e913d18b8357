//! Fields of requests that tell nobody from others for being let in: what clients say of how they ask, and what proxies
//! say of the connection. Any other one may hold a secret, as the key of an API or the token of a CDN.

/// Such fields, in small letters.
const HARMLESS: &[&str] = &[
    "cache-control",
    "connection",
    "dnt",
    "host",
    "origin",
    "pragma",
    "range",
    "te",
    "upgrade",
    "upgrade-insecure-requests",
    "user-agent",
    "via",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-forwarded-scheme",
    "x-forwarded-ssl",
    "x-requested-with",
    "x-scheme",
];

/// Starts of such fields.
const STARTS: &[&str] = &["accept", "content-", "if-", "sec-", "access-control-"];

/// Whether a field may hold what somebody is let in by.
pub(super) fn may_be_secret(field: &str) -> bool {
    let field = field.to_ascii_lowercase().replace('_', "-");
    let is_one = HARMLESS.contains(&field.as_str());
    !is_one && !STARTS.iter().any(|start| field.starts_with(start))
}
