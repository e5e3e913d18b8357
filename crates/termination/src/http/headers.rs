//! Fields that are not passed on, and those that tell an upstream whom it answers.

use std::net::{IpAddr, SocketAddr};

use base64ct::{Base64, Encoding as _};
use bytes::Bytes;
use http::header::{
    CONNECTION, FORWARDED, HeaderMap, HeaderName, HeaderValue, PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE, VIA,
};
use keyway_config::claims::is_claim;

/// Fields of one connection, and not of what is asked (RFC 9110, section 7.6.1).
static HOP_BY_HOP: [HeaderName; 9] = [
    CONNECTION,
    HeaderName::from_static("http2-settings"),
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// Fields by which an upstream is told of its client, which http has no names for.
static X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
static X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
static X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
static CLIENT_CERT: HeaderName = HeaderName::from_static("client-cert");

/// With `Forwarded` and `Via`, so many.
const TOLD: usize = 6;

/// Takes out what has no place behind a body: fields of one connection, of length and host, and those that are
/// believed (RFC 9110, section 6.5.1).
pub(super) fn of_trailers(trailers: &mut HeaderMap) {
    use http::header::{AUTHORIZATION, CONTENT_LENGTH, COOKIE, HOST};
    let out = |name: &&HeaderName| {
        HOP_BY_HOP.contains(name)
            || [HOST, CONTENT_LENGTH, TRAILER, AUTHORIZATION, COOKIE].contains(name)
            || is_claim(name.as_str())
    };
    let out: Vec<HeaderName> = trailers.keys().filter(out).cloned().collect();
    for name in out {
        trailers.remove(name);
    }
}

/// Takes out the fields of one connection, and those that `Connection` names. Gives the protocol of an upgrade.
pub(super) fn of_one_hop(headers: &mut HeaderMap) -> Option<HeaderValue> {
    // Looking at what is there is cheaper than asking for each, as in `tell`. Most often there is none, or one.
    let present = headers.keys().filter(|name| HOP_BY_HOP.contains(name));
    let present: Vec<HeaderName> = present.cloned().collect();
    if present.is_empty() {
        return None;
    }
    let mut named = Vec::new();
    let mut is_upgrade = false;
    for value in headers.get_all(CONNECTION) {
        for token in value.as_bytes().split(|&byte| byte == b',') {
            let token = token.trim_ascii();
            is_upgrade |= token.eq_ignore_ascii_case(b"upgrade");
            named.extend(HeaderName::from_bytes(token));
        }
    }
    // Of the protocols that are switched to, WebSocket's is the one that needs it. HTTP/2 in plain text (h2c) would
    // take requests past every look that is taken at them, and is obsolete that way (RFC 9113, section 3.1).
    let upgrade = headers
        .get(UPGRADE)
        .filter(|protocol| is_upgrade && protocol.as_bytes().eq_ignore_ascii_case(b"websocket"));
    let upgrade = upgrade.cloned();
    let wants_trailers = headers.get_all(TE).iter().any(|value| {
        let mut codings = value.as_bytes().split(|&byte| byte == b',');
        codings.any(|coding| coding.trim_ascii().eq_ignore_ascii_case(b"trailers"))
    });
    for name in named.iter().filter(|name| !is_kept(name)) {
        headers.remove(name);
    }
    for name in &present {
        headers.remove(name);
    }
    if wants_trailers {
        // gRPC asks for it, and we pass trailers on (RFC 9110, section 10.1.4).
        headers.insert(TE, HeaderValue::from_static("trailers"));
    }
    upgrade
}

/// Fields that a client may not have taken out by naming them in `Connection`: they say how long a message is,
/// and whom it is for.
fn is_kept(name: &HeaderName) -> bool {
    use http::header::{CONTENT_LENGTH, HOST};
    *name == HOST || *name == CONTENT_LENGTH || *name == TRAILER
}

/// Whom a request came from.
#[derive(Debug)]
pub(crate) struct Origin {
    pub(crate) peer: SocketAddr,
    /// Whether it came by TLS.
    pub(crate) is_tls: bool,
    /// Its address, as `X-Forwarded-For` has it.
    address: HeaderValue,
    /// The certificate that the client showed, as `Client-Cert` has it: it was verified.
    certificate: Option<HeaderValue>,
}

impl Origin {
    /// Whoever is at the other end, with a certificate in DER that was verified.
    pub(crate) fn new(peer: SocketAddr, is_tls: bool, certificate: Option<&[u8]>) -> Self {
        let address = HeaderValue::from_str(&peer.ip().to_canonical().to_string());
        let certificate = certificate.and_then(|der| {
            HeaderValue::from_str(&format!(":{}:", Base64::encode_string(der))).ok()
        });
        Self {
            peer,
            is_tls,
            // An address is always a value of a header.
            address: address.unwrap_or_else(|_| HeaderValue::from_static("unknown")),
            certificate,
        }
    }
}

/// Tells an upstream whom it answers, in both spellings (RFC 7239; `X-Forwarded-*`), with the client's certificate
/// where it showed one (RFC 9440). What the client wrote of it is taken out.
pub(super) fn tell(headers: &mut HeaderMap, origin: &Origin, host: &HeaderValue) {
    // A request has a few fields, most often none of these: looking at what is there is cheaper than asking for
    // each of them.
    let told = headers
        .keys()
        .filter(|name| is_claim(name.as_str()) || is_framing_elsewhere(name.as_str()));
    let told: Vec<HeaderName> = told.cloned().collect();
    for name in told {
        headers.remove(name);
    }
    headers.reserve(TOLD);
    let proto = if origin.is_tls { "https" } else { "http" };
    let (open, close) = match origin.peer.ip().to_canonical() {
        IpAddr::V4(_) => ("", ""),
        IpAddr::V6(_) => ("\"[", "]\""),
    };
    let address = origin.address.to_str().unwrap_or_default();
    let name = host.to_str().unwrap_or_default();
    let parts = [
        "for=",
        open,
        address,
        close,
        ";host=\"",
        name,
        "\";proto=",
        proto,
    ];
    if let Ok(value) = HeaderValue::from_maybe_shared(Bytes::from(parts.concat())) {
        headers.insert(FORWARDED, value);
    }
    let proto = HeaderValue::from_static(proto);
    headers.insert(&X_FORWARDED_FOR, origin.address.clone());
    headers.insert(&X_FORWARDED_PROTO, proto);
    if let Some(certificate) = &origin.certificate {
        headers.insert(&CLIENT_CERT, certificate.clone());
    }
    headers.insert(&X_FORWARDED_HOST, host.clone());
    // RFC 9110, section 7.6.3: a gateway says that it was there.
    headers.append(VIA, HeaderValue::from_static("1.1 keyway"));
}

/// Whether gateways of CGI and its kin make the same variable of a field as of one that says how long a request is,
/// or whom it is for (RFC 3875, section 4.1.18).
fn is_framing_elsewhere(name: &str) -> bool {
    name.contains('_')
        && ["content-length", "transfer-encoding", "host"].contains(&&*name.replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(fields: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    fn from(peer: &str) -> Origin {
        Origin::new(peer.parse().unwrap(), true, None)
    }

    #[test]
    fn fields_of_one_connection_stay_behind_and_those_it_names() {
        let mut fields = headers(&[
            ("connection", "close, X-Private, Host"),
            ("keep-alive", "1"),
            ("x-private", "1"),
            ("x-public", "1"),
            ("host", "a"),
            ("te", "trailers"),
        ]);
        assert_eq!(of_one_hop(&mut fields), None);
        let mut left: Vec<&str> = fields.keys().map(HeaderName::as_str).collect();
        left.sort_unstable();
        assert_eq!(left, ["host", "te", "x-public"]);
    }

    #[test]
    fn an_upgrade_is_one_only_where_connection_says_so() {
        let mut fields = headers(&[("connection", "Upgrade"), ("upgrade", "websocket")]);
        assert_eq!(of_one_hop(&mut fields).unwrap(), "websocket");
        let mut fields = headers(&[("connection", "Upgrade"), ("upgrade", "h2c")]);
        assert_eq!(of_one_hop(&mut fields), None);
        assert!(fields.is_empty());
        let mut fields = headers(&[("upgrade", "websocket")]);
        assert_eq!(of_one_hop(&mut fields), None);
        assert!(fields.is_empty());
    }

    #[test]
    fn what_a_client_says_of_itself_is_not_believed() {
        let mut fields = headers(&[
            ("x-forwarded-for", "192.0.2.66"),
            ("forwarded", "for=192.0.2.66"),
            ("client-cert", ":AAAA:"),
            ("client_cert", ":AAAA:"),
            ("X_Forwarded_For", "192.0.2.66"),
            ("x-ssl-client-verify", "SUCCESS"),
            ("proxy", "http://192.0.2.66"),
        ]);
        let host = HeaderValue::from_static("www.example.com");
        tell(&mut fields, &from("[2001:db8::1]:4711"), &host);
        assert_eq!(fields["x-forwarded-for"], "2001:db8::1");
        assert_eq!(
            fields["forwarded"],
            "for=\"[2001:db8::1]\";host=\"www.example.com\";proto=https"
        );
        for name in ["client-cert", "client_cert", "x_forwarded_for", "proxy"] {
            assert_eq!(fields.get(name), None);
        }
        assert_eq!(fields.get("x-ssl-client-verify"), None);
    }
}
