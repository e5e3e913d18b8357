use keyway_chain::pem::FaultKind;

use super::one;

fn file(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/pem/openssl");
    std::fs::read(format!("{folder}/{name}.pem")).unwrap()
}

#[test]
fn what_openssl_reads_is_read_with_the_same_bytes() {
    let certificate = one(file("cert")).body;
    for name in [
        "cert-1024line",
        "cert-255line",
        "cert-256line",
        "cert-257line",
        "cert-bom",
        "cert-infixwhitespace",
        "cert-leadingwhitespace",
        "cert-longline",
        "cert-onecolumn",
        "cert-shortandlongline",
    ] {
        let block = one(file(name));
        assert_eq!(block.decoded, Ok(()), "{name}");
        assert_eq!(block.body, certificate, "{name}");
    }
    assert_eq!(one(file("cert-254-chars-at-the-end")).decoded, Ok(()));
    let key = one(file("dsa"));
    assert_eq!(key.decoded, Ok(()));
    assert!(key.is_legacy_encrypted());
    assert_eq!(one(file("dsa-trailingwhitespace")).body, key.body);
}

#[test]
fn what_openssl_refuses_is_refused_for_a_named_reason() {
    let cases = [
        ("cert-blankline", FaultKind::BlankLine, 13),
        ("cert-misalignedpad", FaultKind::MisplacedPadding, 27),
        ("dsa-1023line", FaultKind::LineLength { found: 1023 }, 6),
        ("dsa-1024line", FaultKind::LineLength { found: 1024 }, 6),
        ("dsa-1025line", FaultKind::LineLength { found: 1025 }, 6),
        ("dsa-257line", FaultKind::LineLength { found: 257 }, 18),
        ("dsa-blankline", FaultKind::BlankLine, 20),
        (
            "dsa-leadingwhitespace",
            FaultKind::LineLength { found: 70 },
            5,
        ),
        ("dsa-onecolumn", FaultKind::LineLength { found: 1 }, 5),
        ("dsa-onelineheader", FaultKind::HeaderIncomplete, 2),
        (
            "dsa-shortandlongline",
            FaultKind::LineLength { found: 65 },
            20,
        ),
        ("dsa-shortline", FaultKind::LineLength { found: 63 }, 21),
        ("dsa-threecolumn", FaultKind::LineLength { found: 3 }, 5),
    ];
    for (name, what, line) in cases {
        let block = one(file(name));
        let fault = block.decoded.expect_err(name);
        assert_eq!(
            (fault.what, fault.place.lines.start),
            (what, line),
            "{name}"
        );
        assert!(block.body.is_empty(), "{name}");
    }
}

#[test]
fn a_wrong_initialisation_vector_is_left_to_decryption() {
    let block = one(file("dsa-corruptiv"));
    assert_eq!(block.decoded, Ok(()));
    assert_eq!(
        block.header("dek-info"),
        Some("AES-256-CBC,A2A7FA3E5E464B59C8777564E7AF3CD6")
    );
}
