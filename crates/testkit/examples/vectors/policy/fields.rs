//! Vectors of the rules about the fields of a certificate.

use crate::case::Case;
use crate::issuers::aki;
use keyway_testkit::{Chain, Draft, Extension, Name, der, oid};

pub(crate) fn cases() -> Vec<Case> {
    [numbers(), names(), key_ids()]
        .into_iter()
        .flatten()
        .collect()
}

fn numbers() -> Vec<Case> {
    vec![
        Case::fires(
            "policy.serial",
            "when-it-is-negative",
            "The first bit is the sign.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.serial_bytes(&[0xab; 16])))
        .verdict("accepted", "no"),
        Case::fires("policy.serial", "when-it-is-zero", "It must be positive.")
            .chain(&Chain::with_leaf(|leaf| leaf.serial_bytes(&[0])))
            .verdict("accepted", "no"),
        Case::fires("policy.serial", "without-an-octet", "No number at all.")
            .chain(&Chain::with_leaf(|leaf| leaf.serial_bytes(&[])))
            .verdict("accepted", "no"),
        Case::silent(
            "policy.short-serial",
            "when-it-is-negative",
            "That is worse.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.serial_bytes(&[0xff])))
        .verdict("accepted", "no"),
        Case::fires("policy.serial", "of-21-octets", "One too many.")
            .chain(&Chain::with_leaf(|leaf| leaf.serial_bytes(&[0x5a; 21])))
            .verdict("accepted", "no"),
        Case::silent("policy.serial", "of-20-octets", "As many as there may be.")
            .chain(&Chain::with_leaf(|leaf| leaf.serial_bytes(&[0x5a; 20])))
            .verdict("accepted", "yes"),
        Case::silent("policy.serial", "when-a-root-has-zero", "Old roots do.")
            .chain(&Chain::with_root(|root| root.serial_bytes(&[0])))
            .verdict("accepted", "yes"),
        Case::fires("policy.short-serial", "of-7-octets", "56 bits.")
            .chain(&Chain::with_leaf(|leaf| leaf.serial_bytes(&[0x5a; 7])))
            .verdict("accepted", "yes"),
        Case::silent("policy.short-serial", "of-8-octets", "64 bits.")
            .chain(&Chain::with_leaf(|leaf| leaf.serial_bytes(&[0x5a; 8])))
            .verdict("accepted", "yes"),
        Case::fires(
            "policy.version",
            "for-a-leaf-of-version-1",
            "Without extensions.",
        )
        .chain(&Chain::with_leaf(Draft::version_one))
        .verdict("accepted", "no"),
        Case::fires(
            "policy.version",
            "for-a-root-of-version-1",
            "Public roots have version 3.",
        )
        .chain(&Chain::with_root(Draft::version_one))
        .verdict("accepted", "no"),
        Case::silent(
            "policy.version",
            "for-an-own-root-of-version-1",
            "Clients believe it.",
        )
        .chain(&Chain::with_root(Draft::version_one))
        .verdict("accepted", "yes")
        .profile("private"),
        Case::fires("policy.unique-ids", "in-a-leaf", "Forbidden.")
            .chain(&Chain::with_leaf(Draft::unique_ids))
            .verdict("accepted", "no"),
        Case::silent(
            "policy.unique-ids",
            "when-there-are-none",
            "The good chain.",
        )
        .chain(&Chain::good())
        .verdict("accepted", "yes"),
    ]
}

fn names() -> Vec<Case> {
    vec![
        Case::fires("policy.empty-issuer", "in-a-leaf", "Who issued it?")
            .chain(&Chain::with_leaf(|leaf| leaf.issuer_named(Name::empty())))
            .verdict("accepted", "no"),
        Case::silent(
            "policy.empty-issuer",
            "when-the-subject-is-empty",
            "That may be.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.subject(Name::empty())
                .critical(oid::SUBJECT_ALT_NAME, true)
        }))
        .verdict("accepted", "yes"),
        Case::fires(
            "policy.empty-ca-subject",
            "in-an-intermediate",
            "It has no name.",
        )
        .chain(&Chain::with_issuing(|ca| ca.subject(Name::empty())))
        .verdict("accepted", "no"),
        Case::silent("policy.empty-ca-subject", "in-a-leaf", "That may be.")
            .chain(&Chain::with_leaf(|leaf| {
                leaf.subject(Name::empty())
                    .critical(oid::SUBJECT_ALT_NAME, true)
            }))
            .verdict("accepted", "yes"),
        Case::fires(
            "policy.critical-san",
            "beside-a-subject",
            "Only without one.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.critical(oid::SUBJECT_ALT_NAME, true)
        }))
        .verdict("accepted", "no"),
        Case::silent(
            "policy.critical-san",
            "without-a-subject",
            "Then it must be.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.subject(Name::empty())
                .critical(oid::SUBJECT_ALT_NAME, true)
        }))
        .verdict("accepted", "yes"),
        Case::fires(
            "policy.san-not-critical",
            "without-a-subject",
            "It must be.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.subject(Name::empty())))
        .verdict("accepted", "no"),
        Case::silent(
            "policy.san-not-critical",
            "beside-a-subject",
            "It must not be.",
        )
        .chain(&Chain::good())
        .verdict("accepted", "yes"),
    ]
}

