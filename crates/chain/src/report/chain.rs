use keyway_report::escape;
use serde::Serialize;

use super::hex;
use crate::check::{Context, Gap, Node, Path};

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

impl ChainFacts {
    pub(super) fn new(context: &Context<'_>, order: &[Node]) -> Self {
        let mut path: Vec<usize> = context
            .path
            .nodes
            .iter()
            .map(|&node| Path::listed(node, context.bundle, context.options.anchors))
            .filter_map(|node| order.iter().position(|listed| *listed == node))
            .collect();
        // An anchor that was given stands once, also where the path goes over it.
        path.dedup();
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
fn missing(context: &Context<'_>) -> Option<MissingCertificate> {
    if context.path.gap != Some(Gap::IssuerMissing) {
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
