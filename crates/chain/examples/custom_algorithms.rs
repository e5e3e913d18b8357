//! Checks files with signature algorithms of one's own choice: here the pure-Rust ones, each of which
//! says when it is asked. A hardware module or another library is put in the same way.
//!
//! `cargo run -p keyway-chain --features rustcrypto --example custom_algorithms -- ROOT.der FILE`
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::{env, fs};

use keyway_chain::x509::Certificate;
use keyway_chain::{Anchors, CheckOptions, Input, ReadOptions, algorithms, check, read};
use keyway_report::Timestamp;
use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm};

/// An algorithm that says what it does.
#[derive(Debug)]
struct Loud(&'static dyn SignatureVerificationAlgorithm);

impl SignatureVerificationAlgorithm for Loud {
    fn verify_signature(
        &self,
        key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        println!("{:?} over {} bytes", self.0, message.len());
        self.0.verify_signature(key, message, signature)
    }
    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.0.public_key_alg_id()
    }
    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.0.signature_alg_id()
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let [root, file] = [1, 2].map(|index| env::args().nth(index).unwrap_or_default());
    let mut anchors = Anchors::none();
    anchors.add(Certificate::read(&fs::read(root)?)?)?;
    let bytes = &fs::read(&file)?;
    let bundle = read(&[Input { name: &file, bytes }], &ReadOptions::default())?;

    let loud: Vec<Loud> = algorithms::rustcrypto().iter().copied().map(Loud).collect();
    let own: Vec<&dyn SignatureVerificationAlgorithm> = loud.iter().map(|one| one as _).collect();
    let now = Timestamp::parse("2026-11-23")?;
    // Each signature is asked for once, whoever needs it, and no more than a hundred of them.
    let report = check(&bundle, &CheckOptions::new(now, &anchors, &own));
    println!("chains: {}", report.verdicts.chains.word());
    Ok(())
}
