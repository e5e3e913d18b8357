//! Inputs without a PEM block: DER, or something else entirely.

use core::ops::Range;

use keyway_report::Place;

use super::bundle::BlockKind;
use super::collector::Collector;
use super::options::{Input, ReadError};
use super::{embedded, item};
use crate::pem;
use crate::pem::tlv::Tlv;
use crate::rules::pem as rules;
use crate::sniff::{self, DerShape, FileKind};

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
        FileKind::Base64Pem | FileKind::KubernetesSecret
            if embedded::read_within(collector, input, &whole)? => {}
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

/// The values of a file, one behind the other, and what follows them: all that is needed to read files
/// that were joined before they were converted.
fn values(bytes: &[u8]) -> (Vec<Range<usize>>, usize) {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(outer) = bytes.get(at..).and_then(Tlv::sequence) {
        let end = at.saturating_add(outer.total());
        let known = bytes.get(at..end).map(sniff::shape);
        if out.len() >= pem::MAX_BLOCKS || known.is_none_or(|shape| shape == DerShape::Unknown) {
            break;
        }
        out.push(at..end);
        at = end;
    }
    (out, at)
}

fn der(collector: &mut Collector<'_>, bytes: &[u8], whole: &Place) -> Result<(), ReadError> {
    let (mut values, mut end) = values(bytes);
    if values.is_empty() {
        (values, end) = (vec![whole.bytes.clone()], bytes.len());
    }
    let mut first = None;
    for value in &values {
        let place = Place {
            bytes: value.clone(),
            lines: whole.lines.clone(),
        };
        let index = collector.block("", &place, None);
        let Some(kind) = item::by_shape(collector, index, &bytes[value.clone()], &place)? else {
            item::not_recognised(collector, index, &place);
            continue;
        };
        first = first.or(Some(kind));
    }
    if let Some(
        kind @ (BlockKind::Certificate | BlockKind::PrivateKey | BlockKind::EncryptedPrivateKey),
    ) = first
    {
        let (what, values) = (kind.words(), values.len());
        collector.note(whole, rules::der_not_pem::DerNotPem { what, values });
    }
    if end < bytes.len() {
        let place = Place {
            bytes: end..bytes.len(),
            lines: whole.lines.clone(),
        };
        let (label, count) = (String::new(), bytes.len() - end);
        collector.note(
            &place,
            rules::trailing_bytes::TrailingBytes { label, count },
        );
    }
    Ok(())
}
