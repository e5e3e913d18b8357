//! What a check costs inside a program, against the bare signature verifications it contains.
//!
//! Prints, round by round, nanoseconds of reading the file given, of checking what was read, and of
//! nothing but the signatures that the check asked its algorithms for: `READ CHECK SIGNATURES`.
//! `cargo xtask bench in-process` reads this.
#![allow(clippy::print_stdout)]

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use keyway_chain::algorithms::{Algorithms, aws_lc_rs};
use keyway_chain::{Anchors, Bundle, CheckOptions, Input, ReadOptions};
use keyway_report::Timestamp;
use keyway_testkit::{Certificate, Key, KeyKind};
use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm};

/// 2025-12-01T00:00:00Z, within the lifetimes of the public chains that are measured on.
const PUBLIC_NOW: i64 = 1_764_547_200;

/// Checks in one round, so that a round is far longer than the clock's grain.
const REPEAT: u32 = 20;

/// One signature that was asked for: key, message, signature.
type Question = [Vec<u8>; 3];

/// An algorithm that keeps what it was asked.
#[derive(Debug)]
struct Recorder {
    inner: &'static dyn SignatureVerificationAlgorithm,
    questions: Mutex<Vec<Question>>,
}

impl SignatureVerificationAlgorithm for Recorder {
    fn verify_signature(
        &self,
        key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let question = [key, message, signature].map(<[u8]>::to_vec);
        self.questions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(question);
        self.inner.verify_signature(key, message, signature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.inner.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.inner.signature_alg_id()
    }
}

/// What is measured on.
struct Material {
    bytes: Vec<u8>,
    anchors: Anchors,
    now: Timestamp,
}

impl Material {
    /// A file with a public chain, or a chain that is made here.
    fn named(name: &str) -> Self {
        match name {
            "rsa" => Self::made(KeyKind::Rsa2048),
            "ecdsa" => Self::made(KeyKind::P256),
            file => Self {
                bytes: std::fs::read(file).expect("the file can be read"),
                anchors: Anchors::mozilla(),
                now: Timestamp::from_seconds(PUBLIC_NOW),
            },
        }
    }

    /// A leaf and two intermediates with keys of this kind, below a root that is trusted beside
    /// Mozilla's.
    fn made(kind: KeyKind) -> Self {
        let key = |label: &str| Key::new(kind, label);
        let root = Certificate::root("Benchmark Root")
            .with_key(&key("0"))
            .build();
        let upper = root.issue_ca("Benchmark CA 1").with_key(&key("1")).build();
        let lower = upper
            .issue_ca("Benchmark CA 2")
            .path_len(0)
            .with_key(&key("2"))
            .build();
        let leaf = lower.issue("www.example.com").with_key(&key("3")).build();
        let mut anchors = Anchors::mozilla();
        let root = read(root.pem().as_bytes()).certificates.remove(0);
        anchors.add(root.certificate).expect("it is a root");
        Self {
            bytes: [leaf, lower, upper]
                .map(|made| made.pem())
                .concat()
                .into_bytes(),
            anchors,
            now: Timestamp::from_seconds(keyway_testkit::NOW),
        }
    }
}

fn main() {
    // `cargo test --benches` runs this without a chain: there is nothing to measure then.
    let mut arguments = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"));
    let Some(name) = arguments.next() else {
        return;
    };
    let rounds = arguments
        .next()
        .map_or(1, |word| word.parse().expect("rounds is a number"));
    let material = Material::named(&name);
    let recorders = record(&material);
    for round in 0..=rounds {
        let times = measure(&material, &recorders);
        // The first round warms up.
        if round > 0 {
            let nanos = times.map(|time| time.as_nanos().to_string());
            println!("{}", nanos.join(" "));
        }
    }
}

fn read(bytes: &[u8]) -> Bundle {
    let inputs = [Input {
        name: "input",
        bytes,
    }];
    keyway_chain::read(&inputs, &ReadOptions::default()).expect("within the limits")
}

/// Checks once. Whether a path was found: a check that gives up early would look fast.
fn accepts(bundle: &Bundle, material: &Material, algorithms: Algorithms<'_>) -> bool {
    let options = CheckOptions::new(material.now, &material.anchors, algorithms);
    keyway_chain::check(bundle, &options).verdicts.chains == keyway_report::Verdict::Yes
}

/// Checks once with algorithms that keep every question.
fn record(material: &Material) -> Vec<Recorder> {
    let recorders: Vec<Recorder> = aws_lc_rs()
        .iter()
        .map(|&inner| Recorder {
            inner,
            questions: Mutex::default(),
        })
        .collect();
    let algorithms: Vec<&dyn SignatureVerificationAlgorithm> =
        recorders.iter().map(|recorder| recorder as _).collect();
    assert!(
        accepts(&read(&material.bytes), material, &algorithms),
        "the chain does not chain"
    );
    recorders
}

/// Verifies the kept signatures and does nothing else.
fn replay(recorders: &[Recorder]) {
    for recorder in recorders {
        let questions = recorder
            .questions
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for [key, message, signature] in questions.iter() {
            assert!(
                recorder
                    .inner
                    .verify_signature(key, message, signature)
                    .is_ok()
            );
        }
    }
}

/// The time of reading, of checking and of the signatures alone, one after the other: each finds the
/// machine as the others left it, as in a program that does more than to verify signatures.
fn measure(material: &Material, recorders: &[Recorder]) -> [Duration; 3] {
    let mut times = [Duration::ZERO; 3];
    for _ in 0..REPEAT {
        let began = Instant::now();
        let bundle = read(&material.bytes);
        times[0] += began.elapsed();
        let began = Instant::now();
        assert!(accepts(&bundle, material, aws_lc_rs()));
        times[1] += began.elapsed();
        let began = Instant::now();
        replay(recorders);
        times[2] += began.elapsed();
    }
    times.map(|time| time / REPEAT)
}
