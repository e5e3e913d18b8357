//! Containers: what is inside comes out unchanged, hostile files are refused quickly.

mod vector;

use keyway_chain::container::ber::{self, BerError};
use keyway_chain::container::pkcs7::{self, Pkcs7Error};
use keyway_chain::container::pkcs12::{self, Pkcs12Error, WriteOptions};
use vector::{damaged, der, file};

/// Every kind of file with the leaf, its key and its issuer, under the password `secret`.
const PFX: [&str; 12] = [
    "modern.p12",
    "windows.p12",
    "rc2-128.p12",
    "rc2-pbes2.p12",
    "rc4.p12",
    "mac-sha224.p12",
    "mac-sha384.p12",
    "mac-sha512.p12",
    "pbmac1-sha256.p12",
    "pbmac1-sha512.p12",
    "no-encryption.p12",
    "java.p12",
];

#[test]
fn a_pfx_yields_its_key_and_certificates_unchanged() {
    for name in PFX.into_iter().chain(["no-mac.p12"]) {
        let pfx = pkcs12::read(&file(name), Some(b"secret"));
        let pfx = pfx.unwrap_or_else(|error| panic!("{name}: {error}"));
        let certificates: Vec<_> = pfx.certificates.iter().map(|bag| &bag.der).collect();
        assert_eq!(certificates, [&der("leaf.pem"), &der("ca.pem")], "{name}");
        assert_eq!(pfx.keys.len(), 1, "{name}");
        let key = keyway_chain::key::read_der(&pfx.keys[0].pkcs8, None).expect(name);
        assert_eq!(*key.pkcs8, der("prime256v1.pem"), "{name}");
        assert_eq!(pfx.keys[0].local_key_id, pfx.certificates[0].local_key_id);
        assert_eq!(pfx.authenticated, name != "no-mac.p12");
        assert_eq!((pfx.locked_keys, pfx.others, pfx.trailing), (0, 0, 0));
    }
}

#[test]
fn friendly_names_are_read() {
    let pfx = pkcs12::read(&file("modern.p12"), Some(b"secret")).expect("PFX");
    let name = pfx.certificates[0].friendly_name.as_deref();
    assert_eq!(name, Some("Vector ä"));
    assert_eq!(pfx.certificates[1].friendly_name, None);
    assert_eq!(pfx.keys[0].friendly_name.as_deref(), name);
}

#[test]
fn wrong_and_missing_passwords_are_told_apart() {
    for name in PFX.into_iter().chain(["no-mac.p12"]) {
        let wrong = pkcs12::read(&file(name), Some(b"Secret")).err();
        assert_eq!(wrong, Some(Pkcs12Error::WrongPassword), "{name}");
        for none in [None, Some(&b""[..])] {
            let needed = pkcs12::read(&file(name), none).err();
            assert_eq!(needed, Some(Pkcs12Error::PasswordNeeded), "{name}");
        }
    }
}

#[test]
fn an_empty_password_needs_none_given() {
    for password in [None, Some(&b""[..])] {
        let pfx = pkcs12::read(&file("empty-password.p12"), password).expect("PFX");
        assert_eq!(pfx.keys.len(), 1);
        assert!(pfx.without_password);
    }
}

#[test]
fn a_password_beyond_ascii_opens_the_file() {
    let pfx = pkcs12::read(&file("umlaut.p12"), Some("gehäim".as_bytes()));
    assert_eq!(pfx.expect("PFX").keys.len(), 1);
}

#[test]
fn a_java_trust_store_is_certificates_alone() {
    let pfx = pkcs12::read(&file("java-trust.p12"), Some(b"secret")).expect("PFX");
    assert_eq!(pfx.certificates[0].der, der("ca.pem"));
    assert!(pfx.keys.is_empty());
}

fn options<'a>(certs: &'a [&'a [u8]], key: Option<&'a [u8]>) -> WriteOptions<'a> {
    WriteOptions {
        certs,
        key_pkcs8: key,
        password: "gehäim".as_bytes(),
        friendly_name: Some("Vector ä"),
        salts: [[1; 16], [2; 16], [3; 16]],
        ivs: [[4; 16], [5; 16]],
        iterations: 0,
    }
}

#[test]
fn what_is_written_reads_back() {
    let (leaf, ca, key) = (der("leaf.pem"), der("ca.pem"), der("prime256v1.pem"));
    let certs = [leaf.as_slice(), ca.as_slice()];
    let written = pkcs12::write(&options(&certs, Some(&key)));
    assert_eq!(written, pkcs12::write(&options(&certs, Some(&key))));
    let pfx = pkcs12::read(&written, Some("gehäim".as_bytes())).expect("PFX");
    assert!(pfx.authenticated);
    assert_eq!(*pfx.keys[0].pkcs8, key);
    assert_eq!(pfx.keys[0].friendly_name.as_deref(), Some("Vector ä"));
    assert_eq!(pfx.certificates[0].local_key_id, pfx.keys[0].local_key_id);
    assert_eq!(pfx.certificates[1].der, ca);
    let alone = pkcs12::write(&options(&certs, None));
    let pfx = pkcs12::read(&alone, Some("gehäim".as_bytes())).expect("PFX");
    assert_eq!((pfx.certificates.len(), pfx.keys.len()), (2, 0));
}

#[test]
fn an_altered_pfx_is_refused() {
    let good = file("modern.p12");
    let mut altered = good.clone();
    altered[200] ^= 1;
    let refused = pkcs12::read(&altered, Some(b"secret")).err();
    assert_eq!(refused, Some(Pkcs12Error::WrongPassword));
}

