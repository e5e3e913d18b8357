//! The private keys of the kit, found by the public key of a certificate.

use keyway_chain::x509::Certificate;
use keyway_testkit::{HOST, Key, KeyKind};
use rustls_pki_types::PrivateKeyDer;

const KINDS: [KeyKind; 8] = [
    KeyKind::P256,
    KeyKind::P384,
    KeyKind::P521,
    KeyKind::Ed25519,
    KeyKind::Rsa2048,
    KeyKind::Rsa3072,
    KeyKind::Rsa4096,
    KeyKind::RsaExponent3,
];

/// Labels that the vectors use besides the names in their certificates.
const LABELS: [&str; 7] = [HOST, "example.com", "0", "1", "2", "3", "www.example.org"];

/// The private key of a certificate of the kit, as PKCS#8; `None` where the kit has none.
pub fn private_key(certificate: &Certificate) -> Option<PrivateKeyDer<'static>> {
    let common = certificate.subject.common_names().iter().cloned();
    let names = certificate.presented().iter().map(ToString::to_string);
    let labels = LABELS
        .map(str::to_owned)
        .into_iter()
        .chain(common)
        .chain(names.take(8));
    labels
        .flat_map(|label| KINDS.map(|kind| Key::new(kind, &label)))
        .find(|key| certificate.spki().ends_with(&key.public_bytes()))
        .map(|key| PrivateKeyDer::Pkcs8(key.pkcs8_der().into()))
}
