//! Key material enters no report, finding, error or `Debug` output, however the file is damaged.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use keyway_chain::Bundle;
use keyway_testkit::{Chain, HOST, NOW};
use keyway_tests::heap::{Question, bundle, repaired};

/// Characters of base64 that count as a piece of a key: 12 bytes of it.
const PIECE: usize = 16;
/// Bytes of a key that count in hexadecimal.
const BYTES: usize = 8;

fn keys() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/chain/tests/vectors/keys");
    let mut keys: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read(&path).unwrap())
        })
        .filter(|(_, bytes)| {
            let text = String::from_utf8_lossy(bytes);
            text.contains("PRIVATE KEY-----") && text.starts_with("-----BEGIN")
        })
        .collect();
    keys.push(("kit".to_owned(), Chain::good().key_pem().into_bytes()));
    keys.sort();
    keys
}

/// The ways in which people break a key file.
fn damaged(text: &str) -> Vec<String> {
    let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    vec![
        text.to_owned(),
        text.replace('\n', ""),
        text.replacen("-----\n", "-----", 1),
        text.replacen("-----\n", "--\n", 1),
        text.replacen("-----\n", " ", 1),
        text.replacen("\n-----END", "-----END", 1),
        text.replacen("\n-----END", " END", 1),
        text.replacen("-----END", "-----BEGIN", 1),
        text.replace('\n', "\\n"),
        text.replace('\n', " "),
        text.replace("PRIVATE KEY", "CERTIFICATE"),
        text.replace("PRIVATE KEY", "SECRET"),
        text.lines().skip(1).collect::<Vec<_>>().join("\n"),
        body.clone(),
        format!("-----BEGIN {body}-----\n{body}\n-----END {body}-----\n"),
        format!("-----BEGIN PRIVATE KEY-----{body}"),
        format!("----BEGIN PRIVATE KEY---- {body}"),
        format!("-----BEGIN PRIVATE KEY-----\nkey: {body}\n\n{body}*\n-----END PRIVATE KEY-----\n"),
        format!("key = \"{}\"", text.replace('\n', "\\n")),
        text[..text.len() / 2].to_owned(),
    ]
}

/// Everything that a bundle and what is made of it can say.
fn said(bundle: &Bundle) -> String {
    let chain = Chain::good();
    let report = Question::new(chain.root.der(), HOST, NOW).report(bundle);
    let mut out = report.to_json(true) + &format!("{bundle:?}{report:?}");
    if let Err(refusal) = report.servable(bundle) {
        out += &refusal.to_string();
    }
    if !bundle.certificates.is_empty() {
        let options = keyway_chain::FixOptions::default();
        let repair = keyway_chain::fix(bundle, &report, &options).unwrap();
        out += &format!("{repair:?}");
    }
    out
}

/// Pieces of the body's base64, of the private key's bytes in hexadecimal and as `Debug` prints them.
fn needles(text: &str, read: &Bundle) -> BTreeSet<String> {
    let body: String = text
        .lines()
        .filter(|line| !line.starts_with('-') && !line.contains(':'))
        .collect();
    let windows = |text: &str, width: usize| -> Vec<String> {
        let characters: Vec<char> = text.chars().collect();
        characters
            .windows(width)
            .map(|piece| piece.iter().collect())
            .collect()
    };
    let mut out: BTreeSet<String> = windows(&body, PIECE).into_iter().collect();
    for held in &read.keys {
        for piece in held.key.pkcs8.windows(BYTES) {
            if held.key.spki.windows(BYTES).any(|public| public == piece) {
                continue;
            }
            out.insert(piece.iter().map(|byte| format!("{byte:02x}")).collect());
            let listed = format!("{piece:?}");
            out.insert(listed.trim_matches(['[', ']']).to_owned());
        }
    }
    out
}

#[test]
fn no_piece_of_a_key_is_ever_said() {
    let chain = Chain::good();
    // Names of algorithms and the like, which are in every certificate too.
    let public = said(&bundle(&[chain.fullchain_pem()]));
    let mut leaks = Vec::new();
    for (name, bytes) in keys() {
        let text = String::from_utf8(bytes).unwrap();
        let mut needles = needles(&text, &bundle(&[&text]));
        needles.retain(|needle| !public.contains(needle.as_str()));
        assert!(!needles.is_empty(), "{name}");
        for (way, file) in damaged(&text).into_iter().enumerate() {
            let said = said(&bundle(&[file, chain.fullchain_pem()]));
            if let Some(piece) = needles.iter().find(|needle| said.contains(needle.as_str())) {
                leaks.push(format!("{name}, damaged in way {way}: {piece}"));
            }
        }
    }
    assert!(leaks.is_empty(), "\n{}", leaks.join("\n"));
}

#[test]
fn only_files_for_the_owner_hold_a_key() {
    let chain = Chain::good();
    let bundle = bundle(&[chain.key_pem() + &chain.fullchain_pem()]);
    let report = Question::new(chain.root.der(), HOST, NOW).report(&bundle);
    for (name, text) in repaired(&bundle, &report) {
        assert_eq!(text.contains("PRIVATE KEY"), name == "key.pem", "{name}");
    }
}
