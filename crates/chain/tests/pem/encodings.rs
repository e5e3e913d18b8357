use keyway_chain::pem::Escape;
use keyway_chain::pem::NoteKind::{Bom, CrLf, Escaped, LoneCr, TextBetween, Utf16};

use super::{DER, kinds, read, read_as_der, well_formed};

#[test]
fn a_byte_order_mark_is_noted_once() {
    let scan = read("\u{feff}".to_owned() + &well_formed("CERTIFICATE"));
    assert_eq!(
        (
            scan.notes[0].kind.clone(),
            scan.notes[0].place.bytes.clone()
        ),
        (Bom, 0..3)
    );
    assert_eq!((kinds(&scan.blocks[0]), scan.notes.len()), (vec![], 1));
    assert_eq!(scan.blocks[0].place.lines, 1..5);
}

#[test]
fn a_byte_order_mark_between_joined_files_is_noted() {
    let one = "\u{feff}".to_owned() + &well_formed("CERTIFICATE");
    let scan = read(one.repeat(2));
    assert!(scan.blocks.iter().all(|block| *block.body == DER));
    assert!(scan.notes.iter().all(|note| note.kind == Bom) && scan.notes.len() == 2);
}

#[test]
fn utf_16_is_read_with_or_without_a_mark_and_places_are_those_of_the_file() {
    let text = "Hi\n".to_owned() + &well_formed("CERTIFICATE");
    let units: Vec<u16> = text.encode_utf16().collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    let marked = |mark: [u8; 2], text: &[u8]| [&mark[..], text].concat();
    let cases = [
        (marked([0xff, 0xfe], &little), 2),
        (marked([0xfe, 0xff], &big), 2),
        (little, 0),
        (big, 0),
    ];
    for (input, shift) in cases {
        let scan = read(&input);
        let block = &scan.blocks[0];
        assert_eq!(*block.body, DER);
        assert_eq!(block.place.bytes, 6 + shift..input.len() - 2);
        assert_eq!(block.place.lines, 2..6);
        assert_eq!(scan.notes[0].kind, Utf16);
        assert_eq!(scan.notes[1].kind, TextBetween { bytes: 4 });
    }
}

#[test]
fn line_ends_of_every_kind_count_as_one_line() {
    for (end, kind) in [("\r\n", CrLf), ("\r", LoneCr)] {
        let scan = read(well_formed("CERTIFICATE").replace('\n', end).repeat(2));
        assert!(
            scan.blocks
                .iter()
                .all(|block| *block.body == DER && block.notes.is_empty())
        );
        assert_eq!(scan.blocks[1].place.lines, 5..9);
        let mut said = scan.notes.iter().filter(|note| note.kind == kind);
        assert_eq!(said.next().map(|note| note.place.lines.clone()), Some(1..2));
        assert!(said.next().is_none());
    }
}

#[test]
fn escapes_are_undone() {
    let plain = well_formed("CERTIFICATE");
    let lines = |end: &str| plain.trim_end().replace('\n', end);
    for (input, how) in [
        (lines("\\n"), Escape::Backslash),
        (lines("\\r\\n"), Escape::Backslash),
        (lines("\\\\n"), Escape::Backslash),
        (
            format!("{{\"cert\":\"{}\"}}", lines("\\n").replace('/', "\\/")),
            Escape::Backslash,
        ),
        (lines("\\n").replace('/', "\\u002F"), Escape::Backslash),
        (lines("<br>\n"), Escape::Html),
        (lines("&#10;").replace('/', "&#x2F;"), Escape::Html),
        (
            lines("%0A").replace('/', "%2F").replace(' ', "%20"),
            Escape::Percent,
        ),
        (plain.replace(' ', "\u{a0}"), Escape::Typographic),
        (plain.replace("//", "/\u{200b}/"), Escape::Typographic),
    ] {
        let block = read_as_der(&input);
        assert_eq!(block.label, "CERTIFICATE", "{input}");
        assert!(
            kinds(&block).contains(&Escaped { how }),
            "{input} {:?}",
            block.notes
        );
    }
}

#[test]
fn places_behind_escapes_are_those_of_the_file() {
    let input = format!(
        "a\\n\\nb {}",
        well_formed("CERTIFICATE").replace('\n', "\\n")
    );
    let block = read_as_der(&input);
    assert_eq!(&input[block.place.bytes.clone()][..11], "-----BEGIN ");
    assert!(input[block.place.bytes].ends_with("CERTIFICATE-----"));
}
