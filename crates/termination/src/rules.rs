//! Why connections come to nothing, as rules: a code for logs and metrics, and all that there is to say of it.

use keyway_report::{Rule, Severity};
use rustls::{AlertDescription as Alert, CertificateError, Error, PeerIncompatible};

use crate::observe::Reason;

/// The area of all codes here.
const AREA: &str = "connection.";

macro_rules! rules {
    ($($name:ident: $code:literal, $severity:ident, $title:literal, $why:literal, $fix:literal, [$($source:literal),+];)+) => {
        $(static $name: Rule = Rule {
            code: concat!("connection.", $code),
            severity: Severity::$severity,
            title: $title,
            why: $why,
            fix: $fix,
            sources: &[$($source),+],
        };)+

        /// Every rule about connections.
        pub static ALL: &[&Rule] = &[$(&$name),+];

        /// How many there are.
        pub const COUNT: usize = [$($code),+].len();
    };
}

rules! {
    CONNECTIONS: "connections", Warning,
        "As many connections are open as `limits.connections` allows",
        "Whoever comes now is turned away before a word is said, so that those who are there are served.",
        "Look at who holds connections (`keyway_connections`, the access log). Raise `limits.connections`, or shorten `timeouts.idle`, where they are wanted.",
        ["Keyway: docs/schema/keyway.service-1.json"];
    PER_ADDRESS: "connections-per-address", Warning,
        "The address has as many connections as `limits.connections_per_address` allows",
        "One client, or all behind one address, takes more than its share.",
        "Raise `limits.connections_per_address` where many clients share an address. Behind a proxy, let it say for whom it connects (`proxy_protocol.from`): else all of its clients are one.",
        ["Keyway: docs/schema/keyway.service-1.json"];
    HANDSHAKES: "handshakes", Warning,
        "As many handshakes are under way as `limits.handshakes` allows",
        "Handshakes cost most of the processor's time; more of them at a time would make all of them late. One address has half of them at most.",
        "Look at `keyway_handshakes_total`: where clients rarely come back by a ticket, they pay for a whole handshake each time. Raise `limits.handshakes`, or serve by more threads.",
        ["Keyway: docs/schema/keyway.service-1.json"];
    NO_PROXY_HEADER: "no-proxy-header", Warning,
        "A proxy that is trusted to say for whom it connects did not say it",
        "Its address lies in a network of `proxy_protocol.from`, and what came first is no header of the PROXY protocol. It might be anybody's.",
        "Have the proxy send the header (`send-proxy-v2` in HAProxy, `proxy_protocol on` in nginx's stream), or take its network out of `proxy_protocol.from`.",
        ["HAProxy: PROXY protocol, section 2"];
    UNRECOGNIZED_NAME: "unrecognized-name", Notice,
        "No certificate is for this name, and a stranger's is not shown",
        "The client asked for a name that no certificate here has, or for none. It is sent the alert unrecognized_name. Scanners do so all day.",
        "Where the name is yours, add it to `host` with a certificate that covers it; where old clients name nobody, set `tls.default_certificate`.",
        ["RFC 6066, section 3"];
    NOT_TLS: "not-tls", Notice,
        "What came is no TLS; plain http at the port of https, perhaps",
        "The first bytes are no handshake: a request in plain text, another protocol, or a scan.",
        "Ask by https. Where clients follow a link with `http://` and this port, mend the link.",
        ["RFC 8446, section 5.1"];
    SLOW: "slow", Notice,
        "The handshake was not done in the time of `timeouts.handshake`",
        "The client was silent in the middle of it, or is far away, or holds places on purpose.",
        "Where honest clients are that slow, raise `timeouts.handshake`.",
        ["Keyway: docs/schema/keyway.service-1.json"];
    LEFT: "left", Notice,
        "The client went away before the handshake was done",
        "It closed the connection without an alert. Browsers do so with connections that they opened ahead, load balancers with those that only look whether the port is open.",
        "Nothing, unless it is every client: then look for something on the way that cuts TLS.",
        ["RFC 8446, section 6.1"];
    CLIENT_EXPIRED: "client-expired", Warning,
        "The client's certificate has ended since it came first",
        "It came back by a ticket, and the certificate that it showed for the first one is over.",
        "Renew the client's certificate.",
        ["RFC 8446, section 4.6.1"];
    DISTRUSTED: "distrusted", Warning,
        "The client does not trust the certificate",
        "It sent an alert that says so: it does not know the CA, or an intermediate is missing, or the certificate is over or revoked for it.",
        "`keyway check --connect HOST:PORT` judges what is served as clients do. Where the CA is your own, have the client trust it.",
        ["RFC 8446, section 6.2"];
    BROKEN_OFF: "broken-off", Notice,
        "The client broke off",
        "It sent an alert that says why, which stands behind.",
        "Look the alert up where it is a client of yours.",
        ["RFC 8446, section 6"];
    NO_COMMON_VERSION: "no-common-version", Notice,
        "The client speaks no version of TLS that is offered",
        "It knows TLS 1.1 or older alone, or the service offers only what is newer than the client.",
        "Renew the client. Where it knows TLS 1.2, `tls.profile` = \"intermediate\" and `tls.min_version` let it in; older versions are not served (RFC 8996).",
        ["RFC 8996", "RFC 8446, section 6.2"];
    NOTHING_IN_COMMON: "nothing-in-common", Notice,
        "Client and server have nothing in common",
        "There is no cipher suite, no group or no kind of signature that both know.",
        "Renew the client. A certificate with an ECDSA key beside one with an RSA key serves clients that know one of the two.",
        ["RFC 8446, section 4.1.1"];
    NO_CLIENT_CERTIFICATE: "no-client-certificate", Warning,
        "The client showed no certificate, and one is required",
        "`tls.client.mode` is \"required\", and the client has none, or none by a CA that it was told of.",
        "Give the client a certificate by a CA of `tls.client.ca`, or set `tls.client.mode` to \"optional\".",
        ["RFC 8446, section 4.4.2.4"];
    BAD_CLIENT_CERTIFICATE: "bad-client-certificate", Warning,
        "The client's certificate is not good",
        "It is over, revoked, for another purpose, or by no CA of `tls.client.ca`; why stands behind.",
        "`keyway check CERTIFICATE --roots CA` says what is wrong with it.",
        ["RFC 5280, section 6"];
    REVOCATION_UNKNOWN: "revocation-unknown", Warning,
        "No current revocation list says whether the client's certificate is revoked",
        "The list of its CA in `tls.client.crl` is over, or there is none among them. It is no fault of the client's: all clients of this CA are refused until there is one.",
        "Fetch the CA's current list again, more often than its nextUpdate comes, and replace the file; the server takes it by itself. `keyway config check` says which list is over.",
        ["RFC 5280, sections 5.1.2.5 and 6.3.3"];
    NO_COMMON_PROTOCOL: "no-common-protocol", Notice,
        "The client wants a protocol that is not offered",
        "What it offers by ALPN and what `tls.alpn` names have nothing in common.",
        "Add the protocol to `tls.alpn` where the service speaks it.",
        ["RFC 7301, section 3.2"];
    HANDSHAKE: "handshake", Notice,
        "The handshake failed",
        "Something in it is not as TLS has it; what stands behind.",
        "Where it is a client of yours, look at what it sends (`openssl s_client -trace`).",
        ["RFC 8446, section 6.2"];
}

