//! What was read is written and read back the same, whatever it was; nothing panics, hangs or leaves the
//! file.

use std::collections::BTreeSet;

use keyway_dns::rdata::Type;
use keyway_dns::zone::{FaultKind, Read, ReadOptions, Zone, check, origin, read};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;

fn read_all(text: &[u8]) -> Read {
    let include = |_: &str| Ok(b"$TTL 1\n@ A 192.0.2.1\n$INCLUDE again\n$INCLUDE again\n".to_vec());
    let options = ReadOptions {
        include: Some(&include),
    };
    read(text, "example.com", &options).expect("within limits")
}

fn read_plainly(text: &[u8]) -> Read {
    read(text, "example.com", &ReadOptions::default()).expect("within limits")
}

/// Owner without case, type, TTL and data of every record.
fn set(zone: &Zone) -> BTreeSet<(Vec<u8>, Type, u32, Vec<u8>)> {
    let records = zone.records();
    records
        .map(|it| {
            (
                it.owner.to_ascii_lowercase(),
                it.kind,
                it.ttl,
                it.data.to_vec(),
            )
        })
        .collect()
}

/// Of equal records with several TTLs one is written.
fn is_written(zone: &Zone) -> Result<(), TestCaseError> {
    let text = zone.to_string();
    let again = read_plainly(text.as_bytes());
    prop_assert!(again.faults.is_empty(), "{:?} in {text}", again.faults);
    let without_ttl = |zone: &Zone| -> BTreeSet<_> {
        let all = set(zone).into_iter();
        all.map(|(owner, kind, _, data)| (owner, kind, data))
            .collect()
    };
    prop_assert_eq!(without_ttl(zone), without_ttl(&again.zone));
    prop_assert!(set(&again.zone).is_subset(&set(zone)));
    prop_assert_eq!(again.zone.to_string(), text);
    Ok(())
}

/// Pieces that zone files are made of, and some that break them.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let pieces: Vec<&[u8]> = vec![
        b"$ORIGIN ",
        b"$TTL ",
        b"$INCLUDE f\n",
        b"$GENERATE 1-3 ",
        b"${0,2,n}",
        b"$",
        b"@",
        b"example.com.",
        b"www",
        b"*.",
        b".",
        b" ",
        b"\t",
        b"\n",
        b"\n",
        b"\r\n",
        b"(",
        b")",
        b";",
        b"\"",
        b"\\",
        b"\\#",
        b"\\032",
        b"=",
        b",",
        b"IN ",
        b"CH ",
        b"CLASS1 ",
        b"3600 ",
        b"1h30m ",
        b"4294967296 ",
        b"0",
        b"A ",
        b"AAAA ",
        b"NS ",
        b"SOA ",
        b"CNAME ",
        b"MX 10 ",
        b"TXT ",
        b"SRV 0 0 443 ",
        b"CAA 0 issue ",
        b"TLSA 3 1 1 ",
        b"HTTPS 1 . ",
        b"alpn=h2",
        b"port=443 ",
        b"DS 1 8 2 ",
        b"NSEC ",
        b"RRSIG A 8 2 60 20260101000000 20260201000000 1 ",
        b"NSEC3 1 0 0 - ",
        b"LOC 52 N 13 E 34m",
        b"TYPE65280 ",
        b"192.0.2.1",
        b"2001:db8::1",
        b"00ff",
        b"AAAA",
        b"1 2 3 4 5",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\0",
    ];
    let pieces: Vec<Vec<u8>> = pieces.into_iter().map(<[u8]>::to_vec).collect();
    let piece = prop_oneof![4 => select(pieces), 1 => vec(any::<u8>(), 1..4)];
    vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// A name in the form of the wire, of labels of any bytes.
fn name() -> impl Strategy<Value = Vec<u8>> {
    let label = prop_oneof![
        3 => "[a-zA-Z0-9_-]{1,12}".prop_map(String::into_bytes),
        1 => vec(any::<u8>(), 1..=63),
    ];
    vec(label, 0..4).prop_map(|labels| {
        let mut out = Vec::new();
        for label in labels {
            if out.len() + label.len() + 2 > 255 {
                break;
            }
            out.push(u8::try_from(label.len()).expect("a label"));
            out.extend(label);
        }
        out.push(0);
        out
    })
}

