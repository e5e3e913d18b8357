//! Names in certificates, requests and files are shown so that nothing in them takes effect.
#![allow(clippy::unwrap_used)]

use keyway_chain::{FixOptions, Input, ReadOptions, fix, read};
use keyway_report::{Kind as _, escape};
use keyway_testkit::{Certificate, Chain, GeneralName, HOST, NOW, Name, oid};
use keyway_tests::heap::Question;
use proptest::prelude::*;

/// Terminal escapes, directions, markup, line ends and what looks like other text.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\u{1b}[31m".to_owned()),
        Just("\u{1b}]0;title\u{7}".to_owned()),
        Just("\u{9b}2J".to_owned()),
        Just("\u{202e}moc".to_owned()),
        Just("\u{2066}\u{200b}\u{feff}".to_owned()),
        Just("<script>alert('x')</script>".to_owned()),
        Just("\"&amp;'".to_owned()),
        Just("\r\n::error::x".to_owned()),
        Just("\0\u{8}\u{7f}".to_owned()),
        "[ -~]{0,12}",
        any::<String>(),
    ];
    prop::collection::vec(piece, 1..5).prop_map(|pieces| pieces.concat())
}

/// Nothing in it moves a cursor, turns a line around or hides; `\n` and indents are the layout's.
fn is_inert(text: &str) -> bool {
    text.split(['\n', ' ']).all(|word| {
        let cut = word.chars().take(escape::MAX_SHOWN).collect::<String>();
        let rest: String = word.chars().skip(escape::MAX_SHOWN).collect();
        escape::text(&cut) == cut && (rest.is_empty() || is_inert(&rest))
    })
}

/// Every string in a JSON value, keys included.
fn strings(value: &serde_json::Value, out: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => out.push(text.clone()),
        serde_json::Value::Array(list) => list.iter().for_each(|item| strings(item, out)),
        serde_json::Value::Object(map) => map.iter().for_each(|(key, item)| {
            out.push(key.clone());
            strings(item, out);
        }),
        _ => {}
    }
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 128,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn hostile_names_take_no_effect_in_any_text(
        subject in hostile(),
        dns in hostile(),
        label in "[ -~]{0,20}",
        noise in hostile(),
    ) {
        let chain = Chain::with_leaf(|leaf| {
            let name = Name::common(&subject).with(oid::ORGANIZATION, &noise);
            leaf.subject(name).san(&[GeneralName::dns(&dns), GeneralName::dns(HOST)])
        });
        let other = Certificate::root(&noise).build();
        let text = format!(
            "{noise}\n{}{}-----BEGIN {label}{subject}-----\nAAAA\n-----END {noise}-----\n{}",
            chain.leaf.pem(), other.pem(), chain.key_pem(),
        );
        let input = Input { name: "input", bytes: text.as_bytes() };
        let bundle = read(&[input], &ReadOptions::default()).unwrap();
        let report = Question::new(chain.root.der(), HOST, NOW).report(&bundle);
        let mut said = Vec::new();
        strings(&serde_json::from_str(&report.to_json(false)).unwrap(), &mut said);
        for finding in &report.findings {
            said.extend([finding.kind.message(), finding.kind.fix()]);
        }
        let repair = fix(&bundle, &report, &FixOptions::default()).unwrap();
        said.extend(repair.unrepaired);
        said.extend(repair.changes.into_iter().map(|change| change.what));
        for text in &said {
            prop_assert!(is_inert(text), "{text:?}");
            let html = escape::html(text);
            prop_assert!(!html.contains(['<', '>', '"', '\'']), "{html:?}");
        }
    }
}
