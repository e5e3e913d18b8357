//! Private keys in every form.

use keyway_chain::key::{
    KeyAlgorithm, KeyError, KeyForm, PrivateKey, read_der, read_encrypted_pkcs8, read_legacy,
    read_openssh,
};

use crate::PASSWORD;

/// Reading ends whatever the bytes. Whatever is read is the same key when its PKCS#8 is read again,
/// belongs to its own public key, and keeps out of `Debug`.
pub fn keys(data: &[u8]) {
    for hint in [None, Some(KeyForm::Sec1)] {
        holds(read_der(data, hint));
    }
    holds(read_encrypted_pkcs8(data, PASSWORD));
    holds(read_openssh(data, None));
    holds(read_openssh(data, Some(PASSWORD)));
    // The header of a PEM block with `Proc-Type: 4,ENCRYPTED`, a line end, the body in bytes.
    let line_end = data.iter().position(|byte| *byte == b'\n');
    if let Some((header, body)) = line_end.and_then(|at| data.split_at_checked(at + 1)) {
        let header = String::from_utf8_lossy(header);
        holds(read_legacy(header.trim_end(), body, None, PASSWORD));
    }
}

fn holds<E: std::fmt::Debug>(answer: Result<PrivateKey, E>) {
    let key = match answer {
        Ok(key) => key,
        Err(error) => {
            let _ = format!("{error:?}");
            return;
        }
    };
    let again = match read_der(&key.pkcs8, Some(KeyForm::Pkcs8)) {
        Ok(again) => again,
        // PKCS#8 has no room for the public half of a DSA key, and nothing here computes it.
        Err(KeyError::Unsupported { algorithm }) if algorithm == key.algorithm => {
            assert!(matches!(algorithm, KeyAlgorithm::Dsa { .. }), "{algorithm}");
            return;
        }
        Err(error) => panic!("our own PKCS#8: {error}"),
    };
    // A curve that the file spells out stays so in the public key, and is named in the PKCS#8.
    let named = match key.algorithm {
        KeyAlgorithm::Ec { curve, .. } => KeyAlgorithm::Ec {
            curve,
            explicit_parameters: false,
        },
        other => other,
    };
    assert!(
        again.spki == key.spki || named != key.algorithm,
        "another public key"
    );
    assert!(again.belongs_to(&key.spki), "another public key");
    assert_eq!(again.algorithm, named);
    assert_eq!(*again.pkcs8, *key.pkcs8, "not the same twice");
    assert!(!again.untidy);
    assert!(key.belongs_to(&again.spki));
    assert!(format!("{key:?}").contains("[redacted]"));
}
