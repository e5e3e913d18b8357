//! What may be served: a chain and its key that a check has found servable.

use core::fmt;

use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use zeroize::Zeroize as _;

use crate::read::Bundle;
use crate::report::Report;

/// A certificate chain and its private key, found servable by a check.
///
/// There is no public constructor: the only way to one is [`Report::servable`], so that a program
/// which takes a `Servable` cannot be handed an unchecked pair. It says nothing about later: a
/// certificate that is valid at the report's moment expires like any other.
pub struct Servable {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

/// Why a report's files may not be served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotServable {
    /// Something speaks against it.
    #[error("not servable: {}", .codes.join(", "))]
    Refused {
        /// The codes of the findings in the way, in the report's order, each once. Empty when the
        /// refusal is rustls-webpki's alone.
        codes: Vec<&'static str>,
    },
    /// Nothing speaks against it, but something needed for a "yes" was not checked: there is no
    /// certificate, no private key that could be opened, or no trust anchor.
    #[error("not servable: not everything that serving needs could be checked")]
    Unknown,
    /// The bundle is not the one that the report was made of.
    #[error("not servable: the report is about another bundle")]
    OtherBundle,
}

impl Report {
    /// The chain to send and its key, when the verdict `servable` is "yes".
    ///
    /// `bundle` is the one that was checked. The chain is [`Report::served`]: leaf first, each
    /// certificate followed by its issuer, the root left out.
    ///
    /// # Errors
    /// [`NotServable`] with what is in the way.
    pub fn servable(&self, bundle: &Bundle) -> Result<Servable, NotServable> {
        self.refuse()?;
        let held = self.served().iter().map(|&index| {
            let held = bundle.certificates.get(index);
            held.map(|held| &held.certificate)
                .filter(|certificate| self.is_about(certificate.sha256()))
                .ok_or(NotServable::OtherBundle)
        });
        let certificates = held.collect::<Result<Vec<_>, _>>()?;
        let leaf = certificates.first().ok_or(NotServable::OtherBundle)?;
        // A key that only a peer has was not given.
        let none = if self.keys.is_empty() {
            NotServable::Unknown
        } else {
            NotServable::OtherBundle
        };
        let key = bundle
            .keys
            .iter()
            .find(|key| key.belongs_to(leaf))
            .ok_or(none)?;
        Ok(Servable {
            chain: certificates.iter().map(|c| c.der().clone()).collect(),
            key: PrivatePkcs8KeyDer::from(key.key.pkcs8.to_vec()).into(),
        })
    }

    fn refuse(&self) -> Result<(), NotServable> {
        use keyway_report::Verdict;
        match self.verdicts.servable {
            Verdict::Yes => Ok(()),
            Verdict::Unknown => Err(NotServable::Unknown),
            Verdict::No => {
                let mut codes: Vec<&'static str> = Vec::new();
                for finding in self
                    .findings
                    .iter()
                    .filter(|finding| finding.kind.is_error())
                {
                    if !codes.contains(&finding.code()) {
                        codes.push(finding.code());
                    }
                }
                Err(NotServable::Refused { codes })
            }
        }
    }

    /// Whether a certificate of this fingerprint is on the path or beside it.
    fn is_about(&self, sha256: &[u8; 32]) -> bool {
        let fingerprint = crate::report::hex(sha256);
        self.certificates
            .iter()
            .any(|facts| facts.sha256 == fingerprint)
    }
}

impl Servable {
    /// The certificates to send, leaf first.
    pub fn chain(&self) -> &[CertificateDer<'static>] {
        &self.chain
    }

    /// The leaf's private key, PKCS#8. A copy that the caller makes is the caller's to overwrite.
    pub fn key(&self) -> &PrivateKeyDer<'static> {
        &self.key
    }
}

impl Drop for Servable {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

impl fmt::Debug for Servable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Servable")
            .field("chain", &self.chain.len())
            .field("key", &"[redacted]")
            .finish()
    }
}
