//! C2SP's x509-limbo and, in its form, Netflix's `BetterTLS`.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64ct::{Base64, Encoding};
use serde::Deserialize;

/// When a case names no moment: 2026-11-23T00:00:00Z. Their certificates last for centuries.
pub const AT: i64 = 1_795_392_000;

/// One case: what is trusted, what was sent, what is asked, and the answer.
#[derive(Clone, Debug)]
pub struct Case {
    /// `suite::name`.
    pub id: String,
    /// Why the answer is what it is. Empty for `BetterTLS`.
    pub description: String,
    /// What a verifier needs to be able to do, for instance `max-chain-depth`.
    pub features: Vec<String>,
    /// The answer: the chain is to be accepted.
    pub accepted: bool,
    /// The peer is the TLS server (else the client).
    pub server: bool,
    /// The moment asked about, in seconds since 1970.
    pub at: i64,
    /// Trust anchors, in DER.
    pub trusted: Vec<Arc<[u8]>>,
    /// What was sent beside the peer's certificate, in DER.
    pub untrusted: Vec<Arc<[u8]>>,
    /// The peer's certificate, in DER.
    pub peer: Arc<[u8]>,
    /// The name the peer must have.
    pub peer_name: Option<PeerName>,
    /// The names a client's certificate must have.
    pub peer_names: Vec<PeerName>,
    /// Key usages asked for, as `digitalSignature`.
    pub key_usage: Vec<String>,
    /// Purposes asked for, as `serverAuth`. None: what the kind of peer implies.
    pub extended_key_usage: Vec<String>,
    /// At most so many intermediates.
    pub max_chain_depth: Option<usize>,
    /// Revocation lists, in DER.
    pub crls: Vec<Arc<[u8]>>,
}

/// A name and its kind.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", content = "value")]
pub enum PeerName {
    /// A host name.
    #[serde(rename = "DNS")]
    Dns(String),
    /// An address.
    #[serde(rename = "IP")]
    Ip(String),
    /// An e-mail address.
    #[serde(rename = "RFC822")]
    Email(String),
}

/// The 99 core cases, in the order of the suite.
pub fn core() -> Vec<Case> {
    cases("limbo/core.json")
}

/// The 519 cases of `BetterTLS`, in the order of the suite.
pub fn bettertls() -> Vec<Case> {
    cases("limbo/bettertls.json")
}

/// What other verifiers answer: case, verifier, `SUCCESS`, `FAILURE` or `SKIPPED`. Core cases only.
pub fn peers() -> BTreeMap<String, BTreeMap<String, String>> {
    super::json("limbo/peers.json")
}

/// A case as the file writes it: certificates by their names in the store.
#[derive(Deserialize)]
struct Written {
    id: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    features: Vec<String>,
    expected: Outcome,
    validation_kind: Kind,
    time: Option<String>,
    trusted: Vec<String>,
    untrusted: Vec<String>,
    peer: String,
    peer_name: Option<PeerName>,
    #[serde(default)]
    peer_names: Vec<PeerName>,
    #[serde(default)]
    key_usage: Vec<String>,
    #[serde(default)]
    extended_key_usage: Vec<String>,
    max_chain_depth: Option<usize>,
    #[serde(default)]
    crls: Vec<String>,
}

#[derive(PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Outcome {
    Success,
    Failure,
}

#[derive(PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Kind {
    Server,
    Client,
}

/// Every certificate once, by the name that cases give it.
struct Store(BTreeMap<String, Arc<[u8]>>);

impl Store {
    fn read() -> Self {
        let texts: BTreeMap<String, String> = super::json("limbo/certificates.json");
        let decoded = texts.into_iter().map(|(name, text)| {
            let der = Base64::decode_vec(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, der.into())
        });
        Self(decoded.collect())
    }

    fn one(&self, name: &str) -> Arc<[u8]> {
        let found = self.0.get(name);
        found
            .cloned()
            .unwrap_or_else(|| panic!("limbo/certificates.json lacks {name}"))
    }

    fn all(&self, names: &[String]) -> Vec<Arc<[u8]>> {
        names.iter().map(|name| self.one(name)).collect()
    }
}

fn cases(name: &str) -> Vec<Case> {
    let store = Store::read();
    let written: Vec<Written> = super::json(name);
    written
        .into_iter()
        .map(|case| resolved(case, &store))
        .collect()
}

fn resolved(case: Written, store: &Store) -> Case {
    Case {
        trusted: store.all(&case.trusted),
        untrusted: store.all(&case.untrusted),
        peer: store.one(&case.peer),
        crls: store.all(&case.crls),
        id: case.id,
        description: case.description,
        features: case.features,
        accepted: case.expected == Outcome::Success,
        server: case.validation_kind == Kind::Server,
        at: case.time.as_deref().map_or(AT, super::seconds),
        peer_name: case.peer_name,
        peer_names: case.peer_names,
        key_usage: case.key_usage,
        extended_key_usage: case.extended_key_usage,
        max_chain_depth: case.max_chain_depth,
    }
}
