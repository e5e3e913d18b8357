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
    /// Indices into `trust`, each with the [`mark`] of its subject, in the order of these marks; of
    /// equal ones, as they were added.
    by_mark: Vec<(u64, usize)>,
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
        let mut by_mark: Vec<(u64, usize)> = trust
            .iter()
            .enumerate()
            .map(|(index, anchor)| (mark(&anchor.subject), index))
            .collect();
        by_mark.sort_unstable();
        Self {
            certificates: vec![None; trust.len()],
            trust,
            by_mark,
        }
    }

    /// Adds a certificate.
    ///
    /// # Errors
    /// [`AnchorsError`] when rustls-webpki cannot take it as an anchor. The set is as it was: add the
    /// others, say this one, and judge, as `keyway --roots` does. With no anchor at all nothing can
    /// be said to chain or not, and [`crate::Verdicts::chains`] is "unknown" or "no".
    pub fn add(&mut self, certificate: Certificate) -> Result<(), AnchorsError> {
        let anchor = anchor(&certificate)?;
        self.push(anchor, Some(certificate));
        Ok(())
    }

    /// Adds a certificate of a public list, as [`Self::add_public`] adds its name and key.
    ///
    /// # Errors
    /// [`AnchorsError`] when rustls-webpki cannot take it as an anchor.
    pub fn add_public_certificate(
        &mut self,
        certificate: &Certificate,
    ) -> Result<(), AnchorsError> {
        let anchor = anchor(certificate)?;
        self.push(anchor, None);
        Ok(())
    }

    /// Adds an anchor of a public list: a name and a key, without a certificate. What it issued is
    /// held to what browsers ask of public certificates.
    pub fn add_public(&mut self, anchor: TrustAnchor<'static>) {
        self.push(anchor, None);
    }

    fn push(&mut self, anchor: TrustAnchor<'static>, certificate: Option<Certificate>) {
        let entry = (mark(&anchor.subject), self.trust.len());
        let place = self.by_mark.partition_point(|known| *known < entry);
        self.by_mark.insert(place, entry);
        self.trust.push(anchor);
        self.certificates.push(certificate);
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

    /// Whether this certificate's name and key are those of any anchor.
    pub(crate) fn hold(&self, certificate: &Certificate) -> bool {
        self.with_subject(contents(certificate.subject.der()))
            .any(|index| self.has_key(index, contents(certificate.spki())))
    }

    /// Whether this certificate's name and key are those of this anchor.
    pub(crate) fn is(&self, index: usize, certificate: &Certificate) -> bool {
        self.trust[index].subject.as_ref() == contents(certificate.subject.der())
            && self.has_key(index, contents(certificate.spki()))
    }

    /// Which anchors these are: a root that was renewed with its key is there twice.
    pub(crate) fn alike<'a>(
        &'a self,
        anchor: &'a TrustAnchor<'a>,
    ) -> impl Iterator<Item = usize> + 'a {
        self.with_subject(&anchor.subject).filter(|&index| {
            self.has_key(index, &anchor.subject_public_key_info)
                && self.trust[index].name_constraints == anchor.name_constraints
        })
    }

    fn has_key(&self, index: usize, spki: &[u8]) -> bool {
        self.trust[index].subject_public_key_info.as_ref() == spki
    }

    /// Anchors with this name, as they were added.
    pub(crate) fn named<'a>(&'a self, name: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
        self.with_subject(contents(name))
    }

    fn with_subject<'a>(&'a self, name: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
        let wanted = mark(name);
        let first = self.by_mark.partition_point(|(mark, _)| *mark < wanted);
        self.by_mark[first..]
            .iter()
            .take_while(move |(mark, _)| *mark == wanted)
            .map(|(_, index)| *index)
            .filter(move |&index| self.trust[index].subject.as_ref() == name)
    }
}

fn anchor(certificate: &Certificate) -> Result<TrustAnchor<'static>, AnchorsError> {
    webpki::anchor_from_trusted_cert(certificate.der())
        .map(|anchor| anchor.to_owned())
        .map_err(|error| AnchorsError {
            subject: certificate.subject.short(),
            reason: error.to_string(),
        })
}

/// Tells most names apart without looking at them: they differ at their end, where the common name
/// stands.
fn mark(name: &[u8]) -> u64 {
    let end = name.last_chunk::<8>().copied().unwrap_or_default();
    u64::from_le_bytes(end).rotate_left(8) ^ name.len() as u64
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
