//! A certificate signing request as owned facts (RFC 2986).

use sha2::{Digest as _, Sha256};
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::extensions::ParsedExtension;

use super::{DistinguishedName, GeneralName, PublicKey, SignatureAlgorithm};

/// A certificate signing request.
#[derive(Debug, Clone)]
pub struct Request {
    /// Who asks.
    pub subject: DistinguishedName,
    /// The names of the subjectAltName that is asked for. Not escaped.
    pub names: Vec<GeneralName>,
    /// The key that is to be certified.
    pub public_key: PublicKey,
    /// The algorithm that it is signed with.
    pub signature_algorithm: SignatureAlgorithm,
    /// SHA-256 of the DER.
    pub sha256: [u8; 32],
    /// SHA-256 of the SubjectPublicKeyInfo.
    pub spki_sha256: [u8; 32],
    /// The SubjectPublicKeyInfo.
    pub spki: Vec<u8>,
}

impl Request {
    pub(crate) fn of(der: &[u8], parsed: &X509CertificationRequest<'_>) -> Self {
        let info = &parsed.certification_request_info;
        let asked = parsed.requested_extensions().into_iter().flatten();
        let names = asked.filter_map(|extension| match extension {
            ParsedExtension::SubjectAlternativeName(names) => Some(&names.general_names),
            _ => None,
        });
        let spki = info.subject_pki.raw;
        Self {
            subject: DistinguishedName::read(&info.subject),
            names: names.flatten().map(GeneralName::read).collect(),
            public_key: PublicKey::read(&info.subject_pki),
            signature_algorithm: SignatureAlgorithm::read(&parsed.signature_algorithm),
            sha256: Sha256::digest(der).into(),
            spki_sha256: Sha256::digest(spki).into(),
            spki: spki.to_vec(),
        }
    }
}