/// A character-string.
fn string() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..=255).prop_map(|text| {
        let length = u8::try_from(text.len()).expect("a string");
        [vec![length], text].concat()
    })
}

/// Data of a type, field by field: numbers of so many bytes, `n` a name, `t` a string, `x` bytes to the end,
/// `b` a bit map, `s` parameters of a service binding; the others are what one type has.
fn data(fields: &'static str) -> BoxedStrategy<Vec<u8>> {
    let one = |field: char| -> BoxedStrategy<Vec<u8>> {
        match field {
            'n' => name().boxed(),
            't' => string().boxed(),
            'c' => Just(b"\x05issue".to_vec()).boxed(),
            'z' => Just(vec![0]).boxed(),
            'g' => Just(b"\x0313.\x0552.52\x0234".to_vec()).boxed(),
            'h' => Just(vec![2, 5, 0, 3, 1, 2, 3, 4, 5]).boxed(),
            // Version, three sizes, and near the middle: 0x80.
            'l' => (vec(0..10_u8, 6), vec(any::<u8>(), 12))
                .prop_map(|(sizes, places)| {
                    let packed = sizes.chunks(2).map(|two| two[0] << 4 | two[1]);
                    let mut out: Vec<u8> = [0].into_iter().chain(packed).collect();
                    for place in places.chunks(4) {
                        out.extend([0x80, place[1], place[2], place[3]]);
                    }
                    out
                })
                .boxed(),
            // No relay, and whether to look on.
            'r' => select(vec![vec![0], vec![0x80]]).boxed(),
            'x' => vec(any::<u8>(), 1..80).boxed(),
            'b' => Just(vec![0, 2, 0x40, 0x01, 1, 1, 0x40]).boxed(),
            's' => Just(vec![0, 1, 0, 3, 2, b'h', b'2', 0, 3, 0, 2, 1, 187]).boxed(),
            digit => {
                let count = digit.to_digit(10).expect("a width") as usize;
                vec(any::<u8>(), if count == 9 { 16 } else { count }).boxed()
            }
        }
    };
    let parts: Vec<_> = fields.chars().map(one).collect();
    parts.prop_map(|parts| parts.concat()).boxed()
}

/// Types with what their data is made of; `9` is sixteen bytes.
const LAYOUTS: &[(u16, &str)] = &[
    (1, "4"),
    (2, "n"),
    (5, "n"),
    (6, "nn44444"),
    (11, "41x"),
    (12, "n"),
    (13, "tt"),
    (14, "nn"),
    (15, "2n"),
    (16, "ttt"),
    (17, "nn"),
    (18, "2n"),
    (19, "t"),
    (20, "t"),
    (20, "tt"),
    (21, "2n"),
    (22, "x"),
    (24, "2114442nx"),
    (25, "211x"),
    (26, "2nn"),
    (27, "g"),
    (28, "9"),
    (29, "l"),
    (31, "x"),
    (33, "222n"),
    (34, "zx"),
    (35, "22tttn"),
    (36, "2n"),
    (37, "221x"),
    (38, "19"),
    (38, "19n"),
    (39, "n"),
    (40, "111x"),
    (42, "2114"),
    (43, "211x"),
    (44, "11x"),
    (45, "1119x"),
    (45, "111nx"),
    (46, "2114442nx"),
    (47, "nb"),
    (48, "211x"),
    (49, "x"),
    (50, "112ttb"),
    (51, "112t"),
    (52, "111x"),
    (53, "111x"),
    (55, "hn"),
    (57, "211x"),
    (58, "nn"),
    (59, "211x"),
    (61, "x"),
    (62, "42b"),
    (63, "411x"),
    (64, "2ns"),
    (65, "2ns"),
    (66, "212n"),
    (67, "x"),
    (99, "t"),
    (104, "28"),
    (105, "24"),
    (106, "28"),
    (107, "2n"),
    (108, "6"),
    (109, "8"),
    (256, "22x"),
    (257, "1cx"),
    (259, "441tx"),
    (260, "1r"),
    (261, "tt"),
    (262, "t"),
    (32768, "211x"),
    (65280, "x"),
];

fn layouts() -> impl Strategy<Value = (u16, Vec<u8>)> {
    select(LAYOUTS).prop_flat_map(|(kind, fields)| {
        let fields: &'static str = if fields.contains(' ') {
            "2114442nx"
        } else {
            fields
        };
        (
            Just(kind),
            prop_oneof![4 => data(fields), 1 => vec(any::<u8>(), 0..40)],
        )
    })
}

