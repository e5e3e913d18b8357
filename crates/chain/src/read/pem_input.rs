//! Inputs that hold PEM blocks.

use super::bundle::{BlockKind, Source};
use super::collector::Collector;
use super::noted::{Company, finding};
use super::options::{Input, ReadError};
use super::{der_input, embedded, item};
use crate::pem::{Note, PemBlock, Scan};
use crate::rules::pem as rules;

pub(super) fn read(
    collector: &mut Collector<'_>,
    input: &Input<'_>,
    scan: &Scan,
) -> Result<(), ReadError> {
    let form = if scan.blocks.iter().all(|block| block.label.is_empty()) {
        "base64 without BEGIN and END lines"
    } else {
        "PEM"
    };
    collector.describe(match scan.blocks.len() {
        1 => format!("{form}, 1 block"),
        count => format!("{form}, {count} blocks"),
    });
    let outside = Company::outside(scan);
    // What stands between the blocks may hold something too: all is read in the order of its places.
    let mut notes: Vec<&Note> = scan.notes.iter().collect();
    notes.sort_by_key(|note| note.place.bytes.start);
    let mut notes = notes.into_iter().peekable();
    for block in &scan.blocks {
        while let Some(note) =
            notes.next_if(|note| note.place.bytes.start < block.place.bytes.start)
        {
            beside(collector, input, note, outside)?;
        }
        self::block(collector, block)?;
    }
    for note in notes {
        beside(collector, input, note, outside)?;
    }
    key_among_certificates(collector);
    super::strict::compare(collector, input, scan);
    Ok(())
}

/// Reads what stands beside the blocks, or says what it is.
fn beside(
    collector: &mut Collector<'_>,
    input: &Input<'_>,
    note: &Note,
    outside: Company,
) -> Result<(), ReadError> {
    if note.kind.is_text()
        && (embedded::read_within(collector, input, &note.place)?
            || der_input::read_within(collector, input, &note.place)?)
    {
        return Ok(());
    }
    if let Some(kind) = finding("", note, outside) {
        collector.note(&note.place, kind);
    }
    Ok(())
}

/// Reads one block, and says what departs from the form.
pub(super) fn block(collector: &mut Collector<'_>, block: &PemBlock) -> Result<(), ReadError> {
    let index = collector.block(&block.label, &block.place, None);
    match &block.decoded {
        Ok(()) => item::read_block(collector, index, block)?,
        Err(fault) => collector.unreadable(index, announced_kind(block), fault.to_string()),
    }
    let mut company = Company::of(block);
    // What has no label is named by what it turned out to hold.
    company.holds = collector
        .at(index)
        .map_or("something in DER", |held| held.kind.words());
    for note in &block.notes {
        if let Some(kind) = finding(&block.label, note, company) {
            collector.note(&note.place, kind);
        }
    }
    Ok(())
}

/// Notes the first private key that shares its input with certificates.
fn key_among_certificates(collector: &mut Collector<'_>) {
    let here = collector.bundle.inputs.len().saturating_sub(1);
    let of_this_input = |sources: &[Source]| sources.iter().any(|at| at.input == here);
    let held = &collector.bundle.certificates;
    let certificates = held
        .iter()
        .filter(|held| of_this_input(&held.sources))
        .count();
    let mut keys = collector.bundle.keys.iter().flat_map(|held| &held.sources);
    let place = keys.find(|at| at.input == here).map(|at| at.place.clone());
    if let Some(place) = place
        && certificates > 0
    {
        let kind = rules::key_among_certificates::KeyAmongCertificates { certificates };
        collector.note(&place, kind);
    }
}

/// What a block that cannot be decoded would have been.
fn announced_kind(block: &PemBlock) -> BlockKind {
    use super::label::{Announced, announced};
    match announced(&block.label) {
        Announced::Certificate => BlockKind::Certificate,
        Announced::TrustedCertificate => BlockKind::TrustedCertificate,
        Announced::PrivateKey(_) | Announced::OpenSshKey if !block.is_legacy_encrypted() => {
            BlockKind::PrivateKey
        }
        Announced::PrivateKey(_) | Announced::OpenSshKey | Announced::EncryptedPrivateKey => {
            BlockKind::EncryptedPrivateKey
        }
        Announced::PublicKey | Announced::RsaPublicKey => BlockKind::PublicKey,
        Announced::Request => BlockKind::Request,
        Announced::Crl => BlockKind::Crl,
        Announced::OcspResponse => BlockKind::OcspResponse,
        Announced::Pkcs7 => BlockKind::Pkcs7,
        Announced::Pkcs12 => BlockKind::Pkcs12,
        Announced::Parameters => BlockKind::Parameters,
        Announced::Foreign(_) | Announced::Unknown => BlockKind::Unknown,
    }
}
