//! Vectors of the rules about how a certificate names its issuer.

use keyway_testkit::{Certificate, Chain, Draft, Extension, GeneralName, HOST, Name, der, oid};

use crate::case::Case;

pub(crate) fn cases() -> Vec<Case> {
    [key_ids(), serials(), names(), itself(), no_anchors()]
        .into_iter()
        .flatten()
        .collect()
}

fn key_ids() -> Vec<Case> {
    let good = Chain::good();
    let other_ski = good.issuing.draft().subject_key_id(&[0x17; 20]).build();
    vec![
        Case::fires(
            "chain.aki-mismatch",
            "when-the-leaf-names-another-key",
            "The signature is right, the identifier is not the CA's.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.authority_key_id(&[0x17; 20])))
        .verdict("accepted", "no")
        .verdict("chains", "no"),
        Case::fires(
            "chain.aki-mismatch",
            "when-an-intermediate-names-another-root",
            "Roots are compared as well.",
        )
        .chain(&Chain::with_policy(|ca| ca.authority_key_id(&[0x17; 20])))
        .verdict("accepted", "no"),
        Case::fires(
            "chain.aki-mismatch",
            "for-a-private-ca",
            "OpenSSL does not ask whose CA it is.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.authority_key_id(&[0x17; 20])))
        .profile("private")
        .verdict("accepted", "no"),
        Case::silent(
            "chain.aki-mismatch",
            "when-the-ca-has-no-identifier",
            "There is nothing to compare.",
        )
        .chain(&Chain::with_issuing(|ca| ca.without(oid::SUBJECT_KEY_ID)))
        .profile("private")
        .verdict("accepted", "yes"),
        Case::silent(
            "chain.aki-mismatch",
            "when-another-certificate-of-the-ca-fits",
            "The CA was certified twice, once with another identifier, which stands first.",
        )
        .input(
            "fullchain.pem",
            [
                good.leaf.pem(),
                other_ski.pem(),
                good.issuing.pem(),
                good.policy.pem(),
            ]
            .concat(),
        )
        .roots(good.root_pem())
        .verdict("accepted", "yes"),
        Case::silent(
            "chain.aki-mismatch",
            "below-a-public-root",
            "Of a root in a compiled list only name and key are known.",
        )
        .chain(&Chain::with_policy(|ca| ca.authority_key_id(&[0x17; 20])))
        .public_roots()
        .verdict("accepted", "yes"),
    ]
}

/// An authorityKeyIdentifier of all three fields.
pub(crate) fn aki(issuer: &Certificate, above: &str, serial: &[u8]) -> Extension {
    let above = GeneralName::Directory(Name::authority(above)).der();
    let fields = [
        der::implicit(0, &issuer.key().id()),
        der::explicit(1, &above),
        der::implicit(2, serial),
    ];
    Extension::new(oid::AUTHORITY_KEY_ID, false, der::sequence(&fields))
}

fn serials() -> Vec<Case> {
    let issuing = Chain::good().issuing;
    let number = issuing.serial_bytes();
    let leaf = |above: &str, serial: &[u8]| {
        let aki = aki(&issuing, above, serial);
        Chain::with_leaf(|leaf: Draft| leaf.extension(aki))
    };
    vec![
        Case::fires(
            "chain.aki-mismatch",
            "when-the-serial-number-is-another-certificates",
            "As it is after the CA's certificate was renewed.",
        )
        .chain(&leaf("Test Intermediate X1", &[0x17; 16]))
        .verdict("accepted", "no"),
        Case::fires(
            "chain.aki-mismatch",
            "when-another-ca-certified-the-issuer",
            "As it is after the CA was cross-signed.",
        )
        .chain(&leaf("Test Root X1", &number))
        .verdict("accepted", "no"),
        Case::silent(
            "chain.aki-mismatch",
            "when-issuer-and-serial-number-fit",
            "All three fields are right.",
        )
        .chain(&leaf("Test Intermediate X1", &number))
        .verdict("accepted", "yes"),
    ]
}

fn names() -> Vec<Case> {
    let named = |name: &str| {
        let name = Name::authority(name);
        Chain::with_leaf(|leaf| leaf.issuer_named(name))
    };
    let root = Name::authority("TEST ROOT  X1");
    vec![
        Case::fires(
            "chain.issuer-name-differs",
            "in-case-alone",
            "The CA is there, its key signed, and a byte differs.",
        )
        .chain(&named("Test Issuing CA e1"))
        .verdict("accepted", "no"),
        Case::fires(
            "chain.issuer-name-differs",
            "altogether",
            "The key identifier leads to the CA.",
        )
        .chain(&named("Somebody Else"))
        .verdict("accepted", "no"),
        Case::fires(
            "chain.issuer-name-differs",
            "from-that-of-a-trusted-root",
            "Upper case and a second space.",
        )
        .chain(&Chain::with_policy(|ca| ca.issuer_named(root)))
        .verdict("accepted", "no"),
        Case::silent(
            "chain.issuer-name-differs",
            "when-the-issuer-is-not-there",
            "Then it is missing.",
        )
        .input("cert.pem", Chain::good().leaf.pem())
        .roots(Chain::good().root_pem())
        .verdict("accepted", "no"),
        Case::silent(
            "chain.missing-intermediate",
            "when-the-issuer-is-there-under-another-name",
            "That has a rule of its own.",
        )
        .chain(&named("Test Issuing CA e1"))
        .verdict("accepted", "no"),
        Case::silent(
            "chain.stranger",
            "when-its-key-signed-under-another-name",
            "It has to do with the chain all right.",
        )
        .chain(&named("Test Issuing CA e1"))
        .verdict("accepted", "no"),
    ]
}

/// A server's own certificate that is trusted for itself.
fn itself() -> Vec<Case> {
    let pinned = Certificate::self_signed(HOST).build();
    let codes = ["chain.not-a-ca", "chain.missing-key-cert-sign"];
    let cases = codes.into_iter().map(|code| {
        Case::silent(
            code,
            "when-a-servers-certificate-is-trusted-itself",
            "It issued nothing but itself; OpenSSL, Go and rustls take it.",
        )
        .input("cert.pem", pinned.pem())
        .roots(pinned.pem())
        .profile("private")
        .verdict("accepted", "yes")
    });
    cases.collect()
}

fn no_anchors() -> Vec<Case> {
    let good = Chain::good();
    let own = Certificate::root("Own CA").build();
    let logged = oid::SCT_LIST;
    let unlogged = own.issue(HOST).without(logged).build();
    let bare = Certificate::root("Bare CA").without(oid::KEY_USAGE).build();
    let below = bare.issue(HOST).without(logged).build();
    vec![
        Case::silent(
            "chain.missing-intermediate",
            "when-nobody-is-trusted-and-a-root-may-have-issued-the-leaf",
            "Nothing says that a public CA issued it; what follows may be the root.",
        )
        .input("cert.pem", unlogged.pem())
        .verdict("chains", "unknown")
        .verdict("accepted", "unknown"),
        Case::silent(
            "policy.missing-key-usage",
            "on-a-root-that-nobody-trusts",
            "It is no intermediate.",
        )
        .input("fullchain.pem", below.pem() + &bare.pem()),
        Case::silent(
            "chain.missing-intermediate",
            "when-nobody-is-trusted-and-the-rest-is-there",
            "What follows the last one may be the root.",
        )
        .input("fullchain.pem", good.fullchain_pem())
        .verdict("accepted", "unknown"),
        Case::fires(
            "chain.missing-intermediate",
            "when-nobody-is-trusted-and-the-leaf-is-alone",
            "Logs hold what public CAs issue, and no public root issues server certificates.",
        )
        .input("cert.pem", good.leaf.pem())
        .verdict("accepted", "no"),
    ]
}
