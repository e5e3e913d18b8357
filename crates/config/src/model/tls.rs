use serde::{Deserialize, Serialize};

use super::{
    Acme, ClientAuthentication, Listed, Material, Protocol, ProtocolVersion, Secret, is_default,
};

/// Whether the service answers with TLS, and where its certificate comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// A certificate that is made and renewed: for a managed name (`leaf_domain_label`), or for the hosts.
    Auto,
    /// An own certificate.
    Enabled,
    /// Plain text.
    Disabled,
}

impl Status {
    /// As it is written.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
        }
    }
}

/// How the service speaks TLS.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
pub struct Tls {
    /// `auto`, `enabled` or `disabled`. Default: what follows from the fields below: `auto` with a label,
    /// `enabled` with a certificate or a word on how TLS is spoken, else `disabled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The certificate with its chain: a path, or the PEM text. It comes with `key` and `host`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Material>,
    /// Its private key: a path, or the PEM text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<Material>,
    /// The password of an encrypted key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// An OCSP response (RFC 6960) that is stapled to the certificate as it is: a file in DER, which somebody keeps
    /// new. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ocsp: Option<String>,
    /// More certificates, for hosts of their own, or beside another one for the same hosts with a key of another kind
    /// (RSA and ECDSA): clients get the one that they verify.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<OwnCertificate>,
    /// Whether clients that ask for a name that nobody here has, or for none, get the first certificate, and are
    /// served. Default `false`: they are turned away, as no name of theirs is in it.
    #[serde(skip_serializing_if = "is_default")]
    pub default_certificate: bool,
    /// Keys of session tickets, as files of 48 or 80 random bytes, for servers that stand in for each other: the
    /// first is written with, all are read with. Default: keys that are made and changed by each server for itself.
    #[serde(skip_serializing_if = "Listed::is_empty")]
    pub ticket_keys: Listed,
    /// The first label of a managed name, without the six characters that are added to it. It excludes
    /// `certificate` and `key`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leaf_domain_label: Option<String>,
    /// The second label of a managed name, for example `westeurope`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The zone of a managed name, for example `cloudapp.example`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Whether a new managed name replaces the one there is. Default `false`: the name stays.
    #[serde(skip_serializing_if = "is_default")]
    pub overwrite_existing_domain: bool,
    /// Whether the managed certificate is renewed now, due or not. Default `false`.
    #[serde(skip_serializing_if = "is_default")]
    pub renew: bool,
    /// Who issues managed certificates: `letsencrypt`, `letsencrypt-staging`, `local`, or the URL of an
    /// ACME directory (RFC 8555). Default `letsencrypt`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "issuer"))]
    pub issuer: Option<String>,
    /// How they are asked for.
    #[serde(skip_serializing_if = "is_default")]
    pub acme: Acme,
    /// Cipher suites, groups and oldest version by name: `intermediate` (default) or `modern`.
    #[serde(skip_serializing_if = "is_default")]
    pub profile: Protocol,
    /// Oldest version of TLS that is offered. Default: the profile's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_version: Option<ProtocolVersion>,
    /// Newest version of TLS that is offered. Default `1.3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_version: Option<ProtocolVersion>,
    /// Protocols above TLS (ALPN, RFC 7301), the preferred one first. Default `h2` and `http/1.1`; in
    /// TCP mode none.
    #[serde(skip_serializing_if = "Listed::is_empty")]
    pub alpn: Listed,
    /// Certificates that clients show.
    #[serde(skip_serializing_if = "is_default")]
    pub client: ClientAuthentication,
    /// HTTP Strict Transport Security (RFC 6797). Default: not sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hsts: Option<Hsts>,
    /// Whether port 80 answers with a redirect to https. Default `false`.
    #[serde(skip_serializing_if = "is_default")]
    pub redirect: bool,
}

impl Tls {
    /// Whether a field asks for TLS: a certificate, or what has no meaning in plain text. Where the certificate was
    /// forgotten, nothing is served rather than everything in the open.
    pub(crate) fn is_wanted(&self) -> bool {
        self.certificate.is_some()
            || self.key.is_some()
            || !self.certificates.is_empty()
            || !is_default(&self.client)
            || !is_default(&self.profile)
            || self.min_version.is_some()
            || self.max_version.is_some()
            || self.hsts.is_some()
            || self.redirect
            || self.ocsp.is_some()
            || self.default_certificate
            || !self.ticket_keys.is_empty()
    }
}

/// A certificate for hosts of its own.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
pub struct OwnCertificate {
    /// The hosts that get it. Default: the names in the certificate.
    #[serde(default, skip_serializing_if = "Listed::is_empty")]
    pub host: Listed,
    /// The certificate with its chain: a path, or the PEM text.
    pub certificate: Material,
    /// Its private key: a path, or the PEM text.
    pub key: Material,
    /// The password of an encrypted key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// An OCSP response that is stapled to it, as in `tls.ocsp`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ocsp: Option<String>,
}

/// HTTP Strict Transport Security (RFC 6797): browsers that have seen it refuse plain HTTP to this host
/// until it runs out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
pub struct Hsts {
    /// How long browsers keep to https, in seconds.
    pub max_age: u64,
    /// Whether it holds for every name below this one. Default `false`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub include_subdomains: bool,
    /// Whether browsers' built-in lists may take it up (hard to undo). Default `false`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub preload: bool,
}

/// A word that is known, or the URL of an ACME directory.
#[cfg(feature = "schema")]
fn issuer(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let words: Vec<&str> = super::ISSUERS.iter().map(|(word, _)| *word).collect();
    schemars::json_schema!({
        "anyOf": [
            {"type": "string", "enum": words},
            {"type": "string", "format": "uri", "pattern": "^[Hh][Tt][Tt][Pp][Ss]://"},
            {"type": "null"}
        ]
    })
}
