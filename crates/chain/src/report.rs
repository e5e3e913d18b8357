//! The report: facts, findings and verdicts, which is also the JSON contract `keyway.report/1`.

mod crl;
mod key;
mod request;

use keyway_report::{Timestamp, Verdict, escape};
use serde::Serialize;

use crate::check::{Anchors, Context, Node, Path, Verdicts, served};
use crate::clients::Client;
use crate::read::{Bundle, InputFacts, Source};
use crate::rules::Finding;
use crate::x509::{Certificate, PublicKey};

pub use crl::CrlFacts;
pub use key::KeyFacts;
pub use request::RequestFacts;

/// Version of the JSON contract: fields may be added within it, never removed or changed.
pub const SCHEMA: &str = "keyway.report/1";

/// Everything that a check found out.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// `keyway.report/1`.
    pub schema: &'static str,
    /// The moment it was judged at.
    pub at: Timestamp,
    /// The names asked for, as they were understood.
    pub hosts: Vec<String>,
    /// The answers.
    pub verdicts: Verdicts,
    /// What was seen, in the order of the chain, then of the inputs, then of the codes.
    pub findings: Vec<Finding>,
    /// What was given.
    pub inputs: Vec<InputFacts>,
    /// The certificates: the path first, leaf to root, then the others as they appeared.
    pub certificates: Vec<CertificateFacts>,
    /// The path: indices into `certificates`, and what is missing.
    pub chain: ChainFacts,
    /// The private keys, as facts about their public part.
    pub keys: Vec<KeyFacts>,
    /// The signing requests.
    pub requests: Vec<RequestFacts>,
    /// The revocation lists.
    pub crls: Vec<CrlFacts>,
    /// Who will accept it.
    pub clients: Vec<Client>,
    /// What was not checked, and why.
    pub not_checked: Vec<String>,
    /// The path, in terms of the bundle.
    #[serde(skip)]
    path: Path,
    /// The certificates that a server should send, as indices into the bundle.
    #[serde(skip)]
    served: Vec<usize>,
}

/// The path from the leaf, and its anchor or gap.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChainFacts {
    /// Indices into `certificates`, leaf first.
    pub path: Vec<usize>,
    /// Subject of the anchor that the path ends at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchor: Option<String>,
    /// The certificate that is missing where the path breaks off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<MissingCertificate>,
}

/// A certificate that the path needs and nobody gave.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MissingCertificate {
    /// Its subject.
    pub subject: String,
    /// Its key identifier, hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
    /// Where its issuer says to fetch it (caIssuers).
    pub fetch: Vec<String>,
}

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
    /// Public key.
    pub key: PublicKey,
    /// Signature algorithm.
    pub signature: String,
    /// Whether it is a CA certificate.
    pub ca: bool,
}

/// The certificates of a report, in its order: path, anchor, then the others.
pub(crate) fn listed(bundle: &Bundle, anchors: &Anchors, path: &Path) -> Vec<Node> {
    let mut order: Vec<Node> = path
        .nodes
        .iter()
        .map(|&node| Path::listed(node, bundle, anchors))
        .filter(|&node| Path::certificate(node, bundle, anchors).is_some())
        .collect();
    let others: Vec<Node> = (0..bundle.certificates.len())
        .map(Node::Held)
        .filter(|node| !order.contains(node))
        .collect();
    order.extend(others);
    order
}

impl Report {
    pub(crate) fn assemble(
        context: &Context<'_>,
        findings: Vec<Finding>,
        verdicts: Verdicts,
    ) -> Self {
        let (bundle, anchors) = (context.bundle, context.options.anchors);
        let order = listed(bundle, anchors, context.path);
        let certificates: Vec<CertificateFacts> = order
            .iter()
            .filter_map(|&node| {
                let certificate = Path::certificate(node, bundle, anchors)?;
                Some(CertificateFacts::new(
                    certificate,
                    role(context, node, certificate),
                    node,
                ))
            })
            .collect();
        let clients = crate::clients::judge(context, &findings);
        Self {
            schema: SCHEMA,
            at: context.options.now,
            hosts: context
                .options
                .hosts
                .iter()
                .map(|host| escape::text(&host.to_string()))
                .collect(),
            verdicts,
            findings,
            inputs: bundle.inputs.clone(),
            keys: bundle
                .keys
                .iter()
                .map(|key| KeyFacts::new(key, context, &order))
                .collect(),
            requests: bundle
                .requests
                .iter()
                .map(|request| RequestFacts::new(request, context))
                .collect(),
            crls: bundle
                .crls
                .iter()
                .map(|list| CrlFacts::new(list, bundle))
                .collect(),
            chain: ChainFacts::new(context, &order),
            clients,
            not_checked: not_checked(context),
            certificates,
            path: context.path.clone(),
            served: served(context.path, bundle, anchors, context.options.now.seconds()),
        }
    }

