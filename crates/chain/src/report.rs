//! The report: facts, findings and verdicts, which is also the JSON contract `keyway.report/1`.

mod certificate;
mod chain;
mod crl;
mod facts;
mod key;
mod ocsp;
mod request;
mod unchecked;

use keyway_report::{Timestamp, Verdict, escape};
use serde::Serialize;

use crate::check::{Anchors, Context, Node, Path, Verdicts, served};
use crate::clients::{Client, Seen};
use crate::read::{Bundle, InputFacts, Source};
use crate::rules::Finding;
use unchecked::not_checked;

pub use certificate::{CertificateFacts, RoleFact};
pub use chain::{ChainFacts, MissingCertificate};
pub use crl::CrlFacts;
pub use facts::{FACTS_SCHEMA, Facts, unjudged};
pub use key::KeyFacts;
pub use ocsp::{OcspAnswerFacts, OcspFacts};
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
    /// The OCSP responses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ocsp_responses: Vec<OcspFacts>,
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
        seen: &Seen,
    ) -> Self {
        let (bundle, anchors) = (context.bundle, context.options.anchors);
        let order = listed(bundle, anchors, context.path);
        let certificates: Vec<CertificateFacts> = order
            .iter()
            .filter_map(|&node| {
                let certificate = Path::certificate(node, bundle, anchors)?;
                Some(CertificateFacts::new(
                    certificate,
                    RoleFact::of(context, node, certificate),
                    node,
                ))
            })
            .collect();
        let clients = crate::clients::judge(context, &findings, seen);
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
            ocsp_responses: bundle
                .ocsp_responses
                .iter()
                .map(|response| OcspFacts::new(response, bundle))
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

/// Name of the input and first line of the first place.
fn first_place(bundle: &Bundle, sources: &[Source]) -> (String, u32) {
    let source = sources.first();
    let input = source.and_then(|source| bundle.inputs.get(source.input));
    (
        input.map_or_else(String::new, |input| input.name.clone()),
        source.map_or(0, |source| source.place.lines.start),
    )
}

/// The beginning of a digest in hexadecimal, as messages show it.
pub(crate) fn brief(digest: &str) -> String {
    /// Digits that tell two apart.
    const SHOWN: usize = 16;
    format!("{}…", digest.get(..SHOWN).unwrap_or(digest))
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    /// Both digits of every octet.
    const PAIRS: [[u8; 2]; 256] = {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut pairs = [[0; 2]; 256];
        let mut octet = 0;
        while octet < pairs.len() {
            pairs[octet] = [DIGITS[octet >> 4], DIGITS[octet & 0x0f]];
            octet += 1;
        }
        pairs
    };
    let mut digits = vec![0; 2 * bytes.len()];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
        pair.copy_from_slice(&PAIRS[usize::from(*byte)]);
    }
    // Digits are ASCII.
    String::from_utf8(digits).unwrap_or_default()
}
