//! One decoded value: a PEM block's body, a DER file, or something out of a container.

use keyway_report::{Place, escape};
use x509_parser::asn1_rs::FromDer;
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::revocation_list::CertificateRevocationList;
use x509_parser::x509::SubjectPublicKeyInfo;

use super::bundle::BlockKind;
use super::collector::Collector;
use super::label::{Announced, announced};
use super::options::ReadError;
use super::{containers, private_keys};
use crate::pem::PemBlock;
use crate::rules::pem as rules;
use crate::sniff::{self, DerShape};
use crate::x509::{Certificate, CertificateFault, OcspResponse, Request, RevocationList};

/// Reads what a PEM block announces; what it holds instead is named.
pub(super) fn read_block(
    collector: &mut Collector<'_>,
    index: usize,
    block: &PemBlock,
) -> Result<(), ReadError> {
    let (body, place) = (block.body.as_slice(), &block.place);
    match announced(&block.label) {
        Announced::Certificate => certificate(collector, index, body, block),
        Announced::TrustedCertificate => trusted(collector, index, body, place),
        Announced::PrivateKey(form) if block.is_legacy_encrypted() => {
            private_keys::legacy(collector, index, block, form)
        }
        Announced::PrivateKey(form) => private_keys::plain(collector, index, body, form, place),
        Announced::EncryptedPrivateKey => {
            private_keys::said_to_be_encrypted(collector, index, block)
        }
        Announced::OpenSshKey => private_keys::openssh(collector, index, body, place),
        Announced::PublicKey | Announced::RsaPublicKey => {
            public_key(collector, index, body, place);
            Ok(())
        }
        Announced::Request => request(collector, index, body, place),
        Announced::Crl => crl(collector, index, body, place),
        Announced::OcspResponse => ocsp_response(collector, index, body, place),
        Announced::Pkcs7 => containers::pkcs7(collector, index, body, place),
        Announced::Pkcs12 => containers::pkcs12(collector, index, body, place),
        Announced::Parameters => {
            let fault = "nothing here reads parameters; servers may use them".to_owned();
            collector.unreadable(index, BlockKind::Parameters, fault);
            Ok(())
        }
        Announced::Foreign(what) => {
            collector.unreadable(index, BlockKind::Other, format!("it is {what}"));
            let advice = "Remove it from the server's files.".to_owned();
            let what = what.to_owned();
            collector.note(
                place,
                rules::not_a_certificate::NotACertificate { what, advice },
            );
            Ok(())
        }
        Announced::Unknown if block.label.is_empty() => {
            // Bare base64 announces nothing: what it holds decides.
            if by_shape(collector, index, body, place)?.is_none() {
                not_recognised(collector, index, place);
            }
            Ok(())
        }
        Announced::Unknown => {
            let label = escape::text(&block.label);
            let fault = format!("the label {label} is not known");
            collector.unreadable(index, BlockKind::Unknown, fault);
            collector.note(place, rules::unknown_label::UnknownLabel { label });
            Ok(())
        }
    }
}

fn certificate(
    collector: &mut Collector<'_>,
    index: usize,
    body: &[u8],
    block: &PemBlock,
) -> Result<(), ReadError> {
    let fault = match Certificate::read(body) {
        Ok(certificate) => {
            return collector.certificate(index, BlockKind::Certificate, certificate, &block.place);
        }
        Err(CertificateFault::Trailing(count)) => {
            // Noted by the scanner already; lenient readers take the certificate.
            let kept = &body[..body.len() - count];
            match Certificate::read(kept) {
                Ok(certificate) => {
                    let kind = BlockKind::Certificate;
                    return collector.certificate(index, kind, certificate, &block.place);
                }
                Err(fault) => fault,
            }
        }
        Err(fault) => fault,
    };
    if let Some(kind) = by_shape(collector, index, body, &block.place)? {
        let (label, holds) = (escape::text(&block.label), kind.words());
        collector.note(
            &block.place,
            rules::wrong_label::WrongLabel { label, holds },
        );
        return Ok(());
    }
    let reason = fault.to_string();
    collector.unreadable(index, BlockKind::Certificate, reason.clone());
    let what = format!(
        "the block is called {}, but {reason}",
        escape::text(&block.label)
    );
    let advice = String::new();
    collector.note(
        &block.place,
        rules::not_a_certificate::NotACertificate { what, advice },
    );
    Ok(())
}

