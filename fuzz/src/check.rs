//! Checking whatever could be read.

use std::sync::LazyLock;
use std::time::Duration;

use keyway_chain::check::Node;
use keyway_chain::name::Host;
use keyway_chain::rules::Aspect;
use keyway_chain::x509::Certificate;
use keyway_chain::{
    Anchors, Bundle, CheckOptions, Input, Profile, Purpose, ReadOptions, Report, algorithms,
    check as check_bundle, read,
};
use keyway_report::{Timestamp, Verdict};
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, KeyUsage};

use crate::PASSWORD;

/// The root of the seeds' chains.
static ROOT: &[u8] = include_bytes!("../material/root.der");
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
    mozilla: bool,
    purpose: Purpose,
    host: bool,
    profile: Profile,
    now: i64,
}

impl Choice {
    fn of(byte: u8) -> Self {
        Self {
            mozilla: byte & 1 != 0,
            purpose: if byte & 2 == 0 {
                Purpose::Server
            } else {
                Purpose::Client
            },
            host: byte & 4 != 0,
            profile: [
                Profile::Webpki,
                Profile::Rfc5280,
                Profile::Private,
                Profile::Webpki,
            ][usize::from(byte >> 3 & 3)],
            now: NOW + [0, YEAR, -YEAR, i64::MAX / 2][usize::from(byte >> 6)],
        }
    }
}

/// Options in the first byte, then a file: checking ends, says the same twice, never accepts what
/// rustls-webpki refuses, lists findings in order, and its verdicts are what its findings say.
pub fn check(data: &[u8]) {
    let Some((&first, file)) = data.split_first() else {
        return;
    };
    let choice = Choice::of(first);
    let input = Input {
        name: "input",
        bytes: file,
    };
    let options = ReadOptions {
        passwords: &[PASSWORD],
    };
    let Ok(bundle) = read(&[input], &options) else {
        return;
    };
    let hosts = [Host::parse(HOST).expect("a DNS name")];
    let anchors = &ANCHORS[usize::from(choice.mozilla)];
    let now = Timestamp::from_seconds(choice.now);
    let options = CheckOptions {
        hosts: if choice.host { &hosts } else { &[] },
        purpose: choice.purpose,
        profile: choice.profile,
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
        webpki_accepts(&bundle, &report, &choice);
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

/// The same question, put to rustls-webpki without our code between.
fn webpki_accepts(bundle: &Bundle, report: &Report, choice: &Choice) {
    let Some(Node::Held(leaf)) = report.path().nodes.first() else {
        panic!("accepted without a leaf");
    };
    let der =
        |index: usize| CertificateDer::from(bundle.certificates[index].certificate.der().as_ref());
    let others: Vec<CertificateDer<'_>> = (0..bundle.certificates.len())
        .filter(|index| index != leaf)
        .map(der)
        .collect();
    let root = CertificateDer::from(ROOT);
    let mut anchors: Vec<TrustAnchor<'_>> =
        vec![webpki::anchor_from_trusted_cert(&root).expect("the test root")];
    if choice.mozilla {
        anchors.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    let usage = match choice.purpose {
        Purpose::Server => KeyUsage::server_auth(),
        Purpose::Client => KeyUsage::client_auth(),
    };
    let seconds = u64::try_from(choice.now).expect("after 1970");
    let leaf = der(*leaf);
    let leaf = EndEntityCert::try_from(&leaf).expect("accepted, so webpki opens it");
    let verified = leaf.verify_for_usage(
        algorithms::rustcrypto(),
        &anchors,
        &others,
        UnixTime::since_unix_epoch(Duration::from_secs(seconds)),
        usage,
        None,
        None,
    );
    assert!(verified.is_ok(), "webpki refuses: {:?}", verified.err());
    if choice.host {
        let host = rustls_pki_types::ServerName::try_from(HOST).expect("a DNS name");
        let named = leaf.verify_is_valid_for_subject_name(&host);
        assert!(named.is_ok(), "webpki refuses: {named:?}");
    }
}
