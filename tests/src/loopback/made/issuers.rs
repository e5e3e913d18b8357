//! What is in the certificates between.

use keyway_testkit::{
    Certificate, Chain, Digest, Draft, Extension, GeneralName, HOST, KeyUsage, NOW, Name, der, oid,
};

use super::{Case, issuing, of};

/// Bits of Netscape's type.
const SSL_CA: u8 = 5;
const MAIL_CA: u8 = 6;

/// The cases.
pub(super) fn cases() -> Vec<Case> {
    use KeyUsage as U;
    let policy = |name: &str, change: fn(Draft) -> Draft| of(name, &Chain::with_policy(change));
    let mut out = vec![
        issuing("a CA without key usage", |ca| ca.without(oid::KEY_USAGE)),
        issuing("a CA without key usage and path length", |ca| {
            ca.without(oid::KEY_USAGE).basic_constraints(true, None)
        }),
        issuing("a CA without keyCertSign", |ca| ca.key_usage(&[U::CrlSign])),
        issuing("a CA with an empty key usage", |ca| ca.key_usage(&[])),
        issuing("a CA whose key usage is not critical", |ca| {
            ca.critical(oid::KEY_USAGE, false)
        }),
        issuing("a CA whose constraints are not critical", |ca| {
            ca.critical(oid::BASIC_CONSTRAINTS, false)
        }),
        issuing("a CA without basic constraints", |ca| {
            ca.without(oid::BASIC_CONSTRAINTS)
        }),
        issuing("a CA that says it is none", |ca| {
            ca.basic_constraints(false, None)
        }),
        issuing("a CA without subject key identifier", |ca| {
            ca.without(oid::SUBJECT_KEY_ID)
        }),
        issuing("a CA without authority key identifier", |ca| {
            ca.without(oid::AUTHORITY_KEY_ID)
        }),
        issuing("a CA of Netscape's type for mail", |ca| {
            ca.extension(Extension::netscape_type(&[MAIL_CA]))
        }),
        issuing("a CA by Netscape's type alone", |ca| {
            ca.without(oid::KEY_USAGE)
                .without(oid::BASIC_CONSTRAINTS)
                .extension(Extension::netscape_type(&[SSL_CA]))
        }),
        issuing("a CA for any purpose", |ca| {
            ca.eku(&[oid::ANY_EXTENDED_KEY_USAGE])
        }),
        issuing("a CA for clients", |ca| ca.eku(&[oid::CLIENT_AUTH])),
        issuing("a CA without purposes", |ca| {
            ca.without(oid::EXTENDED_KEY_USAGE)
        }),
        issuing("a CA of version 1", Draft::version_one),
        issuing("a CA with a critical extension of its own", |ca| {
            ca.extension(Extension::new("1.2.3.4", true, der::null()))
        }),
        issuing("a CA with an extension twice", |ca| {
            ca.repeated_extension(Extension::key_usage(&[U::KeyCertSign]))
        }),
        issuing("a CA with critical places of lists", |ca| {
            ca.critical(oid::CRL_DISTRIBUTION_POINTS, true)
        }),
        issuing("a CA of yesterday", |ca| ca.not_after(NOW - 86_400)),
        issuing("a CA of tomorrow", |ca| ca.not_before(NOW + 5 * 86_400)),
        issuing("a CA with unique identifiers", Draft::unique_ids),
        issuing("a CA with a negative serial number", |ca| {
            ca.serial_bytes(&[0xff, 1])
        }),
        issuing("a CA with a serial number of zero", |ca| {
            ca.serial_bytes(&[0])
        }),
        issuing("a CA with a broken signature", Draft::broken_signature),
        issuing("a CA signed with SHA-1", |ca| ca.digest(Digest::Sha1)),
        issuing("a CA without a name", |ca| ca.subject(Name::empty())),
        policy("a CA above without a name", |ca| ca.subject(Name::empty())),
        policy("a CA with a path length of 0 above another", |ca| {
            ca.path_len(0)
        }),
        policy("a CA for names in other domains", |ca| {
            ca.name_constraints(&[GeneralName::dns("example.org")], &[])
        }),
        policy("a CA for names in this domain", |ca| {
            ca.name_constraints(&[GeneralName::dns("example.com")], &[])
        }),
        policy("a CA for addresses only", |ca| {
            ca.name_constraints(
                &[GeneralName::Network(
                    "10.0.0.0".parse().expect("v4"),
                    "255.0.0.0".parse().expect("v4"),
                )],
                &[],
            )
        }),
        policy("a CA for e-mail addresses only", |ca| {
            ca.name_constraints(&[GeneralName::Email("example.org".into())], &[])
        }),
        policy("a CA for one directory", |ca| {
            ca.name_constraints(&[GeneralName::Directory(Name::authority("x"))], &[])
        }),
        policy("a CA for one kind of locator", |ca| {
            ca.name_constraints(&[GeneralName::Uri("example.org".into())], &[])
        }),
        policy(
            "a CA whose constraints are not critical, for this domain",
            |ca| {
                ca.name_constraints(&[GeneralName::dns("example.com")], &[])
                    .critical(oid::NAME_CONSTRAINTS, false)
            },
        ),
        policy(
            "a CA whose constraints are not critical, for another domain",
            |ca| {
                ca.name_constraints(&[GeneralName::dns("example.org")], &[])
                    .critical(oid::NAME_CONSTRAINTS, false)
            },
        ),
    ];
    let dotted = Chain::assemble(
        |root| root,
        |ca| ca.name_constraints(&[GeneralName::dns(".example.com")], &[]),
        |ca| ca,
        |leaf| leaf.san_dns(&[HOST]),
    );
    out.push(of("a CA for names below a dot", &dotted));
    let common = Chain::assemble(
        |root| root,
        |ca| ca.name_constraints(&[GeneralName::dns("example.org")], &[]),
        |ca| ca,
        |leaf| leaf.without(oid::SUBJECT_ALT_NAME),
    );
    out.push(of("a common name outside of the CA's domain", &common));
    out
}

