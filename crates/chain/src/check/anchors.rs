use rustls_pki_types::TrustAnchor;

use crate::x509::{Certificate, DistinguishedName};

/// Whom to trust.
///
/// An anchor given as a certificate is also held to the rules about roots; one of a compiled list
/// is only a name and a key.
#[derive(Debug, Clone, Default)]
pub struct Anchors {
    trust: Vec<TrustAnchor<'static>>,
    certificates: Vec<Option<Certificate>>,
}

/// A certificate that cannot be an anchor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{subject} cannot be a trust anchor: {reason}")]
pub struct AnchorsError {
    /// The certificate's subject, escaped.
    pub subject: String,
    /// Why, in rustls-webpki's words.
    pub reason: String,
}

impl Anchors {
    /// No anchors: nothing can chain.
    pub fn none() -> Self {
        Self::default()
    }

    /// Mozilla's roots as compiled into `webpki-roots`.
    #[cfg(feature = "mozilla-roots")]
    pub fn mozilla() -> Self {
        let trust = webpki_roots::TLS_SERVER_ROOTS.to_vec();
        Self {
            certificates: vec![None; trust.len()],
            trust,
        }
    }

    /// Adds a certificate.
    ///
    /// # Errors
    /// [`AnchorsError`] when rustls-webpki cannot take it as an anchor.
    pub fn add(&mut self, certificate: Certificate) -> Result<(), AnchorsError> {
        let anchor =
            webpki::anchor_from_trusted_cert(certificate.der()).map_err(|error| AnchorsError {
                subject: certificate.subject.short(),
                reason: error.to_string(),
            })?;
        self.trust.push(anchor.to_owned());
        self.certificates.push(Some(certificate));
        Ok(())
    }

    /// Adds an anchor of a public list: a name and a key, without a certificate. What it issued is
    /// held to what browsers ask of public certificates.
    pub fn add_public(&mut self, anchor: TrustAnchor<'static>) {
        self.trust.push(anchor);
        self.certificates.push(None);
    }

    /// Number of anchors.
    pub fn len(&self) -> usize {
        self.trust.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.trust.is_empty()
    }

    /// The subject of an anchor, for people.
    pub(crate) fn subject_text(&self, index: usize) -> Option<String> {
        match self.certificates.get(index)? {
            Some(certificate) => Some(certificate.subject.text().to_owned()),
            None => DistinguishedName::from_contents(self.trust.get(index)?.subject.as_ref())
                .map(|name| name.text().to_owned()),
        }
    }

    /// What messages call an anchor; escaped.
    pub(crate) fn short(&self, index: usize) -> String {
        let name = match self.certificates.get(index) {
            Some(Some(certificate)) => Some(certificate.subject.short()),
            _ => self.trust.get(index).and_then(|anchor| {
                DistinguishedName::from_contents(anchor.subject.as_ref()).map(|name| name.short())
            }),
        };
        name.unwrap_or_else(|| "(no name)".to_owned())
    }

    pub(crate) fn trust(&self) -> &[TrustAnchor<'static>] {
        &self.trust
    }

    pub(crate) fn certificate(&self, index: usize) -> Option<&Certificate> {
        self.certificates.get(index).and_then(Option::as_ref)
    }

    /// Whether this certificate's name and key are those of an anchor.
    pub(crate) fn position_of(&self, certificate: &Certificate) -> Option<usize> {
        let subject = contents(certificate.subject.der());
        let spki = contents(certificate.spki());
        self.trust.iter().position(|anchor| {
            anchor.subject.as_ref() == subject && anchor.subject_public_key_info.as_ref() == spki
        })
    }

    /// Anchors with this name.
    pub(crate) fn named<'a>(&'a self, name: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
        let name = contents(name);
        self.trust
            .iter()
            .enumerate()
            .filter(move |(_, anchor)| anchor.subject.as_ref() == name)
            .map(|(index, _)| index)
    }
}

/// The contents octets of a DER value: rustls-pki-types' anchors hold names and keys without their
/// outer tag and length. The input was parsed before; anything else yields nothing.
pub(crate) fn contents(der: &[u8]) -> &[u8] {
    let header = match der.get(1) {
        Some(length) if length & 0x80 == 0 => 2,
        Some(length) => 2 + usize::from(length & 0x7f),
        None => return &[],
    };
    der.get(header..).unwrap_or(&[])
}
