//! The fixed RSA keys. They lie in `keys/`, made once with OpenSSL and published.

use std::sync::OnceLock;

use pkcs1::der::Decode as _;
use rsa::{BoxedUint, PrivateKey};

use super::KeyKind;
use crate::{der, pem};

/// One fixed key, read at its first use.
pub(super) struct Fixed {
    pem: &'static str,
    parsed: OnceLock<Parsed>,
}

struct Parsed {
    private: PrivateKey,
    pkcs1: Vec<u8>,
    public: Vec<u8>,
}

macro_rules! fixed {
    ($file:literal) => {
        Fixed {
            pem: include_str!(concat!("../../keys/", $file)),
            parsed: OnceLock::new(),
        }
    };
}

static BITS_2048: [Fixed; 4] = [
    fixed!("rsa-2048-0.pem"),
    fixed!("rsa-2048-1.pem"),
    fixed!("rsa-2048-2.pem"),
    fixed!("rsa-2048-3.pem"),
];
static BITS_3072: Fixed = fixed!("rsa-3072.pem");
static BITS_4096: Fixed = fixed!("rsa-4096.pem");
static BITS_1024: Fixed = fixed!("rsa-1024.pem");
static EXPONENT_3: Fixed = fixed!("rsa-2048-exponent-3.pem");

/// The key for that kind and label.
pub(super) fn fixed(kind: KeyKind, label: &str) -> &'static Fixed {
    match kind {
        KeyKind::Rsa3072 => &BITS_3072,
        KeyKind::Rsa4096 => &BITS_4096,
        KeyKind::Rsa1024 => &BITS_1024,
        KeyKind::RsaExponent3 => &EXPONENT_3,
        _ => {
            let sum: usize = label.bytes().map(usize::from).sum();
            let index = label.parse().unwrap_or(sum);
            &BITS_2048[index % BITS_2048.len()]
        }
    }
}

impl Fixed {
    pub(super) fn private(&self) -> &PrivateKey {
        &self.parsed().private
    }

    /// `RSAPrivateKey` (RFC 8017 A.1.2).
    pub(super) fn pkcs1_der(&self) -> Vec<u8> {
        self.parsed().pkcs1.clone()
    }

    /// `RSAPublicKey` (RFC 8017 A.1.1).
    pub(super) fn public_der(&self) -> Vec<u8> {
        self.parsed().public.clone()
    }

    fn parsed(&self) -> &Parsed {
        self.parsed.get_or_init(|| parse(self.pem))
    }
}

fn parse(text: &str) -> Parsed {
    let bytes = pem::decode(text);
    let outer = pkcs8::PrivateKeyInfoRef::from_der(&bytes).expect("a PKCS#8 file");
    let pkcs1 = outer.private_key.as_bytes().to_vec();
    let inner = pkcs1::RsaPrivateKeyRef::from_der(&pkcs1).expect("a PKCS#1 key");
    let number = |part: &[u8]| BoxedUint::from_be_slice_vartime(part);
    let (modulus, exponent) = (inner.modulus.as_bytes(), inner.public_exponent.as_bytes());
    let private = PrivateKey::from_components(
        number(modulus),
        number(exponent),
        number(inner.private_exponent.as_bytes()),
        vec![
            number(inner.prime1.as_bytes()),
            number(inner.prime2.as_bytes()),
        ],
    )
    .expect("an RSA key made by OpenSSL");
    let public = der::sequence(&[der::unsigned(modulus), der::unsigned(exponent)]);
    Parsed {
        private,
        pkcs1,
        public,
    }
}
