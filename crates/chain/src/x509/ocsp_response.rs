//! An OCSP response as owned facts (RFC 6960, section 4.2).

use der::Decode as _;
use der::asn1::GeneralizedTime;
use keyway_report::Timestamp;
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::{Certificate, minimal, oids, revocation_reason};
use crate::algorithms::{PublicKey, Signed, take};

/// Most certificates that one response speaks about. A stapled one speaks about one.
pub const MAX_ANSWERS: usize = 256;

/// Most certificates that a response carries for its signature (RFC 6960, section 4.2.2.2 needs one).
pub const MAX_SIGNERS: usize = 8;

/// Longest time that a response holds for without a `nextUpdate`, in seconds: ten days, the longest interval that the
/// CA/Browser Forum's Baseline Requirements, section 4.9.10, allow between `thisUpdate` and `nextUpdate`.
const LONGEST_WITHOUT_NEXT: i64 = 10 * 24 * 60 * 60;

const BOOLEAN: u8 = 0x01;
const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const OBJECT_IDENTIFIER: u8 = 0x06;
const ENUMERATED: u8 = 0x0a;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
/// `[0]` to `[2]`, constructed: explicit tags, and implicit ones of what is constructed itself.
const TAGGED: [u8; 3] = [0xa0, 0xa1, 0xa2];
/// `[0]` and `[2]`, implicit, of a NULL.
const GOOD: u8 = 0x80;
const UNKNOWN: u8 = 0x82;

/// Why something is no OCSP response that says anything of certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OcspFault {
    /// Not the structure of RFC 6960, section 4.2.1, in DER, or with a critical extension.
    #[error("it is no OCSP response in DER without critical extensions")]
    Malformed,
    /// The responder refused; in RFC 6960's word.
    #[error("the responder answered {0}, and nothing of certificates")]
    Unsuccessful(&'static str),
    /// Another type than id-pkix-ocsp-basic (RFC 6960, section 4.2.1).
    #[error("its type is not id-pkix-ocsp-basic, the only one that there is")]
    Type,
    /// More answers than [`MAX_ANSWERS`] or certificates than [`MAX_SIGNERS`].
    #[error(
        "it speaks of more than {MAX_ANSWERS} certificates, or carries more than {MAX_SIGNERS}"
    )]
    TooMany,
}

/// What a response says of a certificate (RFC 6960, section 2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OcspStatus {
    /// Not revoked.
    Good,
    /// Revoked, or on hold.
    Revoked {
        /// When it was revoked.
        at: Timestamp,
        /// Why, in RFC 5280's word, when the response says so.
        reason: Option<&'static str>,
    },
    /// The responder does not know it.
    Unknown,
}

/// What a response says of one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcspAnswer {
    /// Contents octets of the hash's identifier.
    hash: Vec<u8>,
    issuer_name_hash: Vec<u8>,
    issuer_key_hash: Vec<u8>,
    /// The certificate's serial number, contents octets of the INTEGER.
    pub serial: Vec<u8>,
    /// What it says.
    pub status: OcspStatus,
    /// The moment that it is known to be so at.
    pub this_update: Timestamp,
    /// Until when there will be newer word; without it, newer word is there at all times.
    pub next_update: Option<Timestamp>,
}

/// An OCSP response that is successful.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcspResponse {
    /// When it was signed.
    pub produced_at: Timestamp,
    /// What it says.
    pub answers: Vec<OcspAnswer>,
    /// The certificates that it carries for its signature, in DER, not looked at.
    pub signers: Vec<Vec<u8>>,
    /// SHA-256 of the DER.
    pub sha256: [u8; 32],
    message: Vec<u8>,
    algorithm: Vec<u8>,
    signature: Vec<u8>,
}

impl OcspAnswer {
    /// The last moment that it can be relied on. A response without `nextUpdate` says that newer word is there at all
    /// times (RFC 6960, section 4.2.2.1); it is bounded all the same, as an old one says nothing of what was revoked
    /// since.
    pub fn until(&self) -> Timestamp {
        self.next_update.unwrap_or_else(|| {
            let last = self.this_update.seconds();
            Timestamp::from_seconds(last.saturating_add(LONGEST_WITHOUT_NEXT))
        })
    }

