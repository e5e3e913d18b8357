//! Certificate signing requests.

use rcgen::{CertificateParams, DistinguishedName, KeyPair, SanType};

use crate::Identifier;

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
