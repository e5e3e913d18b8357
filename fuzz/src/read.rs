//! Reading a file that may be anything, and writing what was read.

use keyway_chain::{
    Anchors, Bundle, CheckOptions, FixOptions, Input, ReadOptions, check, fix, read as read_inputs,
};
use keyway_report::Timestamp;

use crate::PASSWORD;

/// Reading ends, says the same twice, and every place it names lies inside the input. What a repair
/// writes reads back as the certificates and the key that it was made of, with nothing to remark.
pub fn read(data: &[u8]) {
    let first = read_one(data);
    let second = read_one(data);
    assert_eq!(
        format!("{first:?}"),
        format!("{second:?}"),
        "not the same twice"
    );
    if let Some(bundle) = first {
        places_lie_inside(&bundle);
        repaired_files_read_back(&bundle);
    }
}

fn read_one(data: &[u8]) -> Option<Bundle> {
    let input = Input {
        name: "input",
        bytes: data,
    };
    let options = ReadOptions {
        passwords: &[PASSWORD],
    };
    read_inputs(&[input], &options).ok()
}

fn places_lie_inside(bundle: &Bundle) {
    for input in &bundle.inputs {
        for block in &input.blocks {
            let [from, to] = block.bytes;
            assert!(
                from <= to && to <= input.size,
                "{from}..{to} of {}",
                input.size
            );
            let container = block.within.map(|index| &input.blocks[index]);
            assert!(container.is_none_or(|outer| outer.bytes[0] <= from && to <= outer.bytes[1]));
        }
    }
    let size = bundle.inputs.iter().map(|input| input.size).max();
    for finding in &bundle.findings {
        let [from, to] = finding.at.bytes.unwrap_or_default();
        assert!(
            from <= to && Some(to) <= size,
            "{}: {from}..{to}",
            finding.code()
        );
    }
}

fn repaired_files_read_back(bundle: &Bundle) {
    let anchors = Anchors::none();
    let report = check(
        bundle,
        &CheckOptions::new(Timestamp::from_seconds(0), &anchors, &[]),
    );
    let Ok(repair) = fix(bundle, &report, &FixOptions::default()) else {
        return;
    };
    for file in &repair.files {
        let again = read_one(&file.bytes).expect("what was written is within the limits");
        // A file of a key alone is one to read, and holds no certificate.
        let remarks = again
            .findings
            .iter()
            .filter(|f| f.code() != "pem.no-certificate");
        let remarks: Vec<_> = remarks.collect();
        assert!(remarks.is_empty(), "{}: {remarks:?}", file.name);
        let given = |der: &[u8]| {
            let held = bundle.certificates.iter();
            held.map(|held| held.certificate.der().as_ref())
                .any(|held| held == der)
        };
        assert!(
            again
                .certificates
                .iter()
                .all(|held| given(held.certificate.der()))
        );
        let served = report.served().len();
        match file.name.as_str() {
            "fullchain.pem" => assert_eq!(again.certificates.len(), served),
            "chain.pem" => assert_eq!(again.certificates.len() + 1, served),
            _ => assert_eq!(again.keys.len(), 1, "{}", file.name),
        }
    }
}
