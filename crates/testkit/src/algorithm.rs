//! Signature algorithms: how they are named in a certificate, and signing with them.

use rsa::rand_core::{TryCryptoRng, TryRng};
use rsa::traits::SignatureScheme as _;
use sha2::Digest as _;

use crate::{Key, KeyKind, der, oid};

/// The digest of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digest {
    /// MD5: broken.
    Md5,
    /// SHA-1: broken.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// How something is signed. The key decides the family, this the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignatureAlgorithm {
    digest: Digest,
    pss: bool,
}

impl SignatureAlgorithm {
    /// The usual one for the key: SHA-256, SHA-384 for P-384, SHA-512 for P-521; PKCS#1 v1.5.
    pub fn usual(kind: KeyKind) -> Self {
        let digest = match kind {
            KeyKind::P384 => Digest::Sha384,
            KeyKind::P521 => Digest::Sha512,
            _ => Digest::Sha256,
        };
        Self { digest, pss: false }
    }

    /// The same with another digest. Ed25519 takes no notice of it.
    #[must_use]
    pub fn with_digest(self, digest: Digest) -> Self {
        Self { digest, ..self }
    }

    /// The same with PSS padding (RSA with SHA-256, SHA-384 or SHA-512; salt as long as the digest).
    #[must_use]
    pub fn with_pss(self) -> Self {
        Self { pss: true, ..self }
    }

    /// The `AlgorithmIdentifier` of a signature by that key.
    pub fn der(self, key: &Key) -> Vec<u8> {
        match key.kind() {
            KeyKind::Ed25519 => der::sequence(&[der::oid(oid::ED25519)]),
            KeyKind::P256 | KeyKind::P384 | KeyKind::P521 => {
                der::sequence(&[der::oid(self.ecdsa())])
            }
            _ if self.pss => der::sequence(&[der::oid(oid::RSA_PSS), self.pss_parameters()]),
            _ => der::sequence(&[der::oid(self.rsa()), der::null()]),
        }
    }

    /// Signs: the content of the signature's BIT STRING.
    pub fn sign(self, key: &Key, message: &[u8]) -> Vec<u8> {
        match key.kind() {
            KeyKind::Ed25519 => key.sign_curve(message),
            KeyKind::P256 | KeyKind::P384 | KeyKind::P521 => {
                key.sign_curve(&self.digest.of(message))
            }
            _ if self.pss => self.sign_pss(key, message),
            _ => self.sign_pkcs1(key, message),
        }
    }

    /// EMSA-PKCS1-v1_5 (RFC 8017 9.2), with the `DigestInfo` written here so that no digest is barred.
    fn sign_pkcs1(self, key: &Key, message: &[u8]) -> Vec<u8> {
        let algorithm = der::sequence(&[der::oid(self.digest.identifier()), der::null()]);
        let info = der::sequence(&[algorithm, der::octet_string(&self.digest.of(message))]);
        rsa::Pkcs1v15Sign::new_unprefixed()
            .sign(None::<&mut Counter>, key.rsa(), &info)
            .expect("a DigestInfo fits the modulus")
    }

    fn sign_pss(self, key: &Key, message: &[u8]) -> Vec<u8> {
        let (salt, hash, key) = (Some(&mut Counter(0)), self.digest.of(message), key.rsa());
        match self.digest {
            Digest::Sha256 => rsa::Pss::<sha2::Sha256>::new().sign(salt, key, &hash),
            Digest::Sha384 => rsa::Pss::<sha2::Sha384>::new().sign(salt, key, &hash),
            Digest::Sha512 => rsa::Pss::<sha2::Sha512>::new().sign(salt, key, &hash),
            Digest::Md5 | Digest::Sha1 => panic!("PSS with {:?} is not written", self.digest),
        }
        .expect("PSS fits the modulus")
    }

    /// RSASSA-PSS-params (RFC 4055 3.1).
    fn pss_parameters(self) -> Vec<u8> {
        let hash = der::sequence(&[der::oid(self.digest.identifier()), der::null()]);
        let mask = der::sequence(&[der::oid("1.2.840.113549.1.1.8"), hash.clone()]);
        let salt = self.digest.of(b"").len() as u64;
        der::sequence(&[
            der::explicit(0, &hash),
            der::explicit(1, &mask),
            der::explicit(2, &der::integer(salt)),
        ])
    }

    fn rsa(self) -> &'static str {
        match self.digest {
            Digest::Md5 => "1.2.840.113549.1.1.4",
            Digest::Sha1 => "1.2.840.113549.1.1.5",
            Digest::Sha256 => "1.2.840.113549.1.1.11",
            Digest::Sha384 => "1.2.840.113549.1.1.12",
            Digest::Sha512 => "1.2.840.113549.1.1.13",
        }
    }

    fn ecdsa(self) -> &'static str {
        match self.digest {
            Digest::Md5 => panic!("ECDSA has no MD5"),
            Digest::Sha1 => "1.2.840.10045.4.1",
            Digest::Sha256 => "1.2.840.10045.4.3.2",
            Digest::Sha384 => "1.2.840.10045.4.3.3",
            Digest::Sha512 => "1.2.840.10045.4.3.4",
        }
    }
}

impl Digest {
    /// The digest of a message.
    pub fn of(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Md5 => md5::Md5::digest(message).to_vec(),
            Self::Sha1 => sha1::Sha1::digest(message).to_vec(),
            Self::Sha256 => sha2::Sha256::digest(message).to_vec(),
            Self::Sha384 => sha2::Sha384::digest(message).to_vec(),
            Self::Sha512 => sha2::Sha512::digest(message).to_vec(),
        }
    }

    fn identifier(self) -> &'static str {
        match self {
            Self::Md5 => "1.2.840.113549.2.5",
            Self::Sha1 => "1.3.14.3.2.26",
            Self::Sha256 => "2.16.840.1.101.3.4.2.1",
            Self::Sha384 => "2.16.840.1.101.3.4.2.2",
            Self::Sha512 => "2.16.840.1.101.3.4.2.3",
        }
    }
}

/// Counts in place of a random source: salts are the same every time.
struct Counter(u8);

impl TryRng for Counter {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_be_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_be_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        for byte in bytes {
            self.0 = self.0.wrapping_add(1);
            *byte = self.0;
        }
        Ok(())
    }
}

impl TryCryptoRng for Counter {}
