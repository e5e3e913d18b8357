//! Vectors of the rules about the chain: order, gaps, signatures, limits.

use keyway_testkit::{
    Certificate, Chain, DAY, Draft, Extension, GeneralName, HOST, Key, KeyKind, KeyUsage, NOW,
    Name, der, oid, pkcs7,
};

use crate::case::Case;

pub(crate) fn cases() -> Vec<Case> {
    let good = Chain::good();
    [
        order(&good),
        extras(&good),
        gaps(&good),
        roots(&good),
        issuers(&good),
        signatures(&good),
        constraints(&good),
        limits(&good),
        twins(&good),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// One file of these certificates, and the chain's root to trust.
fn file(case: Case, chain: &Chain, certificates: &[&Certificate]) -> Case {
    case.input("fullchain.pem", pems(certificates))
        .roots(chain.root_pem())
}

fn pems(certificates: &[&Certificate]) -> String {
    certificates.iter().map(|c| c.pem()).collect()
}

fn order(c: &Chain) -> Vec<Case> {
    let bundle = pkcs7::certificates_only(&[&c.policy, &c.issuing, &c.leaf], &[]);
    let older = c
        .issuing
        .issue(HOST)
        .key(KeyKind::P384)
        .issued(NOW - 60 * DAY)
        .build();
    vec![
        Case::fires(
            "chain.split-files",
            "when-the-intermediates-are-in-a-file-of-their-own",
            "As CAs hand them out.",
        )
        .input("cert.pem", c.leaf.pem())
        .input("chain.pem", pems(&[&c.issuing, &c.policy]))
        .input("key.pem", c.key_pem())
        .roots(c.root_pem())
        .verdict("servable", "yes"),
        Case::silent(
            "chain.split-files",
            "when-one-of-the-files-is-whole",
            "As certbot writes them.",
        )
        .input("cert.pem", c.leaf.pem())
        .input("chain.pem", pems(&[&c.issuing, &c.policy]))
        .input("fullchain.pem", pems(&[&c.leaf, &c.issuing, &c.policy]))
        .input("key.pem", c.key_pem())
        .roots(c.root_pem())
        .verdict("servable", "yes"),
        file(
            Case::fires(
                "chain.leaf-not-first",
                "when-the-file-is-upside-down",
                "Root end first.",
            ),
            c,
            &[&c.policy, &c.issuing, &c.leaf],
        )
        .verdict("accepted", "yes")
        .verdict("servable", "no"),
        file(
            Case::fires(
                "chain.leaf-not-first",
                "when-its-predecessor-of-the-same-name-does",
                "The message tells the two apart by their digests.",
            ),
            c,
            &[&older, &c.leaf, &c.issuing, &c.policy],
        )
        .verdict("accepted", "yes")
        .verdict("servable", "no"),
        file(
            Case::silent(
                "chain.leaf-not-first",
                "when-only-the-intermediates-are-swapped",
                "The leaf stands first.",
            ),
            c,
            &[&c.leaf, &c.policy, &c.issuing],
        ),
        Case::silent(
            "chain.leaf-not-first",
            "in-a-pkcs7-bundle",
            "It holds a set, and has a finding of its own.",
        )
        .input("bundle.p7b", bundle.clone())
        .roots(c.root_pem())
        .verdict("accepted", "yes")
        .verdict("servable", "no"),
        Case::silent("chain.out-of-order", "in-a-pkcs7-bundle", "It holds a set.")
            .input("bundle.p7b", bundle)
            .roots(c.root_pem()),
        file(
            Case::fires(
                "chain.out-of-order",
                "when-the-intermediates-are-swapped",
                "Its issuer stands last.",
            ),
            c,
            &[&c.leaf, &c.policy, &c.issuing],
        )
        .verdict("accepted", "yes"),
        Case::silent(
            "chain.out-of-order",
            "between-files",
            "The order of files says nothing.",
        )
        .input("leaf.pem", c.leaf.pem())
        .input("chain.pem", pems(&[&c.policy, &c.issuing]))
        .roots(c.root_pem()),
    ]
}

fn extras(c: &Chain) -> Vec<Case> {
    let older = c
        .issuing
        .issue(HOST)
        .key(KeyKind::P384)
        .issued(NOW - 60 * DAY)
        .build();
    let elsewhere = c.issuing.issue("shop.example.net").build();
    let other = Certificate::root("Somebody Else").build();
    let cross = |draft: fn(Draft) -> Draft| draft(other.cross_sign(&c.root)).build();
    vec![
        file(
            Case::fires(
                "chain.duplicate",
                "when-the-leaf-stands-twice",
                "cert.pem and fullchain.pem joined.",
            ),
            c,
            &[&c.leaf, &c.leaf, &c.issuing, &c.policy],
        )
        .verdict("accepted", "yes"),
        Case::silent(
            "chain.duplicate",
            "between-files",
            "cert.pem and fullchain.pem side by side.",
        )
        .chain(c)
        .input("cert.pem", c.leaf.pem()),
        file(
            Case::fires(
                "chain.stranger",
                "on-a-ca-that-issued-nothing-here",
                "Left over from another CA.",
            ),
            c,
            &[&c.leaf, &c.issuing, &c.policy, &other],
        )
        .verdict("accepted", "yes"),
        file(
            Case::silent(
                "chain.stranger",
                "on-a-cross-signature-of-the-root",
                "Older clients may need it.",
            ),
            c,
            &[&c.leaf, &c.issuing, &c.policy, &cross(|draft| draft)],
        )
        .verdict("accepted", "yes"),
        file(
            Case::fires(
                "chain.second-leaf",
                "on-the-predecessor-of-a-renewed-certificate",
                "The later one is judged; it pairs with the key.",
            ),
            c,
            &[&c.leaf, &older, &c.issuing, &c.policy],
        )
        .input("key.pem", c.key_pem())
        .verdict("accepted", "yes")
        .verdict("servable", "yes"),
        file(
            Case::fires(
                "chain.second-leaf",
                "when-the-key-belongs-to-the-older-one",
                "What pairs with the key is what a server can show.",
            ),
            c,
            &[&older, &c.leaf, &c.issuing, &c.policy],
        )
        .input("key.pem", older.key_pem())
        .verdict("accepted", "yes")
        .verdict("servable", "yes"),
        file(
            Case::silent(
                "chain.second-leaf",
                "on-a-certificate-for-another-name",
                "It is a stranger.",
            ),
            c,
            &[&c.leaf, &elsewhere, &c.issuing, &c.policy],
        )
        .verdict("accepted", "yes"),
        file(
            Case::fires(
                "chain.stranger",
                "on-a-certificate-for-another-name",
                "It is no other certificate of this server.",
            ),
            c,
            &[&c.leaf, &elsewhere, &c.issuing, &c.policy],
        )
        .verdict("accepted", "yes"),
        file(
            Case::silent(
                "chain.stranger",
                "on-the-predecessor-of-a-renewed-certificate",
                "It has a finding of its own.",
            ),
            c,
            &[&c.leaf, &older, &c.issuing, &c.policy],
        )
        .verdict("accepted", "yes"),
        file(
            Case::fires(
                "chain.root-included",
                "when-the-root-is-in-the-file",
                "It is trusted already.",
            ),
            c,
            &[&c.leaf, &c.issuing, &c.policy, &c.root],
        )
        .verdict("accepted", "yes"),
        Case::silent(
            "chain.root-included",
            "when-the-root-has-a-file-of-its-own",
            "That is how CA files are kept.",
        )
        .chain(c)
        .input("ca.pem", c.root_pem()),
        file(
            Case::fires(
                "chain.expired-cross-sign",
                "when-the-cross-signature-is-over",
                "The path to the root itself holds.",
            ),
            c,
            &[
                &c.leaf,
                &c.issuing,
                &c.policy,
                &cross(|draft| draft.not_after(NOW - 1)),
            ],
        )
        .verdict("accepted", "yes"),
        file(
            Case::silent(
                "chain.expired-cross-sign",
                "in-its-last-second",
                "The cross-signature is valid through now.",
            ),
            c,
            &[
                &c.leaf,
                &c.issuing,
                &c.policy,
                &cross(|draft| draft.not_after(NOW)),
            ],
        )
        .verdict("accepted", "yes"),
    ]
}

/// Another certificate of the issuing CA, before and behind the one that holds.
fn twins(c: &Chain) -> Vec<Case> {
    let twin = c.policy.cross_sign(&c.issuing);
    let twin = twin.basic_constraints(false, None).build();
    let crossed = Certificate::root("Another Root").build();
    let crossed = crossed.cross_sign(&c.issuing).build();
    vec![
        file(
            Case::fires(
                "chain.twin-first",
                "on-one-by-an-unknown-root-before-one-that-leads-to-a-trusted-one",
                "OpenSSL and GnuTLS follow it to where nobody is trusted.",
            ),
            c,
            &[&c.leaf, &crossed, &c.issuing, &c.policy],
        )
        .input("key.pem", c.key_pem())
        .verdict("accepted", "yes")
        .verdict("servable", "no"),
        file(
            Case::silent(
                "chain.twin-first",
                "on-one-by-an-unknown-root-behind-one-that-leads-to-a-trusted-one",
                "It is never come to.",
            ),
            c,
            &[&c.leaf, &c.issuing, &c.policy, &crossed],
        )
        .input("key.pem", c.key_pem())
        .verdict("accepted", "yes")
        .verdict("servable", "yes"),
        file(
            Case::fires(
                "chain.twin-first",
                "on-one-that-is-no-ca-before-one-that-is",
                "OpenSSL and GnuTLS look at no other.",
            ),
            c,
            &[&c.leaf, &twin, &c.issuing, &c.policy],
        )
        .input("key.pem", c.key_pem())
        .verdict("accepted", "yes")
        .verdict("servable", "no"),
        file(
            Case::silent(
                "chain.twin-first",
                "on-one-that-is-no-ca-behind-one-that-is",
                "The first that fits holds.",
            ),
            c,
            &[&c.leaf, &c.issuing, &c.policy, &twin],
        )
        .input("key.pem", c.key_pem())
        .verdict("accepted", "yes")
        .verdict("servable", "yes"),
    ]
}

fn gaps(c: &Chain) -> Vec<Case> {
    let silent_ca = Chain::with_issuing(|ca| ca.without(oid::AUTHORITY_INFO_ACCESS));
    let without_policy = |case, chain: &Chain| file(case, chain, &[&chain.leaf, &chain.issuing]);
    vec![
        file(
            Case::fires(
                "chain.missing-intermediate",
                "when-the-leaf-stands-alone",
                "The usual accident.",
            ),
            c,
            &[&c.leaf],
        )
        .verdict("accepted", "no")
        .verdict("chains", "no"),
        without_policy(
            Case::fires(
                "chain.missing-intermediate",
                "when-the-last-says-where-its-issuer-is",
                "caIssuers names it.",
            ),
            c,
        )
        .verdict("accepted", "no"),
        Case::silent(
            "chain.missing-intermediate",
            "when-only-the-root-is-left-out",
            "As it should be.",
        )
        .chain(c)
        .verdict("accepted", "yes"),
        without_policy(
            Case::fires(
                "chain.no-path",
                "when-nothing-says-what-is-missing",
                "No caIssuers: an intermediate or a root.",
            ),
            &silent_ca,
        )
        .verdict("accepted", "no"),
        without_policy(
            Case::silent(
                "chain.no-path",
                "when-the-last-says-where-its-issuer-is",
                "Then it is a missing intermediate.",
            ),
            c,
        ),
    ]
}

fn roots(c: &Chain) -> Vec<Case> {
    let other = Certificate::root("Somebody Else").build();
    let own = Certificate::self_signed(HOST).build();
    // authorityCertIssuer equal to the issuer's own name: the issuer signed itself.
    let named = Chain::with_leaf(|leaf| {
        let issuer = Name::authority("Test Issuing CA E1");
        let directory = GeneralName::Directory(issuer).der();
        let value = der::sequence(&[der::tlv(0xa1, &directory), der::implicit(2, &[7])]);
        leaf.extension(Extension::new(oid::AUTHORITY_KEY_ID, false, value))
    });
    vec![
        Case::fires(
            "chain.unknown-root",
            "when-the-chain-ends-at-another-root",
            "Complete, and trusted by nobody here.",
        )
        .input(
            "fullchain.pem",
            pems(&[&c.leaf, &c.issuing, &c.policy, &c.root]),
        )
        .roots(other.pem())
        .verdict("accepted", "no")
        .verdict("chains", "no"),
        file(
            Case::fires(
                "chain.unknown-root",
                "when-the-leaf-says-that-its-issuer-signed-itself",
                "By authorityCertIssuer, though the root is not there.",
            ),
            &named,
            &[&named.leaf],
        )
        .verdict("accepted", "no"),
        Case::silent(
            "chain.unknown-root",
            "when-the-root-is-trusted",
            "The same file with its own root.",
        )
        .input(
            "fullchain.pem",
            pems(&[&c.leaf, &c.issuing, &c.policy, &c.root]),
        )
        .roots(c.root_pem())
        .verdict("accepted", "yes"),
        Case::fires(
            "chain.self-signed-leaf",
            "when-nobody-trusts-it",
            "It vouches for itself.",
        )
        .input("cert.pem", own.pem())
        .roots(c.root_pem())
        .verdict("accepted", "no"),
        Case::silent(
            "chain.self-signed-leaf",
            "when-it-is-itself-trusted",
            "The very certificate is among the roots.",
        )
        .input("cert.pem", own.pem())
        .roots(own.pem()),
        file(
            Case::fires(
                "chain.ca-as-leaf",
                "when-only-the-issuer-is-given",
                "The wrong file was taken.",
            ),
            c,
            &[&c.issuing, &c.policy],
        )
        .verdict("accepted", "no"),
        Case::silent(
            "chain.ca-as-leaf",
            "when-the-leaf-is-there-too",
            "CA certificates above a leaf.",
        )
        .chain(c),
    ]
}

fn issuers(c: &Chain) -> Vec<Case> {
    let no_ca = Chain::with_issuing(|ca| ca.basic_constraints(false, None));
    let no_sign =
        Chain::with_issuing(|ca| ca.key_usage(&[KeyUsage::DigitalSignature, KeyUsage::CrlSign]));
    let no_usage = Chain::with_issuing(|ca| ca.without(oid::KEY_USAGE));
    let too_many = Chain::with_policy(|ca| ca.path_len(0));
    let just = Chain::with_policy(|ca| ca.path_len(1));
    vec![
        Case::fires(
            "chain.not-a-ca",
            "when-an-issuer-says-ca-false",
            "A server certificate that issued another.",
        )
        .chain(&no_ca)
        .verdict("accepted", "no"),
        Case::silent(
            "chain.not-a-ca",
            "when-only-the-leaf-says-ca-false",
            "As it should.",
        )
        .chain(c),
        Case::fires(
            "chain.missing-key-cert-sign",
            "when-key-usage-is-for-other-things",
            "digitalSignature and cRLSign.",
        )
        .chain(&no_sign)
        .verdict("accepted", "no"),
        Case::silent(
            "chain.missing-key-cert-sign",
            "when-there-is-no-key-usage",
            "Absent means any.",
        )
        .chain(&no_usage),
        Case::fires(
            "chain.path-length",
            "when-one-more-follows-than-allowed",
            "pathLenConstraint 0 above another CA.",
        )
        .chain(&too_many)
        .verdict("accepted", "no"),
        Case::silent(
            "chain.path-length",
            "when-exactly-as-many-follow",
            "pathLenConstraint 1.",
        )
        .chain(&just)
        .verdict("accepted", "yes"),
        Case::fires(
            "chain.path-length",
            "when-more-than-were-asked-for",
            "Two intermediates, one asked for.",
        )
        .chain(c)
        .max_intermediates(1)
        .verdict("accepted", "no"),
        Case::silent(
            "chain.path-length",
            "when-as-many-as-were-asked-for",
            "Two intermediates, two asked for.",
        )
        .chain(c)
        .max_intermediates(2)
        .verdict("accepted", "yes"),
    ]
}

fn signatures(c: &Chain) -> Vec<Case> {
    let broken = Chain::with_leaf(Draft::broken_signature);
    let rekeyed = c
        .issuing
        .draft()
        .with_key(&Key::new(KeyKind::P256, "the next key"))
        .build();
    vec![
        Case::fires(
            "chain.bad-signature",
            "when-the-leaf-was-changed",
            "One bit of the signature flipped.",
        )
        .chain(&broken)
        .verdict("accepted", "no"),
        file(
            Case::fires(
                "chain.bad-signature",
                "when-the-issuer-has-another-key",
                "The same name, the CA's next key.",
            ),
            c,
            &[&c.leaf, &rekeyed, &c.policy],
        )
        .verdict("accepted", "no"),
        Case::fires(
            "chain.bad-signature",
            "when-the-issuers-key-is-too-short-to-verify-with",
            "Nobody looks whether it holds, which is said.",
        )
        .chain(&Chain::with_issuing(|ca| ca.key(KeyKind::Rsa1024)))
        .verdict("accepted", "no"),
        file(
            Case::silent(
                "chain.bad-signature",
                "when-the-right-issuer-is-there-too",
                "Both certificates of the CA.",
            ),
            c,
            &[&c.leaf, &rekeyed, &c.issuing, &c.policy],
        )
        .verdict("accepted", "yes"),
    ]
}

fn constraints(c: &Chain) -> Vec<Case> {
    let permitted =
        |name: &str| Chain::with_policy(|ca| ca.name_constraints(&[GeneralName::dns(name)], &[]));
    let excluded =
        |name: &str| Chain::with_policy(|ca| ca.name_constraints(&[], &[GeneralName::dns(name)]));
    let directory = Chain::with_policy(|ca| {
        let own = GeneralName::Directory(Name::empty());
        ca.name_constraints(&[own], &[])
    });
    let bounded = Chain::with_policy(|ca| {
        let base = GeneralName::dns("example.com").der();
        let subtree = der::sequence(&[base, der::implicit(0, &[0])]);
        let constraints = der::sequence(&[der::explicit(0, &subtree)]);
        ca.extension(Extension::new(oid::NAME_CONSTRAINTS, true, constraints))
    });
    let unread = Chain::with_policy(|ca| ca.path_len(256));
    let expired = Chain::with_leaf(|leaf| leaf.not_after(NOW - DAY));
    let bad = |case: Case, chain: &Chain| case.chain(chain).verdict("accepted", "no");
    let fine = |case: Case, chain: &Chain| case.chain(chain).verdict("accepted", "yes");
    vec![
        bad(
            Case::fires(
                "chain.name-constraints",
                "when-a-name-is-not-permitted",
                "Only example.org is.",
            ),
            &permitted("example.org"),
        ),
        bad(
            Case::fires(
                "chain.name-constraints",
                "when-a-name-is-excluded",
                "And all names below it.",
            ),
            &excluded("example.com"),
        ),
        fine(
            Case::silent(
                "chain.name-constraints",
                "when-all-names-are-permitted",
                "The name itself and one below.",
            ),
            &permitted("example.com"),
        ),
        fine(
            Case::silent(
                "chain.name-constraints",
                "when-a-similar-name-is-excluded",
                "ww.example.com is another label.",
            ),
            &excluded("ww.example.com"),
        ),
        bad(
            Case::fires(
                "chain.malformed-name-constraints",
                "on-a-leading-dot",
                "Only e-mail and URI constraints have one.",
            ),
            &permitted(".example.com"),
        ),
        bad(
            Case::fires(
                "chain.malformed-name-constraints",
                "on-a-minimum-distance",
                "RFC 5280 leaves no room for one; rustls-webpki does not read it.",
            ),
            &bounded,
        ),
        fine(
            Case::silent(
                "chain.malformed-name-constraints",
                "without-the-dot",
                "The name covers those below it anyway.",
            ),
            &permitted("example.com"),
        ),
        bad(
            Case::fires(
                "chain.beyond-verifier",
                "on-constraints-that-it-does-not-read",
                "An own CA is not held to the standard; rustls-webpki refuses it all the same.",
            )
            .profile("private"),
            &bounded,
        ),
        bad(
            Case::fires(
                "chain.beyond-verifier",
                "on-directory-name-constraints",
                "Every directory name is permitted; rustls-webpki compares none.",
            ),
            &directory,
        ),
        fine(
            Case::silent(
                "chain.beyond-verifier",
                "on-dns-name-constraints",
                "These it compares.",
            ),
            &permitted("example.com"),
        ),
        bad(
            Case::fires(
                "chain.verifier-disagrees",
                "on-a-path-length-of-256",
                "rustls-webpki reads one byte; the standard sets no limit.",
            ),
            &unread,
        ),
        bad(
            Case::silent(
                "chain.verifier-disagrees",
                "when-a-rule-says-why",
                "Expired: both say so.",
            ),
            &expired,
        ),
        Case::silent(
            "chain.beyond-verifier",
            "on-a-good-chain",
            "Nothing special.",
        )
        .chain(c),
    ]
}

fn limits(c: &Chain) -> Vec<Case> {
    // Every one has the issuer's name and a key that did not sign the leaf: two signatures each.
    let decoys = |count: usize| -> String {
        (0..count)
            .map(|number| {
                let key = Key::new(KeyKind::P256, &format!("decoy {number}"));
                c.root
                    .issue_ca("Test Issuing CA E1")
                    .with_key(&key)
                    .build()
                    .pem()
            })
            .collect()
    };
    let with = |case: Case, count| {
        let text = [c.leaf.pem(), decoys(count), pems(&[&c.issuing, &c.policy])].concat();
        case.input("heap.pem", text).roots(c.root_pem())
    };
    vec![
        with(
            Case::fires(
                "chain.limit-reached",
                "among-sixty-cas-of-one-name",
                "The right one comes last.",
            ),
            60,
        )
        .verdict("accepted", "unknown")
        .verdict("chains", "unknown"),
        with(
            Case::fires(
                "chain.limit-reached",
                "among-more-cas-of-one-name-than-are-tried",
                "The right one comes last, and nothing is said of the others' signatures.",
            ),
            119,
        )
        .verdict("accepted", "unknown")
        .verdict("chains", "unknown"),
        with(
            Case::silent(
                "chain.limit-reached",
                "among-ten-cas-of-one-name",
                "The right one is found.",
            ),
            10,
        )
        .verdict("accepted", "yes"),
    ]
}
