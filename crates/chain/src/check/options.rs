use keyway_report::Timestamp;
use rustls_pki_types::SignatureVerificationAlgorithm;
use serde::{Deserialize, Serialize};

use super::Anchors;
use crate::name::Host;

/// What the certificate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// A TLS server (id-kp-serverAuth).
    #[default]
    Server,
    /// A TLS client (id-kp-clientAuth).
    Client,
}

/// Which rules apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// RFC 5280 plus the CA/B Forum rules that browsers apply: publicly trusted servers.
    #[default]
    Webpki,
    /// RFC 5280 alone.
    Rfc5280,
    /// An own CA: what clients need to accept it, without what binds public CAs only.
    Private,
}

impl Profile {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Webpki, Self::Rfc5280, Self::Private];
    /// Those that hold certificates to RFC 5280's MUSTs in full.
    pub const STANDARD: &'static [Self] = &[Self::Webpki, Self::Rfc5280];
    /// Publicly trusted certificates only.
    pub const PUBLIC: &'static [Self] = &[Self::Webpki];
}

/// Everything a check depends on besides the bundle. Nothing is read from the surroundings.
#[derive(Debug, Clone)]
pub struct CheckOptions<'a> {
    /// Names and addresses that clients will ask for; empty when not known.
    pub hosts: &'a [Host],
    /// The moment to judge at.
    pub now: Timestamp,
    /// Whom to trust.
    pub anchors: &'a Anchors,
    /// What it is for.
    pub purpose: Purpose,
    /// Which rules apply.
    pub profile: Profile,
    /// Signature algorithms, for example [`crate::algorithms::aws_lc_rs`].
    pub algorithms: &'a [&'a dyn SignatureVerificationAlgorithm],
    /// At most this many intermediates between leaf and anchor, self-issued ones not counted. It can
    /// only lower rustls-webpki's own limit of six, which counts the self-issued: 7 and more change
    /// nothing.
    pub max_intermediates: Option<u8>,
    /// `time.expires-soon` is raised when less than this share of the lifetime is left, in percent.
    pub warn_at_percent: u8,
    /// Whether a peer has shown in a handshake that it has the key of the leaf (RFC 8446, section 4.4.3;
    /// RFC 5246, section 7.4.3): then no key has to be given, and the two pair. The caller has to make sure
    /// that the certificate which is found to be the leaf is the one that was shown.
    pub key_is_proven: bool,
}

/// RFC 9773 section 4.1 and common practice renew at two thirds of the lifetime; a certificate with
/// less than a third left is late.
pub const WARN_AT_PERCENT: u8 = 33;

impl<'a> CheckOptions<'a> {
    /// Options with the usual choices: a server, the `webpki` profile, warn in the last third.
    pub fn new(
        now: Timestamp,
        anchors: &'a Anchors,
        algorithms: &'a [&'a dyn SignatureVerificationAlgorithm],
    ) -> Self {
        Self {
            hosts: &[],
            now,
            anchors,
            purpose: Purpose::default(),
            profile: Profile::default(),
            algorithms,
            max_intermediates: None,
            warn_at_percent: WARN_AT_PERCENT,
            key_is_proven: false,
        }
    }
}
