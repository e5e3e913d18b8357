//! A certificate revocation list as owned facts (RFC 5280, section 5), without its lines.

use keyway_report::Timestamp;
use sha2::{Digest as _, Sha256};
use x509_parser::revocation_list::CertificateRevocationList;

use super::{DistinguishedName, SignatureAlgorithm};

/// Longest CRL number in octets (RFC 5280, section 5.2.3).
const MAX_NUMBER_OCTETS: usize = 20;

/// A certificate revocation list.
#[derive(Debug, Clone)]
pub struct RevocationList {
    /// Who issued it.
    pub issuer: DistinguishedName,
    /// When it was issued.
    pub this_update: Timestamp,
    /// When the next one is due.
    pub next_update: Option<Timestamp>,
    /// Its number: decimal, past 128 bits hexadecimal after `0x`.
    pub number: Option<String>,
    /// How many certificates it revokes.
    pub revoked: usize,
    /// The algorithm that it is signed with.
    pub signature_algorithm: SignatureAlgorithm,
    /// SHA-256 of the DER.
    pub sha256: [u8; 32],
}

impl RevocationList {
    pub(crate) fn of(der: &[u8], parsed: &CertificateRevocationList<'_>) -> Self {
        let next_update = parsed.next_update();
        Self {
            issuer: DistinguishedName::read(parsed.issuer()),
            this_update: Timestamp::from_seconds(parsed.last_update().timestamp()),
            next_update: next_update.map(|time| Timestamp::from_seconds(time.timestamp())),
            number: parsed
                .crl_number()
                .map(|number| number_text(&number.to_bytes_be())),
            revoked: parsed.iter_revoked_certificates().count(),
            signature_algorithm: SignatureAlgorithm::read(&parsed.signature_algorithm),
            sha256: Sha256::digest(der).into(),
        }
    }
}

fn number_text(octets: &[u8]) -> String {
    if octets.len() > MAX_NUMBER_OCTETS {
        return format!("a number of {} octets", octets.len());
    }
    if octets.len() > size_of::<u128>() {
        return format!("0x{}", crate::report::hex(octets));
    }
    octets
        .iter()
        .fold(0_u128, |number, &octet| (number << 8) | u128::from(octet))
        .to_string()
}

/// `CRLReason` (RFC 5280, section 5.3.1).
pub(crate) fn revocation_reason(code: u8) -> Option<&'static str> {
    const REASONS: [&str; 11] = [
        "unspecified",
        "keyCompromise",
        "cACompromise",
        "affiliationChanged",
        "superseded",
        "cessationOfOperation",
        "certificateHold",
        "(unused)",
        "removeFromCRL",
        "privilegeWithdrawn",
        "aACompromise",
    ];
    REASONS.get(usize::from(code)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_as_people_compare_them() {
        assert_eq!(number_text(&[0]), "0");
        assert_eq!(number_text(&[0x12, 0x34]), "4660");
        assert_eq!(number_text(&[0xff; 16]), u128::MAX.to_string());
        assert_eq!(number_text(&[0xab; 20]), format!("0x{}", "ab".repeat(20)));
        assert_eq!(number_text(&[1; 21]), "a number of 21 octets");
    }
}