    /// Whether it is about a certificate, below a CA with this key: contents octets of its
    /// `SubjectPublicKeyInfo` (RFC 6960, section 4.1.1).
    pub(crate) fn is_about(&self, certificate: &Certificate, issuer_key: &[u8]) -> bool {
        let hash: fn(&[u8]) -> Vec<u8> = match self.hash.as_slice() {
            oids::SHA1 => |bytes| Sha1::digest(bytes).to_vec(),
            oids::SHA256 => |bytes| Sha256::digest(bytes).to_vec(),
            oids::SHA384 => |bytes| Sha384::digest(bytes).to_vec(),
            oids::SHA512 => |bytes| Sha512::digest(bytes).to_vec(),
            _ => return false,
        };
        let Some(key) = PublicKey::read_contents(issuer_key) else {
            return false;
        };
        minimal(&self.serial) == minimal(&certificate.serial)
            && self.issuer_name_hash == hash(certificate.issuer.der())
            && self.issuer_key_hash == hash(key.key)
    }
}

impl OcspResponse {
    /// Reads a whole response.
    ///
    /// # Errors
    /// [`OcspFault`] where it is none, or says nothing of certificates.
    pub fn read(der: &[u8]) -> Result<Self, OcspFault> {
        let (status, bytes) = outer(der).ok_or(OcspFault::Malformed)?;
        if let Some(word) = unsuccessful(status) {
            return Err(OcspFault::Unsuccessful(word));
        }
        let (kind, basic) =
            typed(bytes.ok_or(OcspFault::Malformed)?).ok_or(OcspFault::Malformed)?;
        if kind != oids::OCSP_BASIC {
            return Err(OcspFault::Type);
        }
        let basic = basic.and_then(contents).ok_or(OcspFault::Malformed)?;
        let (signed, rest) = Signed::split(basic).ok_or(OcspFault::Malformed)?;
        let signers = signers(rest).ok_or(OcspFault::Malformed)?;
        let (produced_at, answers) = data(signed.message).ok_or(OcspFault::Malformed)?;
        if signers.len() > MAX_SIGNERS || answers.len() > MAX_ANSWERS {
            return Err(OcspFault::TooMany);
        }
        Ok(Self {
            produced_at,
            answers,
            signers,
            sha256: Sha256::digest(der).into(),
            message: signed.message.to_vec(),
            algorithm: signed.algorithm.to_vec(),
            signature: signed.signature.to_vec(),
        })
    }

    /// What was signed, and the signature.
    pub(crate) fn signed(&self) -> Signed<'_> {
        Signed {
            message: &self.message,
            algorithm: &self.algorithm,
            signature: &self.signature,
        }
    }
}

/// The one SEQUENCE that something is.
fn contents(der: &[u8]) -> Option<&[u8]> {
    let mut rest = der;
    let contents = take(&mut rest, SEQUENCE)?;
    rest.is_empty().then_some(contents)
}

/// `OCSPResponse`: the status, and what is in `responseBytes`.
fn outer(der: &[u8]) -> Option<(u8, Option<&[u8]>)> {
    let mut rest = contents(der)?;
    let &[status] = take(&mut rest, ENUMERATED)? else {
        return None;
    };
    if rest.is_empty() {
        return Some((status, None));
    }
    let bytes = take(&mut rest, TAGGED[0])?;
    rest.is_empty().then_some((status, Some(bytes)))
}

/// `OCSPResponseStatus`.
fn unsuccessful(status: u8) -> Option<&'static str> {
    match status {
        0 => None,
        1 => Some("malformedRequest"),
        2 => Some("internalError"),
        3 => Some("tryLater"),
        5 => Some("sigRequired"),
        6 => Some("unauthorized"),
        _ => Some("with a status that does not exist"),
    }
}

/// `ResponseBytes`: the type, and what is in `response` where it is there whole.
fn typed(bytes: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    let mut rest = contents(bytes)?;
    let kind = take(&mut rest, OBJECT_IDENTIFIER)?;
    let response = take(&mut rest, OCTET_STRING);
    Some((kind, response.filter(|_| rest.is_empty())))
}

/// `certs` of a `BasicOCSPResponse`.
fn signers(mut rest: &[u8]) -> Option<Vec<Vec<u8>>> {
    if rest.is_empty() {
        return Some(Vec::new());
    }
    let mut certificates = contents(take(&mut rest, TAGGED[0])?)?;
    let mut found = Vec::new();
    while !certificates.is_empty() && found.len() <= MAX_SIGNERS {
        found.push(whole(&mut certificates, SEQUENCE)?.to_vec());
    }
    rest.is_empty().then_some(found)
}

