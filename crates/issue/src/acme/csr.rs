//! Certificate signing requests.

use base64ct::{Base64, Encoding as _};
use rcgen::{CertificateParams, DistinguishedName, KeyPair, SanType};

use crate::Identifier;

/// Letters of a line (RFC 7468, section 2).
const LINE: usize = 64;

/// A certificate signing request (RFC 2986) for these, without a subject: names are read from the extension alone.
///
/// # Errors
/// The key cannot sign.
pub fn request(identifiers: &[Identifier], key: &KeyPair) -> Result<Vec<u8>, rcgen::Error> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.subject_alt_names = identifiers
        .iter()
        .map(|identifier| match identifier {
            Identifier::Dns(name) => Ok(SanType::DnsName(name.as_str().try_into()?)),
            Identifier::Ip(address) => Ok(SanType::IpAddress(*address)),
        })
        .collect::<Result<_, rcgen::Error>>()?;
    Ok(params.serialize_request(key)?.der().to_vec())
}

/// A request in PEM (RFC 7468, section 7).
pub fn pem(request: &[u8]) -> String {
    encoded("CERTIFICATE REQUEST", request)
}

/// A certificate in PEM (RFC 7468, section 5).
pub fn certificate_pem(certificate: &[u8]) -> String {
    encoded("CERTIFICATE", certificate)
}

fn encoded(label: &str, der: &[u8]) -> String {
    let body = Base64::encode_string(der);
    let lines = body.as_bytes().chunks(LINE);
    let lines: Vec<&str> = lines
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}
