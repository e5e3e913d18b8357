//! PKCS#7 and PKCS#12: their contents are read as if they had been given alone.

use keyway_report::Place;

use super::bundle::BlockKind;
use super::collector::Collector;
use super::item::unreadable;
use super::options::ReadError;
use super::private_keys;
use crate::container::pbe::Allowance;
use crate::container::pkcs12::{Pfx, Pkcs12Error};
use crate::container::{pkcs7, pkcs12};
use crate::rules::pem as rules;
use crate::x509::Certificate;

/// What to do about a container whose algorithm is not known here.
const UNPACK: &str = "Unpack it with OpenSSL: `openssl pkcs12 -in FILE -nodes -out all.pem` asks for the password and \
                      writes the key open, for its owner alone to read. Give what it writes.";

pub(super) fn pkcs7(
    collector: &mut Collector<'_>,
    index: usize,
    der: &[u8],
    place: &Place,
) -> Result<(), ReadError> {
    match pkcs7::read(der) {
        Ok(contents) => {
            collector.readable(index, BlockKind::Pkcs7, Some(der));
            let certificates = contents.certificates.len();
            collector.note(place, rules::pkcs7_given::Pkcs7Given { certificates });
            for certificate in &contents.certificates {
                inner_certificate(collector, index, certificate, place)?;
            }
            for crl in &contents.crls {
                let inner = collector.block("", place, Some(index));
                super::item::crl(collector, inner, crl, place)?;
            }
            Ok(())
        }
        Err(error) => {
            unreadable(collector, index, BlockKind::Pkcs7, error.to_string(), place);
            Ok(())
        }
    }
}

pub(super) fn pkcs12(
    collector: &mut Collector<'_>,
    index: usize,
    der: &[u8],
    place: &Place,
) -> Result<(), ReadError> {
    match open(der, collector.options.passwords, &mut collector.allowance) {
        Ok(pfx) => pkcs12_contents(collector, index, der, &pfx, place),
        Err(Pkcs12Error::PasswordNeeded) => {
            collector.locked_key(index, place);
            collector.unreadable(index, BlockKind::Pkcs12, "a password is needed".to_owned());
            collector.note(
                place,
                rules::encrypted_key::EncryptedKey {
                    what: "PKCS#12 file",
                    opened: false,
                },
            );
            Ok(())
        }
        Err(Pkcs12Error::WrongPassword) => {
            collector.locked_key(index, place);
            collector.unreadable(index, BlockKind::Pkcs12, "the password is wrong".to_owned());
            collector.note(
                place,
                rules::wrong_password::WrongPassword {
                    what: "the PKCS#12 file",
                },
            );
            Ok(())
        }
        Err(error) => {
            let kind = BlockKind::Pkcs12;
            let unknown = matches!(error, Pkcs12Error::Unsupported { .. });
            collector.unreadable(index, kind, error.to_string());
            collector.note(
                place,
                rules::unreadable::Unreadable {
                    what: kind.words(),
                    reason: error.to_string(),
                    advice: unknown.then_some(UNPACK),
                },
            );
            Ok(())
        }
    }
}

/// With each password that was given, then without one: every try is slow on purpose, and who gives a
/// password has one to give. The first reason that is not about the password stands.
fn open(der: &[u8], passwords: &[&[u8]], heap: &mut Allowance) -> Result<Pfx, Pkcs12Error> {
    let mut wrong = None;
    for password in passwords {
        match pkcs12::read_within(der, Some(password), heap) {
            Err(error @ (Pkcs12Error::PasswordNeeded | Pkcs12Error::WrongPassword)) => {
                wrong = Some(error);
            }
            result => return result,
        }
    }
    match (pkcs12::read_within(der, None, heap), wrong) {
        (Err(Pkcs12Error::PasswordNeeded | Pkcs12Error::WrongPassword), Some(wrong)) => Err(wrong),
        (result, _) => result,
    }
}

fn pkcs12_contents(
    collector: &mut Collector<'_>,
    index: usize,
    der: &[u8],
    pfx: &Pfx,
    place: &Place,
) -> Result<(), ReadError> {
    collector.readable(index, BlockKind::Pkcs12, Some(der));
    collector.note(
        place,
        rules::pkcs12_given::Pkcs12Given {
            certificates: pfx.certificates.len(),
            keys: pfx.keys.len(),
            encryption: encryption(pfx).to_owned(),
        },
    );
    for bag in &pfx.certificates {
        inner_certificate(collector, index, &bag.der, place)?;
    }
    for bag in &pfx.keys {
        let inner = collector.block("", place, Some(index));
        private_keys::plain(collector, inner, &bag.pkcs8, None, place)?;
    }
    for crl in &pfx.crls {
        let inner = collector.block("", place, Some(index));
        super::item::crl(collector, inner, crl, place)?;
    }
    if pfx.locked_keys > 0 {
        collector.locked_key(index, place);
        collector.note(
            place,
            rules::wrong_password::WrongPassword {
                what: "a key in it",
            },
        );
    }
    Ok(())
}

fn encryption(pfx: &Pfx) -> &'static str {
    if pfx.without_password {
        "opened without a password"
    } else {
        "opened with the password given"
    }
}

fn inner_certificate(
    collector: &mut Collector<'_>,
    container: usize,
    der: &[u8],
    place: &Place,
) -> Result<(), ReadError> {
    let inner = collector.block("", place, Some(container));
    match Certificate::read(der) {
        Ok(certificate) => collector.certificate(inner, BlockKind::Certificate, certificate, place),
        Err(fault) => {
            unreadable(
                collector,
                inner,
                BlockKind::Certificate,
                fault.to_string(),
                place,
            );
            Ok(())
        }
    }
}
