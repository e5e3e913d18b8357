use super::FileKind;
use crate::pem::tlv::Tlv;

/// What a DER value looks like from its outermost fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DerShape {
    /// An X.509 certificate (RFC 5280 section 4.1).
    Certificate,
    /// A certificate revocation list (RFC 5280 section 5.1).
    Crl,
    /// A certificate signing request (RFC 2986 section 4).
    Request,
    /// PKCS#7 or CMS (RFC 5652 section 3).
    Pkcs7,
    /// PKCS#12 (RFC 7292 section 4).
    Pkcs12,
    /// A private key in PKCS#8 (RFC 5958 section 2).
    Pkcs8,
    /// An encrypted private key in PKCS#8 (RFC 5958 section 3).
    EncryptedPkcs8,
    /// An RSA private key in PKCS#1 (RFC 8017 appendix A.1.2).
    Pkcs1,
    /// An RSA public key in PKCS#1 (RFC 8017 appendix A.1.1).
    Pkcs1Public,
    /// An EC private key (RFC 5915 section 3).
    Sec1,
    /// A DSA private key in OpenSSL's form: six integers.
    Dsa,
    /// A public key (RFC 5280 section 4.1, `SubjectPublicKeyInfo`).
    Spki,
    /// An OCSP response (RFC 6960 section 4.2.1).
    OcspResponse,
    /// Diffie-Hellman parameters (PKCS#3).
    DhParameters,
    /// A SEQUENCE of another kind.
    Unknown,
}

/// Fields of one SEQUENCE that are looked at. An RSA private key has nine.
const FIELDS: usize = 9;

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const OID: u8 = 0x06;
const ENUMERATED: u8 = 0x0a;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const CONTEXT_0: u8 = 0xa0;
const CONTEXT_1: u8 = 0xa1;

/// 1.2.840.113549.1.7, the content types of PKCS#7.
const PKCS7_OID: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07";

/// Bytes of a SEQUENCE in BER's indefinite form, and the two containers that old tools write so.
const INDEFINITE: [(&[u8], DerShape); 2] = [
    (b"\x30\x80\x02\x01\x03", DerShape::Pkcs12),
    (
        b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07",
        DerShape::Pkcs7,
    ),
];

/// The outermost fields of a SEQUENCE: tag and content. Content that is cut off is what is there.
struct Fields<'d> {
    list: [(u8, &'d [u8]); FIELDS],
    count: usize,
}

impl<'d> Fields<'d> {
    fn of(mut content: &'d [u8]) -> Self {
        let mut fields = Self {
            list: [(0, &[][..]); FIELDS],
            count: 0,
        };
        for slot in &mut fields.list {
            let Some(tlv) = Tlv::read(content) else { break };
            let end = tlv.total().min(content.len());
            *slot = (tlv.tag, content.get(tlv.header..end).unwrap_or_default());
            content = &content[end..];
            fields.count += 1;
        }
        fields
    }

    fn tags(&self) -> [u8; FIELDS] {
        self.list.map(|(tag, _)| tag)
    }

    fn inside(&self, index: usize) -> Self {
        Self::of(self.list[index].1)
    }
}

/// What a DER value looks like. Works on a torn value as well, as far as its fields are there.
pub fn shape(der: &[u8]) -> DerShape {
    if let Some((_, shape)) = INDEFINITE.iter().find(|(start, _)| der.starts_with(start)) {
        return *shape;
    }
    let Some(outer) = Tlv::sequence(der) else {
        return DerShape::Unknown;
    };
    let end = outer.total().min(der.len());
    let fields = Fields::of(der.get(outer.header..end).unwrap_or_default());
    let first = fields.list[0].1;
    match fields.tags() {
        // A torn value may end in its first field.
        [SEQUENCE, SEQUENCE, BIT_STRING, ..] | [SEQUENCE, 0 | SEQUENCE, 0, ..] => {
            signed(&fields.inside(0))
        }
        [SEQUENCE, BIT_STRING, 0, ..] => DerShape::Spki,
        [SEQUENCE, OCTET_STRING, 0, ..] if fields.inside(0).list[0].0 == OID => {
            DerShape::EncryptedPkcs8
        }
        [OID, CONTEXT_0 | 0, ..] if first.starts_with(PKCS7_OID) => DerShape::Pkcs7,
        [INTEGER, SEQUENCE, ..] if first == [3] && holds_pkcs7(&fields) => DerShape::Pkcs12,
        [INTEGER, SEQUENCE, OCTET_STRING, ..] => DerShape::Pkcs8,
        [INTEGER, OCTET_STRING, CONTEXT_0 | CONTEXT_1 | 0, ..] if first == [1] => DerShape::Sec1,
        [ENUMERATED, CONTEXT_0 | 0, ..] => DerShape::OcspResponse,
        tags => integers(&tags, fields.count, fields.list[1].1),
    }
}

fn holds_pkcs7(fields: &Fields<'_>) -> bool {
    fields.inside(1).list[0].1.starts_with(PKCS7_OID)
}

/// Certificates, requests and CRLs are signed alike and differ in what is signed.
fn signed(content: &Fields<'_>) -> DerShape {
    let tags = content.tags();
    // The version is optional: [0] in a certificate, an INTEGER in a CRL.
    match tags {
        [INTEGER, SEQUENCE, SEQUENCE, UTC_TIME | GENERALIZED_TIME, ..]
        | [SEQUENCE, SEQUENCE, UTC_TIME | GENERALIZED_TIME, ..] => DerShape::Crl,
        [CONTEXT_0, INTEGER, SEQUENCE, SEQUENCE, ..]
        | [
            INTEGER,
            SEQUENCE,
            SEQUENCE,
            SEQUENCE,
            SEQUENCE,
            SEQUENCE,
            ..,
        ] => DerShape::Certificate,
        [INTEGER, SEQUENCE, SEQUENCE, CONTEXT_0 | 0, ..]
            if matches!(content.inside(1).tags(), [SET | 0, ..]) =>
        {
            DerShape::Request
        }
        _ => DerShape::Unknown,
    }
}

/// Structures made of integers alone.
fn integers(tags: &[u8; FIELDS], count: usize, second: &[u8]) -> DerShape {
    match (count, tags.iter().take(count).all(|tag| *tag == INTEGER)) {
        (9, true) => DerShape::Pkcs1,
        (6, true) => DerShape::Dsa,
        // A generator is small; an RSA exponent is 3 or, nearly always, 65537.
        (2 | 3, true) if matches!(second, [2 | 5]) => DerShape::DhParameters,
        (2, true) => DerShape::Pkcs1Public,
        _ => DerShape::Unknown,
    }
}

/// Whether binary input is DER as a whole, as far as can be told from its length and fields.
pub(super) fn read(bytes: &[u8]) -> Option<FileKind> {
    let shape = shape(bytes);
    let Some(outer) = Tlv::sequence(bytes) else {
        let known = shape != DerShape::Unknown;
        return known.then_some(FileKind::Der {
            shape,
            trailing: 0,
            missing: 0,
        });
    };
    let trailing = bytes.len().saturating_sub(outer.total());
    let missing = outer.total().saturating_sub(bytes.len());
    // Any file may start with 0x30: an unknown shape must at least fill the file.
    let plausible = shape != DerShape::Unknown || (trailing == 0 && missing == 0);
    plausible.then_some(FileKind::Der {
        shape,
        trailing,
        missing,
    })
}
