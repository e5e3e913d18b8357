//! What was set is what an independent parser reads.

use keyway_testkit::{
    Certificate, Chain, Crl, Digest, Extension, GeneralName, HOST, Key, KeyKind, KeyUsage, NOW,
    Name, Request, SpkiFault, der, oid, pem,
};
use x509_parser::prelude::*;

fn parsed<T>(certificate: &Certificate, look: impl Fn(&X509Certificate<'_>) -> T) -> T {
    let (rest, read) = X509Certificate::from_der(certificate.der()).expect("it parses");
    assert!(rest.is_empty());
    look(&read)
}

#[test]
fn a_good_leaf_conforms_to_the_baseline_requirements() {
    let leaf = Chain::good().leaf;
    parsed(&leaf, |read| {
        assert_eq!(read.version(), X509Version::V3);
        let validity = read.validity();
        let life = validity.not_after.timestamp() - validity.not_before.timestamp() + 1;
        assert_eq!(life, 90 * 86_400);
        assert!(validity.not_before.timestamp() < NOW && NOW < validity.not_after.timestamp());
        assert!((8..=20).contains(&read.raw_serial().len()));
        for extension in [
            oid::AUTHORITY_KEY_ID,
            oid::SUBJECT_KEY_ID,
            oid::SUBJECT_ALT_NAME,
            oid::EXTENDED_KEY_USAGE,
            oid::KEY_USAGE,
            oid::AUTHORITY_INFO_ACCESS,
            oid::CRL_DISTRIBUTION_POINTS,
            oid::CERTIFICATE_POLICIES,
            oid::SCT_LIST,
        ] {
            let found = read
                .iter_extensions()
                .find(|one| one.oid.to_id_string() == extension);
            let found = found.unwrap_or_else(|| panic!("{extension} is missing"));
            assert!(found.parsed_extension().error().is_none(), "{extension}");
            assert!(!found.parsed_extension().unsupported(), "{extension}");
        }
        for extension in read.extensions() {
            if let ParsedExtension::SCT(list) = extension.parsed_extension() {
                assert_eq!(list.len(), 2);
            }
        }
    });
}

#[test]
fn key_identifiers_link_the_chain() {
    let chain = Chain::good();
    for pair in chain.certificates().windows(2) {
        let wanted = parsed(pair[1], |issuer| {
            let extension =
                issuer.get_extension_unique(&oid_registry::OID_X509_EXT_SUBJECT_KEY_IDENTIFIER);
            extension.expect("one").expect("there").value[2..].to_vec()
        });
        parsed(pair[0], |subject| {
            let extension =
                subject.get_extension_unique(&oid_registry::OID_X509_EXT_AUTHORITY_KEY_IDENTIFIER);
            assert!(
                extension
                    .expect("one")
                    .expect("there")
                    .value
                    .ends_with(&wanted)
            );
        });
    }
}

#[test]
fn serial_numbers_can_be_wrong_in_every_way() {
    let root = Certificate::root("Root").build();
    for serial in [&[0][..], &[0xff], &[0, 0, 1], &[0x7f; 21]] {
        let leaf = root.issue(HOST).serial_bytes(serial).build();
        assert_eq!(parsed(&leaf, |read| read.raw_serial().to_vec()), serial);
    }
}

#[test]
fn versions_and_extensions_can_disagree() {
    let root = Certificate::root("Root").build();
    let first = root.issue(HOST).version_one().build();
    parsed(&first, |read| {
        assert_eq!(read.version(), X509Version::V1);
        assert!(read.extensions().is_empty());
    });
    let third = root.issue(HOST).version_number(0).build();
    parsed(&third, |read| {
        assert_eq!(read.version(), X509Version::V1);
        assert!(!read.extensions().is_empty());
    });
}

#[test]
fn an_extension_can_be_doubled_dropped_and_made_critical() {
    let root = Certificate::root("Root").build();
    let doubled = root
        .issue(HOST)
        .repeated_extension(Extension::must_staple());
    let doubled = doubled.repeated_extension(Extension::must_staple()).build();
    parsed(&doubled, |read| assert!(read.extensions_map().is_err()));
    let critical = root
        .issue(HOST)
        .critical(oid::AUTHORITY_KEY_ID, true)
        .without(oid::KEY_USAGE);
    parsed(&critical.build(), |read| {
        let found = read
            .get_extension_unique(&oid_registry::OID_X509_EXT_AUTHORITY_KEY_IDENTIFIER)
            .expect("one");
        assert!(found.expect("there").critical);
        assert!(read.key_usage().expect("none or one").is_none());
    });
}

#[test]
fn key_usages_are_numbered_from_the_left() {
    let root = Certificate::root("Root").build();
    let bits = [
        KeyUsage::DigitalSignature,
        KeyUsage::KeyAgreement,
        KeyUsage::DecipherOnly,
    ];
    let leaf = root.issue(HOST).key_usage(&bits).build();
    parsed(&leaf, |read| {
        let usage = read.key_usage().expect("one").expect("there").value;
        assert!(usage.digital_signature() && usage.key_agreement() && usage.decipher_only());
        assert!(!usage.key_cert_sign() && !usage.encipher_only());
    });
}

#[test]
fn weak_signatures_and_keys_are_written() {
    let root = Certificate::root("Root").key(KeyKind::Rsa2048).build();
    for (digest, identifier) in [
        (Digest::Sha1, "1.2.840.113549.1.1.5"),
        (Digest::Md5, "1.2.840.113549.1.1.4"),
    ] {
        let leaf = root.issue(HOST).digest(digest).build();
        let found = parsed(&leaf, |read| {
            read.signature_algorithm.algorithm.to_id_string()
        });
        assert_eq!(found, identifier);
    }
    for (kind, bits) in [(KeyKind::Rsa1024, 1024), (KeyKind::RsaExponent3, 2048)] {
        let leaf = root.issue(HOST).key(kind).build();
        let size = parsed(&leaf, |read| {
            read.public_key().parsed().expect("a key").key_size()
        });
        assert_eq!(size, bits);
    }
}

#[test]
fn public_keys_can_be_written_wrongly() {
    let root = Certificate::root("Root").build();
    let point = root
        .issue(HOST)
        .faulty_spki(SpkiFault::CompressedPoint)
        .build();
    assert_eq!(
        parsed(&point, |read| read
            .public_key()
            .subject_public_key
            .data
            .len()),
        33
    );
    let explicit = root
        .issue(HOST)
        .faulty_spki(SpkiFault::ExplicitParameters)
        .build();
    parsed(&explicit, |read| {
        let parameters = read
            .public_key()
            .algorithm
            .parameters
            .as_ref()
            .expect("parameters");
        assert_eq!(parameters.tag().0, 16);
    });
}

#[test]
fn inner_and_outer_algorithms_can_differ() {
    let root = Certificate::root("Root").build();
    let other = der::sequence(&[der::oid("1.2.840.10045.4.3.3")]);
    let leaf = root.issue(HOST).outer_algorithm_der(&other).build();
    parsed(&leaf, |read| {
        assert_ne!(read.signature_algorithm, read.tbs_certificate.signature);
    });
}

#[test]
fn any_part_of_the_signed_body_can_be_replaced() {
    let root = Certificate::root("Root").build();
    let leaf = root.issue(HOST).tbs_parts(|parts| parts[1].clear()).build();
    assert!(X509Certificate::from_der(leaf.der()).is_err());
}

#[test]
fn validity_can_be_inverted_and_written_in_either_form() {
    let root = Certificate::root("Root").build();
    let leaf = root
        .issue(HOST)
        .not_before(NOW)
        .not_after(NOW - 86_400)
        .build();
    parsed(&leaf, |read| {
        assert!(read.validity().not_after < read.validity().not_before);
    });
    let leaf = root.issue(HOST).generalized_times().build();
    parsed(&leaf, |read| {
        assert!(read.validity().not_before.is_generalizedtime());
    });
}

#[test]
fn a_request_and_a_list_are_signed() {
    let request = Request::new(HOST);
    let (_, read) = X509CertificationRequest::from_der(request.der()).expect("it parses");
    assert!(read.requested_extensions().expect("extensions").count() == 1);
    let chain = Chain::good();
    let list = Crl::by(&chain.issuing).revoke(&chain.leaf).build();
    let (_, read) = CertificateRevocationList::from_der(list.der()).expect("it parses");
    let revoked: Vec<_> = read.iter_revoked_certificates().collect();
    assert_eq!(revoked.len(), 1);
    assert_eq!(revoked[0].raw_serial(), chain.leaf.serial_bytes());
    assert_eq!(read.last_update().timestamp(), NOW - 86_400);
}

#[test]
fn names_of_every_kind_are_written() {
    let names = [
        GeneralName::dns("a.example"),
        GeneralName::ip("192.0.2.1"),
        GeneralName::ip("2001:db8::1"),
        GeneralName::Email("a@example.com".to_owned()),
        GeneralName::Uri("https://a.example/".to_owned()),
        GeneralName::Directory(Name::common("a")),
    ];
    let leaf = Certificate::self_signed(HOST).san(&names).build();
    parsed(&leaf, |read| {
        let san = read
            .subject_alternative_name()
            .expect("one")
            .expect("there");
        assert_eq!(san.value.general_names.len(), names.len());
    });
}

#[test]
fn pem_comes_back_as_it_went() {
    for kind in [KeyKind::P256, KeyKind::Rsa2048, KeyKind::Ed25519] {
        let key = Key::new(kind, "label");
        assert_eq!(pem::decode(&key.pem()), key.pkcs8_der());
    }
}
