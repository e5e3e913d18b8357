//! Vectors of the rules about purposes.

use crate::case::Case;
use keyway_testkit::{Chain, KeyUsage, oid};

/// anyExtendedKeyUsage.
const ANY_PURPOSE: &str = "2.5.29.37.0";

pub(crate) fn cases() -> Vec<Case> {
    [extended(), key_usage(), constraints()]
        .into_iter()
        .flatten()
        .collect()
}

fn extended() -> Vec<Case> {
    vec![
        Case::fires(
            "policy.no-server-auth",
            "for-a-client-certificate",
            "clientAuth alone.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.eku(&[oid::CLIENT_AUTH])))
        .verdict("accepted", "no"),
        Case::fires(
            "policy.no-server-auth",
            "for-an-empty-list",
            "No purpose at all.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.eku(&[])))
        .verdict("accepted", "no"),
        Case::fires(
            "policy.no-server-auth",
            "for-an-intermediate-for-clients",
            "What it issues is for clients.",
        )
        .chain(&Chain::with_issuing(|ca| ca.eku(&[oid::CLIENT_AUTH])))
        .verdict("accepted", "no"),
        Case::fires(
            "policy.no-server-auth",
            "for-a-public-intermediate-for-any-purpose",
            "Public clients look for the purpose itself.",
        )
        .chain(&Chain::with_issuing(|ca| ca.eku(&[ANY_PURPOSE])))
        .verdict("accepted", "no"),
        Case::silent(
            "policy.no-server-auth",
            "for-an-own-intermediate-for-any-purpose",
            "It limits nothing, but rustls-webpki looks for the purpose itself.",
        )
        .chain(&Chain::with_issuing(|ca| ca.eku(&[ANY_PURPOSE])))
        .verdict("accepted", "no")
        .profile("rfc5280"),
        Case::fires(
            "chain.beyond-verifier",
            "on-an-intermediate-for-any-purpose",
            "By RFC 5280 it limits nothing; rustls-webpki looks for the purpose itself.",
        )
        .chain(&Chain::with_issuing(|ca| ca.eku(&[ANY_PURPOSE])))
        .verdict("chains", "yes")
        .verdict("fit", "no")
        .verdict("accepted", "no")
        .profile("rfc5280"),
        Case::silent(
            "policy.no-server-auth",
            "among-other-purposes",
            "It is in the list.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.eku(&[oid::CLIENT_AUTH, oid::SERVER_AUTH])
        }))
        .verdict("accepted", "yes"),
        Case::fires("policy.missing-eku", "in-a-public-leaf", "Nothing is said.")
            .chain(&Chain::with_leaf(|leaf| {
                leaf.without(oid::EXTENDED_KEY_USAGE)
            }))
            .verdict("accepted", "no"),
        Case::silent(
            "policy.missing-eku",
            "with-an-own-ca",
            "RFC 5280 does not ask for it.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.without(oid::EXTENDED_KEY_USAGE)
        }))
        .verdict("accepted", "yes")
        .profile("private"),
        Case::fires("policy.any-purpose", "beside-server-auth", "Any, too.")
            .chain(&Chain::with_leaf(|leaf| {
                leaf.eku(&[oid::SERVER_AUTH, oid::ANY_EXTENDED_KEY_USAGE])
            }))
            .verdict("accepted", "no"),
        Case::silent(
            "policy.any-purpose",
            "in-an-intermediate",
            "The rule is about server certificates.",
        )
        .chain(&Chain::with_issuing(|ca| {
            ca.eku(&[oid::SERVER_AUTH, oid::ANY_EXTENDED_KEY_USAGE])
        }))
        .verdict("accepted", "yes"),
        Case::fires("policy.root-purposes", "in-a-root", "Even the right one.")
            .chain(&Chain::with_root(|root| root.eku(&[oid::SERVER_AUTH])))
            .verdict("accepted", "no"),
        Case::silent(
            "policy.root-purposes",
            "in-an-intermediate",
            "There it belongs.",
        )
        .chain(&Chain::with_issuing(|ca| ca.eku(&[oid::SERVER_AUTH])))
        .verdict("accepted", "yes"),
        Case::silent(
            "policy.root-purposes",
            "in-an-intermediate-that-is-trusted-itself",
            "It is no root, and must have it.",
        )
        .input("cert.pem", Chain::good().leaf.pem())
        .roots(Chain::good().issuing.pem())
        .verdict("accepted", "yes"),
        Case::fires(
            "policy.client-auth-reliance",
            "with-both-purposes",
            "As certificates were until 2026.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.eku(&[oid::SERVER_AUTH, oid::CLIENT_AUTH])
        }))
        .verdict("accepted", "yes"),
        Case::silent(
            "policy.client-auth-reliance",
            "for-servers-alone",
            "As they are now.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.eku(&[oid::SERVER_AUTH])))
        .verdict("accepted", "yes"),
        Case::fires(
            "policy.foreign-purposes",
            "with-code-signing",
            "Forbidden there.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.eku(&[oid::SERVER_AUTH, oid::CODE_SIGNING])
        }))
        .verdict("accepted", "yes"),
        Case::silent(
            "policy.foreign-purposes",
            "with-client-auth",
            "Allowed for now.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.eku(&[oid::SERVER_AUTH, oid::CLIENT_AUTH])
        }))
        .verdict("accepted", "yes"),
    ]
}

