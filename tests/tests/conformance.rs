//! The outside suites, judged by the whole of `read` and `check`. Sources and licences are beside
//! the cases in `suites/`.

use std::collections::BTreeMap;

use keyway_chain::name::Host;
use keyway_chain::{
    Anchors, CheckOptions, Input, Profile, Purpose, ReadOptions, Report, algorithms, check, read,
};
use keyway_report::{Timestamp, Verdict};
use keyway_tests::suites::limbo::{Case, PeerName};
use keyway_tests::suites::{badssl, limbo, pem};
use serde::Deserialize;

fn anchors<'a>(ders: impl IntoIterator<Item = &'a [u8]>) -> Anchors {
    let mut anchors = Anchors::none();
    for der in ders {
        let bundle = read(
            &[Input {
                name: "root",
                bytes: der,
            }],
            &ReadOptions::default(),
        )
        .expect("within limits");
        for held in bundle.certificates {
            // One that webpki cannot take as an anchor is not trusted: nothing can chain to it.
            let _ = anchors.add(held.certificate);
        }
    }
    anchors
}

fn judge_limbo(case: &Case) -> Report {
    let anchors = anchors(case.trusted.iter().map(AsRef::as_ref));
    let mut inputs = vec![Input {
        name: "peer",
        bytes: &case.peer,
    }];
    inputs.extend(case.untrusted.iter().map(|der| Input {
        name: "untrusted",
        bytes: der,
    }));
    inputs.extend(case.crls.iter().map(|der| Input {
        name: "crl",
        bytes: der,
    }));
    let bundle = read(&inputs, &ReadOptions::default()).expect("within limits");
    let hosts: Vec<Host> = match &case.peer_name {
        Some(PeerName::Dns(name) | PeerName::Ip(name)) => vec![Host::parse(name).expect("a host")],
        _ => Vec::new(),
    };
    let now = Timestamp::from_seconds(case.at);
    let mut options = CheckOptions::new(now, &anchors, algorithms::aws_lc_rs());
    options.hosts = &hosts;
    options.max_intermediates = case
        .max_chain_depth
        .map(|depth| u8::try_from(depth).expect("a small limit"));
    if !case.server {
        options.purpose = Purpose::Client;
    }
    check(&bundle, &options)
}

/// A case in which we differ from the suite on purpose.
#[derive(Deserialize)]
struct Exception {
    id: String,
    why: String,
    /// Whether it is about e-mail names, which TLS servers do not have.
    #[serde(default)]
    email: bool,
}

/// The exceptions of a suite.
fn argued(json: &str) -> Vec<Exception> {
    let exceptions: Vec<Exception> = serde_json::from_str(json).expect("a list of exceptions");
    assert!(
        exceptions.iter().all(|e| e.why.len() > 80),
        "every exception is argued"
    );
    exceptions
}

