//! The least certificate that rustls-webpki opens, with one name in it. Nobody signed it.

/// A dNSName in a GeneralNames (RFC 5280, section 4.2.1.6).
pub(crate) const DNS_NAME: u8 = 0x82;
/// An iPAddress there.
pub(crate) const IP_ADDRESS: u8 = 0x87;

/// `ecPublicKey` on P-256, as an AlgorithmIdentifier.
const P256: &[u8] = &[
    0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
    0xce, 0x3d, 0x03, 0x01, 0x07,
];
/// `ecdsa-with-SHA256`, as an AlgorithmIdentifier.
const ECDSA_SHA256: &[u8] = &[
    0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02,
];
/// `id-ce-subjectAltName`.
const SUBJECT_ALT_NAME: &[u8] = &[0x06, 0x03, 0x55, 0x1d, 0x11];
/// Two moments in UTCTime: 2026 to 2027.
const VALIDITY: &[u8] = b"\x30\x1e\x17\x0d260101000000Z\x17\x0d270101000000Z";

/// A certificate whose subjectAltName has one entry of this tag and these bytes.
pub(crate) fn with_name(tag: u8, name: &[u8]) -> Vec<u8> {
    let names = element(0x30, &[&element(tag, &[name])]);
    let extension = element(0x30, &[SUBJECT_ALT_NAME, &element(0x04, &[&names])]);
    let extensions = element(0xa3, &[&element(0x30, &[&extension])]);
    let empty_name = element(0x30, &[]);
    let tbs = element(
        0x30,
        &[
            &[0xa0, 0x03, 0x02, 0x01, 0x02],
            &[0x02, 0x01, 0x01],
            ECDSA_SHA256,
            &empty_name,
            VALIDITY,
            &empty_name,
            &element(0x30, &[P256, &element(0x03, &[&[0, 4]])]),
            &extensions,
        ],
    );
    element(0x30, &[&tbs, ECDSA_SHA256, &element(0x03, &[&[0, 0]])])
}

/// One DER element.
pub(crate) fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let contents = parts.concat();
    let length = contents.len().to_be_bytes();
    let digits = &length[length.iter().position(|byte| *byte != 0).unwrap_or(7)..];
    let mut out = vec![tag];
    if contents.len() >= 0x80 {
        out.push(0x80 | u8::try_from(digits.len()).expect("at most eight"));
    }
    out.extend(digits);
    out.extend(contents);
    out
}
