//! What holds for every algorithm, and that the providers never disagree.

use crate::table::{Case, all, providers};
use der::asn1::{AnyRef, BitStringRef};
use der::{Encode, Tag};
use proptest::prelude::*;
use std::sync::LazyLock;

#[test]
fn both_providers_verify_the_same_set() {
    let [(_, ours), (_, theirs)] = providers();
    let set = |algorithms: keyway_chain::algorithms::Algorithms<'_>| {
        algorithms
            .iter()
            .map(|a| {
                (
                    a.public_key_alg_id().to_vec(),
                    a.signature_alg_id().to_vec(),
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(set(ours), set(theirs));
    assert_eq!(ours.len(), all().len());
}

#[test]
fn a_good_signature_verifies() {
    for case in all() {
        case.expect(true, "good");
    }
}

#[test]
fn a_flipped_bit_in_the_signature_fails() {
    for case in all() {
        for at in [0, case.signature.len() / 2, case.signature.len() - 1] {
            let mut bad = case.clone();
            bad.signature[at] ^= 1;
            bad.expect(false, "signature flipped");
        }
    }
}

#[test]
fn a_flipped_bit_in_the_message_fails() {
    for mut case in all() {
        case.message[3] ^= 0x10;
        case.expect(false, "message flipped");
    }
}

#[test]
fn a_flipped_bit_in_the_key_fails() {
    for case in all() {
        for at in [0, case.key.len() / 2, case.key.len() - 1] {
            let mut bad = case.clone();
            bad.key[at] ^= 1;
            bad.expect(false, "key flipped");
        }
    }
}

#[test]
fn a_key_of_another_length_fails() {
    for case in all() {
        let shorter = case.key[..case.key.len() - 1].to_vec();
        let longer = [&case.key[..], &[0]].concat();
        for key in [Vec::new(), shorter, longer] {
            let mut bad = case.clone();
            bad.key = key;
            bad.expect(false, "key length");
        }
    }
}

#[test]
fn a_whole_spki_in_place_of_the_key_fails() {
    for mut case in all() {
        let algorithm = AnyRef::new(Tag::Sequence, &case.key_algorithm).unwrap();
        let key = BitStringRef::from_bytes(&case.key).unwrap();
        let contents = [algorithm.to_der().unwrap(), key.to_der().unwrap()].concat();
        case.key = AnyRef::new(Tag::Sequence, &contents)
            .unwrap()
            .to_der()
            .unwrap();
        case.expect(false, "nested SPKI");
    }
}

#[test]
fn a_signature_of_another_length_fails() {
    for case in all() {
        let shorter = case.signature[..case.signature.len() - 1].to_vec();
        let longer = [&case.signature[..], &[0]].concat();
        let padded = [&[0], &case.signature[..]].concat();
        for signature in [Vec::new(), shorter, longer, padded] {
            let mut bad = case.clone();
            bad.signature = signature;
            bad.expect(false, "signature length");
        }
    }
}

#[test]
fn every_key_with_every_other_signature_fails() {
    let cases = all();
    for case in &cases {
        for other in cases
            .iter()
            .filter(|other| other.signature != case.signature)
        {
            let mut bad = case.clone();
            bad.signature.clone_from(&other.signature);
            bad.expect(false, &other.name);
        }
    }
}

/// One edit of a byte string: at a place (as a share of its length), replace, insert or remove.
fn edit(bytes: &mut Vec<u8>, place: prop::sample::Index, kind: u8, value: u8) {
    if bytes.is_empty() {
        return;
    }
    let at = place.index(bytes.len());
    match kind {
        0 => bytes[at] = value,
        1 => bytes[at] ^= 1 << (value & 7),
        2 => bytes.insert(at, value),
        3 => drop(bytes.remove(at)),
        _ => bytes.truncate(at),
    }
}

/// Made once: signing takes longer than verifying.
static CASES: LazyLock<Vec<Case>> = LazyLock::new(all);

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_providers_agree_on_mutated_input(
        which in any::<prop::sample::Index>(),
        edits in prop::collection::vec(
            (0..3_u8, any::<prop::sample::Index>(), 0..5_u8, any::<u8>()), 0..4),
    ) {
        let mut case = CASES[which.index(CASES.len())].clone();
        for (part, place, kind, value) in edits {
            match part {
                0 => edit(&mut case.key, place, kind, value),
                1 => edit(&mut case.signature, place, kind, value),
                _ => edit(&mut case.message, place, kind, value),
            }
        }
        let [(_, ours), (_, theirs)] = providers();
        prop_assert_eq!(case.verify(ours), case.verify(theirs), "{}", case.name);
    }
}
