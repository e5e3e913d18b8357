use std::ops::Range;
use std::sync::OnceLock;

use keyway_report::Timestamp;
use rustls_pki_types::CertificateDer;
use sha2::{Digest as _, Sha256};
use x509_parser::asn1_rs::{Any, FromDer};
use x509_parser::certificate::X509Certificate;
use x509_parser::der_parser::error::BerError;
use x509_parser::error::X509Error;
use x509_parser::nom;
use x509_parser::nom::error::ErrorKind;

use super::der_form::{self, DerFault};
use super::extension::Extensions;
use super::general_name::GeneralName;
use super::validity::{self, ValidityFault};
use super::{DistinguishedName, PublicKey, SignatureAlgorithm, key_form};
use crate::name::Presented;

/// A certificate as owned facts. Every text in it is untrusted unless its accessor says otherwise.
#[derive(Debug, Clone)]
pub struct Certificate {
    der: CertificateDer<'static>,
    sha256: [u8; 32],
    spki_sha256: [u8; 32],
    tbs: Range<usize>,
    spki: Range<usize>,
    signature_algorithm_contents: Range<usize>,
    signature: Vec<u8>,
    /// Version as people say it: 1, 2 or 3.
    pub version: u32,
    /// Contents octets of the serial number INTEGER: big-endian, two's complement.
    pub serial: Vec<u8>,
    /// Issuer.
    pub issuer: DistinguishedName,
    /// Subject.
    pub subject: DistinguishedName,
    /// First second of validity.
    pub not_before: Timestamp,
    /// Last second of validity: valid through it (RFC 5280, section 4.1.2.5).
    pub not_after: Timestamp,
    /// Which of the two moments is not written as RFC 5280, section 4.1.2.5, demands, and how.
    pub validity_faults: Vec<ValidityFault>,
    /// What is not written as DER demands.
    pub der_faults: Vec<DerFault>,
    /// The subject's public key.
    pub public_key: PublicKey,
    /// The algorithm of the signature, from the outer field.
    pub signature_algorithm: SignatureAlgorithm,
    /// Whether the algorithm inside the signed part is the same (RFC 5280, section 4.1.1.2).
    pub signature_algorithms_agree: bool,
    /// Whether issuerUniqueID or subjectUniqueID is there (RFC 5280, section 4.1.2.8).
    pub has_unique_ids: bool,
    /// Extensions.
    pub extensions: Extensions,
    presented: OnceLock<Vec<Presented>>,
}

/// Why bytes are not a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateFault {
    /// The structure breaks where x509-parser says.
    #[error("{0}")]
    Structure(String),
    /// More bytes follow the certificate.
    #[error("{0} bytes follow the certificate")]
    Trailing(usize),
}

impl Certificate {
    /// Reads one DER certificate.
    ///
    /// # Errors
    /// [`CertificateFault`] when the bytes are no certificate, or more than one.
    pub fn read(der: &[u8]) -> Result<Self, CertificateFault> {
        let (rest, parsed) = X509Certificate::from_der(der).map_err(|error| {
            CertificateFault::Structure(match error {
                nom::Err::Incomplete(_) => "it is cut short".to_owned(),
                nom::Err::Error(error) | nom::Err::Failure(error) => words(&error),
            })
        })?;
        if !rest.is_empty() {
            return Err(CertificateFault::Trailing(rest.len()));
        }
        let tbs = &parsed.tbs_certificate;
        let spki = tbs.subject_pki.raw;
        let tbs_range = range_within(der, tbs.as_ref());
        let algorithm = Any::from_der(&der[tbs_range.end..]).map_or_else(
            |_| tbs_range.end..tbs_range.end,
            |(_, any)| range_within(der, any.data),
        );
        Ok(Self {
            sha256: Sha256::digest(der).into(),
            spki_sha256: Sha256::digest(spki).into(),
            tbs: tbs_range,
            signature_algorithm_contents: algorithm,
            spki: range_within(der, spki),
            signature: parsed.signature_value.data.to_vec(),
            version: tbs.version.0.saturating_add(1),
            serial: tbs.raw_serial().to_vec(),
            issuer: DistinguishedName::read(&tbs.issuer),
            subject: DistinguishedName::read(&tbs.subject),
            not_before: Timestamp::from_seconds(tbs.validity.not_before.timestamp()),
            not_after: Timestamp::from_seconds(tbs.validity.not_after.timestamp()),
            validity_faults: validity::faults(tbs.as_ref()),
            der_faults: der_form::faults(tbs.as_ref()),
            public_key: PublicKey::read(&tbs.subject_pki),
            signature_algorithm: SignatureAlgorithm::read(&parsed.signature_algorithm),
            signature_algorithms_agree: parsed.signature_algorithm == tbs.signature,
            has_unique_ids: tbs.issuer_uid.is_some() || tbs.subject_uid.is_some(),
            extensions: Extensions::read(tbs.extensions()),
            der: CertificateDer::from(der.to_vec()),
            presented: OnceLock::new(),
        })
    }

