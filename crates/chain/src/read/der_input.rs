//! Inputs without a PEM block: DER, or something else entirely.

use keyway_report::Place;

use super::bundle::BlockKind;
use super::collector::Collector;
use super::item;
use super::options::{Input, ReadError};
use crate::pem;
use crate::rules::pem as rules;
use crate::sniff::{self, FileKind};

pub(super) fn read(collector: &mut Collector<'_>, input: &Input<'_>) -> Result<(), ReadError> {
    let whole = Place {
        bytes: 0..input.bytes.len(),
        lines: 1..2,
    };
    let kind = sniff::kind(input.bytes);
    collector.describe(kind.describe());
    match kind {
        FileKind::Empty | FileKind::OnlyWhitespace => {
            let white_space = kind == FileKind::OnlyWhitespace;
            collector.note(&whole, rules::empty::Empty { white_space });
        }
        FileKind::Der { missing, .. } if missing > 0 => {
            let present = input.bytes.len();
            let declared = present.saturating_add(missing);
            collector.note(&whole, rules::truncated::Truncated { declared, present });
        }
        FileKind::Der { .. } => der(collector, input.bytes, &whole)?,
        FileKind::SshPublicKey => {
            let index = collector.block("", &whole, None);
            collector.readable(index, BlockKind::PublicKey, None);
            let form = "an SSH public key";
            collector.note(&whole, rules::public_key_given::PublicKeyGiven { form });
        }
        FileKind::Base64Pem => base64_of_pem(collector, input, &whole)?,
        _ => {
            let what = kind.describe().to_owned();
            let advice = kind.advice().to_owned();
            collector.note(
                &whole,
                rules::not_a_certificate::NotACertificate { what, advice },
            );
        }
    }
    Ok(())
}

/// PEM inside base64, as the data of a Kubernetes Secret. Places are those of the whole input: the
/// lines inside are not those of the file.
fn base64_of_pem(
    collector: &mut Collector<'_>,
    input: &Input<'_>,
    whole: &Place,
) -> Result<(), ReadError> {
    let Some(inner) = sniff::base64_of_pem(input.bytes) else {
        return Ok(());
    };
    let (label, how) = (
        String::new(),
        "base64 around PEM, as in a Kubernetes Secret".to_owned(),
    );
    collector.note(whole, rules::escaped::Escaped { label, how });
    let scan = pem::scan(&inner).map_err(|source| ReadError::Scan {
        input: input.name.to_owned(),
        source,
    })?;
    for mut block in scan.blocks {
        block.place = whole.clone();
        let index = collector.block(&block.label, whole, None);
        match &block.decoded {
            Ok(()) => item::read_block(collector, index, &block)?,
            Err(fault) => {
                let reason = fault.what.to_string();
                item::unreadable(collector, index, BlockKind::Unknown, reason, whole);
            }
        }
    }
    Ok(())
}

fn der(collector: &mut Collector<'_>, bytes: &[u8], whole: &Place) -> Result<(), ReadError> {
    let index = collector.block("", whole, None);
    let Some(kind) = item::by_shape(collector, index, bytes, whole)? else {
        item::not_recognised(collector, index, whole);
        return Ok(());
    };
    if matches!(
        kind,
        BlockKind::Certificate | BlockKind::PrivateKey | BlockKind::EncryptedPrivateKey
    ) {
        collector.note(whole, rules::der_not_pem::DerNotPem { what: kind.words() });
    }
    Ok(())
}
