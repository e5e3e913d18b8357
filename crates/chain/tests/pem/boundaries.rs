use keyway_chain::pem::Glue;
use keyway_chain::pem::NoteKind::{
    GluedBoundary, Indented, LoneCrBoundary, MalformedBoundary, MismatchedLabels, MissingBegin,
    MissingEnd, NoBoundaries, OrphanEnd, Quoted, TextBetween,
};
use keyway_chain::pem::{MAX_BLOCKS, ScanError, scan};

use super::{DER, LINE_1, LINE_2, kinds, one, read, read_as_der, well_formed};

#[test]
fn a_well_formed_block_has_nothing_to_note() {
    let input = well_formed("CERTIFICATE");
    let block = read_as_der(&input);
    assert_eq!(
        (block.label.as_str(), block.end_label.as_deref()),
        ("CERTIFICATE", Some("CERTIFICATE"))
    );
    assert_eq!(kinds(&block), []);
    assert_eq!(block.place.bytes, 0..input.len() - 1);
    assert_eq!(block.place.lines, 1..5);
    assert_eq!(read(&input).notes, []);
}

#[test]
fn an_unknown_label_is_kept_where_it_is_words_in_capitals() {
    assert_eq!(
        read_as_der(well_formed("MY OWN-THING 2.0")).label,
        "MY OWN-THING 2.0"
    );
}

#[test]
fn an_unknown_label_that_may_be_a_piece_of_a_key_is_told_by_its_length() {
    for piece in [
        "MHcCAQEEIGyLr9ZJ3cR0",
        "Something else",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    ] {
        let label = read_as_der(well_formed(piece)).label;
        assert_eq!(label, format!("({} characters, not shown)", piece.len()));
    }
}

#[test]
fn boundaries_glued_together_are_two() {
    for glue in [
        "-----END CERTIFICATE----------BEGIN CERTIFICATE-----",
        "-----END CERTIFICATE-----BEGIN CERTIFICATE-----",
        "-----END CERTIFICATE-----  -----BEGIN CERTIFICATE-----",
    ] {
        let both = well_formed("CERTIFICATE").repeat(2).replace(
            "-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----",
            glue,
        );
        let scan = read(&both);
        assert_eq!(scan.blocks.len(), 2, "{glue}");
        assert!(scan.blocks.iter().all(|block| *block.body == DER), "{glue}");
        let glued = GluedBoundary { to: Glue::Boundary };
        assert!(kinds(&scan.blocks[1]).contains(&glued), "{glue} {scan:?}");
        // Five dashes between the two are too few for both.
        let short = glue.contains("CERTIFICATE-----BEGIN");
        let malformed = scan.blocks.iter().flat_map(kinds);
        assert_eq!(
            malformed.filter(|kind| *kind == MalformedBoundary).count() > 0,
            short,
            "{glue}"
        );
        assert!(scan.blocks[0].place.bytes.end <= scan.blocks[1].place.bytes.start);
    }
}

#[test]
fn a_body_glued_to_its_boundaries_is_read() {
    let input = format!("-----BEGIN CERTIFICATE-----{LINE_1}{LINE_2}-----END CERTIFICATE-----");
    let glued = GluedBoundary {
        to: Glue::WholeBody,
    };
    assert!(kinds(&read_as_der(input)).contains(&glued));
    let spaced = well_formed("CERTIFICATE").replace('\n', " ");
    let block = read_as_der(spaced);
    assert!(kinds(&block).contains(&glued));
    assert!(!kinds(&block).contains(&Indented));
}

#[test]
fn a_missing_end_is_supplied_by_the_next_begin_or_the_end_of_input() {
    let whole = well_formed("CERTIFICATE");
    let open = whole.replace("-----END CERTIFICATE-----\n", "");
    let block = read_as_der(&open);
    assert_eq!(
        (block.end_label.as_deref(), kinds(&block)),
        (None, vec![MissingEnd])
    );
    let scan = read(open.clone() + &whole);
    assert!(scan.blocks.iter().all(|block| *block.body == DER));
    assert_eq!(
        (kinds(&scan.blocks[0]), kinds(&scan.blocks[1])),
        (vec![MissingEnd], vec![])
    );
}

