//! Public keys in a few words.

use keyway_chain::x509::{PublicKey, PublicKeyAlgorithm};

/// `EC P-256`, `RSA 2048`, `Ed25519`.
pub(super) fn words(key: &PublicKey) -> String {
    match (&key.algorithm, &key.curve) {
        (PublicKeyAlgorithm::Rsa, _) => format!("RSA {}", key.bits),
        (PublicKeyAlgorithm::RsaPss, _) => format!("RSA-PSS {}", key.bits),
        (PublicKeyAlgorithm::Ec, Some(curve)) => format!("EC {curve}"),
        (PublicKeyAlgorithm::Ec, None) => "EC, parameters spelled out".to_owned(),
        (PublicKeyAlgorithm::Ed25519, _) => "Ed25519".to_owned(),
        (PublicKeyAlgorithm::Ed448, _) => "Ed448".to_owned(),
        (PublicKeyAlgorithm::Dsa, _) => format!("DSA {}", key.bits),
        _ => "an unknown kind of key".to_owned(),
    }
}
