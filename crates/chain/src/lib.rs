//! Any heap of certificate files: read it, check it, explain it, repair it.
//!
//! ```text
//! files, stdin, paste -> read::read  -> Bundle  (blocks with places, certificates, keys, notes)
//! Bundle + options    -> check::check -> Report (facts, findings, verdicts)
//! Bundle + options    -> fix::fix    -> repaired files, and what was changed
//! ```
//!
//! Nothing here reads a clock, a file, a socket or an environment variable: bytes, the moment, the
//! trust anchors and the signature algorithms are arguments. By default it pulls in no C code and
//! nothing that talks to a network; the verifiers of AWS-LC (C) and of `RustCrypto` (pure Rust) and
//! Mozilla's roots are features.
//!
//! # Read, check, fix
//!
//! ```
//! # #[cfg(all(feature = "rustcrypto", feature = "mozilla-roots"))] {
//! use keyway_chain::{Anchors, CheckOptions, FixOptions, Input, ReadOptions, algorithms};
//! use keyway_chain::{check, fix, read};
//! use keyway_report::{Timestamp, Verdict};
//!
//! # let bytes = include_bytes!("../tests/vectors/keys/leaf.pem");
//! // Any number of files, in any form and any order.
//! let inputs = [Input { name: "heap.pem", bytes }];
//! let bundle = read(&inputs, &ReadOptions::default())?;
//!
//! let anchors = Anchors::mozilla();
//! let now = Timestamp::parse("2026-11-23")?;
//! let options = CheckOptions::new(now, &anchors, algorithms::rustcrypto());
//! let report = check(&bundle, &options);
//! for finding in report.findings.iter().filter(|finding| finding.kind.is_error()) {
//!     println!("{}", finding.code());
//! }
//! # // A certificate of a test CA.
//! assert_eq!(report.verdicts.accepted, Verdict::No);
//!
//! let repair = fix(&bundle, &report, &FixOptions::default())?;
//! assert_eq!(repair.files[0].name, "fullchain.pem");
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A program that terminates TLS goes one step further: [`Report::servable`] hands out a
//! [`Servable`], a chain and a key that were checked, and there is no other way to one.
//!
//! # Custom anchors
//!
//! An own CA is held to what clients need, not to what binds public CAs: [`Profile::Private`].
//!
//! ```
//! use keyway_chain::{Anchors, CheckOptions, Input, Profile, ReadOptions, read};
//! use keyway_report::Timestamp;
//!
//! # let bytes = include_bytes!("../tests/vectors/keys/ca.pem");
//! let given = read(&[Input { name: "ca.pem", bytes }], &ReadOptions::default())?;
//! let mut anchors = Anchors::none();
//! for held in given.certificates {
//!     anchors.add(held.certificate)?;
//! }
//! let options = CheckOptions {
//!     profile: Profile::Private,
//!     ..CheckOptions::new(Timestamp::parse("2026-11-23")?, &anchors, &[])
//! };
//! # assert_eq!(options.anchors.len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Custom algorithms
//!
//! Anything that implements rustls' [`SignatureVerificationAlgorithm`] verifies signatures: another
//! library, a hardware module, or a policy around either. What none of them verifies is found to be
//! of an unsupported algorithm, never passed.
//!
//! [`SignatureVerificationAlgorithm`]: rustls_pki_types::SignatureVerificationAlgorithm
//!
//! ```
//! use rustls_pki_types::{
//!     AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
//! };
//!
//! /// Refuses every ECDSA signature on P-256, for a policy that has moved on.
//! #[derive(Debug)]
//! struct NoMoreP256;
//!
//! impl SignatureVerificationAlgorithm for NoMoreP256 {
//!     fn verify_signature(&self, _: &[u8], _: &[u8], _: &[u8]) -> Result<(), InvalidSignature> {
//!         Err(InvalidSignature)
//!     }
//!     fn public_key_alg_id(&self) -> AlgorithmIdentifier {
//!         alg_id::ECDSA_P256
//!     }
//!     fn signature_alg_id(&self) -> AlgorithmIdentifier {
//!         alg_id::ECDSA_SHA256
//!     }
//! }
//!
//! // The first that is for a signature and its key is asked.
//! let no_more: &[&dyn SignatureVerificationAlgorithm] = &[&NoMoreP256];
//! # #[cfg(feature = "rustcrypto")]
//! let all = [no_more, keyway_chain::algorithms::rustcrypto()].concat();
//! ```

pub mod algorithms;
pub mod check;
pub mod clients;
pub mod container;
pub mod fix;
pub mod key;
pub mod name;
pub mod pem;
pub mod read;
mod report;
pub mod rules;
mod servable;
pub mod sniff;
pub mod x509;

pub use check::{Anchors, CheckOptions, Profile, Purpose, Verdicts, check};
pub use fix::{FixError, FixOptions, Form, Repair, RepairedFile, fix};
pub use read::{Bundle, Input, ReadError, ReadOptions, read, read_within};
pub use report::{
    CertificateFacts, ChainFacts, CrlFacts, FACTS_SCHEMA, Facts, KeyFacts, MissingCertificate,
    OcspAnswerFacts, OcspFacts, Report, RequestFacts, RoleFact, SCHEMA, unjudged,
};
pub use rules::{Finding, Kind};
pub use servable::{NotServable, Servable};
