use serde::Serialize;

use super::hex;
use crate::check::{Context, Node, Path};
use crate::read::HeldKey;

/// A private key, as facts.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeyFacts {
    /// Algorithm and size in a few words.
    pub algorithm: String,
    /// SHA-256 of its public key, hexadecimal.
    pub spki_sha256: String,
    /// The certificate it belongs to: an index into `certificates`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<usize>,
    /// Name of the input.
    pub input: String,
    /// First line.
    pub line: u32,
}

impl KeyFacts {
    pub(super) fn new(held: &HeldKey, context: &Context<'_>, order: &[Node]) -> Self {
        let (input, line) = super::first_place(context.bundle, &held.sources);
        Self {
            algorithm: held.key.algorithm.to_string(),
            spki_sha256: hex(&held.spki_sha256),
            certificate: order.iter().position(|&node| {
                Path::certificate(node, context.bundle, context.options.anchors)
                    .is_some_and(|certificate| held.belongs_to(certificate))
            }),
            input,
            line,
        }
    }
}
