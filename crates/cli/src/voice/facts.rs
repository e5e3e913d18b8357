//! What files hold, without judgement.

use keyway_chain::read::{Block, BlockKind, InputFacts};
use keyway_chain::{CertificateFacts, CrlFacts, OcspFacts, Report, RequestFacts};

use super::numbers::counted;
use super::page::{Page, Tone};
use super::{chain, key, subject};
use crate::terminal::Look;

/// Where the values of a certificate stand.
const HANG: &str = "              ";

/// Inputs with their blocks, then certificates, requests, revocation lists and keys.
pub(crate) fn facts(report: &Report, look: Look) -> String {
    let mut page = Page::new(look);
    for (index, input) in report.inputs.iter().enumerate() {
        if index > 0 {
            page.blank();
        }
        inputs(&mut page, input);
    }
    for certificate in &report.certificates {
        page.blank();
        certificates(&mut page, report, certificate);
    }
    for request in &report.requests {
        page.blank();
        requests(&mut page, report, request);
    }
    for response in &report.ocsp_responses {
        page.blank();
        responses(&mut page, response);
    }
    for list in &report.crls {
        page.blank();
        lists(&mut page, list);
    }
    if !report.keys.is_empty() {
        page.heading("Private keys");
    }
    for held in &report.keys {
        let owner = held
            .certificate
            .and_then(|index| report.certificates.get(index))
            .map_or_else(String::new, |owner| {
                format!(", belongs to {}", subject::name(owner))
            });
        let text = format!("{}:{}  {}{owner}", held.input, held.line, held.algorithm);
        page.paragraph(&[("  ", Tone::Plain)], "    ", &text, Tone::Plain);
        field(&mut page, "spki sha256", &held.spki_sha256);
    }
    page.finish()
}

fn inputs(page: &mut Page, input: &InputFacts) {
    let what = if input.what.is_empty() {
        String::new()
    } else {
        format!(", {}", input.what)
    };
    let text = format!("{}{what}", counted(input.size, "byte", "bytes"));
    let lead = [(input.name.as_str(), Tone::Strong), ("  ", Tone::Plain)];
    page.paragraph(&lead, "  ", &text, Tone::Plain);
    for block in &input.blocks {
        let lead = format!("  line {:<6} ", block.line);
        let inside = if block.within.is_some() {
            " (inside the one above)"
        } else {
            ""
        };
        let text = format!("{}{inside}{}", words(block.kind), fault(block));
        page.paragraph(&[(&lead, Tone::Dim)], HANG, &text, Tone::Plain);
    }
}

fn fault(block: &Block) -> String {
    match (&block.fault, block.readable) {
        (Some(fault), _) => format!(", not readable: {fault}"),
        (None, false) => ", not readable".to_owned(),
        (None, true) => String::new(),
    }
}

fn certificates(page: &mut Page, report: &Report, certificate: &CertificateFacts) {
    page.row(&[(subject::name(certificate), Tone::Strong)]);
    if let Some(place) = chain::place(report, &certificate.sha256) {
        field(page, "at", &place);
    }
    field(page, "subject", or_none(&certificate.subject));
    field(page, "issuer", or_none(&certificate.issuer));
    field(page, "serial", &certificate.serial);
    let valid = format!("{} to {}", certificate.not_before, certificate.not_after);
    field(page, "valid", &valid);
    for name in certificate
        .dns_names
        .iter()
        .chain(&certificate.ip_addresses)
    {
        field(page, "name", name);
    }
    field(page, "key", &key::words(&certificate.key));
    field(page, "signature", &certificate.signature);
    field(page, "ca", if certificate.ca { "yes" } else { "no" });
    field(page, "sha256", &certificate.sha256);
    field(page, "spki sha256", &certificate.spki_sha256);
}

fn requests(page: &mut Page, report: &Report, request: &RequestFacts) {
    let name = request.dns_names.first();
    let name = name.map_or_else(|| subject::short(&request.subject), String::as_str);
    page.row(&[(name, Tone::Strong), ("  signing request", Tone::Dim)]);
    field(page, "at", &format!("{}:{}", request.input, request.line));
    field(page, "subject", or_none(&request.subject));
    let names = [
        &request.dns_names,
        &request.ip_addresses,
        &request.other_names,
    ];
    for name in names.into_iter().flatten() {
        field(page, "name", name);
    }
    if names.into_iter().flatten().next().is_none() {
        field(page, "name", "none is asked for by subjectAltName");
    }
    field(page, "key", &key::words(&request.key));
    let pair = request
        .private_key
        .and_then(|index| report.keys.get(index))
        .map(|held| format!("{}:{} pairs with it", held.input, held.line));
    match pair {
        Some(pair) => field(page, "private key", &pair),
        None if report.keys.is_empty() => {}
        None => field(page, "private key", "none of those given pairs with it"),
    }
    field(page, "signature", &request.signature);
    field(page, "sha256", &request.sha256);
    field(page, "spki sha256", &request.spki_sha256);
}

fn lists(page: &mut Page, list: &CrlFacts) {
    let issuer = subject::short(&list.issuer);
    page.row(&[(issuer, Tone::Strong), ("  revocation list", Tone::Dim)]);
    field(page, "at", &format!("{}:{}", list.input, list.line));
    field(page, "issuer", or_none(&list.issuer));
    field(page, "issued", &list.this_update.to_string());
    match list.next_update {
        Some(next) => field(page, "next", &next.to_string()),
        None => field(page, "next", "not said"),
    }
    field(page, "number", list.number.as_deref().unwrap_or("none"));
    let revoked = counted(list.revoked, "certificate", "certificates");
    field(page, "revokes", &revoked);
    field(page, "signature", &list.signature);
    field(page, "sha256", &list.sha256);
}

fn responses(page: &mut Page, response: &OcspFacts) {
    page.row(&[("OCSP response", Tone::Strong)]);
    field(page, "at", &format!("{}:{}", response.input, response.line));
    field(page, "signed", &response.produced_at.to_string());
    for answer in &response.answers {
        let revoked = answer.revoked_at.map_or_else(String::new, |at| {
            let reason = answer.reason.map(|reason| format!(" ({reason})"));
            format!(" since {at}{}", reason.unwrap_or_default())
        });
        let text = format!("{} is {}{revoked}", answer.serial, answer.status);
        field(page, "serial", &text);
        field(page, "issued", &answer.this_update.to_string());
        let next = answer.next_update.map(|next| next.to_string());
        field(page, "next", next.as_deref().unwrap_or("not said"));
    }
    field(page, "sha256", &response.sha256);
}

fn or_none(name: &str) -> &str {
    match name {
        "" => "(none)",
        name => name,
    }
}

fn field(page: &mut Page, name: &str, text: &str) {
    let lead = format!("  {name:<12}");
    page.paragraph(&[(&lead, Tone::Dim)], HANG, text, Tone::Plain);
}

/// A kind of block, as people call it.
pub(super) fn words(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Certificate => "certificate",
        BlockKind::TrustedCertificate => "certificate with OpenSSL's trust settings",
        BlockKind::PrivateKey => "private key",
        BlockKind::EncryptedPrivateKey => "encrypted private key",
        BlockKind::PublicKey => "public key",
        BlockKind::Request => "certificate signing request",
        BlockKind::Crl => "certificate revocation list",
        BlockKind::OcspResponse => "OCSP response",
        BlockKind::Pkcs7 => "PKCS#7 container",
        BlockKind::Pkcs12 => "PKCS#12 container",
        BlockKind::Parameters => "parameters",
        BlockKind::Other => "something else",
        _ => "not recognised",
    }
}
