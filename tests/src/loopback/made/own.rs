//! Servers that are their own CA.

use keyway_testkit::{Certificate, Chain, Draft, HOST, KeyKind, KeyUsage, oid};

use super::Case;

/// The cases.
pub(super) fn cases() -> Vec<Case> {
    use KeyUsage as U;
    let alone = |name: &str, change: fn(Draft) -> Draft| {
        let one = change(Certificate::self_signed(HOST)).build();
        Case::new(name, HOST, &[&one], &one)
    };
    let good = Chain::good();
    let (leaf, issuing, policy) = (&good.leaf, &good.issuing, &good.policy);
    let authority = Chain::with_leaf(|leaf| leaf.basic_constraints(true, None)).leaf;
    let stranger = Certificate::self_signed(HOST).build();
    vec![
        alone("a server that trusts itself", |one| one),
        alone(
            "a server that trusts itself, without basic constraints",
            |one| one.without(oid::BASIC_CONSTRAINTS),
        ),
        alone("a server that trusts itself, as OpenSSL makes it", |one| {
            let id = keyway_testkit::Key::new(KeyKind::P256, HOST).id();
            one.basic_constraints(true, None)
                .authority_key_id(&id)
                .without(oid::KEY_USAGE)
                .without(oid::EXTENDED_KEY_USAGE)
        }),
        alone("a server that trusts itself, as a CA with usages", |one| {
            one.basic_constraints(true, None)
                .key_usage(&[U::DigitalSignature, U::KeyCertSign])
        }),
        alone(
            "a server that trusts itself, with a common name alone",
            |one| {
                one.basic_constraints(true, None)
                    .without(oid::SUBJECT_ALT_NAME)
                    .without(oid::KEY_USAGE)
                    .without(oid::EXTENDED_KEY_USAGE)
            },
        ),
        Case::new(
            "a server that only itself vouches for",
            HOST,
            &[&stranger],
            &good.root,
        ),
        Case::new("a server that is trusted for itself", HOST, &[leaf], leaf),
        Case::new(
            "a server that is trusted for itself and sends its CAs",
            HOST,
            &[leaf, issuing, policy],
            leaf,
        ),
        Case::new(
            "a server that is trusted for itself and sends its root",
            HOST,
            &[leaf, issuing, policy, &good.root],
            leaf,
        ),
        Case::new(
            "a CA as server that is trusted for itself",
            HOST,
            &[&authority],
            &authority,
        ),
        Case::new("a CA that is trusted, not its root", HOST, &[leaf], issuing),
        Case::new(
            "a CA that is trusted, not its root, and is sent alone",
            HOST,
            &[leaf, issuing],
            issuing,
        ),
        Case::new(
            "a CA that is trusted, not its root, and sent is what is above",
            HOST,
            &[leaf, policy],
            issuing,
        ),
        Case::new(
            "a CA above that is trusted, not its root",
            HOST,
            &[leaf, issuing],
            policy,
        ),
        Case::new(
            "a CA above that is trusted, not its root, and is sent",
            HOST,
            &[leaf, issuing, policy],
            policy,
        ),
        Case::new(
            "a CA above that is trusted, not its root, and all is sent",
            HOST,
            &[leaf, issuing, policy, &good.root],
            policy,
        ),
        Case::new(
            "a CA that is trusted, not its root, and is sent",
            HOST,
            &[leaf, issuing, policy],
            issuing,
        ),
    ]
}
