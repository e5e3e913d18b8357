//! The fields, well-formed.

use super::Draft;
use crate::{DAY, Digest, Key, KeyKind, Name, SignatureAlgorithm, oid};

impl Draft {
    /// The kind of the subject's key. Curves: the key that belongs to the subject's first name;
    /// RSA: the root has the key `0`, what it signs the key `1`, and so on.
    pub fn key(mut self, kind: KeyKind) -> Self {
        let label = match kind {
            KeyKind::P256 | KeyKind::P384 | KeyKind::P521 | KeyKind::Ed25519 => {
                String::from_utf8_lossy(&self.subject.der()).into_owned()
            }
            _ => self.depth().to_string(),
        };
        self.key = Key::new(kind, &label);
        self
    }

    /// This key for the subject.
    pub fn with_key(mut self, key: &Key) -> Self {
        self.key = key.clone();
        self
    }

    /// The subject. The key stays.
    pub fn subject(mut self, name: Name) -> Self {
        self.subject = name;
        self
    }

    /// A subject with this common name alone.
    pub fn cn(self, name: &str) -> Self {
        self.subject(Name::common(name))
    }

    /// An issuer name that is not the signer's.
    pub fn issuer_named(mut self, name: Name) -> Self {
        self.issuer_name = Some(name);
        self
    }

    /// First moment of validity, in seconds since 1970. The last one stays.
    pub fn not_before(mut self, seconds: i64) -> Self {
        self.not_before = seconds;
        self
    }

    /// Last second of validity, in seconds since 1970.
    pub fn not_after(mut self, seconds: i64) -> Self {
        self.not_after = seconds;
        self
    }

    /// Valid from its first moment for so many days of 86,400 seconds, the last second included
    /// (RFC 5280 4.1.2.5 counts both ends).
    pub fn days(mut self, days: i64) -> Self {
        self.not_after = self.not_before + days * DAY - 1;
        self
    }

    /// Issued at that moment, for as long as before; the timestamps of its logs move along.
    pub fn issued(mut self, seconds: i64) -> Self {
        self.not_after += seconds - self.not_before;
        self.not_before = seconds;
        if self.has(oid::SCT_LIST) {
            self.scts(2)
        } else {
            self
        }
    }

    /// The serial number's content octets as they are: `&[]`, `&[0]`, `&[0xff]` (negative) or 21
    /// bytes are faults that can be written.
    pub fn serial_bytes(mut self, content: &[u8]) -> Self {
        self.serial = Some(content.to_vec());
        self
    }

    /// The digest of the signature.
    pub fn digest(self, digest: Digest) -> Self {
        let algorithm = self.signature_algorithm().with_digest(digest);
        self.signed_with(algorithm)
    }

    /// Signed with RSA-PSS.
    pub fn pss(self) -> Self {
        let algorithm = self.signature_algorithm().with_pss();
        self.signed_with(algorithm)
    }

    fn signed_with(mut self, algorithm: SignatureAlgorithm) -> Self {
        self.algorithm = Some(algorithm);
        self
    }

    fn signature_algorithm(&self) -> SignatureAlgorithm {
        let signer = self.issuer.as_ref().map_or(&self.key, |issuer| &issuer.key);
        self.algorithm
            .unwrap_or_else(|| SignatureAlgorithm::usual(signer.kind()))
    }
}
