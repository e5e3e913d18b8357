//! A heap of files in memory: read, checked and repaired in one call each, with counted work.

use std::sync::atomic::{AtomicUsize, Ordering};

use keyway_chain::name::Host;
use keyway_chain::x509::Certificate;
use keyway_chain::{
    Anchors, Bundle, CheckOptions, FixError, FixOptions, Input, ReadOptions, RepairedFile, Report,
    algorithms, check, fix, read,
};
use keyway_report::Timestamp;
use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm};

/// A verifier that counts how often it is asked.
#[derive(Debug)]
pub struct Counting {
    inner: &'static dyn SignatureVerificationAlgorithm,
    asked: AtomicUsize,
}

impl Counting {
    /// AWS-LC's verifiers, each with a counter at zero.
    pub fn all() -> Vec<Self> {
        let wrap = |inner: &&'static dyn SignatureVerificationAlgorithm| Self {
            inner: *inner,
            asked: AtomicUsize::new(0),
        };
        algorithms::aws_lc_rs().iter().map(wrap).collect()
    }

    /// Signatures computed by all of them.
    pub fn total(all: &[Self]) -> usize {
        all.iter()
            .map(|one| one.asked.load(Ordering::Relaxed))
            .sum()
    }
}

impl SignatureVerificationAlgorithm for Counting {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.inner.verify_signature(public_key, message, signature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.inner.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.inner.signature_alg_id()
    }
}

/// What a check of a heap depends on.
pub struct Question {
    anchors: Anchors,
    hosts: Vec<Host>,
    now: Timestamp,
}

impl Question {
    /// Trust this root, ask for this host, at this moment in seconds since 1970.
    pub fn new(root: &[u8], host: &str, now: i64) -> Self {
        Self::trusting(&[root], host, now)
    }

    /// The same, trusting these roots in this order.
    pub fn trusting(roots: &[&[u8]], host: &str, now: i64) -> Self {
        let mut anchors = Anchors::none();
        for root in roots {
            let root = Certificate::read(root).expect("a root of the kit");
            anchors.add(root).expect("a root of the kit");
        }
        Self {
            anchors,
            hosts: vec![Host::parse(host).expect("a host")],
            now: Timestamp::from_seconds(now),
        }
    }

    /// The report on a bundle.
    pub fn report(&self, bundle: &Bundle) -> Report {
        self.report_by(bundle, algorithms::aws_lc_rs())
    }

    /// The report on a bundle, with these algorithms.
    pub fn report_by(
        &self,
        bundle: &Bundle,
        algorithms: &[&dyn SignatureVerificationAlgorithm],
    ) -> Report {
        check(bundle, &self.options(algorithms))
    }

    /// The report on what a peer has sent, who has shown that it has the key.
    pub fn report_on_peer(&self, bundle: &Bundle) -> Report {
        let options = CheckOptions {
            key_is_proven: true,
            ..self.options(algorithms::aws_lc_rs())
        };
        check(bundle, &options)
    }

    fn options<'o>(
        &'o self,
        algorithms: &'o [&'o dyn SignatureVerificationAlgorithm],
    ) -> CheckOptions<'o> {
        CheckOptions {
            hosts: &self.hosts,
            ..CheckOptions::new(self.now, &self.anchors, algorithms)
        }
    }
}

/// Reads files: `0`, `1`, … are their names, `secret` is the password.
pub fn bundle<T: AsRef<[u8]>>(files: &[T]) -> Bundle {
    let names: Vec<String> = (0..files.len()).map(|index| index.to_string()).collect();
    let inputs: Vec<Input<'_>> = files
        .iter()
        .zip(&names)
        .map(|(bytes, name)| Input {
            name,
            bytes: bytes.as_ref(),
        })
        .collect();
    let options = ReadOptions {
        passwords: &[b"secret"],
    };
    read(&inputs, &options).expect("within the limits")
}

/// The repaired PEM files, by name; none where only CAs' certificates are left.
pub fn repaired(bundle: &Bundle, report: &Report) -> Vec<(String, String)> {
    let repair = match fix(bundle, report, &FixOptions::default()) {
        Err(FixError::NoServerCertificate | FixError::Unreadable) => return Vec::new(),
        repair => repair.expect("there is a certificate"),
    };
    let text = |file: &RepairedFile| String::from_utf8(file.bytes.to_vec()).expect("PEM is ASCII");
    let named = |file: &RepairedFile| (file.name.clone(), text(file));
    repair.files.iter().map(named).collect()
}
