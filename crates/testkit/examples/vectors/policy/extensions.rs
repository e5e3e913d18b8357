//! Vectors of the rules about extensions.

use crate::case::Case;
use keyway_testkit::{Chain, Extension, GeneralName, HOST, KeyUsage, der, oid};

pub(crate) fn cases() -> Vec<Case> {
    [marks(), contents(), forms(), policies(), ecosystem()]
        .into_iter()
        .flatten()
        .collect()
}

fn marks() -> Vec<Case> {
    vec![
        Case::fires(
            "policy.wrongly-critical",
            "for-the-authority-key-identifier",
            "Never critical.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.critical(oid::AUTHORITY_KEY_ID, true)
        }))
        .verdict("accepted", "no"),
        Case::fires(
            "policy.wrongly-critical",
            "for-the-distribution-points-of-a-public-ca",
            "Never critical there.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.critical(oid::CRL_DISTRIBUTION_POINTS, true)
        }))
        .verdict("accepted", "no"),
        Case::silent(
            "policy.wrongly-critical",
            "for-the-distribution-points-by-rfc-5280",
            "It only says SHOULD.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.critical(oid::CRL_DISTRIBUTION_POINTS, true)
        }))
        .verdict("accepted", "yes")
        .profile("rfc5280"),
        Case::silent(
            "policy.wrongly-critical",
            "for-the-key-usage",
            "It should be.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.critical(oid::KEY_USAGE, true)
        }))
        .verdict("accepted", "yes"),
        Case::fires(
            "policy.not-critical",
            "for-the-basic-constraints-of-a-ca",
            "Always critical.",
        )
        .chain(&Chain::with_issuing(|ca| {
            ca.critical(oid::BASIC_CONSTRAINTS, false)
        }))
        .verdict("accepted", "no"),
        Case::silent(
            "policy.not-critical",
            "for-the-basic-constraints-of-a-leaf",
            "It is no CA.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.critical(oid::BASIC_CONSTRAINTS, false)
        }))
        .verdict("accepted", "yes"),
        Case::silent("policy.not-critical", "with-an-own-ca", "Many are made so.")
            .chain(&Chain::with_issuing(|ca| {
                ca.critical(oid::BASIC_CONSTRAINTS, false)
            }))
            .verdict("accepted", "yes")
            .profile("private"),
        Case::fires("policy.critical-eku", "in-a-leaf", "Never there.")
            .chain(&Chain::with_leaf(|leaf| {
                leaf.critical(oid::EXTENDED_KEY_USAGE, true)
            }))
            .verdict("accepted", "no"),
        Case::fires("policy.critical-eku", "in-an-intermediate", "Nor there.")
            .chain(&Chain::with_issuing(|ca| {
                ca.critical(oid::EXTENDED_KEY_USAGE, true)
            }))
            .verdict("accepted", "no"),
        Case::silent(
            "policy.critical-eku",
            "in-an-intermediate-by-rfc-5280",
            "There it may be.",
        )
        .chain(&Chain::with_issuing(|ca| {
            ca.critical(oid::EXTENDED_KEY_USAGE, true)
        }))
        .verdict("accepted", "yes")
        .profile("rfc5280"),
        Case::fires(
            "policy.name-constraints-not-critical",
            "in-an-intermediate",
            "Clients obey them all the same.",
        )
        .chain(&Chain::with_issuing(|ca| {
            ca.name_constraints(&[GeneralName::dns("example.com")], &[])
                .critical(oid::NAME_CONSTRAINTS, false)
        }))
        .verdict("accepted", "yes"),
        Case::silent(
            "policy.name-constraints-not-critical",
            "when-they-are",
            "As RFC 5280 demands.",
        )
        .chain(&Chain::with_issuing(|ca| {
            ca.name_constraints(&[GeneralName::dns("example.com")], &[])
        }))
        .verdict("accepted", "yes"),
    ]
}