fn generic(kind: u16, data: &[u8]) -> String {
    let hex: Vec<String> = data.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("x 60 IN TYPE{kind} \\# {} {}\n", data.len(), hex.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_zone_that_was_read_is_written_and_read_back(text in text()) {
        let read = read_all(&text);
        is_written(&read.zone)?;
        let lines = text.split(|byte| *byte == b'\n').count();
        for fault in &read.faults {
            prop_assert!((1..=lines).contains(&(fault.line as usize)), "{fault:?}");
        }
        for finding in check(&read, "zone").findings {
            prop_assert!(finding.at.line.is_none_or(|line| (1..=lines).contains(&(line as usize))));
        }
        origin(&text);
    }

    #[test]
    fn arbitrary_bytes_are_read_to_their_end(text in vec(any::<u8>(), 0..400)) {
        is_written(&read_all(&text).zone)?;
        origin(&text);
    }

    #[test]
    fn data_of_every_type_is_written_and_read_back((kind, data) in layouts()) {
        let read = read_plainly(generic(kind, &data).as_bytes());
        // What is no data of the type is a fault.
        if !read.faults.is_empty() {
            return Ok(());
        }
        let record = read.zone.records().next().expect("a record");
        prop_assert_eq!(record.data, &data[..]);
        is_written(&read.zone)?;
    }

    #[test]
    fn names_are_written_and_read_back(name in name()) {
        let read = read_plainly(generic(2, &name).as_bytes());
        let record = read.zone.records().next().expect("a record");
        let text = format!("{} 60 NS {}\n", record.data_text(), record.data_text());
        let again = read_plainly(text.as_bytes());
        prop_assert!(again.faults.is_empty(), "{:?}", again.faults);
        let record = again.zone.records().next().expect("a record");
        prop_assert_eq!((record.owner, record.data), (&name[..], &name[..]));
    }
}

/// Each layout makes data that is taken, or the property above would say little.
#[test]
fn every_type_is_read_from_some_bytes() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut taken = BTreeSet::new();
    for _ in 0..20_000 {
        let tree = layouts().new_tree(&mut runner).expect("a value");
        let (kind, data) = tree.current();
        if read_plainly(generic(kind, &data).as_bytes())
            .faults
            .is_empty()
        {
            taken.insert(kind);
        }
    }
    let all: BTreeSet<u16> = LAYOUTS.iter().map(|(kind, _)| *kind).collect();
    let missing: Vec<&u16> = all.difference(&taken).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn what_a_file_makes_is_bounded() {
    let kinds = |text: &str| -> Vec<FaultKind> {
        let read = read_all(text.as_bytes());
        read.faults.into_iter().map(|fault| fault.kind).collect()
    };
    let too_many = [FaultKind::TooManyGenerated];
    assert_eq!(kinds("$GENERATE 0-2147483647 a$ 1 A 192.0.2.1\n"), too_many);
    let long = "x".repeat(250);
    let wide = format!(
        "$GENERATE 0-1048575 a 1 TXT \"{}\"\n",
        vec![long.as_str(); 200].join(" ")
    );
    assert_eq!(kinds(&wide), too_many);
    // A file that includes itself twice: eight deep, a thousand times.
    let read = read_all(b"$INCLUDE again\n");
    assert!(read.zone.len() <= 1_000);
    let is_include = |kind: &FaultKind| matches!(kind, FaultKind::Include { .. });
    assert!(kinds("$INCLUDE again\n").iter().all(is_include));
    assert_eq!(kinds("$TTL 1\n$INCLUDE\n").len(), 1);
    let plainly = read_plainly(b"$INCLUDE again\n");
    assert_eq!(plainly.faults[0].kind, FaultKind::IncludeOff);
    let words = format!("a 1 TXT ({}\n)\n", " x".repeat(65_536));
    assert!(
        kinds(&words)
            .iter()
            .any(|kind| matches!(kind, FaultKind::Words(_)))
    );
}

#[test]
fn a_quote_that_ends_with_a_backslash_stays_on_its_line() {
    let read = read_plainly(b"$TTL 1\na TXT \"b\\\nc A 192.0.2.300\n");
    let lines: Vec<u32> = read.faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [2, 3]);
}
