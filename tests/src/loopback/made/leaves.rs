//! What is in the certificate of a server.

use keyway_testkit::{
    Chain, Draft, Extension, GeneralName, HOST, KeyKind, KeyUsage, NOW, Name, SpkiFault, der, oid,
};

use super::{Case, leaf, of};

/// Bits of Netscape's type.
const CLIENT: u8 = 0;
const SERVER: u8 = 1;

/// The cases.
pub(super) fn cases() -> Vec<Case> {
    use KeyUsage as U;
    let good = Chain::good();
    let direct = |name: &str, change: fn(Draft) -> Draft| {
        let one = change(good.root.issue(HOST)).build();
        Case::new(name, HOST, &[&one], &good.root)
    };
    let ca = |draft: Draft| draft.basic_constraints(true, None);
    vec![
        of("nothing special", &good),
        of("nothing special, in RSA", &Chain::rsa()),
        direct("a leaf by the root itself", |leaf| leaf),
        direct("a leaf by the root itself that names another key", |leaf| {
            leaf.authority_key_id(&[7; 20])
        }),
        direct("a CA by the root itself as server", |leaf| {
            leaf.basic_constraints(true, None)
                .key_usage(&[U::DigitalSignature, U::KeyCertSign])
        }),
        leaf("a CA as server", |leaf| {
            ca(leaf).key_usage(&[U::DigitalSignature, U::KeyCertSign])
        }),
        leaf("a CA as server without keyCertSign", ca),
        leaf("a CA as server without key usage", |leaf| {
            ca(leaf).without(oid::KEY_USAGE)
        }),
        leaf("any purpose alone", |leaf| {
            leaf.eku(&[oid::ANY_EXTENDED_KEY_USAGE])
        }),
        leaf("no purpose", |leaf| leaf.eku(&[])),
        leaf("the purpose of clients alone", |leaf| {
            leaf.eku(&[oid::CLIENT_AUTH])
        }),
        leaf("no list of purposes", |leaf| {
            leaf.without(oid::EXTENDED_KEY_USAGE)
        }),
        leaf("key usage of key encipherment alone", |leaf| {
            leaf.key_usage(&[U::KeyEncipherment])
        }),
        leaf("key usage of key encipherment alone, in RSA", |leaf| {
            leaf.key(KeyKind::Rsa2048).key_usage(&[U::KeyEncipherment])
        }),
        leaf("key usage of key agreement alone", |leaf| {
            leaf.key_usage(&[U::KeyAgreement])
        }),
        leaf("key usage of key agreement alone, in RSA", |leaf| {
            leaf.key(KeyKind::Rsa2048).key_usage(&[U::KeyAgreement])
        }),
        leaf("key usage of key encipherment alone, in Ed25519", |leaf| {
            leaf.key(KeyKind::Ed25519).key_usage(&[U::KeyEncipherment])
        }),
        leaf("key usage for signing lists alone", |leaf| {
            leaf.key_usage(&[U::CrlSign])
        }),
        leaf("key usage with nothing in it", |leaf| leaf.key_usage(&[])),
        leaf("no key usage", |leaf| leaf.without(oid::KEY_USAGE)),
        leaf("key usage for signing certificates", |leaf| {
            leaf.key_usage(&[U::DigitalSignature, U::KeyCertSign])
        }),
        leaf("key usage that is not critical", |leaf| {
            leaf.critical(oid::KEY_USAGE, false)
        }),
        leaf("a path length without a CA", |leaf| {
            leaf.basic_constraints(false, Some(0))
        }),
        leaf("no basic constraints", |leaf| {
            leaf.without(oid::BASIC_CONSTRAINTS)
        }),
        leaf("no authority key identifier", |leaf| {
            leaf.without(oid::AUTHORITY_KEY_ID)
        }),
        leaf("no subject key identifier", |leaf| {
            leaf.without(oid::SUBJECT_KEY_ID)
        }),
        leaf("name constraints in the leaf", |leaf| {
            leaf.name_constraints(&[GeneralName::dns("example.com")], &[])
        }),
        leaf("no subject and names that are not critical", |leaf| {
            leaf.subject(Name::empty())
        }),
        leaf("no subject and critical names", |leaf| {
            leaf.subject(Name::empty())
                .critical(oid::SUBJECT_ALT_NAME, true)
        }),
        leaf("critical names beside a subject", |leaf| {
            leaf.critical(oid::SUBJECT_ALT_NAME, true)
        }),
        leaf("Netscape's type for clients", |leaf| {
            leaf.extension(Extension::netscape_type(&[CLIENT]))
        }),
        leaf("Netscape's type for nothing", |leaf| {
            leaf.extension(Extension::netscape_type(&[]))
        }),
        leaf("Netscape's type for servers and clients", |leaf| {
            leaf.extension(Extension::netscape_type(&[CLIENT, SERVER]))
        }),
        leaf("Netscape's type for servers, critical", |leaf| {
            leaf.extension(Extension::netscape_type(&[SERVER]))
                .critical(oid::NETSCAPE_CERT_TYPE, true)
        }),
        leaf("critical purposes", |leaf| {
            leaf.critical(oid::EXTENDED_KEY_USAGE, true)
        }),
        leaf("a critical authority key identifier", |leaf| {
            leaf.critical(oid::AUTHORITY_KEY_ID, true)
        }),
        leaf("a critical subject key identifier", |leaf| {
            leaf.critical(oid::SUBJECT_KEY_ID, true)
        }),
        leaf("critical places of the issuer", |leaf| {
            leaf.critical(oid::AUTHORITY_INFO_ACCESS, true)
        }),
        leaf("critical places of lists", |leaf| {
            leaf.critical(oid::CRL_DISTRIBUTION_POINTS, true)
        }),
        leaf("critical policies", |leaf| {
            leaf.critical(oid::CERTIFICATE_POLICIES, true)
        }),
        leaf("a critical extension of one's own", |leaf| {
            leaf.extension(Extension::new("1.2.3.4", true, der::null()))
        }),
        leaf("an extension twice", |leaf| {
            leaf.repeated_extension(Extension::key_usage(&[U::DigitalSignature]))
        }),
        leaf("must staple", |leaf| {
            leaf.extension(Extension::must_staple())
        }),
        leaf("the poison of a precertificate", |leaf| {
            leaf.extension(Extension::new("1.3.6.1.4.1.11129.2.4.3", true, der::null()))
        }),
        leaf("unique identifiers", Draft::unique_ids),
        leaf("two signature algorithms", |leaf| {
            leaf.inner_algorithm_der(&der::sequence(&[der::oid("1.2.840.10045.4.3.3")]))
        }),
        leaf("a broken signature", Draft::broken_signature),
        leaf("a serial number of 21 octets", |leaf| {
            leaf.serial_bytes(&[0x31; 21])
        }),
        leaf("a serial number of zero", |leaf| leaf.serial_bytes(&[0])),
        leaf("a negative serial number", |leaf| {
            leaf.serial_bytes(&[0xff, 1, 2, 3])
        }),
        leaf("version 1", Draft::version_one),
        leaf("version 2", |leaf| leaf.version_number(1)),
        leaf("generalized times before 2050", Draft::generalized_times),
        leaf("a day in the past", |leaf| leaf.not_after(NOW - 86_400)),
        leaf("a day in the future", |leaf| {
            leaf.not_before(NOW + 5 * 86_400)
        }),
        leaf("ten years of validity", |leaf| {
            leaf.not_after(NOW + 3_650 * 86_400)
        }),
        leaf("an explicit curve", |leaf| {
            leaf.faulty_spki(SpkiFault::ExplicitParameters)
        }),
        leaf("a compressed point", |leaf| {
            leaf.faulty_spki(SpkiFault::CompressedPoint)
        }),
    ]
}