fn contents() -> Vec<Case> {
    vec![
        Case::fires(
            "policy.unknown-critical",
            "for-an-extension-of-ones-own",
            "Nobody knows it.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.extension(own(true))))
        .verdict("accepted", "no"),
        Case::fires(
            "policy.unknown-critical",
            "for-an-extension-of-ones-own-in-a-root",
            "There too.",
        )
        .chain(&Chain::with_root(|root| root.extension(own(true))))
        .verdict("accepted", "no"),
        Case::fires(
            "policy.unknown-critical",
            "for-inhibit-any-policy-in-a-ca",
            "The standard wants it critical, and rustls-webpki does not know it.",
        )
        .chain(&Chain::with_issuing(|ca| {
            let none = der::integer(0);
            ca.extension(Extension::new(oid::INHIBIT_ANY_POLICY, true, none))
        }))
        .verdict("accepted", "no"),
        Case::silent(
            "policy.unknown-critical",
            "when-it-is-not-critical",
            "It is passed over.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.extension(own(false))))
        .verdict("accepted", "yes"),
        Case::fires("policy.precertificate", "with-the-poison", "From a log.")
            .chain(&Chain::with_leaf(|leaf| {
                leaf.without(oid::SCT_LIST).extension(Extension::new(
                    oid::CT_POISON,
                    true,
                    der::null(),
                ))
            }))
            .verdict("accepted", "no"),
        Case::silent("policy.precertificate", "with-timestamps", "The final one.")
            .chain(&Chain::with_leaf(|leaf| leaf.scts(2)))
            .verdict("accepted", "yes"),
        Case::fires(
            "policy.duplicate-extension",
            "for-key-usage-twice",
            "Once from the request, once from the CA.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.repeated_extension(Extension::key_usage(&[KeyUsage::DigitalSignature]))
        }))
        .verdict("accepted", "no"),
        Case::silent("policy.duplicate-extension", "for-two-kinds", "Each once.")
            .chain(&Chain::with_leaf(|leaf| leaf.extension(own(false))))
            .verdict("accepted", "yes"),
        Case::fires(
            "policy.unreadable-extension",
            "with-a-byte-after-its-value",
            "The names are there, and one byte too many.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.extension(with_a_byte_more())))
        .verdict("accepted", "no"),
        Case::fires(
            "policy.unreadable-extension",
            "for-an-own-ca-too",
            "OpenSSL reads all of it or nothing.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.extension(with_a_byte_more())))
        .profile("private")
        .verdict("accepted", "no"),
        Case::fires(
            "policy.unreadable-extension",
            "for-the-places-of-the-issuer",
            "No list.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.extension(Extension::new(
                oid::AUTHORITY_INFO_ACCESS,
                false,
                vec![0x30, 5, 1],
            ))
        }))
        .verdict("accepted", "no"),
        Case::silent(
            "policy.unreadable-extension",
            "of-a-kind-that-nobody-knows",
            "There is nothing to compare with.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.extension(Extension::new(
                "1.3.6.1.4.1.32473.1",
                false,
                vec![0x30, 5, 1],
            ))
        }))
        .verdict("accepted", "yes"),
        Case::fires(
            "policy.leaf-name-constraints",
            "in-a-leaf",
            "It issues nothing.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.name_constraints(&[GeneralName::dns("example.com")], &[])
        }))
        .verdict("accepted", "no"),
        Case::silent(
            "policy.leaf-name-constraints",
            "in-a-ca",
            "There they belong.",
        )
        .chain(&Chain::with_issuing(|ca| {
            ca.name_constraints(&[GeneralName::dns("example.com")], &[])
        }))
        .verdict("accepted", "yes"),
    ]
}

/// Extensions that do not have the form of their standard.
fn forms() -> Vec<Case> {
    let unreadable = |behaviour: &str, note: &'static str, extension: Extension| {
        Case::fires("policy.unreadable-extension", behaviour, note)
            .chain(&Chain::with_leaf(|leaf| leaf.extension(extension)))
            .verdict("accepted", "no")
    };
    let empty = |oid: &str| Extension::new(oid, false, der::sequence::<Vec<u8>>(&[]));
    let ninth = der::sequence(&[GeneralName::dns(HOST).der(), der::implicit(9, b"?")]);
    let registered = der::sequence(&[GeneralName::dns(HOST).der(), der::implicit(8, &[0x2a, 3])]);
    vec![
        unreadable(
            "with-a-name-of-a-ninth-kind",
            "GeneralName ends at 8.",
            Extension::new(oid::SUBJECT_ALT_NAME, false, ninth),
        ),
        Case::silent(
            "policy.unreadable-extension",
            "with-a-name-of-the-eighth-kind",
            "A registeredID names nothing that clients look for.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.extension(Extension::new(oid::SUBJECT_ALT_NAME, false, registered))
        })),
        unreadable(
            "without-any-policy",
            "The list may be absent, not empty.",
            empty(oid::CERTIFICATE_POLICIES),
        ),
        unreadable(
            "without-any-access",
            "Nothing to ask for.",
            empty(oid::AUTHORITY_INFO_ACCESS),
        ),
        unreadable(
            "without-any-distribution-point",
            "No list to fetch.",
            empty(oid::CRL_DISTRIBUTION_POINTS),
        ),
        unreadable(
            "with-a-key-identifier-of-no-octets",
            "It identifies nothing.",
            Extension::subject_key_id(&[]),
        ),
    ]
}

