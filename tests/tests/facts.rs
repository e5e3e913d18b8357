//! The facts of the PEM suite: what Go, Node and pyca/cryptography agree that a file holds, we read.

use keyway_chain::read::{Block, Source};
use keyway_chain::x509::Certificate;
use keyway_chain::{Bundle, Input, ReadOptions, name, read};
use keyway_tests::suites::pem::{self, BlockVerdict};

#[test]
fn every_block_that_both_sides_read_has_the_same_facts() {
    let mut wrong = Vec::new();
    let mut compared = Compared::default();
    for case in pem::facts() {
        let input = Input {
            name: &case.file.name,
            bytes: &case.file.bytes,
        };
        let bundle = read(&[input], &ReadOptions::default()).expect("within limits");
        let blocks: Vec<(usize, &Block)> = bundle.inputs[0]
            .blocks
            .iter()
            .enumerate()
            .filter(|(_, block)| block.within.is_none())
            .collect();
        if blocks.len() != case.blocks.len() {
            wrong.push(format!(
                "{}: {} blocks, not {}",
                case.id,
                blocks.len(),
                case.blocks.len()
            ));
            continue;
        }
        for ((index, block), expected) in blocks.into_iter().zip(&case.blocks) {
            let at = format!("{} {}", case.id, expected.label);
            let faults = compared.block(&bundle, index, block, expected);
            wrong.extend(faults.into_iter().map(|fault| format!("{at}: {fault}")));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    // All blocks that the suite calls read, by what they are: none was passed over.
    let Compared {
        certificates,
        keys,
        public_keys,
        addresses,
    } = compared;
    assert_eq!(
        (certificates, keys, public_keys, addresses),
        (230, 26, 4, 6)
    );
}

/// How much was compared.
#[derive(Default)]
struct Compared {
    certificates: usize,
    keys: usize,
    public_keys: usize,
    /// Certificates with addresses.
    addresses: usize,
}

impl Compared {
    /// What a block has otherwise than the suite says.
    fn block(
        &mut self,
        bundle: &Bundle,
        index: usize,
        block: &Block,
        expected: &pem::Block,
    ) -> Vec<String> {
        let mut wrong = Vec::new();
        if block.label != expected.label {
            wrong.push(format!("label {}", block.label));
        }
        match expected.verdict {
            BlockVerdict::Ok if !block.readable => wrong.push("not read".to_owned()),
            // What the suite was put to knows no OCSP responses.
            BlockVerdict::Bad if block.readable && expected.label != "OCSP RESPONSE" => {
                wrong.push("read".to_owned());
            }
            _ => {}
        }
        if expected.verdict != BlockVerdict::Ok {
            return wrong;
        }
        let is_here = |sources: &[Source]| sources.iter().any(|source| source.block == index);
        let certificate = bundle
            .certificates
            .iter()
            .find(|held| is_here(&held.sources));
        let key = bundle.keys.iter().find(|held| is_here(&held.sources));
        match (expected.label.as_str(), certificate, key) {
            ("CERTIFICATE", Some(held), _) => {
                self.certificates += 1;
                let addresses = expected.ip_addresses.as_ref();
                self.addresses += usize::from(addresses.is_some_and(|ips| !ips.is_empty()));
                wrong.extend(certificate_faults(&held.certificate, expected));
            }
            ("PUBLIC KEY", ..) => self.public_keys += 1,
            (label, _, Some(_)) if label.ends_with("PRIVATE KEY") => self.keys += 1,
            (label, ..) => wrong.push(format!("no {label} is held for it")),
        }
        let [ours, theirs] = [&block.sha256, &expected.sha256].map(Option::as_ref);
        differs(&mut wrong, "sha256", ours, theirs);
        let [ours, theirs] = [&block.spki_sha256, &expected.spki_sha256].map(Option::as_ref);
        differs(&mut wrong, "spki", ours, theirs);
        wrong
    }
}

/// Notes a fact that is another than the suite's; what the suite does not say is not compared.
fn differs(wrong: &mut Vec<String>, what: &str, ours: Option<&String>, theirs: Option<&String>) {
    if theirs.is_some() && ours != theirs {
        wrong.push(format!("{what} {ours:?}, not {theirs:?}"));
    }
}

fn certificate_faults(held: &Certificate, expected: &pem::Block) -> Vec<String> {
    let mut wrong = Vec::new();
    let facts = [
        (
            "not before",
            held.not_before.to_string(),
            &expected.not_before,
        ),
        ("not after", held.not_after.to_string(), &expected.not_after),
        ("serial", held.serial_hex(), &expected.serial),
    ];
    for (what, ours, theirs) in facts {
        differs(&mut wrong, what, Some(&ours), theirs.as_ref());
    }
    let names = held
        .dns_names()
        .map(|name| String::from_utf8_lossy(name).into_owned());
    let addresses = held.ip_addresses().map(|bytes| {
        name::ip_san(bytes).map_or_else(|fault| fault.to_string(), |address| address.to_string())
    });
    same_set(
        &mut wrong,
        "names",
        names.collect(),
        expected.dns_names.as_deref(),
    );
    let theirs = expected.ip_addresses.as_deref();
    same_set(&mut wrong, "addresses", addresses.collect(), theirs);
    wrong
}

/// The same for a list whose order says nothing.
fn same_set(wrong: &mut Vec<String>, what: &str, mut ours: Vec<String>, theirs: Option<&[String]>) {
    let Some(theirs) = theirs else { return };
    let mut theirs = theirs.to_vec();
    ours.sort();
    theirs.sort();
    if ours != theirs {
        wrong.push(format!("{what} {ours:?}, not {theirs:?}"));
    }
}
