use keyway_chain::sniff::{DerShape, FileKind, base64_of_pem, kind};

use super::{DER, LINE_1, LINE_2, well_formed};

fn vector(name: &str) -> Vec<u8> {
    std::fs::read(format!(
        "{}/tests/vectors/pem/{name}",
        env!("CARGO_MANIFEST_DIR")
    ))
    .unwrap()
}

#[test]
fn files_without_pem_are_named() {
    let cases: [(&[u8], FileKind); 32] = [
        (b"", FileKind::Empty),
        (b" \r\n\t", FileKind::OnlyWhitespace),
        (b"<!DOCTYPE html>\n<html>", FileKind::Html),
        (b"\xef\xbb\xbf\n<HTML><body>", FileKind::Html),
        (b"<?xml version=\"1.0\"?><html xmlns=\"x\">", FileKind::Html),
        (
            b"<?xml version=\"1.0\"?><md:EntityDescriptor/>",
            FileKind::Xml,
        ),
        (b"\xfe\xed\xfe\xed\0\0\0\x02\0\0\0\x01", FileKind::Jks),
        (b"\xce\xce\xce\xce\0\0\0\x02", FileKind::Jceks),
        (
            b"\0\0\0\x02\0\0\0\x1412345678901234567890\0\0\x05\xd6",
            FileKind::Bks,
        ),
        (b"ssh-rsa AAAAB3NzaC1yc2E= me@host", FileKind::SshPublicKey),
        (b"ecdsa-sha2-nistp256 AAAAE2Vj", FileKind::SshPublicKey),
        (b"ssh-ed25519 AAAAC3Nz", FileKind::SshPublicKey),
        (
            b"---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----\n",
            FileKind::SshPublicKey,
        ),
        (b"PuTTY-User-Key-File-3: ssh-ed25519\n", FileKind::PuttyKey),
        (
            b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ==\n=abcd\n",
            FileKind::PgpArmor,
        ),
        (
            b"\x99\x01\x0d\x04\x5e\x00\x00\x00\x01\x08\x00",
            FileKind::PgpBinary,
        ),
        (b"PK\x03\x04\x14\0", FileKind::Zip),
        (b"\x1f\x8b\x08\0", FileKind::Gzip),
        (b"7z\xbc\xaf\x27\x1c\0\x04", FileKind::SevenZip),
        (b"%PDF-1.7\n", FileKind::Pdf),
        (b"\x89PNG\r\n\x1a\n", FileKind::Picture),
        (b"\xff\xd8\xff\xe0", FileKind::Picture),
        (b"SQLite format 3\0\x10\0", FileKind::Sqlite),
        (b"{\"kty\":\"EC\",\"crv\":\"P-256\"}", FileKind::JsonWebKey),
        (b"[1, 2]\n", FileKind::Json),
        (b"server { listen 443; }", FileKind::Text),
        (b"H\0e\0l\0l\0o\0", FileKind::Utf16Text),
        (b"AGE-SECRET-KEY-1QQQ", FileKind::Age),
        (b"\x7fELF\x02\x01", FileKind::Executable),
        (b"\x00\x01\x02\x03", FileKind::Binary),
        (
            b"data:\n  tls.crt: LS0tLS1CRUdJTiBDRVJU\nkind: Secret\n",
            FileKind::KubernetesSecret,
        ),
        (
            b"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==\n",
            FileKind::Base64Pem,
        ),
    ];
    for (bytes, expected) in cases {
        let found = kind(bytes);
        assert_eq!(found, expected, "{:?}", String::from_utf8_lossy(bytes));
        assert!(!found.describe().is_empty() && !found.advice().is_empty());
    }
}

#[test]
fn pem_is_named_in_every_encoding() {
    let text = well_formed("CERTIFICATE");
    assert_eq!(kind(text.as_bytes()), FileKind::Pem);
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(kind(&wide), FileKind::Pem);
    assert_eq!(
        kind(format!("{LINE_1}\n{LINE_2}\n").as_bytes()),
        FileKind::Base64Der
    );
}

#[test]
fn der_is_named_by_its_shape() {
    for (name, shape) in [
        ("certificate.der", DerShape::Certificate),
        ("certificate-v1.der", DerShape::Certificate),
        ("request.der", DerShape::Request),
        ("crl.der", DerShape::Crl),
        ("pkcs7.der", DerShape::Pkcs7),
        ("pkcs12.der", DerShape::Pkcs12),
        ("pkcs8.der", DerShape::Pkcs8),
        ("encrypted-pkcs8.der", DerShape::EncryptedPkcs8),
        ("pkcs1.der", DerShape::Pkcs1),
        ("pkcs1-public.der", DerShape::Pkcs1Public),
        ("sec1.der", DerShape::Sec1),
        ("spki.der", DerShape::Spki),
    ] {
        let der = vector(&format!("der/{name}"));
        assert_eq!(
            kind(&der),
            FileKind::Der {
                shape,
                trailing: 0,
                missing: 0
            },
            "{name}"
        );
        let longer = [&der[..], b"\r\n"].concat();
        assert_eq!(
            kind(&longer),
            FileKind::Der {
                shape,
                trailing: 2,
                missing: 0
            },
            "{name}"
        );
    }
    let torn = &vector("der/certificate.der")[..200];
    assert!(
        matches!(kind(torn), FileKind::Der { missing: 1.., .. }),
        "{:?}",
        kind(torn)
    );
    assert_eq!(
        kind(&DER),
        FileKind::Der {
            shape: DerShape::Unknown,
            trailing: 0,
            missing: 0
        }
    );
}

#[test]
fn base64_of_a_pem_file_is_unwrapped() {
    let wrapped = b"LS0tLS1CRUdJTiBYLS0t\nLS0K";
    assert_eq!(
        base64_of_pem(wrapped).unwrap().as_slice(),
        b"-----BEGIN X-----\n"
    );
    assert_eq!(base64_of_pem(b"LS0tLS1CRUdJTi*"), None);
    assert_eq!(base64_of_pem(b"AAAA"), None);
}