#[test]
fn text_behind_a_block_without_end_is_not_part_of_it() {
    let open =
        well_formed("CERTIFICATE").replace("-----END CERTIFICATE-----", "thanks\nKind regards");
    let scan = read(open);
    assert_eq!(*scan.blocks[0].body, DER);
    assert_eq!(scan.notes[0].kind, TextBetween { bytes: 19 });
    assert_eq!(scan.notes[0].place.lines, 4..6);
}

#[test]
fn a_missing_begin_is_found_from_its_end() {
    let input = well_formed("CERTIFICATE").replace("-----BEGIN CERTIFICATE-----\n", "Hello,\n");
    let block = read_as_der(&input);
    assert_eq!(block.label, "CERTIFICATE");
    assert!(kinds(&block).contains(&MissingBegin));
    assert_eq!(block.place.lines, 2..5);
    assert_eq!(read(&input).notes[0].kind, TextBetween { bytes: 6 });
}

#[test]
fn an_end_that_closes_nothing_is_noted() {
    let scan = read(well_formed("CERTIFICATE") + "-----END CERTIFICATE-----\n");
    assert_eq!(scan.blocks.len(), 1);
    assert_eq!(
        scan.notes[0].kind,
        OrphanEnd {
            label: "CERTIFICATE".into()
        }
    );
    assert_eq!(scan.notes[0].place.lines, 5..6);
}

#[test]
fn mismatched_labels_are_noted_and_begin_counts() {
    let input = well_formed("RSA PRIVATE KEY").replace("END RSA PRIVATE", "END PRIVATE");
    let block = read_as_der(input);
    assert_eq!(block.label, "RSA PRIVATE KEY");
    let (begin, end) = ("RSA PRIVATE KEY".into(), "PRIVATE KEY".into());
    assert_eq!(kinds(&block), [MismatchedLabels { begin, end }]);
}

#[test]
fn damaged_boundaries_of_known_labels_are_read() {
    for (begin, end) in [
        ("----BEGIN CERTIFICATE----", "----END CERTIFICATE----"),
        ("------BEGIN CERTIFICATE------", "-----END CERTIFICATE-----"),
        ("—–-BEGIN CERTIFICATE—-–", "—–-END CERTIFICATE—-–"),
        (
            "----- BEGIN CERTIFICATE -----",
            "----- END CERTIFICATE -----",
        ),
        ("-----BEGIN  CERTIFICATE-----", "-----END CERTIFICATE -----"),
        ("-----begin certificate-----", "-----End Certificate-----"),
        ("-----BEGIN CERTIFICATE", "-----END CERTIFICATE"),
        ("BEGIN CERTIFICATE-----", "END CERTIFICATE-----"),
        ("-----BEGINCERTIFICATE-----", "-----ENDCERTIFICATE-----"),
    ] {
        let block = read_as_der(format!("{begin}\n{LINE_1}\n{LINE_2}\n{end}\n"));
        assert_eq!(block.label, "CERTIFICATE", "{begin}");
        assert_eq!(block.end_label.as_deref(), Some("CERTIFICATE"), "{end}");
        assert!(
            kinds(&block).contains(&MalformedBoundary),
            "{begin} {:?}",
            block.notes
        );
    }
}

#[test]
fn prose_with_dashes_is_no_boundary() {
    let scan = read("-- begin of the list --\n--- END of it ---\n----- BEGINNING -----\n");
    assert_eq!(scan.blocks, []);
    assert_eq!(scan.notes.len(), 1);
}

