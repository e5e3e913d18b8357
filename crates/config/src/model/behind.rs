use serde::{Deserialize, Serialize};

use super::Listed;

/// How several upstreams share the load.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Balance {
    /// One after the other.
    #[default]
    RoundRobin,
    /// The one with the fewest requests (in TCP mode connections) under way.
    LeastBusy,
}

/// Looks at upstreams that nobody asked for anything. One that does not pass is left out until it does; where none
/// passes, clients get a 503.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
pub struct Health {
    /// What is asked for by GET; an answer from 200 to 399 passes. Default: none, and taking a connection passes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Seconds between two looks, which is how long one may take, too. Default 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<u32>,
}

/// The PROXY protocol (haproxy.org, proxy-protocol.txt): a few bytes in front of a connection that say for whom it
/// is made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
pub struct ProxyProtocol {
    /// Networks whose connections begin with it, such as `10.0.0.0/8`: nobody else is believed, and from there
    /// nothing else is taken. Default: none.
    #[serde(skip_serializing_if = "Listed::is_empty")]
    pub from: Listed,
    /// `v1` (text) or `v2` (binary): what connections to the upstream begin with, in TCP mode. Default: not sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send: Option<ProxyVersion>,
}

/// A version of the PROXY protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ProxyVersion {
    /// A line of text.
    V1,
    /// Binary.
    V2,
}
