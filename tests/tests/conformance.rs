//! The outside suites, judged by the whole of `read` and `check`. Sources and licences are beside
//! the cases in `suites/`.

use std::collections::BTreeMap;

use keyway_chain::algorithms::Algorithms;
use keyway_chain::name::Host;
use keyway_chain::{
    Anchors, CheckOptions, Input, Profile, Purpose, ReadOptions, Report, algorithms, check, read,
};
use keyway_report::{Timestamp, Verdict};
use keyway_tests::suites::limbo::{Case, PeerName};
use keyway_tests::suites::{badssl, limbo, pem};
use serde::Deserialize;

/// Roots that rustls-webpki cannot take as anchors, by the case that trusts them: nothing can chain to
/// them. In any other case that would be a hole in the test.
const UNUSABLE_ROOTS: &[&str] = &[];

fn anchors<'a>(id: &str, ders: impl IntoIterator<Item = &'a [u8]>) -> Anchors {
    let mut anchors = Anchors::none();
    let mut refused = Vec::new();
    for der in ders {
        let bundle = read(
            &[Input {
                name: "root",
                bytes: der,
            }],
            &ReadOptions::default(),
        )
        .expect("within limits");
        assert!(!bundle.certificates.is_empty(), "{id}: an unreadable root");
        let held = bundle.certificates.into_iter();
        refused.extend(held.filter_map(|held| anchors.add(held.certificate).err()));
    }
    assert_eq!(
        !refused.is_empty(),
        UNUSABLE_ROOTS.contains(&id),
        "{id}: {refused:?}"
    );
    anchors
}

/// What the case asks for. An e-mail address is no host: `exceptions.json` says what follows.
fn hosts(case: &Case) -> Vec<Host> {
    let names = case.peer_name.iter().chain(&case.peer_names);
    names
        .filter_map(|name| match name {
            PeerName::Dns(name) | PeerName::Ip(name) => Some(Host::parse(name).expect("a host")),
            PeerName::Email(_) => None,
        })
        .collect()
}

/// The purpose that the case asks for; without one, what its kind of peer implies.
fn purpose(case: &Case) -> Purpose {
    let asked: Vec<&str> = case.extended_key_usage.iter().map(String::as_str).collect();
    match (asked.as_slice(), case.server) {
        (["serverAuth"] | [], true) => Purpose::Server,
        (["clientAuth"] | [], false) => Purpose::Client,
        other => panic!("{}: no purpose of ours: {other:?}", case.id),
    }
}

fn judge_limbo(case: &Case, algorithms: Algorithms<'_>) -> Report {
    let anchors = anchors(&case.id, case.trusted.iter().map(AsRef::as_ref));
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
    // The one usage that a peer in TLS needs; our rules ask for it in any case.
    assert!(
        case.key_usage
            .iter()
            .all(|usage| usage == "digitalSignature"),
        "{}: {:?}",
        case.id,
        case.key_usage
    );
    let bundle = read(&inputs, &ReadOptions::default()).expect("within limits");
    let hosts = hosts(case);
    let now = Timestamp::from_seconds(case.at);
    let mut options = CheckOptions::new(now, &anchors, algorithms);
    options.hosts = &hosts;
    options.max_intermediates = case
        .max_chain_depth
        .map(|depth| u8::try_from(depth).expect("a small limit"));
    options.purpose = purpose(case);
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

/// Both ways to verify signatures: AWS-LC's, and the one in pure Rust that runs in browsers.
fn providers() -> [Algorithms<'static>; 2] {
    [algorithms::aws_lc_rs(), algorithms::rustcrypto()]
}

/// Every argued difference is one, and no other is.
fn conforms(cases: &[Case], exceptions: &[Exception]) {
    let argued: BTreeMap<&str, &str> = exceptions
        .iter()
        .map(|e| (e.id.as_str(), e.why.as_str()))
        .collect();
    let mut wrong = Vec::new();
    let asked = cases
        .iter()
        .flat_map(|case| providers().map(|provider| (case, provider)));
    for (case, algorithms) in asked {
        let report = judge_limbo(case, algorithms);
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

/// Every bad case, and the code that names its fault. A good case has no line, save the one that is
/// argued.
const BADSSL_CAUSES: &[(&str, &str)] = &[
    ("self-signed", "chain.self-signed-leaf"),
    ("incomplete-chain", "chain.missing-intermediate"),
    ("reversed-chain", "chain.leaf-not-first"),
    ("sha1-2017", "policy.weak-signature"),
    // Their issuers are not sent; authorityCertIssuer shows that they are roots.
    ("dsdtestprovider", "chain.unknown-root"),
    ("preact-cli", "chain.unknown-root"),
    ("a.b", "name.mismatch"),
    ("10000-sans", "chain.beyond-verifier"),
];

/// Good cases of which the suite wants something noted.
const BADSSL_NOTED: &[(&str, &str)] = &[("no-sct", "policy.no-sct")];

#[test]
fn badssl_chains_are_judged_and_their_fault_is_named() {
    let cases = badssl::cases();
    assert_eq!(cases.len(), 16);
    for (id, _) in BADSSL_CAUSES {
        assert!(cases.iter().any(|case| case.id == *id), "{id} is no case");
    }
    let exceptions = argued(include_str!("../suites/badssl/exceptions.json"));
    assert!(exceptions.len() <= 1, "one is argued, and no more");
    let mut wrong = Vec::new();
    let asked = cases
        .iter()
        .flat_map(|case| providers().map(|provider| (case, provider)));
    for (case, algorithms) in asked {
        let root = read(
            &[Input {
                name: "root",
                bytes: &case.root,
            }],
            &ReadOptions::default(),
        )
        .expect("within limits");
        let anchors = anchors(
            &case.id,
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
        let mut options = CheckOptions::new(now, &anchors, algorithms);
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
        let argued = exceptions.iter().any(|exception| exception.id == case.id);
        let cause = BADSSL_CAUSES.iter().find(|(id, _)| *id == case.id);
        assert_eq!(
            cause.is_some(),
            !case.good || argued,
            "{}: a bad case has a cause, and no other",
            case.id
        );
        let noted = BADSSL_NOTED.iter().filter(|(id, _)| *id == case.id);
        let named = cause.is_none_or(|(_, cause)| codes.contains(cause))
            && noted.clone().all(|(_, code)| codes.contains(code));
        if (fine != case.good) != argued || !named {
            wrong.push(format!(
                "{}: good {}, argued {argued}, found {codes:?} {:?}",
                case.id, case.good, report.verdicts
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
