//! Extensions, from their fields or from raw bytes.

use crate::{GeneralName, der, oid};

/// One extension of a certificate, a request or a revocation list.
#[derive(Clone, Debug)]
pub struct Extension {
    /// Object identifier, dotted.
    pub oid: String,
    /// Marked critical.
    pub critical: bool,
    /// The content of its OCTET STRING.
    pub value: Vec<u8>,
}

/// A bit of the key usage extension (RFC 5280 4.2.1.3), by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the standard's")]
pub enum KeyUsage {
    DigitalSignature = 0,
    NonRepudiation = 1,
    KeyEncipherment = 2,
    DataEncipherment = 3,
    KeyAgreement = 4,
    KeyCertSign = 5,
    CrlSign = 6,
    EncipherOnly = 7,
    DecipherOnly = 8,
}

impl Extension {
    /// Any extension.
    pub fn new(oid: &str, critical: bool, value: Vec<u8>) -> Self {
        Self {
            oid: oid.to_owned(),
            critical,
            value,
        }
    }

    /// The extension in DER; `critical` is written only where it is true.
    pub fn der(&self) -> Vec<u8> {
        let mut parts = vec![der::oid(&self.oid)];
        if self.critical {
            parts.push(der::boolean(true));
        }
        parts.push(der::octet_string(&self.value));
        der::sequence(&parts)
    }

    /// Basic constraints, critical.
    pub fn basic_constraints(ca: bool, path_len: Option<u64>) -> Self {
        let mut parts = Vec::new();
        if ca {
            parts.push(der::boolean(true));
        }
        parts.extend(path_len.map(der::integer));
        Self::new(oid::BASIC_CONSTRAINTS, true, der::sequence(&parts))
    }

    /// Key usage, critical.
    pub fn key_usage(bits: &[KeyUsage]) -> Self {
        let word = bits
            .iter()
            .fold(0u16, |word, bit| word | 0x8000 >> (*bit as u16));
        let [high, low] = word.to_be_bytes();
        let significant: &[u8] = match (high, low) {
            (0, 0) => &[],
            (_, 0) => &[high],
            _ => &[high, low],
        };
        let used = 16 - word.trailing_zeros();
        let unused = [0, 7, 6, 5, 4, 3, 2, 1][(used % 8) as usize];
        let value = der::bit_string(unused, significant);
        Self::new(oid::KEY_USAGE, true, value)
    }

    /// Netscape's certificate type, with the bits of these numbers: 0 client, 1 server, 5 sslCA, 6 emailCA.
    pub fn netscape_type(bits: &[u8]) -> Self {
        let octet = bits.iter().fold(0u8, |octet, bit| octet | 0x80 >> bit);
        let value = if octet == 0 {
            der::bit_string(0, &[])
        } else {
            let unused = u8::try_from(octet.trailing_zeros()).unwrap_or(0);
            der::bit_string(unused, &[octet])
        };
        Self::new(oid::NETSCAPE_CERT_TYPE, false, value)
    }

    /// Extended key usage.
    pub fn extended_key_usage(purposes: &[&str]) -> Self {
        let purposes: Vec<_> = purposes.iter().map(|purpose| der::oid(purpose)).collect();
        Self::new(oid::EXTENDED_KEY_USAGE, false, der::sequence(&purposes))
    }

    /// Subject alternative name.
    pub fn subject_alt_name(names: &[GeneralName]) -> Self {
        Self::new(oid::SUBJECT_ALT_NAME, false, sequence_of(names))
    }

    /// Subject key identifier.
    pub fn subject_key_id(id: &[u8]) -> Self {
        Self::new(oid::SUBJECT_KEY_ID, false, der::octet_string(id))
    }

    /// Authority key identifier with a key identifier alone.
    pub fn authority_key_id(id: &[u8]) -> Self {
        let value = der::sequence(&[der::implicit(0, id)]);
        Self::new(oid::AUTHORITY_KEY_ID, false, value)
    }

    /// Name constraints, critical.
    pub fn name_constraints(permitted: &[GeneralName], excluded: &[GeneralName]) -> Self {
        let mut parts = Vec::new();
        for (number, names) in [(0, permitted), (1, excluded)] {
            if !names.is_empty() {
                let trees = names.iter().map(|name| der::sequence(&[name.der()]));
                parts.push(der::explicit(number, &trees.collect::<Vec<_>>().concat()));
            }
        }
        Self::new(oid::NAME_CONSTRAINTS, true, der::sequence(&parts))
    }

    /// Authority information access: pairs of access method and URL.
    pub fn authority_info_access(places: &[(&str, &str)]) -> Self {
        let places: Vec<_> = places
            .iter()
            .map(|(method, url)| {
                der::sequence(&[der::oid(method), GeneralName::Uri((*url).to_owned()).der()])
            })
            .collect();
        Self::new(oid::AUTHORITY_INFO_ACCESS, false, der::sequence(&places))
    }

    /// CRL distribution points, one for each URL.
    pub fn crl_distribution_points(urls: &[&str]) -> Self {
        let points: Vec<_> = urls
            .iter()
            .map(|url| {
                let name = der::explicit(0, &GeneralName::Uri((*url).to_owned()).der());
                der::sequence(&[der::explicit(0, &name)])
            })
            .collect();
        Self::new(oid::CRL_DISTRIBUTION_POINTS, false, der::sequence(&points))
    }

    /// Certificate policies without qualifiers.
    pub fn certificate_policies(policies: &[&str]) -> Self {
        let policies: Vec<_> = policies
            .iter()
            .map(|policy| der::sequence(&[der::oid(policy)]))
            .collect();
        Self::new(oid::CERTIFICATE_POLICIES, false, der::sequence(&policies))
    }

    /// TLS feature `status_request`: the OCSP answer must be stapled (RFC 7633).
    pub fn must_staple() -> Self {
        Self::new(oid::TLS_FEATURE, false, der::sequence(&[der::integer(5)]))
    }

    /// A list of so many timestamps, with plausible bytes and no log behind them.
    pub fn sct_list(count: u8, seconds: i64) -> Self {
        let mut list = Vec::new();
        for log in 0..count {
            let sct = signed_timestamp(log, seconds);
            list.extend(prefixed(&sct));
        }
        Self::new(oid::SCT_LIST, false, der::octet_string(&prefixed(&list)))
    }
}

/// `SignedCertificateTimestamp` (RFC 6962 3.2).
fn signed_timestamp(log: u8, seconds: i64) -> Vec<u8> {
    let id = crate::Digest::Sha256.of(&[log]);
    let half = crate::Digest::Sha256.of(&[log, 1]);
    let signature = der::sequence(&[der::unsigned(&half), der::unsigned(&id)]);
    let mut sct = vec![0]; // version 1
    sct.extend(&id);
    sct.extend((seconds * 1000).to_be_bytes());
    sct.extend([0, 0]); // no extensions
    sct.extend([4, 3]); // SHA-256 with ECDSA
    sct.extend(prefixed(&signature));
    sct
}

/// Two bytes of length, then the content, as TLS writes vectors.
fn prefixed(content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).expect("a short list");
    [&length.to_be_bytes(), content].concat()
}

fn sequence_of(names: &[GeneralName]) -> Vec<u8> {
    der::sequence(&names.iter().map(GeneralName::der).collect::<Vec<_>>())
}