/// CAs that certify themselves anew: the standard counts them against no path length.
pub(super) fn renewed() -> Vec<Case> {
    let first = Certificate::root("Test Root X1").build();
    let itself = |above: &Certificate, key: &str| {
        let name = above.subject().clone();
        above.issue_ca(key).subject(name).build()
    };
    let below = |name: &str, root: &Certificate, above: Option<&Certificate>| {
        let last = above.unwrap_or(root);
        let new = itself(last, "anew");
        let leaf = new.issue(HOST).build();
        let sent = [Some(&leaf), Some(&new), above];
        Case::new(
            name,
            HOST,
            &sent.into_iter().flatten().collect::<Vec<_>>(),
            root,
        )
    };
    let ca = |limit: Option<u64>| {
        first
            .issue_ca("Test Issuing CA E1")
            .basic_constraints(true, limit)
            .build()
    };
    let root = |limit: u64| Certificate::root("Test Root X2").path_len(limit).build();
    vec![
        below("a CA anew below itself", &first, Some(&ca(None))),
        below(
            "a CA anew below itself with a path length of 0",
            &first,
            Some(&ca(Some(0))),
        ),
        below(
            "a CA anew below itself with a path length of 1",
            &first,
            Some(&ca(Some(1))),
        ),
        below("a root anew below itself", &first, None),
        below(
            "a root anew below itself with a path length of 0",
            &root(0),
            None,
        ),
        below(
            "a root anew below itself with a path length of 1",
            &root(1),
            None,
        ),
    ]
}

/// Two certificates of one CA and key, of which one has ended.
pub(super) fn twins() -> Vec<Case> {
    let good = Chain::good();
    let (leaf, new) = (&good.leaf, &good.issuing);
    let old = good
        .issuing
        .draft()
        .not_after(NOW - 86_400)
        .serial_bytes(&[0x11; 8])
        .build();
    let above = good
        .policy
        .draft()
        .not_after(NOW - 86_400)
        .serial_bytes(&[0x12; 8])
        .build();
    let elsewhere = Certificate::root("Another Root").build();
    let crossed = elsewhere.cross_sign(new).build();
    let send = |name: &str, sent: &[&Certificate]| Case::new(name, HOST, sent, &good.root);
    vec![
        send(
            "a CA behind its certificate by an unknown root",
            &[leaf, &crossed, new, &good.policy],
        ),
        send(
            "a CA behind its certificate by an unknown root that is sent",
            &[leaf, &crossed, &elsewhere, new, &good.policy],
        ),
        send(
            "a CA before its certificate by an unknown root",
            &[leaf, new, &crossed, &good.policy],
        ),
        send(
            "a renewed CA behind its expired certificate",
            &[leaf, &old, new, &good.policy],
        ),
        send(
            "a renewed CA before its expired certificate",
            &[leaf, new, &old, &good.policy],
        ),
        send(
            "a renewed CA, its expired certificate last",
            &[leaf, new, &good.policy, &old],
        ),
        send(
            "a renewed CA above behind its expired certificate",
            &[leaf, new, &above, &good.policy],
        ),
        send(
            "a renewed CA above before its expired certificate",
            &[leaf, new, &good.policy, &above],
        ),
        send("the root sent too", &[leaf, new, &good.policy, &good.root]),
        send(
            "a certificate of somebody else sent too",
            &[
                leaf,
                new,
                &good.policy,
                &Certificate::root("Stranger").build(),
            ],
        ),
        send(
            "the intermediates in the wrong order",
            &[leaf, &good.policy, new],
        ),
        send("an intermediate twice", &[leaf, new, new, &good.policy]),
        send("an intermediate missing", &[leaf, &good.policy]),
    ]
}
