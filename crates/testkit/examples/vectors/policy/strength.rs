//! Vectors of the rules about keys and signatures.

use crate::case::Case;
use keyway_testkit::{Chain, Digest, Draft, Key, KeyKind, SpkiFault, der, oid};

pub(crate) fn cases() -> Vec<Case> {
    [signatures(), parameters(), moduli(), curves()]
        .into_iter()
        .flatten()
        .collect()
}

fn signatures() -> Vec<Case> {
    vec![
        Case::fires(
            "policy.weak-signature",
            "with-sha-1-on-the-leaf",
            "Refused since 2017.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.digest(Digest::Sha1)))
        .verdict("accepted", "no"),
        Case::fires(
            "policy.weak-signature",
            "with-sha-1-on-an-intermediate",
            "Refused too.",
        )
        .chain(&Chain::with_issuing(|ca| ca.digest(Digest::Sha1)))
        .verdict("accepted", "no"),
        Case::silent(
            "policy.weak-signature",
            "with-sha-1-on-the-root",
            "A root is trusted, not verified.",
        )
        .chain(&Chain::with_root(|root| root.digest(Digest::Sha1)))
        .verdict("accepted", "yes"),
        Case::fires(
            "policy.unsupported-signature",
            "with-ecdsa-and-sha-224",
            "Sound, and nobody verifies it.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.inner_algorithm_der(&sha224())
                .outer_algorithm_der(&sha224())
        }))
        .verdict("chains", "unknown")
        .verdict("accepted", "no"),
        Case::silent(
            "policy.unsupported-signature",
            "with-ecdsa-and-sha-384",
            "A usual one.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.digest(Digest::Sha384)))
        .verdict("accepted", "yes"),
        Case::fires(
            "policy.signature-algorithms-differ",
            "inside-and-outside",
            "SHA-224 inside.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.inner_algorithm_der(&sha224())
        }))
        .verdict("accepted", "no"),
        Case::silent(
            "policy.signature-algorithms-differ",
            "from-the-issuers-own",
            "Other than on the certificate above.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.digest(Digest::Sha384)))
        .verdict("accepted", "yes"),
    ]
}

fn parameters() -> Vec<Case> {
    let ecdsa = der::sequence(&[der::oid("1.2.840.10045.4.3.2"), der::null()]);
    let signed = |chain: fn(Draft) -> Draft| {
        let base = Chain::rsa();
        let leaf = chain(base.leaf.draft()).build();
        Chain { leaf, ..base }
    };
    let bare_rsa = |leaf: Draft| {
        leaf.inner_algorithm_der(&rsa_without_null())
            .outer_algorithm_der(&rsa_without_null())
    };
    vec![
        Case::fires(
            "policy.algorithm-parameters",
            "for-ecdsa-with-null",
            "NULL is RSA's.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.inner_algorithm_der(&ecdsa).outer_algorithm_der(&ecdsa)
        }))
        .verdict("accepted", "no"),
        Case::fires(
            "policy.algorithm-parameters",
            "for-rsa-without-null",
            "RFC 4055 demands NULL of the CA.",
        )
        .chain(&signed(bare_rsa))
        .verdict("accepted", "no"),
        Case::silent(
            "policy.algorithm-parameters",
            "for-rsa-without-null-of-an-own-ca",
            "RFC 4055 demands of clients to read it.",
        )
        .chain(&signed(bare_rsa))
        .profile("private")
        .verdict("accepted", "yes"),
        Case::fires(
            "policy.algorithm-parameters",
            "for-an-rsa-key-without-null",
            "The key, not the signature.",
        )
        .chain(&signed(|leaf| {
            leaf.faulty_spki(SpkiFault::MissingParameters)
        }))
        .verdict("accepted", "no"),
        Case::silent(
            "policy.algorithm-parameters",
            "for-rsa-with-null",
            "As it must be.",
        )
        .chain(&Chain::rsa())
        .verdict("accepted", "yes"),
    ]
}

