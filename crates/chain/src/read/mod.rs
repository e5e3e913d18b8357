//! Reading: any number of inputs, any mix, in any order, into one [`Bundle`].
//!
//! Nothing is skipped in silence: what is not a certificate, key, request or revocation list is
//! listed as a block or named in a finding, with its place.

mod bundle;
mod collector;
mod containers;
mod der_input;
mod embedded;
mod item;
mod label;
mod limits;
mod noted;
mod options;
mod pem_input;
mod private_keys;
mod strict;

use std::collections::BTreeSet;

use crate::container::pbe::Allowance;
use crate::pem;
use crate::rules::Kind;
use crate::rules::pem::no_certificate::NoCertificate;
use collector::Collector;

pub use bundle::{
    Block, BlockKind, Bundle, HeldCertificate, HeldCrl, HeldKey, HeldOcspResponse, HeldRequest,
    InputFacts, Source,
};
pub use limits::{
    MAX_CERTIFICATES, MAX_CRLS, MAX_INPUTS, MAX_KDF_ROUNDS, MAX_KEYS, MAX_OCSP_RESPONSES,
    MAX_REQUESTS, MAX_TOTAL_BYTES,
};
pub use options::{Input, ReadError, ReadOptions};

/// Reads inputs into a bundle. What is broken is noted in [`Bundle::findings`] and the rest is read.
///
/// ```
/// use keyway_chain::{Input, ReadOptions, read};
///
/// let bundle = read(&[Input { name: "page.pem", bytes: b"<html>404</html>" }], &ReadOptions::default())?;
/// assert!(bundle.certificates.is_empty());
/// assert_eq!(bundle.findings[0].code(), "pem.not-a-certificate");
/// # Ok::<(), keyway_chain::ReadError>(())
/// ```
///
/// # Errors
/// [`ReadError`] when the inputs pass a limit: [`MAX_INPUTS`], [`MAX_TOTAL_BYTES`],
/// [`MAX_CERTIFICATES`], [`MAX_KEYS`], [`MAX_CRLS`], [`MAX_OCSP_RESPONSES`], [`MAX_REQUESTS`], or those of [`crate::pem`].
pub fn read(inputs: &[Input<'_>], options: &ReadOptions<'_>) -> Result<Bundle, ReadError> {
    read_within(inputs, options, MAX_KDF_ROUNDS)
}

/// The same, where opening what is encrypted may take so many rounds of an iterated hash and no more. What would take more
/// stays closed, and a finding says so.
///
/// # Errors
/// As [`read`].
pub fn read_within(
    inputs: &[Input<'_>],
    options: &ReadOptions<'_>,
    max_kdf_rounds: u64,
) -> Result<Bundle, ReadError> {
    let mut collector = Collector::new(options, Allowance::of(max_kdf_rounds));
    let mut total = 0_usize;
    for (index, input) in inputs.iter().enumerate() {
        total = total.saturating_add(input.bytes.len());
        let over = |what, limit| ReadError::Limit {
            input: input.name.to_owned(),
            what,
            limit,
        };
        if index >= MAX_INPUTS {
            return Err(over("inputs", MAX_INPUTS));
        }
        if total > MAX_TOTAL_BYTES {
            return Err(over("bytes in all inputs together", MAX_TOTAL_BYTES));
        }
        collector.start(input);
        let scan = pem::scan(input.bytes).map_err(|source| ReadError::Scan {
            input: input.name.to_owned(),
            source,
        })?;
        if scan.blocks.is_empty() {
            der_input::read(&mut collector, input)?;
        } else {
            pem_input::read(&mut collector, input, &scan)?;
        }
    }
    let mut bundle = collector.bundle;
    if bundle.certificates.is_empty() && !inputs.is_empty() {
        let kind = NoCertificate {
            inputs: inputs.len(),
            locked: bundle.findings.iter().any(|finding| match &finding.kind {
                Kind::EncryptedKey(key) => !key.opened,
                Kind::WrongPassword(_) => true,
                _ => false,
            }),
            damaged: bundle.has_unread_certificate(),
            parameters: if bundle.keys.is_empty() {
                parameters(&bundle)
            } else {
                Vec::new()
            },
        }
        .into();
        let at = keyway_report::Locus::default();
        bundle.findings.push(keyway_report::Finding { kind, at });
    }
    Ok(bundle)
}

/// What the parameters that were given are called, each once.
fn parameters(bundle: &Bundle) -> Vec<String> {
    let blocks = bundle.inputs.iter().flat_map(|input| &input.blocks);
    let labels = blocks
        .filter(|block| block.kind == BlockKind::Parameters)
        .map(|block| match block.label.as_str() {
            "" => BlockKind::Parameters.words().to_owned(),
            label => label.to_owned(),
        });
    labels.collect::<BTreeSet<_>>().into_iter().collect()
}