/// The code without its area, as metrics have it.
pub fn word(rule: &Rule) -> &'static str {
    rule.code.strip_prefix(AREA).unwrap_or(rule.code)
}

impl Reason<'_> {
    /// What there is to say of it: the likely cause, and what to do.
    pub fn rule(self) -> &'static Rule {
        match self {
            Self::Connections => &CONNECTIONS,
            Self::Address => &PER_ADDRESS,
            Self::Handshakes => &HANDSHAKES,
            Self::NoProxyHeader => &NO_PROXY_HEADER,
            Self::UnknownName => &UNRECOGNIZED_NAME,
            Self::NotTls => &NOT_TLS,
            Self::Slow => &SLOW,
            Self::Left => &LEFT,
            Self::ClientExpired => &CLIENT_EXPIRED,
            Self::Handshake(error) => broken(error),
        }
    }

    /// What rustls says of a handshake that failed. It may hold what the client wrote.
    pub fn detail(self) -> Option<String> {
        match self {
            Self::Handshake(error) => Some(error.to_string()),
            _ => None,
        }
    }

    /// A word for logs and metrics.
    pub fn word(self) -> &'static str {
        word(self.rule())
    }
}

fn broken(error: &Error) -> &'static Rule {
    match error {
        Error::AlertReceived(
            Alert::UnknownCA
            | Alert::BadCertificate
            | Alert::CertificateUnknown
            | Alert::CertificateExpired
            | Alert::CertificateRevoked,
        ) => &DISTRUSTED,
        Error::AlertReceived(_) => &BROKEN_OFF,
        // Who says nothing of signatures knows no TLS 1.2, or only its first clients (RFC 5246, section 7.4.1.4.1).
        Error::PeerIncompatible(
            PeerIncompatible::Tls12NotOffered
            | PeerIncompatible::Tls12NotOfferedOrEnabled
            | PeerIncompatible::SupportedVersionsExtensionRequired
            | PeerIncompatible::ServerDoesNotSupportTls12Or13
            | PeerIncompatible::SignatureAlgorithmsExtensionRequired,
        ) => &NO_COMMON_VERSION,
        Error::PeerIncompatible(_) => &NOTHING_IN_COMMON,
        Error::NoCertificatesPresented => &NO_CLIENT_CERTIFICATE,
        Error::InvalidCertificate(
            CertificateError::UnknownRevocationStatus
            | CertificateError::ExpiredRevocationList
            | CertificateError::ExpiredRevocationListContext { .. },
        ) => &REVOCATION_UNKNOWN,
        Error::InvalidCertificate(_) => &BAD_CLIENT_CERTIFICATE,
        Error::NoApplicationProtocol => &NO_COMMON_PROTOCOL,
        _ => &HANDSHAKE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_of_this_area_and_there_once() {
        let mut words: Vec<&str> = ALL.iter().map(|rule| word(rule)).collect();
        assert!(ALL.iter().all(|rule| rule.code.starts_with(AREA)));
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), COUNT);
    }

    #[test]
    fn a_client_that_says_nothing_of_signatures_is_too_old() {
        let old = PeerIncompatible::SignatureAlgorithmsExtensionRequired;
        let error = Error::PeerIncompatible(old);
        assert_eq!(Reason::Handshake(&error).word(), "no-common-version");
    }
}
