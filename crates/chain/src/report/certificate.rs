use keyway_report::{Timestamp, escape};
use serde::Serialize;

use super::hex;
use crate::check::{Context, Node, Path};
use crate::x509::{Certificate, GeneralName, PublicKey};

/// The part that a certificate of the report plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum RoleFact {
    /// What the server shows.
    Leaf,
    /// Between leaf and root.
    Intermediate,
    /// The anchor, or a self-signed certificate.
    Root,
    /// On no path from the leaf.
    Stranger,
}

/// A certificate, as facts. Texts are escaped.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CertificateFacts {
    /// Its part.
    pub role: RoleFact,
    /// Whether it was among the inputs; a root may come from the anchors.
    pub given: bool,
    /// SHA-256 of the DER, hexadecimal.
    pub sha256: String,
    /// SHA-256 of the SubjectPublicKeyInfo, hexadecimal.
    pub spki_sha256: String,
    /// Subject, RFC 4514.
    pub subject: String,
    /// Issuer, RFC 4514.
    pub issuer: String,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// First second of validity.
    pub not_before: Timestamp,
    /// Last second of validity.
    pub not_after: Timestamp,
    /// DNS names of subjectAltName.
    pub dns_names: Vec<String>,
    /// IP addresses of subjectAltName.
    pub ip_addresses: Vec<String>,
    /// Other names of it, each with its kind: `email:`, `URI:`, `directory:`, `other:`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_names: Vec<String>,
    /// Public key.
    pub key: PublicKey,
    /// Signature algorithm.
    pub signature: String,
    /// Whether it is a CA certificate.
    pub ca: bool,
}

impl CertificateFacts {
    /// The facts of one certificate.
    pub(crate) fn new(certificate: &Certificate, role: RoleFact, node: Node) -> Self {
        Self {
            role,
            given: matches!(node, Node::Held(_)),
            sha256: hex(certificate.sha256()),
            spki_sha256: hex(certificate.spki_sha256()),
            subject: certificate.subject.text().to_owned(),
            issuer: certificate.issuer.text().to_owned(),
            serial: certificate.serial_hex(),
            not_before: certificate.not_before,
            not_after: certificate.not_after,
            dns_names: certificate.dns_names().map(escape::bytes).collect(),
            ip_addresses: certificate.ip_addresses().map(address).collect(),
            other_names: certificate
                .alt_names()
                .iter()
                .filter_map(other_name)
                .collect(),
            key: certificate.public_key.clone(),
            signature: certificate.signature_algorithm.name.clone(),
            ca: certificate.is_ca(),
        }
    }
}

/// An iPAddress as text; its bytes in hexadecimal when they are no address.
pub(super) fn address(bytes: &[u8]) -> String {
    crate::name::ip_san(bytes).map_or_else(|_| format!("#{}", hex(bytes)), |ip| ip.to_string())
}

/// A name that is neither a DNS name nor an address, with its kind.
pub(super) fn other_name(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::Dns(_) | GeneralName::Ip(_) => None,
        GeneralName::Email(bytes) => Some(format!("email:{}", escape::bytes(bytes))),
        GeneralName::Uri(bytes) => Some(format!("URI:{}", escape::bytes(bytes))),
        GeneralName::Directory(name) => Some(format!("directory:{}", name.text())),
        GeneralName::Other(oid) => Some(format!("other:{oid}")),
        GeneralName::Unread(tag) => Some(format!("other:[{tag}]")),
    }
}

impl RoleFact {
    /// The part that a node plays.
    pub(super) fn of(context: &Context<'_>, node: Node, certificate: &Certificate) -> Self {
        let listed =
            |&on_path: &Node| Path::listed(on_path, context.bundle, context.options.anchors);
        match context
            .path
            .nodes
            .iter()
            .map(listed)
            .position(|on_path| on_path == node)
        {
            Some(0) => Self::Leaf,
            Some(_) if matches!(node, Node::Anchor(_)) || certificate.is_self_issued() => {
                Self::Root
            }
            Some(_) => Self::Intermediate,
            None => Self::Stranger,
        }
    }
}