    /// The DER as it was read.
    pub fn der(&self) -> &CertificateDer<'static> {
        &self.der
    }

    /// SHA-256 of the DER: the fingerprint.
    pub fn sha256(&self) -> &[u8; 32] {
        &self.sha256
    }

    /// SHA-256 of the SubjectPublicKeyInfo (RFC 7469's pin, the key of TLSA 3 1 1).
    pub fn spki_sha256(&self) -> &[u8; 32] {
        &self.spki_sha256
    }

    /// DER of the SubjectPublicKeyInfo.
    pub fn spki(&self) -> &[u8] {
        &self.der[self.spki.clone()]
    }

    /// Why no TLS library can load the public key, if so. Computed when asked: a point is looked for
    /// on its curve.
    pub fn key_fault(&self) -> Option<&'static str> {
        let read = self.public_key.fault;
        read.or_else(|| key_form::fault(self.spki(), &self.public_key))
    }

    /// DER of the signed part.
    pub fn tbs(&self) -> &[u8] {
        &self.der[self.tbs.clone()]
    }

    /// Contents octets of the outer AlgorithmIdentifier, as verifiers compare it.
    pub fn signature_algorithm_contents(&self) -> &[u8] {
        &self.der[self.signature_algorithm_contents.clone()]
    }

    /// The signature's bits.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// Whether subject and issuer are the same, non-empty name (RFC 5280, section 3.2).
    pub fn is_self_issued(&self) -> bool {
        !self.subject.is_empty() && self.subject.der() == self.issuer.der()
    }

    /// Whether `basicConstraints` says it is a CA, or it is a version 1 certificate that was
    /// issued by itself (how roots of the 1990s look).
    pub fn is_ca(&self) -> bool {
        match self.extensions.basic_constraints {
            Some(constraints) => constraints.ca,
            None => self.version < 3 && self.is_self_issued(),
        }
    }

    /// Length of the validity, in seconds, both ends included (BR 1.6.1, "Validity Period").
    pub fn lifetime(&self) -> i64 {
        self.not_after.since(self.not_before).saturating_add(1)
    }

    /// The names of subjectAltName; empty without the extension.
    pub fn alt_names(&self) -> &[GeneralName] {
        self.extensions
            .subject_alt_name
            .as_ref()
            .map_or(&[], |san| &san.names)
    }

    /// The `dNSName`s, as bytes.
    pub fn dns_names(&self) -> impl Iterator<Item = &[u8]> {
        self.alt_names().iter().filter_map(|name| match name {
            GeneralName::Dns(name) => Some(name.as_slice()),
            _ => None,
        })
    }

    /// The `dNSName`s and `iPAddress`es as clients read them, sound or not; read when first asked
    /// for.
    pub fn presented(&self) -> &[Presented] {
        self.presented.get_or_init(|| {
            let names = self.alt_names().iter();
            names
                .filter_map(|name| match name {
                    GeneralName::Dns(raw) => Some(Presented::dns(raw)),
                    GeneralName::Ip(raw) => Some(Presented::ip(raw)),
                    _ => None,
                })
                .collect()
        })
    }

    /// The `iPAddress`es, as bytes.
    pub fn ip_addresses(&self) -> impl Iterator<Item = &[u8]> {
        self.alt_names().iter().filter_map(|name| match name {
            GeneralName::Ip(bytes) => Some(bytes.as_slice()),
            _ => None,
        })
    }

    /// The serial number in hexadecimal, as openssl prints it: no leading zeros, `-` when negative.
    pub fn serial_hex(&self) -> String {
        hexadecimal_number(&self.serial)
    }
}

/// Contents octets of an INTEGER in hexadecimal, as [`Certificate::serial_hex`] writes them.
pub(crate) fn hexadecimal_number(number: &[u8]) -> String {
    let negative = number.first().is_some_and(|byte| byte & 0x80 != 0);
    let (sign, mut digits) = if negative {
        ("-", crate::report::hex(&negate(number)))
    } else {
        ("", crate::report::hex(number))
    };
    // The last digit stays: zero has one.
    let zeros = digits.len() - digits.trim_start_matches('0').len();
    let zeros = zeros.min(digits.len().saturating_sub(1));
    digits.replace_range(..zeros, sign);
    if digits.is_empty() {
        "0".clone_into(&mut digits);
    }
    digits
}

/// x509-parser's errors for people.
fn words(error: &X509Error) -> String {
    use X509Error as E;
    let words = match error {
        E::InvalidVersion => "its version cannot be read",
        E::InvalidSerial => "its serial number cannot be read",
        E::InvalidAlgorithmIdentifier => "one of its algorithms cannot be read",
        E::InvalidX509Name => "its subject or issuer cannot be read",
        E::InvalidDate => "a date in it cannot be read",
        E::InvalidSPKI => "its public key cannot be read",
        E::InvalidExtensions | E::DuplicateExtensions => "its extensions cannot be read",
        E::InvalidSignatureValue => "its signature cannot be read",
        E::NomError(ErrorKind::Eof) | E::Der(BerError::Incomplete(_)) => "its bytes end too early",
        E::Der(_) | E::NomError(_) => "its bytes do not have the form of a certificate",
        other => return other.to_string(),
    };
    words.to_owned()
}

/// Two's complement of a big-endian number.
fn negate(number: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = number.iter().map(|byte| !byte).collect();
    for byte in out.iter_mut().rev() {
        let (sum, carry) = byte.overflowing_add(1);
        *byte = sum;
        if !carry {
            break;
        }
    }
    out
}

/// Where `part`, a slice of `whole`, stands in it.
fn range_within(whole: &[u8], part: &[u8]) -> Range<usize> {
    let start = part.as_ptr().addr().saturating_sub(whole.as_ptr().addr());
    let start = start.min(whole.len());
    start..start.saturating_add(part.len()).min(whole.len())
}