#[test]
fn indented_and_quoted_blocks_are_read() {
    let plain = well_formed("CERTIFICATE");
    for (mark, kind) in [
        ("    ", Indented),
        ("\t", Indented),
        ("> ", Quoted),
        ("# ", Quoted),
        ("// ", Quoted),
    ] {
        let marked: String = plain
            .lines()
            .map(|line| format!("{mark}{line}\n"))
            .collect();
        let scan = read(format!("key: |\n{marked}other: 1\n"));
        assert_eq!(*scan.blocks[0].body, DER, "{mark:?} {scan:?}");
        assert_eq!(kinds(&scan.blocks[0]), [kind], "{mark:?}");
    }
}

#[test]
fn a_string_literal_of_source_code_is_read() {
    let source: String = well_formed("CERTIFICATE")
        .lines()
        .map(|line| format!("    \"{line}\\n\"\n"))
        .collect();
    let block = read_as_der(format!("const char *pem =\n{source};\n"));
    assert!(kinds(&block).contains(&Quoted));
}

#[test]
fn base64_in_the_open_is_a_block_without_label() {
    let scan = read(format!(
        "Your certificate:\n\n{LINE_1}\n{LINE_2}\nBest regards\n"
    ));
    assert_eq!(*scan.blocks[0].body, DER);
    assert_eq!(
        (scan.blocks[0].label.as_str(), kinds(&scan.blocks[0])),
        ("", vec![NoBoundaries])
    );
    assert_eq!(scan.blocks[0].place.lines, 3..5);
    assert_eq!(scan.notes.len(), 2);
}

#[test]
fn an_opened_block_that_opens_again_is_two() {
    let scan = read("-----BEGIN CERTIFICATE-----\n".to_owned() + &well_formed("CERTIFICATE"));
    assert_eq!(scan.blocks.len(), 2);
    assert!(scan.blocks[0].decoded.is_err());
    assert_eq!(*scan.blocks[1].body, DER);
}

#[test]
fn too_many_blocks_are_an_error() {
    let block = "-----BEGIN X-----\nAAAA\n-----END X-----\n";
    assert_eq!(read(block.repeat(MAX_BLOCKS)).blocks.len(), MAX_BLOCKS);
    assert_eq!(
        scan(block.repeat(MAX_BLOCKS + 1).as_bytes()),
        Err(ScanError::TooManyBlocks)
    );
    let ends = "-----END X-----\n".repeat(MAX_BLOCKS + 1);
    assert_eq!(scan(ends.as_bytes()), Err(ScanError::TooManyBlocks));
}

#[test]
fn debug_output_has_no_bytes_of_the_body() {
    let shown = format!("{:?}", one(well_formed("PRIVATE KEY")));
    assert!(
        shown.contains("[60 bytes]") && !shown.contains("90, 90"),
        "{shown}"
    );
}

#[test]
fn a_lone_cr_matters_beside_a_boundary_and_nowhere_else() {
    let whole = well_formed("CERTIFICATE");
    let body = whole.find('\n').unwrap() + 10;
    let mut inside = whole.clone();
    inside.insert(body, '\r');
    // Tried with OpenSSL 3.0: it reads these, and none of those below.
    for text in [inside, format!("{whole}\r"), whole.replace('\n', "\r\r\n")] {
        let scan = read(&text);
        assert!(
            scan.notes.iter().all(|note| note.kind != LoneCrBoundary),
            "{text:?}"
        );
    }
    for text in [
        whole.replace('\n', "\r"),
        whole.replacen('\n', "\r", 1),
        format!("text\r{whole}"),
        whole.replace("\n-----END", "\r-----END"),
    ] {
        let scan = read(&text);
        let said = scan.notes.iter().filter(|note| note.kind == LoneCrBoundary);
        assert_eq!(said.count(), 1, "{text:?}");
    }
}

#[test]
fn an_end_that_is_indented_alone_is_malformed() {
    let end = "  -----END CERTIFICATE-----";
    let block = read_as_der(well_formed("CERTIFICATE").replace("-----END CERTIFICATE-----", end));
    assert_eq!(kinds(&block), vec![MalformedBoundary]);
}
