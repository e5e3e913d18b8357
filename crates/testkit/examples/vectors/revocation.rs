//! Vectors of the rules about revocation lists.

use keyway_testkit::{
    Certificate, Chain, Crl, CrlDraft, Extension, Key, KeyKind, KeyUsage, NOW, der, oid,
};

use crate::case::Case;

pub(crate) fn cases() -> Vec<Case> {
    let good = Chain::good();
    [
        revoked(&good),
        dates(&good),
        unusable(&good),
        incomplete(&good),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn with(case: Case, chain: &Chain, list: CrlDraft) -> Case {
    case.chain(chain).input("list.crl", list.build().pem())
}

fn revoked(good: &Chain) -> Vec<Case> {
    let forger = Certificate::root("Test Issuing CA E1")
        .with_key(&Key::new(KeyKind::P256, "forger"))
        .build();
    vec![
        with(
            Case::fires(
                "chain.revoked",
                "when-the-list-of-its-issuer-names-the-leaf",
                "For a compromised key.",
            ),
            good,
            Crl::by(&good.issuing).revoke(&good.leaf),
        )
        .verdict("accepted", "no")
        .verdict("chains", "no"),
        with(
            Case::fires(
                "chain.revoked",
                "when-an-intermediate-is-revoked",
                "The list of the CA above it.",
            ),
            good,
            Crl::by(&good.policy).revoke(&good.issuing),
        )
        .verdict("accepted", "no"),
        with(
            Case::silent(
                "chain.revoked",
                "when-another-serial-is-named",
                "The list is about the leaf's issuer, and names somebody else.",
            ),
            good,
            Crl::by(&good.issuing).revoke_serial(&[0x55; 16], NOW - 1, None),
        )
        .verdict("accepted", "yes"),
        with(
            Case::silent(
                "chain.revoked",
                "when-somebody-else-signed-the-list",
                "The right name and serial, another key.",
            ),
            good,
            Crl::by(&forger).revoke(&good.leaf),
        ),
        with(
            Case::fires(
                "chain.crl-unrelated",
                "when-no-certificate-has-its-issuer",
                "A list of the CA of somebody else.",
            ),
            good,
            Crl::by(&Certificate::root("Somebody Else").build()),
        )
        .verdict("accepted", "yes"),
        with(
            Case::silent(
                "chain.crl-unrelated",
                "when-it-covers-an-intermediate",
                "The root's list covers the certificate below the root.",
            ),
            good,
            Crl::by(&good.root),
        )
        .verdict("accepted", "yes"),
    ]
}

fn dates(good: &Chain) -> Vec<Case> {
    let list = || Crl::by(&good.issuing);
    vec![
        with(
            Case::fires(
                "chain.crl-out-of-date",
                "from-the-second-the-next-is-due",
                "nextUpdate is now.",
            ),
            good,
            list().next_update(Some(NOW)),
        )
        .verdict("accepted", "no")
        .verdict("timely", "no"),
        with(
            Case::silent(
                "chain.crl-out-of-date",
                "one-second-before",
                "nextUpdate is in a second.",
            ),
            good,
            list().next_update(Some(NOW + 1)),
        )
        .verdict("accepted", "yes"),
        with(
            Case::fires(
                "chain.crl-out-of-date",
                "when-dated-in-the-future",
                "thisUpdate is in a second.",
            ),
            good,
            list().this_update(NOW + 1),
        )
        .verdict("timely", "no"),
    ]
}

fn unusable(good: &Chain) -> Vec<Case> {
    let list = || Crl::by(&good.issuing);
    let no_crl_sign = Chain::with_issuing(|ca| ca.key_usage(&[KeyUsage::KeyCertSign]));
    let delta = Extension::new(oid::DELTA_CRL, true, der::integer(1));
    let unknown = Extension::new("2.25.1", true, der::null());
    vec![
        with(
            Case::fires(
                "chain.crl-unusable",
                "when-its-signature-is-broken",
                "One bit flipped.",
            ),
            good,
            list().broken_signature(),
        )
        .verdict("accepted", "no"),
        with(
            Case::fires("chain.crl-unusable", "on-a-delta-list", "Changes only."),
            good,
            list().extension(delta),
        )
        .verdict("accepted", "no"),
        with(
            Case::fires(
                "chain.crl-unusable",
                "on-an-unknown-critical-extension",
                "What cannot be evaluated must not be used.",
            ),
            good,
            list().extension(unknown.clone()),
        )
        .verdict("accepted", "no"),
        with(
            Case::fires(
                "chain.crl-unusable",
                "when-the-issuer-may-not-sign-lists",
                "keyUsage without cRLSign.",
            ),
            &no_crl_sign,
            Crl::by(&no_crl_sign.issuing),
        )
        .verdict("accepted", "no"),
        with(
            Case::silent(
                "chain.crl-unusable",
                "on-an-unknown-extension-that-is-not-critical",
                "It may be ignored.",
            ),
            good,
            list().extension(Extension {
                critical: false,
                ..unknown
            }),
        )
        .verdict("accepted", "yes"),
    ]
}

fn incomplete(good: &Chain) -> Vec<Case> {
    let list = || Crl::by(&good.issuing);
    vec![
        with(
            Case::fires(
                "chain.crl-incomplete",
                "without-a-number",
                "RFC 5280, section 5.2.3.",
            ),
            good,
            list().without(oid::CRL_NUMBER),
        )
        .verdict("accepted", "no"),
        with(
            Case::fires(
                "chain.crl-incomplete",
                "without-an-authority-key-identifier",
                "RFC 5280, section 5.2.1.",
            ),
            good,
            list().without(oid::AUTHORITY_KEY_ID),
        )
        .verdict("accepted", "no"),
        with(
            Case::silent(
                "chain.crl-incomplete",
                "without-a-number-of-an-own-ca",
                "Own CAs leave it out, and clients take the list.",
            ),
            good,
            list().without(oid::CRL_NUMBER),
        )
        .profile("private")
        .verdict("accepted", "yes"),
    ]
}
