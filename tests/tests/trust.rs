//! Properties of trust: the order of roots, their copies and strangers among them change no answer,
//! for chains of several shapes.
#![allow(clippy::unwrap_used)]

use std::sync::LazyLock;

use keyway_report::Verdict;
use keyway_testkit::{Certificate, Chain, HOST, KeyKind, NOW};
use keyway_tests::heap::{Question, bundle};
use proptest::prelude::*;
use proptest::sample::Index;

/// A chain: what a server is given, and roots of which any one is enough.
struct Shape {
    name: &'static str,
    /// The leaf first.
    certificates: Vec<Certificate>,
    roots: Vec<Certificate>,
}

impl Shape {
    fn of(name: &'static str, chain: Chain) -> Self {
        Self {
            name,
            certificates: vec![chain.leaf, chain.issuing, chain.policy],
            roots: vec![chain.root],
        }
    }

    /// A young root that an old one signed as well: either is an end of the path.
    fn cross_signed() -> Self {
        let old = Certificate::root("Old Root").key(KeyKind::Rsa2048).build();
        let young = Certificate::root("Young Root").key(KeyKind::P384).build();
        let issuing = young.issue_ca("Young Issuing CA").path_len(0).build();
        Self {
            name: "cross-signed",
            certificates: vec![
                issuing.issue(HOST).build(),
                issuing,
                old.cross_sign(&young).build(),
            ],
            roots: vec![young, old],
        }
    }

    /// A root that issues its leaves itself.
    fn own() -> Self {
        let root = Certificate::root("Own CA").build();
        Self {
            name: "own CA",
            certificates: vec![root.issue(HOST).build()],
            roots: vec![root],
        }
    }
}

static SHAPES: LazyLock<[Shape; 4]> = LazyLock::new(|| {
    [
        Shape::of("EC", Chain::good()),
        Shape::of("RSA", Chain::rsa()),
        Shape::cross_signed(),
        Shape::own(),
    ]
});

/// Roots that none of the shapes needs: of other names, of a shape's name with another key, and expired
/// ones with a shape's name and key.
static STRANGERS: LazyLock<Vec<Certificate>> = LazyLock::new(|| {
    let roots = [
        Certificate::root("Other Root").build(),
        Certificate::root("Expired Root").not_after(NOW - 1).build(),
        Certificate::root("Rsa Root").key(KeyKind::Rsa2048).build(),
    ];
    let namesakes = SHAPES.iter().flat_map(|shape| &shape.roots).map(|root| {
        Certificate::root("Namesake")
            .subject(root.subject().clone())
            .issuer_named(root.subject().clone())
            .build()
    });
    let twins = SHAPES.iter().flat_map(|shape| &shape.roots);
    let twins = twins.map(|root| root.draft().not_after(NOW - 1).build());
    roots.into_iter().chain(namesakes).chain(twins).collect()
});

/// A shape, its files, and whom to trust, in two orders. Which of a shape's roots are trusted, how
/// often, and whether its issuer was sent are chosen too.
#[derive(Debug, Clone)]
struct Trust {
    shape: usize,
    files: Vec<String>,
    is_whole: bool,
    roots: Vec<Vec<u8>>,
    shuffled: Vec<Vec<u8>>,
    is_trusted: bool,
}

fn trust() -> impl Strategy<Value = Trust> {
    let copies = prop::collection::vec(0..3_usize, 2);
    let strangers = prop::collection::vec(any::<Index>(), 0..5);
    (0..SHAPES.len(), copies, strangers, any::<bool>()).prop_flat_map(
        |(shape, copies, strangers, is_whole)| {
            let Shape {
                certificates,
                roots,
                ..
            } = &SHAPES[shape];
            let kept = if is_whole { certificates.len() } else { 1 };
            let mut files: Vec<String> =
                certificates[..kept].iter().map(Certificate::pem).collect();
            files.push(certificates[0].key_pem());
            let own = roots.iter().zip(&copies);
            let own = own.flat_map(|(root, &copies)| vec![root.der().to_vec(); copies]);
            let own: Vec<Vec<u8>> = own.collect();
            let is_trusted = !own.is_empty();
            let strangers = strangers
                .iter()
                .map(|index| index.get(&STRANGERS).der().to_vec());
            let roots: Vec<Vec<u8>> = own.into_iter().chain(strangers).collect();
            (
                Just(files).prop_shuffle(),
                Just(roots.clone()).prop_shuffle(),
            )
                .prop_map(move |(files, shuffled)| Trust {
                    shape,
                    files,
                    is_whole: is_whole || kept == certificates.len(),
                    roots: roots.clone(),
                    shuffled,
                    is_trusted,
                })
        },
    )
}

fn accepted(files: &[String], roots: &[Vec<u8>]) -> (Verdict, String) {
    let roots: Vec<&[u8]> = roots.iter().map(Vec::as_slice).collect();
    let report = Question::trusting(&roots, HOST, NOW).report(&bundle(files));
    (report.verdicts.accepted, report.to_json(true))
}

#[test]
fn every_shape_is_accepted_with_any_of_its_roots() {
    for Shape {
        name,
        certificates,
        roots,
    } in SHAPES.iter()
    {
        let files: Vec<String> = certificates.iter().map(Certificate::pem).collect();
        for root in roots {
            let (verdict, report) = accepted(&files, &[root.der().to_vec()]);
            assert_eq!(verdict, Verdict::Yes, "{name} {report}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 256,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_order_of_roots_their_copies_and_strangers_change_no_answer(trust in trust()) {
        let name = SHAPES[trust.shape].name;
        let (first, report) = accepted(&trust.files, &trust.roots);
        let (second, other) = accepted(&trust.files, &trust.shuffled);
        prop_assert_eq!(first, second, "{}: {} {}", name, report, other);
        prop_assert_eq!(
            first == Verdict::Yes,
            trust.is_trusted && trust.is_whole,
            "{}: {}",
            name,
            report
        );
    }
}
