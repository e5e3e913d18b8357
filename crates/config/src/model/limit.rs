use serde::{Deserialize, Serialize};

/// Time limits of a server, in seconds. What is left out keeps the server's own default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
pub struct Timeouts {
    /// Seconds from the connection to the end of the TLS handshake. Default 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handshake: Option<u32>,
    /// Seconds from there, or from the last answer, to the end of a request's header. Default 30.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<u32>,
    /// Seconds for a request's body to come, and one more for each `limits.body_rate` bytes of it. Time in which the
    /// upstream takes none does not count. Default 20.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<u32>,
    /// Seconds without a byte in either direction. Default 75.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle: Option<u32>,
    /// Seconds for the upstream to take a connection. Default 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connect: Option<u32>,
    /// Seconds for connections to end when the server stops. Default 30; 0 ends them at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drain: Option<u32>,
}

/// Limits of a server. What is left out keeps the server's own default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
pub struct Limits {
    /// Connections at a time. Default: half of the files that the system lets the server open, less a few for other
    /// things; each may need one more to the upstream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connections: Option<u32>,
    /// Connections at a time from one address (IPv6: one /64). Default: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connections_per_address: Option<u32>,
    /// Handshakes under way at a time, half of them of one address (IPv6: one /64) at most. Default 1024.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handshakes: Option<u32>,
    /// Bytes of a request's header, in no more than 100 fields. Default 65,536.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header_bytes: Option<u32>,
    /// Bytes of a request's body. Default: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_bytes: Option<u64>,
    /// Bytes of a request's body that give it one second more than `timeouts.body`: whoever sends more slowly is
    /// answered 408. Default 500; 0 lets bodies come as slowly as they like. Calls of gRPC always may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_rate: Option<u32>,
}
