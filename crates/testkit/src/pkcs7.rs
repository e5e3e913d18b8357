//! PKCS#7 without a signature: the `.p7b` of Windows and of many CAs.

use crate::{Certificate, Crl, der};

const DATA: &str = "1.2.840.113549.1.7.1";
const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";

/// `SignedData` that carries certificates and lists and signs nothing (RFC 2315 9.1).
pub fn certificates_only(certificates: &[&Certificate], lists: &[&Crl]) -> Vec<u8> {
    let certificates: Vec<_> = certificates
        .iter()
        .flat_map(|one| one.der())
        .copied()
        .collect();
    let lists: Vec<_> = lists.iter().flat_map(|one| one.der()).copied().collect();
    let nothing: [&[u8]; 0] = [];
    let mut parts = vec![
        der::integer(1),
        der::set(&nothing),
        der::sequence(&[der::oid(DATA)]),
        der::explicit(0, &certificates),
    ];
    if !lists.is_empty() {
        parts.push(der::explicit(1, &lists));
    }
    parts.push(der::set(&nothing));
    let signed = der::explicit(0, &der::sequence(&parts));
    der::sequence(&[der::oid(SIGNED_DATA), signed])
}