fn policies() -> Vec<Case> {
    const ANY: &str = "2.5.29.32.0";
    let listed = |case: Case, policies: &[&str]| {
        case.chain(&Chain::with_leaf(|leaf| {
            leaf.extension(Extension::certificate_policies(policies))
        }))
    };
    let mapped = |case: Case, from: &str, to: &str| {
        let pair = der::sequence(&[der::oid(from), der::oid(to)]);
        let value = der::sequence(&[pair]);
        case.chain(&Chain::with_issuing(|ca| {
            ca.extension(Extension::new("2.5.29.33", false, value))
        }))
    };
    let own = "1.3.6.1.4.1.32473.2";
    vec![
        listed(
            Case::fires("policy.repeated-policy", "in-a-leaf", "Twice the same."),
            &[oid::DOMAIN_VALIDATED, own, own],
        )
        .verdict("accepted", "no"),
        listed(
            Case::silent("policy.repeated-policy", "with-two-policies", "Each once."),
            &[oid::DOMAIN_VALIDATED, own],
        )
        .verdict("accepted", "yes"),
        mapped(
            Case::fires(
                "policy.any-policy-mapped",
                "to-a-policy-of-ones-own",
                "All of them would be one.",
            ),
            ANY,
            own,
        )
        .verdict("accepted", "no"),
        mapped(
            Case::silent(
                "policy.any-policy-mapped",
                "between-two-policies",
                "What mappings are for.",
            ),
            oid::DOMAIN_VALIDATED,
            own,
        ),
    ]
}

fn ecosystem() -> Vec<Case> {
    vec![
        Case::fires(
            "policy.must-staple",
            "with-the-feature-status-request",
            "RFC 7633.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.extension(Extension::must_staple())
        }))
        .verdict("accepted", "yes"),
        Case::fires(
            "policy.development",
            "by-a-development-ca",
            "Its issuer says so.",
        )
        .chain(&Chain::with_issuing(|issuing| {
            issuing.cn("mkcert development CA")
        }))
        .verdict("accepted", "yes"),
        Case::silent(
            "policy.development",
            "by-a-ca-with-the-word-in-its-name",
            "No maker of development CAs calls its own so.",
        )
        .chain(&Chain::with_issuing(|issuing| {
            issuing.cn("Real Estate Development CA")
        }))
        .verdict("accepted", "yes"),
        Case::silent(
            "policy.must-staple",
            "with-another-feature",
            "status_request_v2 (17) alone.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.extension(Extension::new(
                oid::TLS_FEATURE,
                false,
                der::sequence(&[der::integer(17)]),
            ))
        }))
        .verdict("accepted", "yes"),
        Case::fires("policy.no-sct", "without-timestamps", "Browsers want them.")
            .chain(&Chain::with_leaf(|leaf| leaf.without(oid::SCT_LIST)))
            .verdict("accepted", "yes"),
        Case::silent("policy.no-sct", "with-timestamps", "Two logs.")
            .chain(&Chain::with_leaf(|leaf| leaf.scts(2)))
            .verdict("accepted", "yes"),
        Case::fires(
            "policy.no-reserved-policy",
            "with-a-policy-of-ones-own",
            "Not from a public CA.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.extension(Extension::certificate_policies(&["1.3.6.1.4.1.32473.2"]))
        }))
        .verdict("accepted", "yes"),
        Case::silent(
            "policy.no-reserved-policy",
            "with-organization-validation",
            "One of four.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.extension(Extension::certificate_policies(&[
                oid::ORGANIZATION_VALIDATED,
            ]))
        }))
        .verdict("accepted", "yes"),
    ]
}

/// An extension under the number that RFC 5612 sets aside for documentation.
fn own(critical: bool) -> Extension {
    Extension::new("1.3.6.1.4.1.32473.1", critical, der::null())
}

fn with_a_byte_more() -> Extension {
    let mut names = Extension::subject_alt_name(&[GeneralName::dns(HOST)]);
    names.value.push(0);
    names
}
