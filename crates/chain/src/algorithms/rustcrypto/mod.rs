//! The pure-Rust provider, for builds without C code and for wasm32.
//!
//! Curves and digests are RustCrypto's. RSA is our own: its verification takes a power and a comparison, while
//! the `rsa` crate brings arithmetic for private keys and calculates in constant time, for twice the time and
//! ten times the weight in a browser. `tests/algorithms` holds every answer against AWS-LC's.

mod ecdsa;
mod eddsa;
mod power;
mod rsa;

use super::{Algorithms, identifiers};
use core::fmt;
use rustls_pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};
use sha2::{Sha256, Sha384, Sha512};

/// Every algorithm of this crate's set, in pure Rust.
pub fn rustcrypto() -> Algorithms<'static> {
    ALGORITHMS
}

/// `public_key`, `message`, `signature`, in the order of the trait.
type Verify = fn(&[u8], &[u8], &[u8]) -> Result<(), InvalidSignature>;

struct PureRust {
    name: &'static str,
    public_key: AlgorithmIdentifier,
    signature: AlgorithmIdentifier,
    verify: Verify,
}

impl SignatureVerificationAlgorithm for PureRust {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        (self.verify)(public_key, message, signature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.public_key
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }
}

impl fmt::Debug for PureRust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

const fn ecdsa_p256(
    name: &'static str,
    signature: AlgorithmIdentifier,
    verify: Verify,
) -> PureRust {
    let public_key = alg_id::ECDSA_P256;
    PureRust {
        name,
        public_key,
        signature,
        verify,
    }
}

const fn ecdsa_p384(
    name: &'static str,
    signature: AlgorithmIdentifier,
    verify: Verify,
) -> PureRust {
    let public_key = alg_id::ECDSA_P384;
    PureRust {
        name,
        public_key,
        signature,
        verify,
    }
}

const fn ecdsa_p521(
    name: &'static str,
    signature: AlgorithmIdentifier,
    verify: Verify,
) -> PureRust {
    let public_key = alg_id::ECDSA_P521;
    PureRust {
        name,
        public_key,
        signature,
        verify,
    }
}

const fn rsa(name: &'static str, signature: AlgorithmIdentifier, verify: Verify) -> PureRust {
    let public_key = alg_id::RSA_ENCRYPTION;
    PureRust {
        name,
        public_key,
        signature,
        verify,
    }
}

const ED25519: PureRust = PureRust {
    name: "Ed25519",
    public_key: alg_id::ED25519,
    signature: alg_id::ED25519,
    verify: eddsa::ed25519,
};

static ALGORITHMS: Algorithms<'static> = &[
    &ecdsa_p256(
        "ECDSA P-256 SHA-256",
        alg_id::ECDSA_SHA256,
        ecdsa::p256::<Sha256>,
    ),
    &ecdsa_p384(
        "ECDSA P-384 SHA-384",
        alg_id::ECDSA_SHA384,
        ecdsa::p384::<Sha384>,
    ),
    &rsa(
        "RSA PKCS#1 SHA-256",
        alg_id::RSA_PKCS1_SHA256,
        rsa::pkcs1::<Sha256>,
    ),
    &rsa(
        "RSA PKCS#1 SHA-384",
        alg_id::RSA_PKCS1_SHA384,
        rsa::pkcs1::<Sha384>,
    ),
    &rsa(
        "RSA PKCS#1 SHA-512",
        alg_id::RSA_PKCS1_SHA512,
        rsa::pkcs1::<Sha512>,
    ),
    &ecdsa_p256(
        "ECDSA P-256 SHA-384",
        alg_id::ECDSA_SHA384,
        ecdsa::p256::<Sha384>,
    ),
    &ecdsa_p256(
        "ECDSA P-256 SHA-512",
        alg_id::ECDSA_SHA512,
        ecdsa::p256::<Sha512>,
    ),
    &ecdsa_p384(
        "ECDSA P-384 SHA-256",
        alg_id::ECDSA_SHA256,
        ecdsa::p384::<Sha256>,
    ),
    &ecdsa_p384(
        "ECDSA P-384 SHA-512",
        alg_id::ECDSA_SHA512,
        ecdsa::p384::<Sha512>,
    ),
    &ecdsa_p521(
        "ECDSA P-521 SHA-256",
        alg_id::ECDSA_SHA256,
        ecdsa::p521::<Sha256>,
    ),
    &ecdsa_p521(
        "ECDSA P-521 SHA-384",
        alg_id::ECDSA_SHA384,
        ecdsa::p521::<Sha384>,
    ),
    &ecdsa_p521(
        "ECDSA P-521 SHA-512",
        alg_id::ECDSA_SHA512,
        ecdsa::p521::<Sha512>,
    ),
    &rsa(
        "RSA-PSS SHA-256",
        alg_id::RSA_PSS_SHA256,
        rsa::pss::<Sha256>,
    ),
    &rsa(
        "RSA-PSS SHA-384",
        alg_id::RSA_PSS_SHA384,
        rsa::pss::<Sha384>,
    ),
    &rsa(
        "RSA-PSS SHA-512",
        alg_id::RSA_PSS_SHA512,
        rsa::pss::<Sha512>,
    ),
    &rsa(
        "RSA PKCS#1 SHA-256, parameters absent",
        identifiers::RSA_PKCS1_SHA256_ABSENT,
        rsa::pkcs1::<Sha256>,
    ),
    &rsa(
        "RSA PKCS#1 SHA-384, parameters absent",
        identifiers::RSA_PKCS1_SHA384_ABSENT,
        rsa::pkcs1::<Sha384>,
    ),
    &rsa(
        "RSA PKCS#1 SHA-512, parameters absent",
        identifiers::RSA_PKCS1_SHA512_ABSENT,
        rsa::pkcs1::<Sha512>,
    ),
    &ED25519,
];
