//! OCSP responses.

use sha1::{Digest as _, Sha1};

use crate::draft::Issuer;
use crate::{Certificate, DAY, NOW, SignatureAlgorithm, der, oid, pem, timestamps};

/// An OCSP response to be (RFC 6960, section 4.2.1).
#[derive(Clone, Debug)]
#[must_use = "a draft becomes a response with build()"]
pub struct OcspDraft {
    issuer: Certificate,
    signer: Issuer,
    signers: Vec<Vec<u8>>,
    serial: Vec<u8>,
    status: Vec<u8>,
    this_update: i64,
    next_update: Option<i64>,
    broken_signature: bool,
}

/// A signed OCSP response.
#[derive(Clone, Debug)]
pub struct OcspResponse {
    der: Vec<u8>,
}

impl OcspResponse {
    /// Begins a response by that CA about a certificate of its own: good, as of a day before [`NOW`], the next one due
    /// six days after.
    pub fn by(ca: &Certificate, about: &Certificate) -> OcspDraft {
        OcspDraft {
            issuer: ca.clone(),
            signer: ca.issuer(),
            signers: Vec::new(),
            serial: about.serial_bytes(),
            status: der::implicit(0, &[]),
            this_update: NOW - DAY,
            next_update: Some(NOW + 6 * DAY),
            broken_signature: false,
        }
    }

    /// A response without anything but a status (RFC 6960, section 4.2.1), such as 3, tryLater.
    pub fn refused(status: u8) -> Self {
        Self {
            der: der::sequence(&[der::tlv(ENUMERATED, &[status])]),
        }
    }

    /// The response.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The response as one PEM block, as some servers take it.
    pub fn pem(&self) -> String {
        pem::encode("OCSP RESPONSE", &self.der)
    }
}

const ENUMERATED: u8 = 0x0a;

impl OcspDraft {
    /// Revoked two days before [`NOW`], for a compromised key.
    pub fn revoked(mut self) -> Self {
        let reason = der::explicit(0, &der::tlv(ENUMERATED, &[1]));
        let time = timestamps::generalized_time(NOW - 2 * DAY);
        self.status = der::explicit(1, &[time, reason].concat());
        self
    }

    /// Not known to the responder.
    pub fn unknown(mut self) -> Self {
        self.status = der::implicit(2, &[]);
        self
    }

    /// The moment that it speaks of.
    pub fn this_update(mut self, seconds: i64) -> Self {
        self.this_update = seconds;
        self
    }

    /// When the next one is due; `None` leaves the field out.
    pub fn next_update(mut self, seconds: Option<i64>) -> Self {
        self.next_update = seconds;
        self
    }

    /// Signed by a responder, whose certificate is sent along (RFC 6960, section 4.2.2.2).
    pub fn signed_by(mut self, responder: &Certificate) -> Self {
        self.signer = responder.issuer();
        self.signers = vec![responder.der().to_vec()];
        self
    }

    /// One bit of the signature flipped.
    pub fn broken_signature(mut self) -> Self {
        self.broken_signature = true;
        self
    }

    /// Signs the response.
    pub fn build(self) -> OcspResponse {
        let algorithm = SignatureAlgorithm::usual(self.signer.key.kind());
        let data = self.data();
        let mut signature = algorithm.sign(&self.signer.key, &data);
        if self.broken_signature
            && let Some(last) = signature.last_mut()
        {
            *last ^= 1;
        }
        let signed = algorithm.der(&self.signer.key);
        let mut basic = vec![data, signed, der::bit_string(0, &signature)];
        if !self.signers.is_empty() {
            basic.push(der::explicit(0, &der::sequence(&self.signers)));
        }
        let bytes = [
            der::oid(oid::OCSP_BASIC),
            der::octet_string(&der::sequence(&basic)),
        ];
        let parts = [
            der::tlv(ENUMERATED, &[0]),
            der::explicit(0, &der::sequence(&bytes)),
        ];
        OcspResponse {
            der: der::sequence(&parts),
        }
    }

    /// `ResponseData`.
    fn data(&self) -> Vec<u8> {
        let id = [
            der::sequence(&[der::oid(oid::SHA1), der::null()]),
            der::octet_string(&Sha1::digest(self.issuer.subject().der())),
            // RFC 6960, section 4.1.1: the usual key identifier.
            der::octet_string(&self.issuer.key().id()),
            der::integer_bytes(&self.serial),
        ];
        let mut single = vec![
            der::sequence(&id),
            self.status.clone(),
            timestamps::generalized_time(self.this_update),
        ];
        let due = self.next_update.map(timestamps::generalized_time);
        single.extend(due.map(|time| der::explicit(0, &time)));
        der::sequence(&[
            der::explicit(1, &self.signer.name.der()),
            timestamps::generalized_time(self.this_update),
            der::sequence(&[der::sequence(&single)]),
        ])
    }
}
