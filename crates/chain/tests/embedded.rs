//! Files inside files: base64 of PEM among other text, values in DER behind one another.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use std::sync::LazyLock;

use keyway_chain::{Bundle, Input, ReadOptions, read};
use keyway_testkit::{Chain, pem};
use proptest::prelude::*;

fn base64(text: &str) -> String {
    let text = pem::encode("X", text.as_bytes());
    text.lines().filter(|line| !line.starts_with('-')).collect()
}

fn reading(bytes: &[u8]) -> Bundle {
    let input = Input {
        name: "file",
        bytes,
    };
    read(&[input], &ReadOptions::default()).unwrap()
}

fn codes(bundle: &Bundle) -> Vec<&str> {
    bundle
        .findings
        .iter()
        .map(keyway_report::Finding::code)
        .collect()
}

#[test]
fn a_secret_is_read_and_placed_at_its_base64() {
    let chain = Chain::good();
    let (certificates, key) = (base64(&chain.fullchain_pem()), base64(&chain.key_pem()));
    let yaml =
        format!("kind: Secret\ndata:\n  tls.crt: {certificates}\n  tls.key: {key}\ntype: x\n");
    let json = format!(
        "{{\n\"kind\": \"Secret\",\n\"data\": {{\"tls.crt\": \"{certificates}\",\n\"tls.key\":\"{key}\"}}}}"
    );
    for text in [&yaml, &json] {
        let bundle = reading(text.as_bytes());
        assert_eq!(codes(&bundle), ["pem.escaped", "pem.escaped"], "{text}");
        assert_eq!((bundle.certificates.len(), bundle.keys.len()), (3, 1));
        let place = &bundle.certificates[2].sources[0].place;
        assert_eq!(text[place.bytes.clone()], certificates);
        assert_eq!(place.lines, 3..4);
        let place = &bundle.keys[0].sources[0].place;
        assert_eq!(text[place.bytes.clone()], key);
        assert_eq!(place.lines, 4..5);
    }
}

#[test]
fn lines_that_yaml_folds_are_one_file() {
    let text = base64(&Chain::good().fullchain_pem());
    let folded: Vec<&str> = (0..text.len())
        .step_by(76)
        .map(|at| &text[at..text.len().min(at + 76)])
        .collect();
    let yaml = format!(
        "binaryData:\n  ca.crt: >-\n    {}\n  next: LQo\n",
        folded.join("\n    ")
    );
    let bundle = reading(yaml.as_bytes());
    assert_eq!(bundle.certificates.len(), 3);
    assert_eq!(codes(&bundle), ["pem.escaped"]);
    assert!(!yaml[bundle.certificates[0].sources[0].place.bytes.clone()].contains("next"));
}

#[test]
fn what_stands_beside_blocks_is_read_too() {
    let chain = Chain::good();
    let text = format!(
        "ca: |\n{}\ntls.key: {}\n",
        chain.fullchain_pem(),
        base64(&chain.key_pem())
    );
    let bundle = reading(text.as_bytes());
    assert_eq!((bundle.certificates.len(), bundle.keys.len()), (3, 1));
}

#[test]
fn damage_inside_base64_is_told() {
    let torn = Chain::good()
        .leaf
        .pem()
        .replace("-----END CERTIFICATE-----\n", "");
    let bundle = reading(base64(&torn).as_bytes());
    assert_eq!(codes(&bundle), ["pem.escaped", "pem.missing-end"]);
}

#[test]
fn values_in_der_behind_one_another_are_all_read() {
    let chain = Chain::good();
    let der: Vec<u8> = chain.certificates()[..3]
        .iter()
        .flat_map(|c| c.der().to_vec())
        .collect();
    let bundle = reading(&der);
    assert_eq!(bundle.certificates.len(), 3);
    assert_eq!(codes(&bundle), ["pem.der-not-pem"]);
    let first = chain.leaf.der().len();
    assert_eq!(bundle.certificates[1].sources[0].place.bytes.start, first);
    let bundle = reading(&[&der[..], b"\r\n"].concat());
    assert_eq!(codes(&bundle), ["pem.der-not-pem", "pem.trailing-bytes"]);
}

proptest! {
    #[test]
    fn every_place_lies_within_the_file(
        before in "[ -~\n]{0,40}",
        cut in 0..4000usize,
        after in "[ -~\n]{0,40}",
    ) {
        static WHOLE: LazyLock<String> =
            LazyLock::new(|| base64(&Chain::good().fullchain_pem()));
        let text = format!("{before}{}{after}", &WHOLE[..cut.min(WHOLE.len())]);
        let bundle = reading(text.as_bytes());
        for block in bundle.inputs.iter().flat_map(|input| &input.blocks) {
            prop_assert!(block.bytes[0] <= block.bytes[1] && block.bytes[1] <= text.len());
            prop_assert!(block.line as usize <= text.lines().count().max(1));
        }
    }
}

#[test]
fn what_stands_behind_a_block_is_read_after_it() {
    let chain = Chain::good();
    let heap = [chain.leaf.pem().as_bytes(), chain.issuing.der()].concat();
    let bundle = reading(&heap);
    let held = bundle.certificates.iter();
    let subjects: Vec<String> = held.map(|held| held.certificate.subject.short()).collect();
    assert_eq!(subjects, ["www.example.com", "Test Issuing CA E1"]);
    let starts: Vec<usize> = bundle.inputs[0].blocks.iter().map(|b| b.bytes[0]).collect();
    assert!(starts.is_sorted(), "{starts:?}");
}