    /// The path from the leaf, in terms of the bundle that was checked.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The certificates that a server should send: indices into the bundle that was checked.
    pub fn served(&self) -> &[usize] {
        &self.served
    }

    /// Whether any finding is of severity error: exit code 1.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.kind.is_error())
    }

    /// Whether the files can be served as they are.
    pub fn is_servable(&self) -> bool {
        self.verdicts.servable == Verdict::Yes
    }

    /// The report as JSON: `indent` for people, else on one line. Reproducible byte for byte.
    pub fn to_json(&self, indent: bool) -> String {
        // Serialising to memory fails only for maps with non-string keys, and there are none.
        let text = if indent {
            serde_json::to_string_pretty(self)
        } else {
            serde_json::to_string(self)
        };
        text.unwrap_or_default()
    }
}

fn role(context: &Context<'_>, node: Node, certificate: &Certificate) -> RoleFact {
    let listed = |&on_path: &Node| Path::listed(on_path, context.bundle, context.options.anchors);
    match context
        .path
        .nodes
        .iter()
        .map(listed)
        .position(|on_path| on_path == node)
    {
        Some(0) => RoleFact::Leaf,
        Some(_) if matches!(node, Node::Anchor(_)) || certificate.is_self_issued() => {
            RoleFact::Root
        }
        Some(_) => RoleFact::Intermediate,
        None => RoleFact::Stranger,
    }
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
            key: certificate.public_key.clone(),
            signature: certificate.signature_algorithm.name.clone(),
            ca: certificate.is_ca(),
        }
    }
}

/// An iPAddress as text; its bytes in hexadecimal when they are no address.
fn address(bytes: &[u8]) -> String {
    crate::name::ip_san(bytes).map_or_else(|_| format!("#{}", hex(bytes)), |ip| ip.to_string())
}

/// Name of the input and first line of the first place.
fn first_place(bundle: &Bundle, sources: &[Source]) -> (String, u32) {
    let source = sources.first();
    let input = source.and_then(|source| bundle.inputs.get(source.input));
    (
        input.map_or_else(String::new, |input| input.name.clone()),
        source.map_or(0, |source| source.place.lines.start),
    )
}

impl ChainFacts {
    fn new(context: &Context<'_>, order: &[Node]) -> Self {
        let path = context
            .path
            .nodes
            .iter()
            .map(|&node| Path::listed(node, context.bundle, context.options.anchors))
            .filter_map(|node| order.iter().position(|listed| *listed == node))
            .collect();
        // The anchor's name is the one that the certificate before it gives as its issuer.
        let anchor = match context.path.nodes[..] {
            [.., issued, Node::Anchor(_)] => {
                Path::certificate(issued, context.bundle, context.options.anchors)
                    .map(|issued| issued.issuer.text().to_owned())
            }
            _ => None,
        };
        Self {
            path,
            anchor,
            missing: missing(context),
        }
    }
}

/// What is missing where the path breaks off.
pub(crate) fn missing(context: &Context<'_>) -> Option<MissingCertificate> {
    if context.path.gap != Some(crate::check::Gap::IssuerMissing) {
        return None;
    }
    let &last = context.path.nodes.last()?;
    let child = Path::certificate(last, context.bundle, context.options.anchors)?;
    Some(MissingCertificate {
        subject: child.issuer.text().to_owned(),
        key_id: child
            .extensions
            .authority_key_id
            .as_ref()
            .and_then(|aki| aki.key_id.as_deref())
            .map(hex),
        fetch: child
            .extensions
            .ca_issuers
            .iter()
            .map(|uri| escape::text(uri))
            .collect(),
    })
}

fn not_checked(context: &Context<'_>) -> Vec<String> {
    let mut out = Vec::new();
    let mut add = |missing: bool, what: &str| {
        if missing {
            out.push(what.to_owned());
        }
    };
    add(
        context.leaf.is_none(),
        "everything about certificates: none was given",
    );
    add(
        context.bundle.keys.is_empty(),
        "whether a key belongs to it: no private key could be read",
    );
    add(
        context.options.hosts.is_empty(),
        "whether it carries your name: no host was given",
    );
    add(
        context.options.anchors.is_empty(),
        "trust: no anchors were given",
    );
    add(
        context.bundle.crls.is_empty(),
        "revocation: no revocation list was given",
    );
    add(
        context.memo.exhausted(),
        "further paths: the limit on signatures was reached",
    );
    if !context.bundle.crls.is_empty() {
        out.extend(context.revocation_not_checked());
    }
    out
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| DIGITS[usize::from(nibble)];
    let digits: Vec<u8> = bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 0x0f)])
        .collect();
    // Digits are ASCII.
    String::from_utf8(digits).unwrap_or_default()
}
