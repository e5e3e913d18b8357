//! Chains with keys and signatures that the kit has no signer for: OpenSSL's command makes them.

use std::fs;
use std::path::Path;
use std::process::Command;

use keyway_testkit::{HOST, Key, KeyKind, pem};
use rustls_pki_types::PrivateKeyDer;

use super::{Case, clock};

/// What the CA's key is, how OpenSSL makes it, and how it signs the leaf.
const AUTHORITIES: [(&str, &str, &str); 13] = [
    ("Ed448", "ED448", ""),
    ("secp256k1", "EC -pkeyopt ec_paramgen_curve:secp256k1", ""),
    (
        "brainpoolP256r1",
        "EC -pkeyopt ec_paramgen_curve:brainpoolP256r1",
        "",
    ),
    ("P-224", "EC -pkeyopt ec_paramgen_curve:P-224", ""),
    ("P-192", "EC -pkeyopt ec_paramgen_curve:P-192", ""),
    ("RSA of 2049 bits", "RSA -pkeyopt rsa_keygen_bits:2049", ""),
    ("RSA of 768 bits", "RSA -pkeyopt rsa_keygen_bits:768", ""),
    ("a key for PSS", "RSA-PSS -pkeyopt rsa_keygen_bits:2048", ""),
    (
        "RSA and SHA-224",
        "RSA -pkeyopt rsa_keygen_bits:2048",
        "-sha224",
    ),
    (
        "RSA and SHA-512/256",
        "RSA -pkeyopt rsa_keygen_bits:2048",
        "-sha512-256",
    ),
    ("RSA and MD5", "RSA -pkeyopt rsa_keygen_bits:2048", "-md5"),
    (
        "P-256 and SHA-224",
        "EC -pkeyopt ec_paramgen_curve:P-256",
        "-sha224",
    ),
    (
        "P-256 and SHA3-256",
        "EC -pkeyopt ec_paramgen_curve:P-256",
        "-sha3-256",
    ),
];

const LEAF: &str = "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\n\
    extendedKeyUsage=serverAuth\nsubjectAltName=DNS:www.example.com\n\
    subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";

const ROOT: &str = "req -x509 -new -key ca.key -subj /CN=OpenSSL -days 3650 -out ca.pem \
    -addext keyUsage=critical,keyCertSign,cRLSign";
const REQUEST: &str = "req -new -key leaf.key -subj /CN=www.example.com -out leaf.csr";
const SIGN: &str = "x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 90 \
    -extfile leaf.ext -out leaf.pem";

/// A server below a root with each of these keys, made in a folder.
///
/// # Panics
/// Without OpenSSL's command.
pub fn cases(folder: &Path) -> Vec<Case> {
    let key = Key::new(KeyKind::P256, HOST);
    let write = |name: &str, text: &str| {
        fs::write(folder.join(name), text).expect("a folder to write in");
    };
    write("leaf.ext", LEAF);
    write("leaf.key", &key.pem());
    openssl(folder, REQUEST);
    let authorities = AUTHORITIES.iter();
    let cases = authorities.map(|(what, kind, digest)| {
        openssl(folder, &format!("genpkey -out ca.key -algorithm {kind}"));
        openssl(folder, ROOT);
        openssl(folder, &format!("{SIGN} {digest}"));
        let read = |name: &str| fs::read_to_string(folder.join(name)).expect("just written");
        Case {
            name: format!("a root with {what}"),
            sent: vec![pem::decode(&read("leaf.pem"))],
            key: PrivateKeyDer::Pkcs8(key.pkcs8_der().into()),
            roots: read("ca.pem"),
            host: HOST.to_owned(),
        }
    });
    cases.collect()
}

fn openssl(folder: &Path, arguments: &str) {
    let mut command = Command::new("openssl");
    let command = clock(&mut command).current_dir(folder);
    let output = command.args(arguments.split_whitespace()).output().expect(
        "openssl is missing: `cargo xtask test` installs it (Debian: `apt-get install openssl`)",
    );
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {arguments}: {said}");
}
