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

/// The values from a place on, one behind the other with at most white space between them, and where they
/// end: all that is needed to read files that were joined before they were converted.
fn values(bytes: &[u8], from: usize) -> (Vec<Range<usize>>, usize) {
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut at = from;
    while let Some(outer) = bytes.get(at..).and_then(Tlv::sequence) {
        let end = at.saturating_add(outer.total());
        let known = bytes.get(at..end).map(sniff::shape);
        if out.len() >= pem::MAX_BLOCKS || known.is_none_or(|shape| shape == DerShape::Unknown) {
            break;
        }
        out.push(at..end);
        let gap = bytes[end..].iter();
        at = end + gap.take_while(|byte| byte.is_ascii_whitespace()).count();
    }
    let end = out.last().map_or(from, |last| last.end);
    (out, end)
}

/// Reads the values in DER that stand in a stretch of a file of text; whether there was any. Files are
/// joined with `cat`, whatever is in them.
pub(super) fn read_within(
    collector: &mut Collector<'_>,
    input: &Input<'_>,
    within: &Place,
) -> Result<bool, ReadError> {
    let bytes = &input.bytes[..within.bytes.end];
    let mut any = false;
    let mut from = within.bytes.start;
    while let Some(found) = bytes
        .get(from..)
        .and_then(|rest| rest.windows(LONG.len()).position(|window| window == LONG))
    {
        let start = from + found;
        let (values, end) = values(bytes, start);
        from = end.max(start + 1);
        for value in &values {
            let place = Place {
                bytes: value.clone(),
                lines: within.lines.clone(),
            };
            let index = collector.block("", &place, None);
            if let Some(kind) = item::by_shape(collector, index, &bytes[value.clone()], &place)? {
                let what = kind.words();
                collector.note(&place, rules::der_not_pem::DerNotPem { what, values: 1 });
            } else {
                item::not_recognised(collector, index, &place);
            }
            any = true;
        }
    }
    Ok(any)
}

/// How a SEQUENCE of 256 to 65,535 bytes begins (X.690, section 8.1.3.5): certificates and RSA keys.
const LONG: [u8; 2] = [0x30, 0x82];

fn der(collector: &mut Collector<'_>, bytes: &[u8], whole: &Place) -> Result<(), ReadError> {
    let (mut values, mut end) = values(bytes, 0);
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