/// Takes a value, its header included.
fn whole<'a>(rest: &mut &'a [u8], tag: u8) -> Option<&'a [u8]> {
    let before = *rest;
    take(rest, tag)?;
    before.get(..before.len() - rest.len())
}

/// Takes a value that may be left out. One that is torn stays, and nothing else fits in its place.
fn optional<'a>(rest: &mut &'a [u8], tag: u8) -> Option<&'a [u8]> {
    let is_there = rest.first() == Some(&tag);
    is_there.then(|| take(rest, tag)).flatten()
}

/// `ResponseData`: when it was made, and what it says.
fn data(der: &[u8]) -> Option<(Timestamp, Vec<OcspAnswer>)> {
    let mut rest = contents(der)?;
    // version; then the responder, by its name or by its key.
    optional(&mut rest, TAGGED[0]);
    let &responder = rest.first().filter(|tag| TAGGED[1..].contains(tag))?;
    take(&mut rest, responder)?;
    let produced_at = time(&mut rest)?;
    let mut list = take(&mut rest, SEQUENCE)?;
    let mut answers = Vec::new();
    while !list.is_empty() && answers.len() <= MAX_ANSWERS {
        answers.push(answer(take(&mut list, SEQUENCE)?)?);
    }
    extensions(&mut rest)?;
    rest.is_empty().then_some((produced_at, answers))
}

/// Extensions, none of which is critical: such a one changes what the answer means, and none is known here (RFC 6960,
/// section 4.4).
fn extensions(rest: &mut &[u8]) -> Option<()> {
    let Some(tagged) = optional(rest, TAGGED[1]) else {
        return Some(());
    };
    let mut list = contents(tagged)?;
    while !list.is_empty() {
        let mut extension = take(&mut list, SEQUENCE)?;
        take(&mut extension, OBJECT_IDENTIFIER)?;
        let is_critical = optional(&mut extension, BOOLEAN).is_some_and(|flag| flag != [0]);
        take(&mut extension, OCTET_STRING)?;
        if is_critical || !extension.is_empty() {
            return None;
        }
    }
    Some(())
}

/// `SingleResponse`.
fn answer(mut rest: &[u8]) -> Option<OcspAnswer> {
    let mut id = take(&mut rest, SEQUENCE)?;
    let mut algorithm = take(&mut id, SEQUENCE)?;
    let hash = take(&mut algorithm, OBJECT_IDENTIFIER)?;
    let issuer_name_hash = take(&mut id, OCTET_STRING)?;
    let issuer_key_hash = take(&mut id, OCTET_STRING)?;
    let serial = take(&mut id, INTEGER)?;
    let status = match *rest.first()? {
        GOOD => take(&mut rest, GOOD).map(|_| OcspStatus::Good),
        UNKNOWN => take(&mut rest, UNKNOWN).map(|_| OcspStatus::Unknown),
        _ => revoked(take(&mut rest, TAGGED[1])?),
    };
    let status = status?;
    let this_update = time(&mut rest)?;
    let next_update = match optional(&mut rest, TAGGED[0]) {
        Some(mut due) => Some(time(&mut due)?),
        None => None,
    };
    extensions(&mut rest)?;
    (id.is_empty() && rest.is_empty()).then(|| OcspAnswer {
        hash: hash.to_vec(),
        issuer_name_hash: issuer_name_hash.to_vec(),
        issuer_key_hash: issuer_key_hash.to_vec(),
        serial: serial.to_vec(),
        status,
        this_update,
        next_update,
    })
}

/// `RevokedInfo`.
fn revoked(mut rest: &[u8]) -> Option<OcspStatus> {
    let at = time(&mut rest)?;
    let reason = match optional(&mut rest, TAGGED[0]) {
        Some(mut code) => match take(&mut code, ENUMERATED)? {
            &[code] => revocation_reason(code),
            _ => return None,
        },
        None => None,
    };
    Some(OcspStatus::Revoked { at, reason })
}

fn time(rest: &mut &[u8]) -> Option<Timestamp> {
    let time = GeneralizedTime::from_der(whole(rest, GENERALIZED_TIME)?).ok()?;
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).ok()?;
    Some(Timestamp::from_seconds(seconds))
}
