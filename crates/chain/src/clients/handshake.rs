//! What a family takes in a TLS handshake, whatever X.509 says of the chain: kinds of keys, because
//! the server signs with its own, and bytes of certificates.

use std::ops::RangeInclusive;

use keyway_report::escape;

use super::Claim;
use super::evidence::Evidence;
use super::stance::Stance;
use crate::x509::{Certificate, PublicKey, PublicKeyAlgorithm as Algorithm};

/// The curves of TLS 1.3 that public CAs certify too (RFC 8446, section 4.2.3).
pub(super) const NIST_CURVES: &[&str] = &["P-256", "P-384", "P-521"];

/// Limits of a family, as it is set up when nobody changes it.
pub(super) struct Handshake {
    /// Kinds of keys that it verifies a server's signature with.
    pub(super) keys: &'static [Algorithm],
    /// Sizes of the modulus that it takes, in bits.
    pub(super) modulus: RangeInclusive<u32>,
    /// Elliptic curves that it takes.
    pub(super) curves: &'static [&'static str],
    /// Curves that it may take, and on what that depends.
    pub(super) depends: &'static [(&'static str, &'static str)],
    /// Whether it takes a point of a curve in compressed form.
    pub(super) compressed: Stance,
    /// Where the limits on keys are written.
    pub(super) keys_source: &'static str,
    /// Most bytes of a Certificate message that it reads.
    pub(super) message: usize,
    /// Where the limit on the message is written.
    pub(super) message_source: &'static str,
}

impl Handshake {
    /// Why the handshake fails, if it does.
    pub(super) fn refusal(&self, evidence: &Evidence<'_, '_>) -> Option<Claim> {
        self.too_large(evidence)
            .or_else(|| self.wrong_key(&evidence.leaf()?.public_key))
            .or_else(|| self.compressed_key(evidence.leaf()?))
    }

    /// What is said to more certificates than it reads.
    pub(super) fn too_large(&self, evidence: &Evidence<'_, '_>) -> Option<Claim> {
        let bytes = evidence.message_bytes;
        (bytes > self.message).then(|| {
            Claim::no(
                format!(
                    "The server would send {bytes} bytes of certificates; by default it reads at \
                     most {}.",
                    self.message
                ),
                self.message_source,
            )
        })
    }

    fn compressed_key(&self, leaf: &Certificate) -> Option<Claim> {
        let key = &leaf.public_key;
        // Uncompressed it takes two coordinates (SEC 1, section 2.3.3).
        let field = usize::try_from(key.bits.div_ceil(8)).unwrap_or(usize::MAX);
        let is_compressed = key.algorithm == Algorithm::Ec && leaf.spki().len() / 2 < field;
        let what = "a key whose point is compressed";
        match self.compressed {
            _ if !is_compressed => None,
            Stance::Minds => Some(Claim::no(
                format!("It does not take {what}."),
                self.keys_source,
            )),
            Stance::Passes => None,
            Stance::Unknown | Stance::Depends => Some(Claim::unknown(
                format!("It is not known whether it takes {what}."),
                self.keys_source,
            )),
        }
    }

    fn wrong_key(&self, key: &PublicKey) -> Option<Claim> {
        let source = self.keys_source;
        let text = || escape::text(&key.text());
        if key.algorithm == Algorithm::Other {
            let reason = format!(
                "It is not known here whether it takes the server's key, {}.",
                text()
            );
            return Some(Claim::unknown(reason, source));
        }
        let curve = key.curve.as_deref().unwrap_or_default();
        if let Some((_, on)) = self.depends.iter().find(|(name, _)| *name == curve) {
            let reason = format!(
                "Whether it takes the server's key, {}, depends on {on}.",
                text()
            );
            return Some(Claim::unknown(reason, source));
        }
        let is_taken = self.keys.contains(&key.algorithm)
            && (key.algorithm != Algorithm::Ec || self.curves.contains(&curve));
        let reason = if !is_taken {
            format!("It does not take the server's key, {}.", text())
        } else if !has_modulus(key) || self.modulus.contains(&key.bits) {
            return None;
        } else if key.bits < *self.modulus.start() {
            let least = self.modulus.start();
            format!(
                "The server's key is {}; it wants {least} bits or more.",
                text()
            )
        } else {
            let most = self.modulus.end();
            format!(
                "The server's key is {}; it takes at most {most} bits.",
                text()
            )
        };
        Some(Claim::no(reason, source))
    }
}

fn has_modulus(key: &PublicKey) -> bool {
    matches!(
        key.algorithm,
        Algorithm::Rsa | Algorithm::RsaPss | Algorithm::Dsa
    )
}
