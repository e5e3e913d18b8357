//! `config.alpn-unknown`

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;

/// Nobody asks for this protocol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AlpnUnknown {
    /// The protocol, escaped
    pub protocol: String,
}

impl Evidence for AlpnUnknown {
    const RULE: Rule = Rule {
        code: "config.alpn-unknown",
        severity: Severity::Warning,
        title: "Nobody asks for this protocol",
        why: "Clients offer protocols by their registered names, letter by letter. A name that nobody offers is never chosen; where no other is left, the handshake ends with no_application_protocol.",
        fix: "Write `h2` and `http/1.1`, in TCP mode the name under which IANA lists the protocol, or leave `alpn` out.",
        sources: &[
            "RFC 7301, sections 3.2 and 6",
            "IANA: TLS Application-Layer Protocol Negotiation (ALPN) Protocol IDs",
        ],
    };

    fn message(&self) -> String {
        format!("No client of this service offers \"{}\".", self.protocol)
    }
}

/// What is proxied as HTTP.
const HTTP: &[&str] = &["h2", "http/1.1", "http/1.0"];

/// What is registered (IANA, as of November 2026), as far as it is spoken over TCP.
const REGISTERED: &[&str] = &[
    "h2",
    "http/0.9",
    "http/1.0",
    "http/1.1",
    "spdy/1",
    "spdy/2",
    "spdy/3",
    "stun.turn",
    "stun.nat-discovery",
    "webrtc",
    "c-webrtc",
    "ftp",
    "imap",
    "pop3",
    "managesieve",
    "coap",
    "co",
    "xmpp-client",
    "xmpp-server",
    "acme-tls/1",
    "mqtt",
    "dot",
    "ntske/1",
    "sunrpc",
    "smb",
    "irc",
    "nntp",
    "nnsp",
    "sip/2",
    "tds/8.0",
    "dicom",
    "postgresql",
    "radius/1.0",
    "radius/1.1",
];

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    let known = if service.is_http() { HTTP } else { REGISTERED };
    let mut unknown = Vec::new();
    for protocol in service.tls.alpn.iter().filter(|name| !known.contains(name)) {
        unknown.push(escape::text(protocol));
    }
    for protocol in unknown {
        on.found("tls.alpn", AlpnUnknown { protocol });
    }
}
