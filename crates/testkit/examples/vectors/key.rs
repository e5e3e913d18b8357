//! Vectors of the rules about private keys.

use keyway_testkit::{Chain, Key, KeyKind, der, pem};

use crate::case::Case;

/// An encrypted key, made with OpenSSL; its password is not among those tried.
const LOCKED: &[u8] = include_bytes!("../../../chain/tests/vectors/keys/p8-aes256-SHA256.pem");

/// A key, and its public half with the curve spelled out, both made with OpenSSL.
macro_rules! keys {
    ($name:literal) => {
        (
            include_bytes!(concat!("../../../chain/tests/vectors/keys/", $name, ".pem")).as_slice(),
            include_str!(concat!(
                "../../../chain/tests/vectors/keys/",
                $name,
                ".explicit.public.pem"
            )),
        )
    };
}

pub(crate) fn cases() -> Vec<Case> {
    let good = Chain::good();
    let own = good.key_pem();
    let other = Key::new(KeyKind::P256, "another server");
    let weak = Chain::with_leaf(|leaf| leaf.key(KeyKind::Rsa1024));
    let enough = Chain::with_leaf(|leaf| leaf.key(KeyKind::Rsa2048));
    let with = |case: Case, key: &str| case.chain(&good).input("key.pem", key);
    vec![
        with(
            Case::fires(
                "key.mismatch",
                "when-the-key-is-of-another-server",
                "Same algorithm, other key.",
            ),
            &other.pem(),
        )
        .verdict("pairs", "no")
        .verdict("accepted", "yes")
        .verdict("servable", "no"),
        with(
            Case::silent(
                "key.mismatch",
                "when-one-of-two-keys-belongs",
                "One is enough.",
            ),
            &[other.pem(), own.clone()].concat(),
        )
        .verdict("pairs", "yes"),
        spelled_out(
            "with-a-brainpool-curve-that-the-certificate-spells-out",
            keys!("brainpoolP256r1"),
        )
        .verdict("pairs", "yes"),
        spelled_out("with-a-curve-that-cannot-be-compared", keys!("sect283k1"))
            .verdict("pairs", "unknown"),
        Case::fires(
            "key.missing",
            "when-only-certificates-are-given",
            "Nothing to compare with.",
        )
        .chain(&good)
        .verdict("pairs", "unknown")
        .verdict("servable", "unknown"),
        Case::silent(
            "key.missing",
            "when-the-key-is-locked",
            "It is there; that it is locked is told by another rule.",
        )
        .chain(&good)
        .input("key.pem", LOCKED)
        .verdict("pairs", "unknown"),
        with(
            Case::fires(
                "key.another-first",
                "when-the-key-that-belongs-is-the-second",
                "Servers load the first.",
            ),
            &[other.pem(), own.clone()].concat(),
        )
        .verdict("servable", "no"),
        with(
            Case::silent(
                "key.another-first",
                "when-the-key-that-belongs-is-the-first",
                "It is the one that servers load.",
            ),
            &[own.clone(), other.pem()].concat(),
        )
        .verdict("servable", "yes"),
        with(
            Case::fires(
                "key.locked-first",
                "when-the-key-in-the-clear-is-the-second",
                "OpenSSL asks for the password of the first.",
            ),
            &[locked(), &own].concat(),
        )
        .verdict("pairs", "yes")
        .verdict("servable", "no"),
        with(
            Case::silent(
                "key.locked-first",
                "when-the-key-in-the-clear-is-the-first",
                "It is the one that servers load.",
            ),
            &[&own, locked()].concat(),
        )
        .verdict("servable", "yes"),
        with(
            Case::fires(
                "key.several",
                "when-two-keys-are-in-one-file",
                "The second belongs.",
            ),
            &[other.pem(), own.clone()].concat(),
        ),
        with(
            Case::silent(
                "key.several",
                "when-one-key-is-given-in-two-forms",
                "PKCS#8 and SEC1 of the same key.",
            ),
            &[own.clone(), good.leaf.key().traditional_pem()].concat(),
        ),
        Case::fires("key.weak", "on-rsa-1024", "Half of what is needed.")
            .chain(&weak)
            .input("key.pem", weak.key_pem())
            .verdict("servable", "no"),
        Case::silent("key.weak", "on-rsa-2048", "Just enough.")
            .chain(&enough)
            .input("key.pem", enough.key_pem())
            .verdict("servable", "yes"),
        with(
            Case::fires(
                "key.unsupported",
                "on-an-x25519-key",
                "Key agreement cannot sign.",
            ),
            &x25519(),
        ),
        with(
            Case::silent("key.unsupported", "on-p-384", "Every server loads it."),
            &Key::new(KeyKind::P384, "another server").pem(),
        ),
        with(
            Case::fires(
                "key.wrong-curve-encoding",
                "on-explicit-parameters",
                "The numbers of P-256 in place of its name.",
            ),
            &good.leaf.key().explicit_pem(),
        )
        .verdict("pairs", "yes")
        .verdict("servable", "no"),
        with(
            Case::silent(
                "key.wrong-curve-encoding",
                "on-a-named-curve",
                "The same key, its curve named.",
            ),
            &own,
        )
        .verdict("servable", "yes"),
    ]
}

/// [`LOCKED`] as text.
fn locked() -> &'static str {
    std::str::from_utf8(LOCKED).expect("PEM is ASCII")
}

/// The key names its curve, the certificate has its numbers.
fn spelled_out(behaviour: &str, (key, public): (&[u8], &str)) -> Case {
    let spki = pem::decode(public);
    let chain = Chain::with_leaf(|leaf| leaf.spki_der(&spki));
    Case::silent(
        "key.mismatch",
        behaviour,
        "The same point; the curve named here and spelled out there.",
    )
    .chain(&chain)
    .input("key.pem", key)
}

/// A key for key agreement (RFC 8410, section 7): 32 fixed bytes.
fn x25519() -> String {
    let algorithm = der::sequence(&[der::oid("1.3.101.110")]);
    let inner = der::octet_string(&der::octet_string(&[0x48; 32]));
    let key = der::sequence(&[der::integer(0), algorithm, inner]);
    pem::encode("PRIVATE KEY", &key)
}