fn key_ids() -> Vec<Case> {
    let policy = Chain::good().policy;
    let three_fields = aki(&policy, "Test Root X1", &policy.serial_bytes());
    let of_three_fields = Chain::with_issuing(|ca| ca.extension(three_fields));
    vec![
        Case::fires(
            "policy.missing-ski",
            "in-an-intermediate",
            "Required in CAs.",
        )
        .chain(&Chain::with_issuing(|ca| ca.without(oid::SUBJECT_KEY_ID)))
        .verdict("accepted", "no"),
        Case::silent("policy.missing-ski", "in-a-leaf", "There it may be absent.")
            .chain(&Chain::with_leaf(|leaf| leaf.without(oid::SUBJECT_KEY_ID)))
            .verdict("accepted", "yes"),
        Case::fires("policy.missing-aki", "in-a-leaf", "Required.")
            .chain(&Chain::with_leaf(|leaf| {
                leaf.without(oid::AUTHORITY_KEY_ID)
            }))
            .verdict("accepted", "no"),
        Case::fires(
            "policy.missing-aki",
            "in-a-root-signed-by-another",
            "Cross-signed.",
        )
        .chain(&Chain::with_root(|root| {
            root.issuer_named(Name::common("Another"))
                .broken_signature()
        }))
        .verdict("accepted", "no"),
        Case::silent(
            "policy.missing-aki",
            "in-a-root-signed-by-itself",
            "Under another name, and yet itself.",
        )
        .chain(&Chain::with_root(|root| {
            root.issuer_named(Name::common("Another"))
        }))
        .verdict("accepted", "yes"),
        Case::fires(
            "policy.aki-without-key-id",
            "in-a-leaf",
            "Only a serial number.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.extension(without_key_id())))
        .verdict("accepted", "no"),
        Case::fires(
            "policy.aki-without-key-id",
            "in-a-public-root",
            "There too.",
        )
        .chain(&Chain::with_root(|root| root.extension(without_key_id())))
        .verdict("accepted", "no"),
        Case::silent(
            "policy.aki-without-key-id",
            "in-a-root-by-rfc-5280",
            "Self-signed certificates may.",
        )
        .chain(&Chain::with_root(|root| root.extension(without_key_id())))
        .verdict("accepted", "yes")
        .profile("rfc5280"),
        Case::fires(
            "policy.aki-issuer-and-serial",
            "in-an-intermediate",
            "Beside the key identifier.",
        )
        .chain(&of_three_fields)
        .verdict("accepted", "no"),
        Case::silent(
            "policy.aki-issuer-and-serial",
            "with-an-own-ca",
            "As many programs write it.",
        )
        .chain(&of_three_fields)
        .verdict("accepted", "yes")
        .profile("private"),
        Case::fires(
            "policy.root-key-ids-differ",
            "in-a-root",
            "It is signed by its own key.",
        )
        .chain(&Chain::with_root(|root| root.authority_key_id(&[0x5a; 20])))
        .verdict("accepted", "no"),
        Case::silent(
            "policy.root-key-ids-differ",
            "when-they-are-the-same",
            "As they should be.",
        )
        .chain(&Chain::with_root(|root| {
            root.subject_key_id(&[0x5a; 20])
                .authority_key_id(&[0x5a; 20])
        }))
        .verdict("accepted", "yes"),
    ]
}

/// authorityKeyIdentifier with a serial number, with or without a key identifier.
fn without_key_id() -> Extension {
    let issuer = der::explicit(4, &Name::common("Another").der());
    let fields = [der::explicit(1, &issuer), der::implicit(2, &[0x5a; 16])];
    Extension::new(oid::AUTHORITY_KEY_ID, false, der::sequence(&fields))
}
