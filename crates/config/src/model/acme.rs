use serde::{Deserialize, Serialize};

use super::{Listed, Secret, is_default};

/// Ways to show a CA that a host is one's own (RFC 8555, section 8; RFC 8737).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AcmeChallenge {
    /// By a resource at port 80.
    #[serde(rename = "http-01")]
    Http01,
    /// By a certificate at port 443.
    #[serde(rename = "tls-alpn-01")]
    TlsAlpn01,
    /// By a TXT record: at `dns.server`, or by `hook`.
    #[serde(rename = "dns-01")]
    Dns01,
}

/// How a managed certificate is asked for (ACME, RFC 8555).
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
pub struct Acme {
    /// Whom the CA may write to, for example `mailto:somebody@contoso.com`. Default: nobody.
    #[serde(skip_serializing_if = "Listed::is_empty")]
    pub contact: Listed,
    /// The ways that may be gone to show that a host is one's own, the first that fits a host, or of the same ways the
    /// one that led there the last time: `http-01`, `tls-alpn-01`, `dns-01`. Default: `dns-01` where `dns.server` and
    /// `dns.tsig` or `tls.acme.hook` say how, then `http-01`, then `tls-alpn-01`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub challenges: Vec<AcmeChallenge>,
    /// The CA's name for a kind of certificate, for example `shortlived`. Default: the CA's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// A part of the name of the root that the chain is to end at, where the CA has several. Default: the CA's first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chain: Option<String>,
    /// A file with the CAs that the directory's own server is judged by. Default: those of the system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roots: Option<String>,
    /// The account with the CA that this one is bound to (RFC 8555, section 7.3.4), where the CA wants one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_account: Option<ExternalAccount>,
    /// A program that makes and removes TXT records for `dns-01`, with its arguments: it is called with
    /// `KEYWAY_ACTION` (`present` or `withdraw`), `KEYWAY_NAME` and `KEYWAY_VALUE`. Default: `dns.server` is updated.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hook: Vec<String>,
    /// Where `http-01` is answered while a certificate is ordered, unless somebody listens there already. Default:
    /// port 80 of every address.
    #[serde(skip_serializing_if = "Listed::is_empty")]
    pub http: Listed,
    /// The same for `tls-alpn-01`. Default: port 443 of every address.
    #[serde(skip_serializing_if = "Listed::is_empty")]
    pub tls: Listed,
    /// Whether the key stays when the certificate is renewed. Default `false`: a fresh key each time, unless a TLSA
    /// record of a host is of the one that is served (3 1 1, RFC 7671).
    #[serde(skip_serializing_if = "is_default")]
    pub keep_key: bool,
}

/// An account with a CA, made elsewhere.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
pub struct ExternalAccount {
    /// What the CA calls it.
    pub key_id: String,
    /// Where its key comes from, in base64url.
    pub key: Secret,
}
