use serde::{Deserialize, Serialize};

use super::{Listed, Secret};

/// The service's records and who holds them.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
pub struct Dns {
    /// The zone that the records belong to, for example `contoso.com`. Default: found by asking.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The primary server that takes updates (RFC 2136): a name or an address, with `:port` when it is
    /// not 53.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// The key that signs updates (TSIG, RFC 8945).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tsig: Option<Tsig>,
    /// Resolvers to ask, as addresses. Default: those of the system.
    #[serde(skip_serializing_if = "Listed::is_empty")]
    pub resolvers: Listed,
    /// Time to live of records that are made, in seconds. Default 300.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<u32>,
}

/// Algorithms that sign updates (RFC 8945, section 6), without those that are not to be used any more.
pub(crate) const TSIG_ALGORITHMS: &[&str] = &["hmac-sha256", "hmac-sha384", "hmac-sha512"];

/// A TSIG key.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
pub struct Tsig {
    /// The key's name, as the server knows it.
    pub name: String,
    /// `hmac-sha256` (default), `hmac-sha384` or `hmac-sha512`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("enum" = [TSIG_ALGORITHMS[0], TSIG_ALGORITHMS[1], TSIG_ALGORITHMS[2], null])))]
    pub algorithm: Option<String>,
    /// Where the key comes from, in base64.
    pub secret: Secret,
}