/// A certificate with OpenSSL's trust settings behind it.
fn trusted(
    collector: &mut Collector<'_>,
    index: usize,
    body: &[u8],
    place: &Place,
) -> Result<(), ReadError> {
    let read = match Certificate::read(body) {
        Err(CertificateFault::Trailing(count)) => Certificate::read(&body[..body.len() - count]),
        read => read,
    };
    match read {
        Ok(certificate) => {
            collector.note(place, rules::trusted_certificate::TrustedCertificate);
            collector.certificate(index, BlockKind::TrustedCertificate, certificate, place)
        }
        Err(fault) => {
            unreadable(
                collector,
                index,
                BlockKind::TrustedCertificate,
                fault.to_string(),
                place,
            );
            Ok(())
        }
    }
}

pub(super) fn request(
    collector: &mut Collector<'_>,
    index: usize,
    der: &[u8],
    place: &Place,
) -> Result<(), ReadError> {
    match X509CertificationRequest::from_der(der) {
        Ok((_, parsed)) => {
            let request = Request::of(der, &parsed);
            let subject = match request.subject.text() {
                "" => "(no subject)".to_owned(),
                text => text.to_owned(),
            };
            collector.note(place, rules::csr_given::CsrGiven { subject });
            collector.request(index, der, request, place)
        }
        Err(error) => {
            unreadable(collector, index, BlockKind::Request, reason(&error), place);
            Ok(())
        }
    }
}

pub(super) fn crl(
    collector: &mut Collector<'_>,
    index: usize,
    der: &[u8],
    place: &Place,
) -> Result<(), ReadError> {
    match CertificateRevocationList::from_der(der) {
        Ok((_, parsed)) => collector.crl(index, der, RevocationList::of(der, &parsed), place),
        Err(error) => {
            unreadable(collector, index, BlockKind::Crl, reason(&error), place);
            Ok(())
        }
    }
}

fn ocsp_response(
    collector: &mut Collector<'_>,
    index: usize,
    der: &[u8],
    place: &Place,
) -> Result<(), ReadError> {
    match OcspResponse::read(der) {
        Ok(response) => collector.ocsp_response(index, der, response, place),
        Err(fault) => {
            let kind = BlockKind::OcspResponse;
            unreadable(collector, index, kind, fault.to_string(), place);
            Ok(())
        }
    }
}

pub(super) fn public_key(collector: &mut Collector<'_>, index: usize, der: &[u8], place: &Place) {
    let form = "a public key: SubjectPublicKeyInfo or RSAPublicKey";
    let read = SubjectPublicKeyInfo::from_der(der).is_ok_and(|(rest, _)| rest.is_empty());
    if read || is_rsa_public_key(der) {
        collector.readable(index, BlockKind::PublicKey, Some(der));
    } else {
        collector.unreadable(
            index,
            BlockKind::PublicKey,
            "it is no public key".to_owned(),
        );
    }
    collector.note(place, rules::public_key_given::PublicKeyGiven { form });
}

/// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } (RFC 8017, A.1.1).
fn is_rsa_public_key(der: &[u8]) -> bool {
    use x509_parser::asn1_rs::{Integer, Sequence};
    let Ok((_, sequence)) = Sequence::from_der(der) else {
        return false;
    };
    Integer::from_der(&sequence.content)
        .and_then(|(rest, _)| Integer::from_der(rest))
        .is_ok_and(|(rest, _)| rest.is_empty())
}

