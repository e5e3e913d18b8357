//! `dns.handshake-fails`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::bare;

/// A TLS service answers at an address of the name, and agrees on nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HandshakeFails {
    /// The name, escaped.
    pub name: String,
    /// The address, with its port.
    pub address: String,
    /// What happened instead.
    pub why: String,
}

impl Evidence for HandshakeFails {
    const RULE: Rule = Rule {
        code: "dns.handshake-fails",
        severity: Severity::Error,
        title: "The TLS handshake fails at an address of the name",
        why: "Somebody answers there, and no connection comes of it. After the alert unrecognized_name the server has nothing for the name; an address that is asked without a name tells it none. Else it speaks only what today's clients have given up, as TLS 1.1, key exchange with RSA alone or with DHE, or keys that are too short. Browsers show an error of the protocol, not of the certificate.",
        fix: "Look at the server's log. Where it does not know the name, serve the name there, or ask for one that it serves (`keyway check --connect ADDRESS --sni NAME`). Else: it was offered TLS 1.2 and 1.3, key exchange with ECDHE (X25519, P-256, P-384) and ciphers with authentication (AES-GCM, ChaCha20-Poly1305): let it take one of each, with an RSA key of 2048 bits or more, or one on P-256 or P-384.",
        sources: &[
            "RFC 6066, section 3",
            "RFC 8446, section 4.1.1",
            "RFC 9325, section 4.2",
            "RFC 8996",
        ],
    };

    fn message(&self) -> String {
        format!(
            "{} at {}: {}.",
            bare(&self.name),
            self.address,
            bare(&self.why)
        )
    }
}
