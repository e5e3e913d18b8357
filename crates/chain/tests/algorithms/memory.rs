//! `Memo`: what it picks, remembers and refuses.

use crate::table::{Case, all, ed25519, providers, rsa_case};
use keyway_chain::algorithms::{Memo, Outcome, PublicKey, SIGNATURE_BUDGET, Signed};
use rustls_pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts what reaches the algorithm behind the memo.
#[derive(Debug, Default)]
struct Counting(AtomicUsize);

impl SignatureVerificationAlgorithm for Counting {
    fn verify_signature(&self, _: &[u8], _: &[u8], s: &[u8]) -> Result<(), InvalidSignature> {
        self.0.fetch_add(1, Ordering::Relaxed);
        if s.starts_with(b"good") {
            Ok(())
        } else {
            Err(InvalidSignature)
        }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ED25519
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ED25519
    }
}

fn ask(memo: &Memo<'_>, key: &[u8], message: &[u8], signature: &[u8]) -> Outcome {
    let key = PublicKey {
        algorithm: &alg_id::ED25519,
        key,
    };
    memo.verify_signed(
        key,
        Signed {
            message,
            algorithm: &alg_id::ED25519,
            signature,
        },
    )
}

#[test]
fn the_same_question_is_computed_once_whoever_asks() {
    let counting = Counting::default();
    let algorithms: [&dyn SignatureVerificationAlgorithm; 1] = [&counting];
    let memo = Memo::new(&algorithms);
    for _ in 0..1000 {
        assert_eq!(ask(&memo, b"key", b"message", b"good"), Outcome::Valid);
        assert!(
            memo.algorithms()[0]
                .verify_signature(b"key", b"message", b"good")
                .is_ok()
        );
        assert_eq!(ask(&memo, b"key", b"message", b"bad"), Outcome::Invalid);
    }
    assert_eq!(counting.0.load(Ordering::Relaxed), 2);
    assert_eq!(memo.computed(), 2);
    assert!(!memo.exhausted());
}

#[test]
fn bytes_moved_between_key_message_and_signature_are_another_question() {
    let counting = Counting::default();
    let algorithms: [&dyn SignatureVerificationAlgorithm; 1] = [&counting];
    let memo = Memo::new(&algorithms);
    assert_eq!(ask(&memo, b"ab", b"cd", b"good"), Outcome::Valid);
    assert_eq!(ask(&memo, b"a", b"bcd", b"good"), Outcome::Valid);
    assert_eq!(ask(&memo, b"ab", b"cdg", b"ood"), Outcome::Invalid);
    assert_eq!(memo.computed(), 3);
}

#[test]
fn past_the_budget_new_questions_are_refused_and_old_ones_answered() {
    let counting = Counting::default();
    let algorithms: [&dyn SignatureVerificationAlgorithm; 1] = [&counting];
    let memo = Memo::new(&algorithms);
    for i in 0..SIGNATURE_BUDGET {
        assert_eq!(
            ask(&memo, b"key", &i.to_be_bytes(), b"good"),
            Outcome::Valid
        );
    }
    assert!(!memo.exhausted());
    assert_eq!(
        ask(&memo, b"key", b"one more", b"good"),
        Outcome::BudgetExhausted
    );
    assert!(memo.exhausted());
    assert!(
        memo.algorithms()[0]
            .verify_signature(b"key", b"another", b"good")
            .is_err()
    );
    assert_eq!(
        ask(&memo, b"key", &0_usize.to_be_bytes(), b"good"),
        Outcome::Valid
    );
    assert_eq!(counting.0.load(Ordering::Relaxed), SIGNATURE_BUDGET);
}

fn signed(case: &Case) -> (PublicKey<'_>, Signed<'_>) {
    let key = PublicKey {
        algorithm: &case.key_algorithm,
        key: &case.key,
    };
    let algorithm = &case.signature_algorithm;
    (
        key,
        Signed {
            message: &case.message,
            algorithm,
            signature: &case.signature,
        },
    )
}

#[test]
fn the_algorithm_is_picked_by_both_identifiers() {
    for (provider, algorithms) in providers() {
        let memo = Memo::new(algorithms);
        for case in all() {
            let (key, signed) = signed(&case);
            assert_eq!(
                memo.verify_signed(key, signed),
                Outcome::Valid,
                "{provider}: {}",
                case.name
            );
        }
    }
}

#[test]
fn a_signature_of_an_algorithm_that_the_key_is_not_for_is_invalid() {
    let rsa = rsa_case("rsa2048", "pkcs1-sha256", alg_id::RSA_PKCS1_SHA256);
    let ed = ed25519();
    for (_, algorithms) in providers() {
        let memo = Memo::new(algorithms);
        assert_eq!(
            memo.verify_signed(signed(&ed).0, signed(&rsa).1),
            Outcome::Invalid
        );
        assert_eq!(memo.computed(), 0);
    }
}

#[test]
fn what_no_algorithm_knows_is_unsupported() {
    let rsa = rsa_case("rsa2048", "pkcs1-sha256", alg_id::RSA_PKCS1_SHA256);
    let (key, signature) = signed(&rsa);
    // sha1WithRSAEncryption.
    let sha1 = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05\x05\x00";
    for (_, algorithms) in providers() {
        let memo = Memo::new(algorithms);
        let by_sha1 = Signed {
            algorithm: sha1,
            ..signature
        };
        assert_eq!(
            memo.verify_signed(key, by_sha1),
            Outcome::UnsupportedAlgorithm
        );
        let of_ed448 = PublicKey {
            algorithm: &alg_id::ED448,
            ..key
        };
        assert_eq!(
            memo.verify_signed(of_ed448, signature),
            Outcome::UnsupportedAlgorithm
        );
    }
    assert_eq!(
        Memo::new(&[]).verify_signed(key, signature),
        Outcome::UnsupportedAlgorithm
    );
}

#[test]
fn a_certificate_splits_into_what_webpki_verifies() {
    let tbs = b"\x30\x03\x02\x01\x07";
    let body = [
        &tbs[..],
        b"\x30\x05\x06\x03\x2b\x65\x70",
        b"\x03\x03\x00\xaa\xbb",
    ]
    .concat();
    let der = [&[0x30, u8::try_from(body.len()).unwrap()], &body[..]].concat();
    let split = Signed::read(&der).unwrap();
    assert_eq!(split.message, tbs);
    assert_eq!(split.algorithm, alg_id::ED25519.as_ref());
    assert_eq!(split.signature, b"\xaa\xbb");
    assert_eq!(Signed::read(&der[..der.len() - 1]), None);
    assert_eq!(Signed::read(&[&der[..], &[0]].concat()), None);
}

#[test]
fn a_spki_splits_with_and_without_its_header() {
    let contents = b"\x30\x05\x06\x03\x2b\x65\x70\x03\x03\x00\xaa\xbb";
    let spki = [&[0x30, 12], &contents[..]].concat();
    let whole = PublicKey::read(&spki).unwrap();
    assert_eq!(whole, PublicKey::read_contents(contents).unwrap());
    assert_eq!(whole.algorithm, alg_id::ED25519.as_ref());
    assert_eq!(whole.key, b"\xaa\xbb");
    assert_eq!(
        PublicKey::read(b"\x30\x0c\x30\x05\x06\x03\x2b\x65\x70\x03\x03\x01\xaa\xba"),
        None
    );
    assert_eq!(PublicKey::read(b""), None);
}