fn moduli() -> Vec<Case> {
    vec![
        Case::fires("policy.weak-key", "with-rsa-1024", "Too short.")
            .chain(&Chain::with_leaf(|leaf| leaf.key(KeyKind::Rsa1024)))
            .verdict("accepted", "no"),
        Case::fires("policy.weak-key", "with-dsa", "Gone from TLS.")
            .chain(&Chain::with_leaf(|leaf| leaf.spki_der(&dsa())))
            .verdict("accepted", "no"),
        Case::silent("policy.weak-key", "with-rsa-2048", "Long enough.")
            .chain(&Chain::with_leaf(|leaf| leaf.key(KeyKind::Rsa2048)))
            .verdict("accepted", "yes"),
        Case::fires(
            "policy.modulus-length",
            "of-2049-bits",
            "8 does not divide it.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.spki_der(&rsa(&[&[1], &[0xab; 256][..]].concat(), &[1, 0, 1]))
        }))
        .verdict("accepted", "no"),
        Case::silent("policy.modulus-length", "of-2056-bits", "8 divides it.")
            .chain(&Chain::with_leaf(|leaf| {
                leaf.spki_der(&rsa(&[0xab; 257], &[1, 0, 1]))
            }))
            .verdict("accepted", "yes"),
        Case::fires("policy.odd-exponent", "when-it-is-even", "65536.")
            .chain(&Chain::with_leaf(|leaf| {
                leaf.spki_der(&rsa(&[0xab; 256], &[1, 0, 0]))
            }))
            .verdict("accepted", "no"),
        Case::fires(
            "policy.odd-exponent",
            "when-it-is-one",
            "Everything signs itself.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.spki_der(&rsa(&[0xab; 256], &[1]))
        }))
        .verdict("accepted", "no"),
        Case::fires("policy.odd-exponent", "of-40-bits", "Libraries refuse it.")
            .chain(&Chain::with_leaf(|leaf| {
                leaf.spki_der(&rsa(&[0xab; 256], &[0x80, 0, 0, 0, 1]))
            }))
            .verdict("accepted", "no"),
        Case::fires(
            "policy.odd-exponent",
            "of-54-bits",
            "JSON cannot tell it from its neighbour.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.spki_der(&rsa(&[0xab; 256], &[0x20, 0, 0, 0, 0, 0, 1]))
        }))
        .verdict("accepted", "no"),
        Case::silent(
            "policy.odd-exponent",
            "of-33-bits",
            "The largest that libraries take.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.spki_der(&rsa(&[0xab; 256], &[1, 0, 0, 0, 1]))
        }))
        .verdict("accepted", "yes"),
        Case::fires("policy.small-exponent", "of-three", "Below 65537.")
            .chain(&Chain::with_leaf(|leaf| leaf.key(KeyKind::RsaExponent3)))
            .verdict("accepted", "yes"),
        Case::silent("policy.small-exponent", "of-65537", "The usual one.")
            .chain(&Chain::with_leaf(|leaf| leaf.key(KeyKind::Rsa2048)))
            .verdict("accepted", "yes"),
    ]
}

fn curves() -> Vec<Case> {
    vec![
        Case::fires("policy.weak-curve", "on-p-192", "Too weak.")
            .chain(&Chain::with_leaf(|leaf| leaf.spki_der(&ec(oid::P192, 48))))
            .verdict("accepted", "no"),
        Case::fires("policy.weak-curve", "on-secp256k1", "Not for the web.")
            .chain(&Chain::with_leaf(|leaf| {
                leaf.spki_der(&ec(oid::SECP256K1, 64))
            }))
            .verdict("accepted", "no"),
        Case::fires(
            "policy.weak-curve",
            "on-p-192-with-an-own-ca",
            "Too weak anywhere.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.spki_der(&ec(oid::P192, 48))))
        .verdict("accepted", "no")
        .profile("private"),
        Case::silent(
            "policy.weak-curve",
            "on-secp256k1-with-an-own-ca",
            "Strong enough, if its clients take it.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.spki_der(&ec(oid::SECP256K1, 64))
        }))
        .verdict("accepted", "yes")
        .profile("private"),
        Case::silent("policy.weak-curve", "on-p-521", "The third of three.")
            .chain(&Chain::with_leaf(|leaf| leaf.key(KeyKind::P521)))
            .verdict("accepted", "yes"),
        Case::fires(
            "policy.explicit-curve",
            "with-p-256-spelled-out",
            "By its numbers.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.faulty_spki(SpkiFault::ExplicitParameters)
        }))
        .verdict("accepted", "no"),
        Case::silent(
            "policy.explicit-curve",
            "with-p-256-by-name",
            "By its name.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.with_key(&Key::new(KeyKind::P256, "named"))
        }))
        .verdict("accepted", "yes"),
        Case::fires(
            "policy.key-algorithm",
            "for-ed25519",
            "Browsers do not verify it.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.key(KeyKind::Ed25519)))
        .verdict("accepted", "no"),
        Case::silent(
            "policy.key-algorithm",
            "for-ed25519-with-an-own-ca",
            "Its clients may.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.key(KeyKind::Ed25519)))
        .verdict("accepted", "yes")
        .profile("private"),
        Case::fires("policy.unreadable-key", "without-a-curve", "Which one?")
            .chain(&Chain::with_leaf(|leaf| {
                leaf.faulty_spki(SpkiFault::MissingParameters)
            }))
            .verdict("accepted", "no"),
        Case::silent(
            "policy.unreadable-key",
            "with-a-compressed-point",
            "Unusual, and readable.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.faulty_spki(SpkiFault::CompressedPoint)
        })),
    ]
}

/// ecdsa-with-SHA224.
fn rsa_without_null() -> Vec<u8> {
    der::sequence(&[der::oid("1.2.840.113549.1.1.11")])
}

fn sha224() -> Vec<u8> {
    der::sequence(&[der::oid("1.2.840.10045.4.3.1")])
}

fn rsa(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let key = der::sequence(&[der::unsigned(modulus), der::unsigned(exponent)]);
    spki(&[der::oid(oid::RSA), der::null()], &key)
}

fn dsa() -> Vec<u8> {
    let parameters = [&[0xab; 256][..], &[0xab; 32], &[2]].map(der::unsigned);
    let algorithm = [der::oid(oid::DSA), der::sequence(&parameters)];
    spki(&algorithm, &der::unsigned(&[0x7b; 256]))
}

/// Bytes where a point would be: nobody computes with a leaf's key here.
fn ec(curve: &str, bytes: usize) -> Vec<u8> {
    let point = [vec![4], vec![0x5a; bytes]].concat();
    spki(&[der::oid(oid::EC), der::oid(curve)], &point)
}

fn spki(algorithm: &[Vec<u8>], key: &[u8]) -> Vec<u8> {
    der::sequence(&[der::sequence(algorithm), der::bit_string(0, key)])
}
