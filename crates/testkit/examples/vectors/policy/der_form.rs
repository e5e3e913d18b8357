//! Vectors of what is BER and not DER.

use crate::case::Case;
use keyway_testkit::{Chain, Extension, GeneralName, HOST, KeyUsage, der, oid};

pub(crate) fn cases() -> Vec<Case> {
    let mut padded = vec![0];
    padded.extend([0x5a; 16]);
    let mut needed = vec![0];
    needed.extend([0xa5; 16]);
    let flag = |octet| der::sequence(&[der::tlv(der::BOOLEAN, &[octet])]);
    let constraints = |octet| Extension::new(oid::BASIC_CONSTRAINTS, true, flag(octet));
    let usage =
        |unused, octet| Extension::new(oid::KEY_USAGE, true, der::bit_string(unused, &[octet]));
    vec![
        fires("on-a-serial-number-with-a-needless-zero", "X.690, 8.3.2.")
            .chain(&Chain::with_leaf(|leaf| leaf.serial_bytes(&padded))),
        fires("on-the-serial-number-of-an-intermediate", "There too.")
            .chain(&Chain::with_issuing(|ca| ca.serial_bytes(&padded))),
        fires("when-ca-false-is-written-out", "The default; X.690, 11.5.")
            .chain(&Chain::with_leaf(|leaf| leaf.extension(constraints(0)))),
        fires(
            "when-critical-false-is-written-out",
            "The default; X.690, 11.5.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.tbs_parts(|parts| parts[8] = with_critical_false(&parts[8]))
        })),
        fires("when-true-is-not-all-ones", "X.690, 11.1.")
            .chain(&Chain::with_issuing(|ca| ca.extension(constraints(1)))),
        fires("when-key-usage-ends-in-zero-bits", "X.690, 11.2.2.")
            .chain(&Chain::with_leaf(|leaf| leaf.extension(usage(0, 0x80)))),
        fires("when-the-key-usage-of-a-ca-ends-in-zero-bits", "There too.")
            .chain(&Chain::with_issuing(|ca| ca.extension(usage(0, 0x06)))),
        silent(
            "on-a-serial-number-with-a-needed-zero",
            "Without it, negative.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.serial_bytes(&needed)))
        .verdict("accepted", "yes"),
        silent("when-key-usage-has-nine-bits", "The last of them is set.").chain(
            &Chain::with_leaf(|leaf| {
                leaf.key_usage(&[
                    KeyUsage::DigitalSignature,
                    KeyUsage::KeyAgreement,
                    KeyUsage::DecipherOnly,
                ])
            }),
        ),
        silent(
            "when-the-key-usage-of-a-root-ends-in-zero-bits",
            "Two public roots are so.",
        )
        .chain(&Chain::with_root(|root| {
            let bits = der::bit_string(7, &[0x06, 0]);
            root.extension(Extension::new(oid::KEY_USAGE, true, bits))
        }))
        .verdict("accepted", "yes"),
        silent("with-an-own-ca", "Clients let it pass.")
            .chain(&Chain::with_leaf(|leaf| leaf.serial_bytes(&padded)))
            .profile("private")
            .verdict("accepted", "yes"),
    ]
}

fn fires(behaviour: &str, note: &'static str) -> Case {
    Case::fires("policy.not-der", behaviour, note).verdict("accepted", "no")
}

fn silent(behaviour: &str, note: &'static str) -> Case {
    Case::silent("policy.not-der", behaviour, note)
}

/// The field of extensions with one more, whose `critical` is written although it is false.
fn with_critical_false(field: &[u8]) -> Vec<u8> {
    let names = der::sequence(&[GeneralName::dns(HOST).der()]);
    let more = der::sequence(&[
        der::oid("1.3.6.1.4.1.32473.1"),
        der::boolean(false),
        der::octet_string(&names),
    ]);
    let list = [content(content(field)), &more].concat();
    der::explicit(3, &der::sequence(&[list]))
}

/// What stands behind tag and length.
fn content(value: &[u8]) -> &[u8] {
    match value {
        [_, length @ 0x80..=0xff, rest @ ..] => &rest[usize::from(length & 0x7f)..],
        [_, _, rest @ ..] => rest,
        _ => value,
    }
}
