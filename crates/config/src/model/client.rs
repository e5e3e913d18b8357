use serde::{Deserialize, Serialize};

use super::{Listed, Material, is_default};

/// Whether clients have to show a certificate of their own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ClientMode {
    /// None is asked for.
    #[default]
    None,
    /// One is asked for, and verified when it comes.
    Optional,
    /// Without one there is no connection.
    Required,
}

impl ClientMode {
    /// As it is written.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Optional => "optional",
            Self::Required => "required",
        }
    }
}

/// Certificates that clients show (mutual TLS).
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
pub struct ClientAuthentication {
    /// `none` (default), `optional` or `required`.
    #[serde(skip_serializing_if = "is_default")]
    pub mode: ClientMode,
    /// The CAs whose clients are let in: a file of PEM certificates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca: Option<Material>,
    /// Revocation lists, as files. Default: none.
    #[serde(skip_serializing_if = "Listed::is_empty")]
    pub crl: Listed,
}
