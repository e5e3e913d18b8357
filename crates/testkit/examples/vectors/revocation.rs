//! Vectors of the rules about revocation lists.

use keyway_testkit::{
    Certificate, Chain, Crl, CrlDraft, DAY, Extension, Key, KeyKind, KeyUsage, NOW, OcspDraft,
    OcspResponse, der, oid,
};

use crate::case::Case;

pub(crate) fn cases() -> Vec<Case> {
    let good = Chain::good();
    [
        revoked(&good),
        dates(&good),
        several(&good),
        unusable(&good),
        incomplete(&good),
        ocsp(&good),
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
            Case::fires(
                "chain.revoked",
                "when-the-list-writes-its-serial-with-a-needless-zero",
                "The same number; rustls-webpki compares octets.",
            ),
            good,
            Crl::by(&good.issuing).revoke_serial(
                &[&[0], good.leaf.serial_bytes().as_slice()].concat(),
                NOW - 1,
                None,
            ),
        )
        .profile("private")
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

/// Lists that cover the same certificate.
fn several(good: &Chain) -> Vec<Case> {
    let current = || Crl::by(&good.issuing);
    let stale = || {
        current()
            .this_update(NOW - 9 * DAY)
            .next_update(Some(NOW - 1))
    };
    let case = |case: Case, lists: [CrlDraft; 2]| {
        let [first, second] = lists.map(|list| list.build().pem());
        case.chain(good)
            .input("first.crl", first)
            .input("second.crl", second)
    };
    vec![
        case(
            Case::silent(
                "chain.crl-out-of-date",
                "when-a-current-list-follows-the-stale-one",
                "rustls-webpki alone would ask the first.",
            ),
            [stale(), current()],
        )
        .verdict("accepted", "yes"),
        case(
            Case::silent(
                "chain.crl-out-of-date",
                "when-a-current-list-precedes-the-stale-one",
                "The order does not matter.",
            ),
            [current(), stale()],
        )
        .verdict("accepted", "yes"),
        case(
            Case::fires(
                "chain.crl-out-of-date",
                "when-both-lists-are-stale",
                "Neither says what is asked.",
            ),
            [stale(), stale().this_update(NOW - 8 * DAY)],
        )
        .verdict("accepted", "no"),
        case(
            Case::fires(
                "chain.crl-out-of-date",
                "when-the-current-list-is-not-the-issuers",
                "A list that nobody signed replaces nothing.",
            ),
            [stale(), current().broken_signature()],
        )
        .verdict("accepted", "no"),
        case(
            Case::fires(
                "chain.revoked",
                "when-only-the-stale-list-of-two-names-the-leaf",
                "What the issuer signed once counts.",
            ),
            [stale().revoke(&good.leaf), current()],
        )
        .verdict("accepted", "no"),
        case(
            Case::silent(
                "chain.crl-unusable",
                "beside-a-list-that-can-be-used",
                "The forged one stands first.",
            ),
            [current().broken_signature(), current()],
        )
        .verdict("accepted", "yes"),
        case(
            Case::fires(
                "chain.crl-passed-over",
                "when-stale-beside-a-current-one",
                "Nothing is wrong; it is only old.",
            ),
            [stale(), current()],
        )
        .verdict("accepted", "yes"),
        case(
            Case::fires(
                "chain.crl-passed-over",
                "when-unusable-beside-one-that-is-not",
                "One bit of its signature flipped.",
            ),
            [current(), current().broken_signature()],
        )
        .verdict("accepted", "yes"),
        case(
            Case::silent(
                "chain.crl-passed-over",
                "when-both-are-current",
                "The newer one is used; the older one says the same.",
            ),
            [current(), current().this_update(NOW - 2 * DAY)],
        )
        .verdict("accepted", "yes"),
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
            Case::fires(
                "chain.crl-unusable",
                "when-it-says-that-another-key-signed-it",
                "Its authority key identifier is not the issuer's.",
            ),
            good,
            list().extension(Extension::authority_key_id(&[0x5a; 20])),
        )
        .verdict("accepted", "no"),
        with(
            Case::fires(
                "chain.crl-unusable",
                "when-its-authority-key-identifier-is-critical",
                "RFC 5280, section 5.2.1, has it not critical.",
            ),
            good,
            list().extension(Extension {
                critical: true,
                ..Extension::authority_key_id(&good.issuing.key().id())
            }),
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

/// OCSP responses beside the chain.
fn ocsp(good: &Chain) -> Vec<Case> {
    let by_issuer = || OcspResponse::by(&good.issuing, &good.leaf);
    let case = |case: Case, response: OcspDraft| {
        case.chain(good).input("leaf.ocsp", response.build().der())
    };
    let responder = |purposes: &[&str]| {
        let draft = good.issuing.issue("ocsp.example.com");
        draft
            .extension(Extension::extended_key_usage(purposes))
            .build()
    };
    let named = responder(&[oid::OCSP_SIGNING]);
    vec![
        case(
            Case::fires(
                "chain.ocsp-revoked",
                "when-the-issuer-says-so",
                "For a compromised key.",
            ),
            by_issuer().revoked(),
        )
        .verdict("accepted", "no")
        .verdict("chains", "no"),
        case(
            Case::fires(
                "chain.ocsp-revoked",
                "when-a-responder-of-the-issuer-says-so",
                "The issuer's certificate for it lists id-kp-OCSPSigning.",
            ),
            by_issuer().revoked().signed_by(&named),
        )
        .verdict("accepted", "no"),
        case(
            Case::fires(
                "chain.ocsp-revoked",
                "when-an-intermediate-is-revoked",
                "By the CA above it.",
            ),
            OcspResponse::by(&good.policy, &good.issuing).revoked(),
        )
        .verdict("accepted", "no"),
        case(
            Case::fires(
                "chain.ocsp-revoked",
                "when-the-response-is-over",
                "What is revoked stays so.",
            ),
            by_issuer().revoked().next_update(Some(NOW - 1)),
        )
        .verdict("accepted", "no"),
        case(
            Case::silent(
                "chain.ocsp-revoked",
                "when-the-certificate-is-good",
                "The issuer signed it.",
            ),
            by_issuer(),
        )
        .verdict("accepted", "yes"),
        case(
            Case::silent(
                "chain.ocsp-revoked",
                "when-somebody-else-signed-it",
                "Anybody can write a response.",
            ),
            by_issuer().revoked().broken_signature(),
        ),
        case(
            Case::fires(
                "chain.ocsp-unusable",
                "when-another-certificate-of-the-issuer-signed-it",
                "Without id-kp-OCSPSigning a certificate speaks for nobody.",
            ),
            by_issuer().signed_by(&responder(&[oid::SERVER_AUTH])),
        )
        .verdict("accepted", "no"),
        case(
            Case::fires(
                "chain.ocsp-unusable",
                "when-it-is-about-another-certificate",
                "Of the same issuer.",
            ),
            OcspResponse::by(&good.issuing, &named),
        )
        .verdict("accepted", "no"),
        case(
            Case::fires(
                "chain.ocsp-unusable",
                "when-its-next-is-due",
                "nextUpdate was a second ago.",
            ),
            by_issuer().next_update(Some(NOW - 1)),
        )
        .verdict("accepted", "no"),
        case(
            Case::fires(
                "chain.ocsp-unusable",
                "when-dated-in-the-future",
                "thisUpdate is in a second.",
            ),
            by_issuer().this_update(NOW + 1),
        ),
        case(
            Case::fires(
                "chain.ocsp-unusable",
                "when-the-certificate-is-not-known",
                "Its status is unknown.",
            ),
            by_issuer().unknown(),
        ),
        case(
            Case::silent(
                "chain.ocsp-unusable",
                "in-the-second-that-its-next-is-due",
                "nextUpdate is now.",
            ),
            by_issuer().next_update(Some(NOW)),
        )
        .verdict("accepted", "yes"),
        case(
            Case::silent(
                "chain.ocsp-unusable",
                "without-a-next-one",
                "Newer word is there at all times.",
            ),
            by_issuer().next_update(None),
        ),
        case(
            Case::fires(
                "chain.ocsp-unusable",
                "when-it-is-old-and-names-no-next-one",
                "Ten days and a second.",
            ),
            by_issuer()
                .this_update(NOW - 10 * DAY - 1)
                .next_update(None),
        )
        .verdict("accepted", "no"),
        case(
            Case::silent(
                "chain.ocsp-unusable",
                "of-ten-days-without-a-next-one",
                "The longest that CAs may let one hold.",
            ),
            by_issuer().this_update(NOW - 10 * DAY).next_update(None),
        )
        .verdict("accepted", "yes"),
        Case::silent(
            "chain.ocsp-unusable",
            "as-a-pem-block",
            "Some servers take it so.",
        )
        .chain(good)
        .input("leaf.pem", by_issuer().build().pem())
        .verdict("accepted", "yes"),
        Case::fires(
            "pem.unreadable",
            "when-an-ocsp-responder-refused",
            "It says tryLater.",
        )
        .chain(good)
        .input("leaf.ocsp", OcspResponse::refused(3).der()),
    ]
}
