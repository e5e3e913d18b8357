//! A DNS message that may be anything, as servers and whoever is in between send them.

use keyway_dns::message::tsig::{Algorithm, Key, Verifier, sign};
use keyway_dns::message::{Manner, Question, answer, question};
use keyway_dns::name::Name;
use keyway_dns::rdata::Type;
use keyway_dns::zone::{ReadOptions, read};
use keyway_report::escape;

/// When everything was signed, seconds since 1970.
const NOW: u64 = 1_795_000_000;

/// Reading ends and says the same twice, names are within their limits, what a zone file would say of a record is
/// safe to show and reads as the same data, and no message is believed that was not signed with the key.
pub fn messages(data: &[u8]) {
    let first = answer(data);
    assert_eq!(first, answer(data), "not the same twice");
    if let Ok(answer) = &first {
        let sections = [&answer.answers, &answer.authorities, &answer.additionals];
        for record in sections.into_iter().flatten() {
            assert!(record.name.wire().len() <= 255, "{}", record.name);
            let text = record.data_text();
            for ch in text.chars() {
                let shown = escape::text(ch.encode_utf8(&mut [0; 4]));
                assert!(shown.starts_with(ch), "{ch:?} in {text:?}");
            }
            reads_back(record.kind, &text, &record.data);
            let _ = (record.start(), record.target());
        }
    }
    nobody_signed(data);
}

/// Types that stand in messages only have no line in a zone file.
fn reads_back(kind: Type, text: &str, data: &[u8]) {
    let line = format!("a.example. 0 IN {kind} {text}\n");
    let read = read(line.as_bytes(), ".", &ReadOptions::default()).expect("a name");
    if let (Some(record), true) = (read.zone.records().next(), read.faults.is_empty()) {
        assert_eq!((record.kind, record.data), (kind, data), "{line}");
    }
}

fn key() -> Key {
    Key::new("key.example", Algorithm::Sha256, "c2VjcmV0").expect("a key")
}

fn asked() -> Vec<u8> {
    let asked = Question {
        name: Name::read("www.example.com").expect("a name"),
        kind: Type::A,
    };
    question(1, &asked, Manner::default()).expect("fits")
}

/// Bytes that somebody sends who does not have the key.
fn nobody_signed(data: &[u8]) {
    let key = key();
    let mac = sign(&asked(), &key, NOW).expect("a message").mac;
    let believed = Verifier::new(&key, mac).next(data, NOW);
    assert!(believed.is_err(), "believed, and nobody signed it");
}
