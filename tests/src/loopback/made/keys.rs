//! Kinds of keys, and of signatures.

use keyway_testkit::{Chain, Digest, Draft, KeyKind};

use super::{Case, issuing, leaf, of, root};

/// The cases.
pub(super) fn cases() -> Vec<Case> {
    let kinds = [
        ("P-521", KeyKind::P521),
        ("Ed25519", KeyKind::Ed25519),
        ("RSA 1024", KeyKind::Rsa1024),
        ("RSA with exponent 3", KeyKind::RsaExponent3),
        ("RSA 3072", KeyKind::Rsa3072),
    ];
    let mut out = Vec::new();
    for (what, kind) in kinds {
        out.push(issuing(&format!("a CA with {what}"), |ca| ca.key(kind)));
        out.push(root(&format!("a root with {what}"), |root| root.key(kind)));
        if kind != KeyKind::Rsa1024 {
            out.push(leaf(&format!("a server with {what}"), |leaf| {
                leaf.key(kind)
            }));
        }
    }
    let pss = Chain::assemble(
        |root| root,
        |ca| ca,
        |ca| ca.key(KeyKind::Rsa2048),
        Draft::pss,
    );
    out.push(of("a leaf signed with PSS", &pss));
    let sha1 = Chain::assemble(
        |root| root,
        |ca| ca,
        |ca| ca.key(KeyKind::Rsa2048),
        |leaf| leaf.digest(Digest::Sha1),
    );
    out.push(of("a leaf signed with RSA and SHA-1", &sha1));
    out
}
