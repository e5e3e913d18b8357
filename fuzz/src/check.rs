//! Checking whatever could be read.

use std::sync::LazyLock;

use keyway_chain::name::Host;
use keyway_chain::rules::Aspect;
use keyway_chain::x509::Certificate;
use keyway_chain::{
    Anchors, CheckOptions, Input, Profile, Purpose, ReadOptions, Report, algorithms,
    check as check_bundle, read,
};
use keyway_report::{Timestamp, Verdict};

use crate::PASSWORD;
use crate::material::{self, ROOT};
use crate::oracle::{self, Question};

/// The name in the seeds' certificates.
const HOST: &str = "www.example.com";
/// A moment at which the seeds' certificates are valid: 2026-11-23.
const NOW: i64 = 1_795_392_000;
const YEAR: i64 = 365 * 86_400;

/// The test root alone, and Mozilla's roots with it.
static ANCHORS: LazyLock<[Anchors; 2]> = LazyLock::new(|| {
    let root = || Certificate::read(ROOT).expect("the test root");
    [Anchors::none(), Anchors::mozilla()].map(|mut anchors| {
        anchors.add(root()).expect("the test root is an anchor");
        anchors
    })
});

/// What the first byte chooses, bit by bit.
struct Choice {
    question: Question,
    profile: Profile,
}

impl Choice {
    fn of(byte: u8) -> Self {
        let question = Question {
            mozilla: byte & 1 != 0,
            purpose: if byte & 2 == 0 {
                Purpose::Server
            } else {
                Purpose::Client
            },
            host: (byte & 4 != 0).then_some(HOST),
            now: NOW + [0, YEAR, -YEAR, i64::MAX / 2][usize::from(byte >> 6)],
            max_intermediates: (byte & 32 != 0).then_some(1),
        };
        Self {
            question,
            profile: [
                Profile::Webpki,
                Profile::Rfc5280,
                Profile::Private,
                Profile::Webpki,
            ][usize::from(byte >> 3 & 3)],
        }
    }
}

/// Options in the first byte, then a file, or pieces of good chains and a file: checking ends, says the same twice, never accepts what
/// rustls-webpki refuses, lists findings in order, and its verdicts are what its findings say.
pub fn check(data: &[u8]) {
    let Some((&first, rest)) = data.split_first() else {
        return;
    };
    let Choice { question, profile } = Choice::of(first);
    let inputs: Vec<Input<'_>> = material::files(rest)
        .into_iter()
        .map(|bytes| Input {
            name: "input",
            bytes,
        })
        .collect();
    let options = ReadOptions {
        passwords: &[PASSWORD],
    };
    let Ok(bundle) = read(&inputs, &options) else {
        return;
    };
    let hosts = [Host::parse(HOST).expect("a DNS name")];
    let anchors = &ANCHORS[usize::from(question.mozilla)];
    let now = Timestamp::from_seconds(question.now);
    let options = CheckOptions {
        hosts: question.host.map_or(&[], |_| &hosts),
        purpose: question.purpose,
        profile,
        max_intermediates: question.max_intermediates,
        ..CheckOptions::new(now, anchors, algorithms::rustcrypto())
    };
    let report = check_bundle(&bundle, &options);
    let again = check_bundle(&bundle, &options);
    assert_eq!(
        report.to_json(false),
        again.to_json(false),
        "not the same twice"
    );
    findings_are_in_order(&report);
    verdicts_follow(&report);
    if report.verdicts.accepted == Verdict::Yes {
        oracle::accepts(&bundle, &report, &question);
    }
}

fn findings_are_in_order(report: &Report) {
    let position = |finding: &keyway_chain::Finding| {
        let at = &finding.at;
        (
            at.certificate.unwrap_or(usize::MAX),
            if at.input.is_some() { 0 } else { 1 },
            at.bytes.map_or(usize::MAX, |bytes| bytes[0]),
            finding.code(),
        )
    };
    assert!(report.findings.is_sorted_by_key(position));
}

/// An error finding turns its verdict to "no", and "yes" stands only without one.
fn verdicts_follow(report: &Report) {
    let verdicts = &report.verdicts;
    for finding in report
        .findings
        .iter()
        .filter(|finding| finding.kind.is_error())
    {
        let code = finding.code();
        let (verdict, decides_accepted) = match finding.kind.aspect() {
            Aspect::Reads => (verdicts.reads, false),
            Aspect::Pairs => (verdicts.pairs, false),
            Aspect::Chains => (verdicts.chains, true),
            Aspect::Named => (verdicts.named, true),
            Aspect::Timely => (verdicts.timely, true),
            Aspect::Fit => (verdicts.fit, true),
            Aspect::Serves => (Verdict::No, false),
        };
        // Without a leaf nothing about certificates is known.
        assert_ne!(verdict, Verdict::Yes, "{code}");
        assert_ne!(verdicts.servable, Verdict::Yes, "{code}");
        assert!(
            !decides_accepted || verdicts.accepted != Verdict::Yes,
            "{code}"
        );
    }
    if verdicts.servable == Verdict::Yes {
        assert!(!report.served().is_empty());
        assert_eq!(verdicts.pairs, Verdict::Yes);
    }
}