#[test]
fn a_pfx_may_not_ask_for_a_minute_of_work() {
    let mut hostile = file("modern.p12");
    // The last number of the file is the MAC's rounds, 2,048.
    let end = hostile.len();
    assert_eq!(hostile[end - 4..], [2, 2, 8, 0]);
    hostile.extend_from_slice(&[0, 0]);
    hostile[end - 4..].copy_from_slice(&[2, 4, 0x7f, 0xff, 0xff, 0xff]);
    // Two bytes more in the file, in the MAC.
    let file_length = u16::from_be_bytes([hostile[2], hostile[3]]) + 2;
    hostile[2..4].copy_from_slice(&file_length.to_be_bytes());
    let mac = hostile
        .windows(4)
        .rposition(|bytes| bytes == [0x30, 0x41, 0x30, 0x31]);
    hostile[mac.expect("MacData") + 1] += 2;
    let refused = pkcs12::read(&hostile, Some(b"secret")).err();
    assert!(
        matches!(refused, Some(Pkcs12Error::Limit { .. })),
        "{refused:?}"
    );
}

#[test]
fn a_p7b_yields_its_certificates_unchanged() {
    let bundle = pkcs7::read(&file("chain.p7b")).expect("P7B");
    assert_eq!(bundle.certificates, [der("leaf.pem"), der("ca.pem")]);
    assert!(!bundle.was_ber);
    let bundle = pkcs7::read(&file("with-crl.p7b")).expect("P7B");
    assert_eq!(bundle.certificates, [der("leaf.pem")]);
    assert_eq!(bundle.crls, [file("ca.crl.der")]);
}

#[test]
fn a_signed_message_in_ber_yields_its_chain() {
    let bundle = pkcs7::read(&file("signed-ber.p7m")).expect("P7M");
    assert!(bundle.was_ber);
    let mut certificates = bundle.certificates;
    certificates.sort();
    let mut expected = [der("leaf.pem"), der("ca.pem")];
    expected.sort();
    assert_eq!(certificates, expected);
}

#[test]
fn a_written_p7b_does_not_depend_on_the_order() {
    let (leaf, ca) = (der("leaf.pem"), der("ca.pem"));
    let written = pkcs7::write(&[&leaf, &ca]);
    assert_eq!(written, pkcs7::write(&[&ca, &leaf]));
    assert_eq!(pkcs7::read(&written).expect("P7B").certificates.len(), 2);
    assert!(
        pkcs7::read(&pkcs7::write(&[]))
            .expect("P7B")
            .certificates
            .is_empty()
    );
}

#[test]
fn other_pkcs7_contents_are_named() {
    let data = [0x30, 11, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
    let refused = pkcs7::read(&data).err();
    assert!(matches!(refused, Some(Pkcs7Error::NotSignedData { .. })));
}

#[test]
fn der_passes_through_and_ber_is_rewritten() {
    let der = [0x30, 3, 2, 1, 5];
    let normal = ber::normalise(&der).expect("DER");
    assert!(!normal.was_rewritten());
    assert_eq!(&*normal, der);
    for ber in [
        &[0x30, 0x80, 2, 1, 5, 0, 0][..],
        &[0x30, 0x81, 3, 2, 1, 5],
        &[0x30, 0x84, 0, 0, 0, 3, 2, 1, 5],
        &[0x30, 4, 2, 0x81, 1, 5],
    ] {
        let normal = ber::normalise(ber).expect("BER");
        assert!(normal.was_rewritten());
        assert_eq!(&*normal, der, "{ber:02x?}");
        assert_eq!(normal.consumed(), ber.len());
    }
}

#[test]
fn octet_strings_in_pieces_are_joined() {
    let pieces = [0x24, 0x80, 4, 1, 1, 0x24, 4, 4, 2, 2, 3, 0, 0, 0xff];
    let normal = ber::normalise(&pieces).expect("BER");
    assert_eq!(&*normal, [4, 3, 1, 2, 3]);
    assert_eq!(normal.consumed(), pieces.len() - 1);
}

#[test]
fn ber_limits_hold() {
    let deep = [0x30, 0x80].repeat(100_000);
    assert_eq!(ber::normalise(&deep).err(), Some(BerError::TooDeep));
    let pieces = [0x24, 0x80].repeat(100_000);
    assert_eq!(ber::normalise(&pieces).err(), Some(BerError::TooDeep));
    let long = vec![0; ber::MAX_BYTES + 1];
    assert_eq!(ber::normalise(&long).err(), Some(BerError::TooLong));
    for cut in [
        &[0x30][..],
        &[0x30, 0x82, 1],
        &[0x30, 2, 2],
        &[0x30, 0x80, 2, 1, 5],
    ] {
        assert!(ber::normalise(cut).is_err(), "{cut:02x?}");
    }
}

#[test]
fn damaged_containers_never_panic() {
    for name in [
        "modern.p12",
        "windows.p12",
        "no-mac.p12",
        "no-encryption.p12",
        "java.p12",
    ] {
        for copy in damaged(&file(name), 300) {
            let _ = pkcs12::read(&copy, Some(b"secret"));
            let _ = pkcs12::read(&copy, None);
        }
    }
    for name in ["chain.p7b", "with-crl.p7b", "signed-ber.p7m"] {
        for copy in damaged(&file(name), 1000) {
            let _ = pkcs7::read(&copy);
        }
    }
}
