//! What is in the root.

use keyway_testkit::{Digest, Draft, Extension, GeneralName, KeyKind, KeyUsage, NOW, der, oid};

use super::{Case, root};

/// A bit of Netscape's type.
const SSL_CA: u8 = 5;

/// The cases.
pub(super) fn cases() -> Vec<Case> {
    use KeyUsage as U;
    vec![
        root("a root without key usage", |root| {
            root.without(oid::KEY_USAGE)
        }),
        root("a root without keyCertSign", |root| {
            root.key_usage(&[U::CrlSign])
        }),
        root("a root without basic constraints", |root| {
            root.without(oid::BASIC_CONSTRAINTS)
        }),
        root("a root without basic constraints and key usage", |root| {
            root.without(oid::BASIC_CONSTRAINTS).without(oid::KEY_USAGE)
        }),
        root("a root by Netscape's type alone", |root| {
            root.without(oid::BASIC_CONSTRAINTS)
                .without(oid::KEY_USAGE)
                .extension(Extension::netscape_type(&[SSL_CA]))
        }),
        root("a root that says it is no CA", |root| {
            root.basic_constraints(false, None)
        }),
        root("a root whose constraints are not critical", |root| {
            root.critical(oid::BASIC_CONSTRAINTS, false)
        }),
        root("a root without subject key identifier", |root| {
            root.without(oid::SUBJECT_KEY_ID)
        }),
        root("a root that names another key as its issuer", |root| {
            root.authority_key_id(&[7; 20])
        }),
        root("a root that names itself as its issuer", |root| {
            let id = keyway_testkit::Key::new(KeyKind::P384, "Test Root X1").id();
            root.authority_key_id(&id)
        }),
        root("a root for servers", |root| root.eku(&[oid::SERVER_AUTH])),
        root("a root for clients", |root| root.eku(&[oid::CLIENT_AUTH])),
        root("a root of version 1", Draft::version_one),
        root("a root of yesterday", |root| root.not_after(NOW - 86_400)),
        root("a root of tomorrow", |root| {
            root.not_before(NOW + 5 * 86_400)
        }),
        root("a root signed with SHA-1", |root| root.digest(Digest::Sha1)),
        root("a root with a broken signature", Draft::broken_signature),
        root("a root with a negative serial number", |root| {
            root.serial_bytes(&[0xff, 1])
        }),
        root("a root with a path length of 0", |root| root.path_len(0)),
        root("a root with a critical extension of its own", |root| {
            root.extension(Extension::new("1.2.3.4", true, der::null()))
        }),
        root("a root for names in other domains", |root| {
            root.name_constraints(&[GeneralName::dns("example.org")], &[])
        }),
    ]
}
