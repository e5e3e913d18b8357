//! Figures, not assertions: `cargo test ... -- --ignored --nocapture speed`.

use crate::table::{all, providers, rsa_case};
use keyway_chain::algorithms::{Memo, PublicKey, Signed};
use rustls_pki_types::alg_id;
use std::hint::black_box;
use std::time::Instant;

const ROUNDS: u32 = 50;

#[test]
#[ignore = "prints times; run by hand"]
#[allow(clippy::print_stdout)]
fn speed_of_each_verification() {
    let mut cases = all();
    cases.push(rsa_case(
        "rsa4096",
        "pkcs1-sha256",
        alg_id::RSA_PKCS1_SHA256,
    ));
    for case in cases {
        for (provider, algorithms) in providers() {
            let start = Instant::now();
            for _ in 0..ROUNDS {
                assert!(black_box(&case).verify(algorithms));
            }
            println!(
                "{:24} {provider:10} {:>9.1?}",
                case.name,
                start.elapsed() / ROUNDS
            );
        }
    }
}

#[test]
#[ignore = "prints times; run by hand"]
#[allow(clippy::print_stdout)]
fn speed_of_a_remembered_answer() {
    let case = &all()[0];
    let [(_, algorithms), _] = providers();
    for size in [500, 1500, 3000] {
        let memo = Memo::new(algorithms);
        let key = PublicKey {
            algorithm: &case.key_algorithm,
            key: &case.key,
        };
        let algorithm = &case.signature_algorithm;
        let message = vec![7; size];
        let signed = Signed {
            message: &message,
            algorithm,
            signature: &case.signature,
        };
        let _ = memo.verify_signed(key, signed);
        let start = Instant::now();
        for _ in 0..1000 {
            let _ = black_box(memo.verify_signed(black_box(key), black_box(signed)));
        }
        println!(
            "remembered, message of {size} bytes: {:?}",
            start.elapsed() / 1000
        );
    }
}