/// What a DER value is by its shape; certificates are tried before this.
fn shape(der: &[u8]) -> Option<BlockKind> {
    match sniff::shape(der) {
        DerShape::Request => Some(BlockKind::Request),
        DerShape::Crl => Some(BlockKind::Crl),
        DerShape::OcspResponse => Some(BlockKind::OcspResponse),
        DerShape::Pkcs8 | DerShape::Pkcs1 | DerShape::Sec1 | DerShape::Dsa => {
            Some(BlockKind::PrivateKey)
        }
        DerShape::EncryptedPkcs8 => Some(BlockKind::EncryptedPrivateKey),
        DerShape::Pkcs7 => Some(BlockKind::Pkcs7),
        DerShape::Pkcs12 => Some(BlockKind::Pkcs12),
        DerShape::Spki | DerShape::Pkcs1Public => Some(BlockKind::PublicKey),
        _ => None,
    }
}

/// Reads a DER value by its shape; what it is, or `None` when it is nothing known.
pub(super) fn by_shape(
    collector: &mut Collector<'_>,
    index: usize,
    der: &[u8],
    place: &Place,
) -> Result<Option<BlockKind>, ReadError> {
    if let Ok(certificate) = Certificate::read(der) {
        collector.certificate(index, BlockKind::Certificate, certificate, place)?;
        return Ok(Some(BlockKind::Certificate));
    }
    let Some(kind) = shape(der) else {
        return Ok(None);
    };
    match kind {
        BlockKind::Request => request(collector, index, der, place)?,
        BlockKind::Crl => crl(collector, index, der, place)?,
        BlockKind::OcspResponse => ocsp_response(collector, index, der, place)?,
        BlockKind::PrivateKey => private_keys::plain(collector, index, der, None, place)?,
        BlockKind::EncryptedPrivateKey => private_keys::encrypted(collector, index, der, place)?,
        BlockKind::Pkcs7 => containers::pkcs7(collector, index, der, place)?,
        BlockKind::Pkcs12 => containers::pkcs12(collector, index, der, place)?,
        _ => public_key(collector, index, der, place),
    }
    Ok(Some(kind))
}

pub(super) fn not_recognised(collector: &mut Collector<'_>, index: usize, place: &Place) {
    let what = "binary data in no form that is known here".to_owned();
    collector.unreadable(index, BlockKind::Unknown, what.clone());
    let advice = String::new();
    collector.note(
        place,
        rules::not_a_certificate::NotACertificate { what, advice },
    );
}

/// Notes something that was recognised and could not be read.
pub(super) fn unreadable(
    collector: &mut Collector<'_>,
    index: usize,
    kind: BlockKind,
    reason: String,
    place: &Place,
) {
    collector.unreadable(index, kind, reason.clone());
    let what = kind.words();
    collector.note(
        place,
        rules::unreadable::Unreadable {
            what,
            reason,
            advice: None,
        },
    );
}

fn reason(error: &x509_parser::nom::Err<x509_parser::error::X509Error>) -> String {
    use x509_parser::nom::Err;
    match error {
        Err::Incomplete(_) => "it is cut short".to_owned(),
        Err::Error(error) | Err::Failure(error) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use keyway_report::Kind as _;
    use keyway_testkit::{Key, KeyKind, Name, Request};

    use crate::{Input, ReadOptions, read};

    #[test]
    fn a_request_is_named_most_specific_first_as_certificates_are() {
        let subject = Name::common("www.example.com").with("2.5.4.10", "Example");
        let request = Request::of(&Key::new(KeyKind::P256, "a"), &subject, &[]).pem();
        let input = Input {
            name: "request.pem",
            bytes: request.as_bytes(),
        };
        let bundle = read(&[input], &ReadOptions::default()).unwrap();
        let told = bundle.findings.iter().map(|finding| finding.kind.message());
        let told = told.collect::<String>();
        assert!(told.contains("O=Example, CN=www.example.com"), "{told}");
    }
}