/// The chain in RSA with a leaf of this key usage.
fn rsa(bits: &[KeyUsage]) -> Chain {
    let chain = Chain::rsa();
    Chain {
        leaf: chain.leaf.draft().key_usage(bits).build(),
        ..chain
    }
}

fn key_usage() -> Vec<Case> {
    vec![
        Case::fires(
            "policy.missing-key-usage",
            "in-an-intermediate",
            "Required in every CA.",
        )
        .chain(&Chain::with_issuing(|ca| ca.without(oid::KEY_USAGE)))
        .verdict("accepted", "no"),
        Case::silent(
            "policy.missing-key-usage",
            "in-an-own-ca",
            "Many are made so, and clients let it pass.",
        )
        .chain(&Chain::with_issuing(|ca| ca.without(oid::KEY_USAGE)))
        .verdict("accepted", "yes")
        .profile("private"),
        Case::fires(
            "policy.root-without-key-usage",
            "in-a-public-root",
            "Clients trust it all the same.",
        )
        .chain(&Chain::with_root(|root| root.without(oid::KEY_USAGE)))
        .verdict("accepted", "yes"),
        Case::silent(
            "policy.root-without-key-usage",
            "in-an-intermediate",
            "That is worse, and told by another rule.",
        )
        .chain(&Chain::with_issuing(|ca| ca.without(oid::KEY_USAGE))),
        Case::silent(
            "policy.missing-key-usage",
            "in-a-leaf",
            "There it may be absent.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.without(oid::KEY_USAGE)))
        .verdict("accepted", "yes"),
        Case::fires("policy.key-usage-without-ca", "in-a-leaf", "It is no CA.")
            .chain(&Chain::with_leaf(|leaf| {
                leaf.key_usage(&[KeyUsage::DigitalSignature, KeyUsage::KeyCertSign])
            }))
            .verdict("accepted", "no"),
        Case::silent(
            "policy.key-usage-without-ca",
            "for-lists-alone",
            "cRLSign is no keyCertSign.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.key_usage(&[KeyUsage::DigitalSignature, KeyUsage::CrlSign])
        }))
        .verdict("accepted", "yes"),
        Case::fires(
            "policy.empty-key-usage",
            "without-any-bit",
            "Nothing is allowed.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.key_usage(&[])))
        .verdict("accepted", "no"),
        Case::fires(
            "policy.empty-key-usage",
            "for-an-own-ca-too",
            "OpenSSL refuses it, whoever issued it.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.key_usage(&[])))
        .profile("private")
        .verdict("accepted", "no"),
        Case::silent("policy.empty-key-usage", "with-one-bit", "One is enough.")
            .chain(&Chain::with_leaf(|leaf| {
                leaf.key_usage(&[KeyUsage::DigitalSignature])
            }))
            .verdict("accepted", "yes"),
        Case::fires(
            "policy.key-usage-mismatch",
            "for-key-encipherment-with-an-ec-key",
            "EC keys encrypt no keys.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.key_usage(&[KeyUsage::DigitalSignature, KeyUsage::KeyEncipherment])
        }))
        .verdict("accepted", "yes"),
        Case::silent(
            "policy.key-usage-mismatch",
            "for-key-encipherment-with-an-rsa-key",
            "RSA keys do.",
        )
        .chain(&rsa(&[
            KeyUsage::DigitalSignature,
            KeyUsage::KeyEncipherment,
        ]))
        .verdict("accepted", "yes"),
        Case::fires(
            "policy.key-usage-mismatch",
            "for-key-agreement-with-an-rsa-key",
            "RSA keys do not agree on anything.",
        )
        .chain(&rsa(&[KeyUsage::DigitalSignature, KeyUsage::KeyAgreement]))
        .verdict("accepted", "yes"),
        Case::silent(
            "policy.key-usage-mismatch",
            "for-key-agreement-with-an-ec-key",
            "EC keys can.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.key_usage(&[KeyUsage::DigitalSignature, KeyUsage::KeyAgreement])
        }))
        .verdict("accepted", "yes"),
        Case::fires(
            "policy.no-digital-signature",
            "for-key-encipherment-alone",
            "As for RSA key exchange.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.key_usage(&[KeyUsage::KeyEncipherment])
        }))
        .verdict("accepted", "no"),
        Case::fires(
            "policy.no-digital-signature",
            "for-key-agreement-alone",
            "As for fixed Diffie-Hellman, which no client offers.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.key_usage(&[KeyUsage::KeyAgreement])
        }))
        .verdict("accepted", "no"),
        Case::fires(
            "policy.no-digital-signature",
            "for-key-encipherment-alone-in-rsa",
            "It would do for TLS 1.2 without forward secrecy.",
        )
        .chain(&rsa(&[KeyUsage::KeyEncipherment]))
        .verdict("accepted", "no"),
        Case::fires(
            "policy.no-digital-signature",
            "with-an-own-ca",
            "Clients look at it whoever issued the certificate.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.key_usage(&[KeyUsage::KeyEncipherment])
        }))
        .verdict("accepted", "no")
        .profile("private"),
        Case::silent(
            "policy.no-digital-signature",
            "with-both-uses-of-an-rsa-key",
            "As most certificates with an RSA key have it.",
        )
        .chain(&rsa(&[
            KeyUsage::DigitalSignature,
            KeyUsage::KeyEncipherment,
        ]))
        .verdict("accepted", "yes"),
        Case::silent(
            "policy.no-digital-signature",
            "without-key-usage",
            "Everything is allowed.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.without(oid::KEY_USAGE)))
        .verdict("accepted", "yes"),
    ]
}

fn constraints() -> Vec<Case> {
    vec![
        Case::fires(
            "policy.missing-basic-constraints",
            "in-a-root",
            "It does not say that it is a CA.",
        )
        .chain(&Chain::with_root(|root| {
            root.without(oid::BASIC_CONSTRAINTS)
        }))
        .verdict("accepted", "no"),
        Case::silent(
            "policy.missing-basic-constraints",
            "in-a-leaf",
            "There it may be absent.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.without(oid::BASIC_CONSTRAINTS)
        }))
        .verdict("accepted", "yes"),
        Case::fires(
            "policy.path-length-without-ca",
            "in-a-leaf",
            "It issues nothing.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.basic_constraints(false, Some(0))
        }))
        .verdict("accepted", "no"),
        Case::silent(
            "policy.path-length-without-ca",
            "in-a-ca",
            "There it belongs.",
        )
        .chain(&Chain::with_issuing(|ca| ca.path_len(0)))
        .verdict("accepted", "yes"),
    ]
}
