//! Chains with keys that the kit has no signer for: OpenSSL's command makes them.

use std::fs;
use std::path::Path;
use std::process::Command;

use keyway_testkit::{HOST, Key, KeyKind, pem};
use rustls_pki_types::PrivateKeyDer;

use super::{Case, clock};

/// What OpenSSL makes the CA's key of, and what the case is called.
const AUTHORITIES: [(&str, &[&str]); 6] = [
    ("Ed448", &["-algorithm", "ED448"]),
    (
        "secp256k1",
        &[
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:secp256k1",
        ],
    ),
    (
        "brainpoolP256r1",
        &[
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:brainpoolP256r1",
        ],
    ),
    (
        "P-224",
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-224"],
    ),
    (
        "P-192",
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-192"],
    ),
    (
        "RSA of 2049 bits",
        &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2049"],
    ),
];

const LEAF: &str = "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\n\
    extendedKeyUsage=serverAuth\nsubjectAltName=DNS:www.example.com\n\
    subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";

/// A server below a root with each of these keys, made in a folder.
pub fn cases(folder: &Path) -> Vec<Case> {
    fs::write(folder.join("leaf.ext"), LEAF).expect("a folder to write in");
    let key = Key::new(KeyKind::P256, HOST);
    fs::write(folder.join("leaf.key"), key.pem()).expect("a folder to write in");
    AUTHORITIES
        .iter()
        .map(|(what, kind)| case(folder, what, kind, &key))
        .collect()
}

fn case(folder: &Path, what: &str, kind: &[&str], key: &Key) -> Case {
    let openssl = |arguments: &[&str]| {
        let mut command = Command::new("openssl");
        let output = clock(&mut command)
            .current_dir(folder)
            .args(arguments)
            .output()
            .expect("openssl runs");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    openssl(&[&["genpkey", "-out", "ca.key"], kind].concat());
    openssl(&[
        "req",
        "-x509",
        "-new",
        "-key",
        "ca.key",
        "-subj",
        "/CN=Made by OpenSSL",
        "-days",
        "3650",
        "-out",
        "ca.pem",
        "-addext",
        "keyUsage=critical,keyCertSign,cRLSign",
    ]);
    openssl(&[
        "req",
        "-new",
        "-key",
        "leaf.key",
        "-subj",
        "/CN=www.example.com",
        "-out",
        "leaf.csr",
    ]);
    openssl(&[
        "x509",
        "-req",
        "-in",
        "leaf.csr",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-days",
        "90",
        "-extfile",
        "leaf.ext",
        "-out",
        "leaf.pem",
    ]);
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("just written");
    Case {
        name: format!("a root with {what}"),
        sent: vec![pem::decode(&read("leaf.pem"))],
        key: PrivateKeyDer::Pkcs8(key.pkcs8_der().into()),
        roots: read("ca.pem"),
        host: HOST.to_owned(),
    }
}
