//! Key material enters no report, finding, error or `Debug` output, however the file is damaged.
#![allow(clippy::unwrap_used)]

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use keyway_chain::Bundle;
use keyway_testkit::{Chain, HOST, NOW};
use keyway_tests::heap::{Question, bundle, repaired};

/// Characters that count as a piece of a key: 12 bytes of it in base64, 8 in hexadecimal.
const PIECE: usize = 16;

/// One of each form: damage is done to these, because opening all the others again takes minutes.
const DAMAGED: &[&str] = &[
    "dek-aes128.pem",
    "dsa.legacy.pem",
    "ed25519.pem",
    "kit",
    "p8-aes128.pem",
    "prime256v1.sec1.pem",
    "rsa.pkcs1.pem",
    "ssh-ed25519",
    "x448.pem",
];

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
        format!(
            "-----BEGIN {}-----\n{body}\n-----END X-----\n",
            &body[..body.len().min(44)]
        ),
        format!(
            "-----BEGIN X-----\n{body}\n-----END {}-----\n",
            &body[..body.len().min(20)]
        ),
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
    let mut out = vec![report.to_json(true), format!("{bundle:?}{report:?}")];
    if let Err(refusal) = report.servable(bundle) {
        out.push(refusal.to_string());
    }
    if !bundle.certificates.is_empty() {
        let options = keyway_chain::FixOptions::default();
        let repair = keyway_chain::fix(bundle, &report, &options).unwrap();
        out.push(format!("{repair:?}"));
    }
    out.concat()
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// What must not be said: pieces of the key in base64 and hexadecimal, and as `Debug` lists bytes.
struct Needles {
    pieces: HashSet<Vec<u8>>,
    lists: Vec<String>,
}

impl Needles {
    fn of(text: &str) -> Self {
        let is_body = |line: &&str| !line.starts_with('-') && !line.contains(':');
        let mut hidden: Vec<String> = vec![text.lines().filter(is_body).collect()];
        let mut lists = Vec::new();
        for held in &bundle(&[text]).keys {
            let key = held.key.pkcs8.as_slice();
            hidden.push(hexadecimal(key));
            let bytes = key
                .chunks_exact(PIECE / 2)
                .map(|piece| format!("{piece:?}"));
            lists.extend(bytes.map(|list| list.trim_matches(['[', ']']).to_owned()));
        }
        let pieces = hidden
            .iter()
            .flat_map(|text| text.as_bytes().windows(PIECE));
        Self {
            pieces: pieces.map(<[u8]>::to_vec).collect(),
            lists,
        }
    }

    /// The pieces that are in `said`.
    fn within(&self, said: &str) -> Vec<String> {
        let windows = said.as_bytes().windows(PIECE);
        let pieces = windows.filter(|window| self.pieces.contains(*window));
        let pieces = pieces.map(|piece| String::from_utf8_lossy(piece).into_owned());
        let lists = self
            .lists
            .iter()
            .filter(|list| said.contains(list.as_str()));
        pieces.chain(lists.cloned()).collect()
    }
}

#[test]
fn no_piece_of_a_key_is_ever_said() {
    let chain = Chain::good().fullchain_pem();
    // Names of algorithms and the like, which are in every certificate too.
    let public = said(&bundle(&[&chain]));
    let mut leaks = Vec::new();
    for (name, bytes) in keys() {
        let text = String::from_utf8(bytes).unwrap();
        let needles = Needles::of(&text);
        assert!(!needles.pieces.is_empty(), "{name}");
        let mut texts = vec![said(&bundle(&[&text, &chain]))];
        if DAMAGED.contains(&name.as_str()) {
            texts.extend(damaged(&text).iter().map(|file| said(&bundle(&[file]))));
        }
        for (way, said) in texts.iter().enumerate() {
            let found = needles.within(said);
            if let Some(piece) = found.iter().find(|piece| !public.contains(piece.as_str())) {
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
