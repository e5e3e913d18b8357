use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

/// The version and address of Mozilla's server-side TLS guidelines that the profiles are taken from.
pub const MOZILLA_GUIDELINES: (&str, &str) =
    ("6.0", "https://ssl-config.mozilla.org/guidelines/6.0.json");

/// A named set of protocol settings, after Mozilla's guidelines ([`MOZILLA_GUIDELINES`]).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// TLS 1.3 alone: clients since about 2019.
    Modern,
    /// TLS 1.2 and 1.3 with forward secrecy and authenticated encryption: nearly every client.
    #[default]
    Intermediate,
}

/// What a profile asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guideline {
    /// Oldest version offered.
    pub min_version: ProtocolVersion,
    /// Cipher suites of TLS 1.2, by their IANA names; none where it is not offered.
    pub tls12_suites: &'static [&'static str],
    /// Cipher suites of TLS 1.3.
    pub tls13_suites: &'static [&'static str],
    /// Groups for key exchange, the preferred one first.
    pub groups: &'static [&'static str],
    /// Least max-age of HSTS, in seconds.
    pub hsts_min_age: u64,
}

const TLS13_SUITES: &[&str] = &[
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
];

const GROUPS: &[&str] = &["X25519MLKEM768", "X25519", "prime256v1", "secp384r1"];

impl Protocol {
    /// What it asks for.
    pub const fn guideline(self) -> Guideline {
        match self {
            Self::Modern => Guideline {
                min_version: ProtocolVersion::Tls13,
                tls12_suites: &[],
                tls13_suites: TLS13_SUITES,
                groups: GROUPS,
                hsts_min_age: 63_072_000,
            },
            Self::Intermediate => Guideline {
                min_version: ProtocolVersion::Tls12,
                tls12_suites: &[
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                ],
                tls13_suites: TLS13_SUITES,
                groups: GROUPS,
                hsts_min_age: 63_072_000,
            },
        }
    }
}

/// A version of SSL or TLS. All can be written down; only 1.2 and 1.3 are served (RFC 8996).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProtocolVersion {
    /// SSL 3.0 (RFC 7568 forbids it).
    Ssl3,
    /// TLS 1.0 (RFC 8996 forbids it).
    Tls10,
    /// TLS 1.1 (RFC 8996 forbids it).
    Tls11,
    /// TLS 1.2 (RFC 5246).
    Tls12,
    /// TLS 1.3 (RFC 8446).
    Tls13,
}

const VERSIONS: [(&str, ProtocolVersion); 5] = [
    ("3.0", ProtocolVersion::Ssl3),
    ("1.0", ProtocolVersion::Tls10),
    ("1.1", ProtocolVersion::Tls11),
    ("1.2", ProtocolVersion::Tls12),
    ("1.3", ProtocolVersion::Tls13),
];

impl ProtocolVersion {
    /// From "1.2", "TLSv1.2", "TLS 1.2" or "tls1.2"; `None` when it is nothing of the kind.
    pub fn parse(text: &str) -> Option<Self> {
        let lower = text.trim().to_ascii_lowercase();
        let number = lower
            .trim_start_matches(|letter: char| !letter.is_ascii_digit())
            .trim();
        let number = match number {
            "1" => "1.0",
            "3" => "3.0",
            number => number,
        };
        let known = VERSIONS.iter().find(|(written, _)| *written == number);
        known.map(|(_, version)| *version)
    }

    /// As it is written in a service file.
    pub fn word(self) -> &'static str {
        let known = VERSIONS.iter().find(|(_, version)| *version == self);
        known.map_or("", |(written, _)| *written)
    }
}

impl fmt::Display for ProtocolVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let family = if *self == Self::Ssl3 { "SSL" } else { "TLS" };
        write!(f, "{family} {}", self.word())
    }
}

impl Serialize for ProtocolVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl<'de> Deserialize<'de> for ProtocolVersion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Version;
        impl Visitor<'_> for Version {
            type Value = ProtocolVersion;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"1.2\" or \"1.3\", in quotes,")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<ProtocolVersion, E> {
                // Without the text: it may be a secret at the wrong place.
                let unknown = || E::custom("no version of TLS; \"1.2\" or \"1.3\" is wanted");
                ProtocolVersion::parse(text).ok_or_else(unknown)
            }
        }
        deserializer.deserialize_str(Version)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for ProtocolVersion {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ProtocolVersion".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A version of TLS.",
            "enum": ["1.2", "1.3"]
        })
    }
}
