//! What is ordered.

use std::time::Duration;

use keyway_testkit::pebble::Pebble;

use crate::front::Trouble;
use crate::renewing::HOST;

/// How a name is shown to be one's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Http,
    TlsAlpn,
    /// A TXT record by a program of one's own.
    Hook,
}

/// What is done when there is a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    /// What a timer does.
    WhenDue,
    Forced,
}

/// Something that a refusal ought to say, and the words that say it.
pub(crate) struct Fact {
    pub(crate) name: &'static str,
    /// One of these; `IP` is where Pebble is, and `CA` where it is asked.
    pub(crate) words: &'static [&'static str],
}

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) pebble: Pebble,
    /// What the certificate is for; `IP` is where Pebble is.
    pub(crate) hosts: Vec<&'static str>,
    pub(crate) way: Way,
    /// The port that challenges are answered at, where it is not the one that the CA comes to.
    pub(crate) port: Option<u16>,
    /// The number of the root that is asked for.
    pub(crate) root: Option<u8>,
    /// The account elsewhere: its name and key.
    pub(crate) external: Option<(&'static str, &'static str)>,
    pub(crate) servfail: Vec<&'static str>,
    pub(crate) elsewhere: Vec<(&'static str, &'static str)>,
    /// Whether the CA is down.
    pub(crate) is_down: bool,
    /// What goes wrong at the CA; who is refused for it tries once more.
    pub(crate) trouble: Option<Trouble>,
    /// Whether who tries once more alone is lucky or is not.
    pub(crate) is_chance: bool,
    pub(crate) again: Option<Again>,
    /// How long after the first certificate.
    pub(crate) after: Duration,
    pub(crate) facts: Vec<Fact>,
}

/// A lifetime, in seconds, and when in it a certificate is due to each client: past the half of it to Keyway, at once to
/// the others, which go by days.
const SHORT: (u32, Duration) = (60, Duration::from_secs(33));

const KEY: &str = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";

/// What each client calls a connection that ends before an answer.
const CUT: &[&str] = &[
    "handshake eof",
    "\": EOF",
    "closed connection without response",
];

impl Case {
    fn new(name: &'static str, hosts: &[&'static str], way: Way) -> Self {
        Self {
            name,
            pebble: Pebble::default().refusing_nonces(0),
            hosts: hosts.to_vec(),
            way,
            port: None,
            root: None,
            external: None,
            servfail: Vec::new(),
            elsewhere: Vec::new(),
            is_down: false,
            trouble: None,
            is_chance: false,
            again: None,
            after: Duration::ZERO,
            facts: Vec::new(),
        }
    }

    fn at(self, pebble: Pebble) -> Self {
        Self { pebble, ..self }
    }

    fn again(self, again: Again) -> Self {
        Self {
            again: Some(again),
            ..self
        }
    }

    fn saying(mut self, name: &'static str, words: &'static [&'static str]) -> Self {
        self.facts.push(Fact { name, words });
        self
    }
}

pub(crate) fn cases() -> Vec<Case> {
    let one = |name| Case::new(name, &[HOST], Way::Http);
    let troubled = |name, trouble| Case {
        trouble: Some(trouble),
        ..one(name)
    };
    let pebble = || Pebble::default().refusing_nonces(0);
    let bound = || pebble().external("kid-1", KEY);
    vec![
        one("one name, http-01"),
        Case::new(
            "three names",
            &[HOST, "example.com", "api.example.com"],
            Way::Http,
        ),
        Case::new("one name, tls-alpn-01", &[HOST], Way::TlsAlpn),
        Case::new(
            "a wildcard, dns-01 by a program of one's own",
            &["*.example.com", "example.com"],
            Way::Hook,
        ),
        Case::new("an IP address", &["IP"], Way::Http),
        Case {
            is_chance: true,
            ..one("the CA refuses half of all nonces").at(Pebble::default().refusing_nonces(50))
        },
        one("chain of four CAs").at(pebble().chain_of(4)),
        Case {
            root: Some(1),
            ..one("the chain to the second of three roots").at(pebble().alternates(2))
        },
        Case {
            external: Some(("kid-1", KEY)),
            ..one("bound account, key given").at(bound())
        },
        one("bound account, key not given").at(bound()).saying(
            "what is missing",
            &["external account", "externalAccount", "EAB"],
        ),
        one("again, nothing due").again(Again::WhenDue),
        one("again, forced").again(Again::Forced),
        one("again, forced, the CA looks at nothing anew")
            .at(pebble().reusing_authorizations(100))
            .again(Again::Forced),
        Case {
            elsewhere: vec![(HOST, "127.255.255.1")],
            ..one("the name leads elsewhere")
        }
        .saying("the name", &[HOST])
        .saying("the address", &["127.255.255.1"])
        .saying("what was seen there", &["connection refused"]),
        Case {
            port: Some(5_099),
            ..one("the CA comes to another port")
        }
        .saying("the name", &[HOST])
        .saying("the address and port", &["IP:5002"])
        .saying("where it was answered", &["5099"]),
        Case {
            servfail: vec![HOST],
            ..one("SERVFAIL for the name")
        }
        .saying("the name", &[HOST])
        .saying("SERVFAIL", &["SERVFAIL"]),
        Case {
            is_down: true,
            ..one("the CA is down")
        }
        .saying("its address", &["CA"])
        .saying("what was seen there", &["connection refused"]),
        troubled(
            "the CA is down in mid-order, and back in three seconds",
            Trouble::Away,
        )
        .saying("its address", &["CA"])
        .saying("what was seen there", CUT),
        troubled(
            "too many orders (`rateLimited`), for an hour",
            Trouble::RateLimited,
        )
        .saying("which limit", &["too many certificates (5)"])
        .saying(
            "when to try again",
            &["retry after 2026-11-23 13:00:00 UTC"],
        )
        .saying(
            "where that is explained",
            &["/rate-limits/#new-certificates-per-exact-set-of-identifiers"],
        ),
        Case {
            again: Some(Again::WhenDue),
            after: SHORT.1,
            ..troubled(
                "due, and by then too many orders, for an hour",
                Trouble::RateLimitedLater,
            )
        }
        .at(pebble().valid_for(SHORT.0))
        .saying("which limit", &["too many certificates (5)"])
        .saying(
            "when to try again",
            &["retry after 2026-11-23 13:00:00 UTC"],
        )
        .saying(
            "when the old one ends",
            &["in place stays, and ends at", "hours remaining"],
        ),
        troubled(
            "the order is `ready` three seconds late",
            Trouble::ReadyLate,
        )
        .saying("that it was not ready", &["not ready"]),
        troubled(
            "the order is `processing` for three seconds",
            Trouble::ValidLate,
        ),
    ]
}