/// Every argued difference is one, and no other is.
fn conforms(cases: &[Case], exceptions: &[Exception]) {
    let argued: BTreeMap<&str, &str> = exceptions
        .iter()
        .map(|e| (e.id.as_str(), e.why.as_str()))
        .collect();
    let mut wrong = Vec::new();
    for case in cases {
        let report = judge_limbo(case);
        let accepted = report.verdicts.accepted == Verdict::Yes;
        let differs = accepted != case.accepted;
        if differs != argued.contains_key(case.id.as_str()) {
            let codes: Vec<&str> = report
                .findings
                .iter()
                .map(keyway_report::Finding::code)
                .collect();
            let what = if differs {
                "differs"
            } else {
                "is a stale exception"
            };
            wrong.push(format!(
                "{} {what}: accepted is {accepted}, {codes:?}",
                case.id
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn limbo_core_is_answered_as_expected_save_argued_exceptions() {
    let exceptions = argued(include_str!("../suites/limbo/exceptions.json"));
    assert!(
        exceptions.iter().filter(|e| !e.email).count() <= 3,
        "at most three"
    );
    conforms(&limbo::core(), &exceptions);
}

#[test]
fn bettertls_is_answered_as_expected() {
    let cases = limbo::bettertls();
    assert_eq!(cases.len(), 519);
    conforms(&cases, &[]);
}

#[test]
fn pem_files_are_read_or_refused_as_openssl_does() {
    let cases = pem::readable();
    assert_eq!(cases.len(), 28);
    let wrong: Vec<String> = cases
        .into_iter()
        .filter(|case| {
            let passwords: Vec<&[u8]> = case.password.iter().map(|p| p.as_bytes()).collect();
            let input = Input {
                name: &case.file.name,
                bytes: &case.file.bytes,
            };
            let bundle = read(
                &[input],
                &ReadOptions {
                    passwords: &passwords,
                },
            )
            .unwrap();
            let readable = bundle.inputs[0]
                .blocks
                .first()
                .is_some_and(|block| block.readable);
            readable != case.readable
        })
        .map(|case| case.id)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn certificates_and_keys_pair_as_expected() {
    let cases = pem::matches();
    assert_eq!(cases.len(), 66);
    let wrong: Vec<String> = cases
        .into_iter()
        .filter(|case| {
            let inputs = [&case.certificate, &case.key].map(|file| Input {
                name: &file.name,
                bytes: &file.bytes,
            });
            let bundle = read(&inputs, &ReadOptions::default()).expect("within limits");
            let (anchors, now) = (Anchors::none(), Timestamp::from_seconds(limbo::AT));
            let report = check(
                &bundle,
                &CheckOptions::new(now, &anchors, algorithms::aws_lc_rs()),
            );
            report.verdicts.pairs != Verdict::known(case.pairs)
        })
        .map(|case| case.id)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn names_match_as_go_and_node_agree() {
    let cases = pem::names();
    assert_eq!(cases.len(), 263);
    let wrong: Vec<String> = cases
        .into_iter()
        .filter(|case| {
            let input = Input {
                name: &case.certificate.name,
                bytes: &case.certificate.bytes,
            };
            let bundle = read(&[input], &ReadOptions::default()).expect("within limits");
            let hosts: Vec<Host> = Host::parse(&case.host).into_iter().collect();
            let (anchors, now) = (Anchors::none(), Timestamp::from_seconds(limbo::AT));
            let mut options = CheckOptions::new(now, &anchors, algorithms::aws_lc_rs());
            options.hosts = &hosts;
            (check(&bundle, &options).verdicts.named == Verdict::Yes) != case.named
        })
        .map(|case| format!("{} {}", case.id, case.host))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// What the suite calls the fault, and the codes that name it.
const BADSSL_CAUSES: &[(&str, &[&str])] = &[
    ("self-signed", &["chain.self-signed-leaf"]),
    ("incomplete-chain", &["chain.missing-intermediate"]),
    ("reversed-chain", &["chain.leaf-not-first"]),
    ("sha1-2017", &["policy.weak-signature"]),
    (
        "dsdtestprovider",
        &[
            "chain.unknown-root",
            "chain.missing-intermediate",
            "chain.no-path",
        ],
    ),
    (
        "preact-cli",
        &[
            "chain.unknown-root",
            "chain.missing-intermediate",
            "chain.no-path",
        ],
    ),
    ("no-sct", &["policy.no-sct"]),
    ("a.b", &["name.mismatch"]),
    ("10000-sans", &["chain.beyond-verifier"]),
];

#[test]
fn badssl_chains_are_judged_and_their_fault_is_named() {
    let cases = badssl::cases();
    assert_eq!(cases.len(), 16);
    let exceptions = argued(include_str!("../suites/badssl/exceptions.json"));
    assert!(exceptions.len() <= 1, "one is argued, and no more");
    let mut wrong = Vec::new();
    for case in cases {
        let root = read(
            &[Input {
                name: "root",
                bytes: &case.root,
            }],
            &ReadOptions::default(),
        )
        .expect("within limits");
        let anchors = anchors(
            root.certificates
                .iter()
                .map(|held| held.certificate.der().as_ref()),
        );
        let mut inputs = vec![Input {
            name: "chain.pem",
            bytes: &case.chain,
        }];
        inputs.extend(case.key.as_deref().map(|bytes| Input {
            name: "key.pem",
            bytes,
        }));
        let bundle = read(&inputs, &ReadOptions::default()).expect("within limits");
        let hosts = [Host::parse(&case.host).unwrap()];
        let now = Timestamp::from_seconds(case.at);
        let mut options = CheckOptions::new(now, &anchors, algorithms::aws_lc_rs());
        options.hosts = &hosts;
        // The generator's CA is an own CA: two-year certificates, basicConstraints not critical.
        options.profile = Profile::Private;
        let report = check(&bundle, &options);
        let codes: Vec<&str> = report
            .findings
            .iter()
            .map(keyway_report::Finding::code)
            .collect();
        let fine = report.verdicts.accepted == Verdict::Yes && !report.has_errors();
        let named = BADSSL_CAUSES
            .iter()
            .find(|(id, _)| *id == case.id)
            .is_none_or(|(_, causes)| causes.iter().any(|cause| codes.contains(cause)));
        let argued = exceptions.iter().any(|exception| exception.id == case.id);
        if (fine != case.good) != argued || !named {
            wrong.push(format!(
                "{}: good {}, argued {argued}, found {codes:?} {:?}",
                case.id, case.good, report.verdicts
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
