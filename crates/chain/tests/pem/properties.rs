use keyway_chain::pem::{NoteKind, Place, Scan, scan};
use keyway_chain::sniff;
use proptest::prelude::*;

use super::damage::any_damage;
use super::{DER, well_formed};

/// A SEQUENCE of random bytes.
fn any_sequence() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 3..700).prop_map(|content| {
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        [&[0x30, 0x82][..], &length, &content].concat()
    })
}

fn base64(der: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in der.chunks(3) {
        let bits = group
            .iter()
            .chain(&[0; 2])
            .take(3)
            .fold(0_usize, |sum, b| sum << 8 | usize::from(*b));
        for index in 0..4 {
            let character = char::from(ALPHABET[bits >> (18 - 6 * index) & 63]);
            text.push(if index > group.len() { '=' } else { character });
        }
    }
    text
}

fn places(scan: &Scan) -> impl Iterator<Item = &Place> {
    let blocks = scan.blocks.iter().map(|block| &block.place);
    blocks.chain(scan.notes.iter().map(|note| &note.place))
}

fn all_places(scan: &Scan) -> impl Iterator<Item = &Place> {
    let inside = scan.blocks.iter().flat_map(|block| {
        let fault = block.decoded.as_ref().err().map(|fault| &fault.place);
        block.notes.iter().map(|note| &note.place).chain(fault)
    });
    places(scan).chain(inside)
}

/// Blocks, notes and white space cover every byte, and no place lies outside.
fn assert_covered(input: &[u8]) {
    let Ok(scan) = scan(input) else { return };
    let lines = 1 + input.iter().filter(|b| matches!(b, b'\n' | b'\r')).count();
    let mut covered = vec![false; input.len()];
    for place in places(&scan) {
        covered[place.bytes.clone()].fill(true);
    }
    for place in all_places(&scan) {
        assert!(place.bytes.start <= place.bytes.end && place.bytes.end <= input.len());
        assert!(place.lines.start >= 1 && place.lines.start < place.lines.end);
        assert!(place.lines.end as usize <= lines + 1);
    }
    for pair in scan.blocks.windows(2) {
        assert!(pair[0].place.bytes.end <= pair[1].place.bytes.start);
    }
    let wide = scan.notes.iter().any(|note| note.kind == NoteKind::Utf16);
    for at in (0..input.len()).filter(|at| !covered[*at]) {
        assert!(
            input[at].is_ascii_whitespace() || input[at] == 0x0b || wide,
            "byte {at}"
        );
        assert!(!wide || is_wide_space(input, at), "unit {}", at / 2);
    }
}

fn is_wide_space(input: &[u8], at: usize) -> bool {
    let unit = &input[at & !1..];
    let is_space = |code: u16| {
        let shown = char::from_u32(u32::from(code)).is_some_and(char::is_whitespace);
        shown || matches!(code, 0xad | 0x2000..=0x200f | 0x2060 | 0xfeff)
    };
    unit.len() > 1
        && (is_space(u16::from_le_bytes([unit[0], unit[1]]))
            || is_space(u16::from_be_bytes([unit[0], unit[1]])))
}

/// Pieces that files are made of, whole and broken.
fn any_pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(well_formed("CERTIFICATE").into_bytes()),
        prop::sample::select(vec![
            "-----BEGIN CERTIFICATE-----",
            "-----END CERTIFICATE-----",
            "-----BEGIN",
            "-----",
            "--",
            "END X-----",
            "\n",
            "\r",
            "\r\n",
            " ",
            "> ",
            "\\n",
            "\\",
            "%0A",
            "&nbsp;",
            "<br>",
            "=",
            "==",
            "=3D",
            "AAAA",
            "M",
            "MII",
            "MDoCAQcENVpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpa",
            "\u{feff}",
            "\u{2014}",
            "\u{a0}",
            "Proc-Type: 4,ENCRYPTED\n",
            "DEK-Info: AES-128-CBC,00\n\n",
            "Comment: x\n",
            "\"",
            "text",
            "\0",
        ])
        .prop_map(|piece| piece.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..8),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tolerated_damage_never_changes_what_is_read(der in any_sequence(), damage in any_damage()) {
        let input = damage.apply(&base64(&der));
        let scan = scan(&input).unwrap();
        assert_covered(&input);
        prop_assert_eq!(scan.blocks.len(), 1, "{:?} {}", scan, String::from_utf8_lossy(&input));
        prop_assert_eq!(&scan.blocks[0].decoded, &Ok(()), "{}", String::from_utf8_lossy(&input));
        prop_assert_eq!(scan.blocks[0].body.as_slice(), &der);
        prop_assert_eq!(&scan.blocks[0].label, "PRIVATE KEY");
    }

    #[test]
    fn everything_is_accounted_for_in_broken_files(input in any_pieces()) {
        assert_covered(&input);
        let _ = sniff::kind(&input);
    }

    #[test]
    fn everything_is_accounted_for_in_random_bytes(input in prop::collection::vec(any::<u8>(), 0..600), wide in any::<bool>()) {
        assert_covered(&input);
        let _ = sniff::kind(&input);
        if wide {
            assert_covered(&[b"\xff\xfe", &input[..]].concat());
        }
    }

    #[test]
    fn cutting_a_file_anywhere_never_yields_other_bytes(cut in 0_usize..260) {
        let text = well_formed("CERTIFICATE").repeat(2);
        let input = &text.as_bytes()[..cut.min(text.len())];
        assert_covered(input);
        for block in scan(input).unwrap().blocks {
            prop_assert!(DER.starts_with(&block.body));
        }
    }
}
