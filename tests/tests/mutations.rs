//! Files with a small fault each, held against OpenSSL: what it does not load is never servable here.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use keyway_chain::{Bundle, Input, ReadOptions, read};
use keyway_report::Verdict;
use keyway_testkit::{Chain, HOST, NOW};
use keyway_tests::heap::Question;

/// How many files are tried. Each is checked, and OpenSSL is asked of it once, in one process for all.
const TRIES: usize = 400;

/// Where the sequence of faults begins. Any number but zero would do.
const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

/// Bytes that are put in: white space of every kind, and what means something in PEM.
const BYTES: &[u8] = b"\x0b\x0c \t\r\n\0-=A_+:,\\\"\x7f\x80";

/// An encrypted key, made with OpenSSL; nobody gives its password.
const LOCKED: &str = include_str!("../../crates/chain/tests/vectors/keys/p8-aes256-SHA256.pem");

/// Loads pairs as servers on OpenSSL do: the chain file first, then the first key of the key file, and
/// whether they belong together. No password is known.
const LOADS: &str = r#"
import ssl, sys
for line in sys.stdin:
    chain, key = line.rstrip("\n").split("\t")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(chain, key, password=lambda: "")
        print("yes")
    except (OSError, ValueError):
        print("no")
"#;

/// Numbers that look like chance and are the same on every run (Marsaglia's xorshift64).
struct Numbers(u64);

impl Numbers {
    /// One below a limit, which is not zero.
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).expect("below a usize")
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// A text with one fault.
fn mutated(text: &str, numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    let starts: Vec<usize> = [0]
        .into_iter()
        .chain(text.match_indices('\n').map(|(at, _)| at + 1))
        .filter(|at| *at < text.len())
        .collect();
    let line = |at: usize| at..text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
    let at = numbers.below(bytes.len());
    let start = numbers.of(&starts);
    let byte = numbers.of(BYTES);
    match numbers.below(9) {
        0 => bytes[at] = byte,
        1 => bytes.insert(at, byte),
        2 => bytes.insert(start, byte),
        3 => bytes.insert(line(start).end - 1, byte),
        4 => {
            bytes.remove(at);
        }
        5 => {
            bytes.drain(line(start));
        }
        6 => {
            let copy = bytes[line(start)].to_vec();
            bytes.splice(start..start, copy);
        }
        7 => {
            bytes.remove(line(start).end - 1);
        }
        _ => bytes.truncate(at),
    }
    bytes
}

/// The files of a pair with one fault in one of them.
fn pair(chain: &Chain, numbers: &mut Numbers) -> [Vec<u8>; 2] {
    let (certificates, own) = (chain.fullchain_pem(), chain.key_pem());
    let key = match numbers.below(8) {
        0 => [LOCKED, &own].concat(),
        1 => [&own, LOCKED].concat(),
        2 => [chain.issuing.key_pem(), own].concat(),
        3 => chain.leaf.key().traditional_pem(),
        _ => own,
    };
    if numbers.below(2) == 0 {
        [mutated(&certificates, numbers), key.into_bytes()]
    } else {
        [certificates.into_bytes(), mutated(&key, numbers)]
    }
}

/// The pair as it is read here, without a password.
fn bundle([certificates, key]: &[Vec<u8>; 2]) -> Bundle {
    let input = |name, bytes| Input { name, bytes };
    let inputs = [input("fullchain.pem", certificates), input("key.pem", key)];
    read(&inputs, &ReadOptions::default()).expect("within the limits")
}

/// What OpenSSL loads of the pairs in a folder, which are named by their numbers.
fn loads(folder: &std::path::Path, count: usize) -> Vec<bool> {
    let mut questions = String::new();
    for number in 0..count {
        let folder = folder.display();
        writeln!(questions, "{folder}/{number}.crt\t{folder}/{number}.key").expect("memory");
    }
    let mut child = Command::new("python3")
        .args(["-c", LOADS])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is missing: `cargo xtask test` installs it (Debian: `apt-get install python3`)");
    let mut input = child.stdin.take().expect("a pipe");
    let writer = std::thread::spawn(move || input.write_all(questions.as_bytes()));
    let output = child.wait_with_output().expect("Python ends");
    writer.join().expect("a thread").expect("Python reads");
    let answers = String::from_utf8(output.stdout).expect("words");
    answers.lines().map(|line| line == "yes").collect()
}

#[test]
fn nothing_is_servable_that_openssl_does_not_load() {
    let folder = tempfile::tempdir().expect("a folder");
    let chain = Chain::good();
    let question = Question::new(chain.root.der(), HOST, NOW);
    let mut numbers = Numbers(SEED);
    let mut pairs = Vec::new();
    for number in 0..TRIES {
        let pair = pair(&chain, &mut numbers);
        for (bytes, ending) in pair.iter().zip(["crt", "key"]) {
            let file = folder.path().join(format!("{number}.{ending}"));
            fs::write(file, bytes).expect("a folder to write in");
        }
        pairs.push(pair);
    }
    let loaded = loads(folder.path(), TRIES);
    assert_eq!(loaded.len(), TRIES);
    let (mut servable, mut wrong) = (0, Vec::new());
    for (pair, loaded) in pairs.iter().zip(loaded) {
        let verdict = question.report(&bundle(pair)).verdicts.servable;
        servable += usize::from(verdict == Verdict::Yes);
        if verdict == Verdict::Yes && !loaded {
            wrong.push(
                pair.each_ref()
                    .map(|bytes| bytes.escape_ascii().to_string()),
            );
        }
    }
    assert!(wrong.is_empty(), "{} of {TRIES}: {wrong:#?}", wrong.len());
    // Some faults are none, so that the test does not pass because nothing is servable.
    assert!(servable > TRIES / 20, "{servable} are servable");
}
