use core::fmt;

use zeroize::Zeroizing;

/// What a PFX file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pfx {
    /// Certificates, in the file's order.
    pub certificates: Vec<CertificateBag>,
    /// Private keys, in the file's order.
    pub keys: Vec<KeyBag>,
    /// Certificate revocation lists in DER.
    pub crls: Vec<Vec<u8>>,
    /// Private keys that the file's password does not open (Java allows one password per key).
    pub locked_keys: usize,
    /// Bags of other kinds (secrets, SDSI certificates), which were passed over.
    pub others: usize,
    /// Whether an integrity code was there and right; without one, a file may have been altered.
    pub authenticated: bool,
    /// Whether the file opens without a password.
    pub without_password: bool,
    /// Bytes after the structure, which belong to nothing.
    pub trailing: usize,
}

/// A certificate in a PFX file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CertificateBag {
    /// The certificate in DER.
    pub der: Vec<u8>,
    /// The name a person or a tool gave it; untrusted text, escape it before showing.
    pub friendly_name: Option<String>,
    /// Ties it to the key with the same value.
    pub local_key_id: Option<Vec<u8>>,
}

/// A private key in a PFX file.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyBag {
    /// The key as PKCS#8 in DER, unencrypted.
    pub pkcs8: Zeroizing<Vec<u8>>,
    /// The name a person or a tool gave it; untrusted text, escape it before showing.
    pub friendly_name: Option<String>,
    /// Ties it to the certificate with the same value.
    pub local_key_id: Option<Vec<u8>>,
}

impl fmt::Debug for KeyBag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyBag")
            .field("pkcs8", &"[redacted]")
            .field("friendly_name", &self.friendly_name)
            .field("local_key_id", &self.local_key_id)
            .finish()
    }
}
