use keyway_chain::pem::FaultKind;
use keyway_chain::pem::NoteKind::{
    BlankLines, DoubleSpaced, HeaderMalformed, LongLines, MissingPadding, NonCanonicalTrailingBits,
    QuotedPrintable, ShortLines, TrailingBytes, TrailingWhitespace, Truncated, UrlAlphabet,
    WhitespaceInside,
};

use super::{DER, LINE_1, LINE_2, kinds, one, read_as_der, well_formed};

/// A block around `body`, which starts on line 2, byte 18.
fn block(body: &str) -> String {
    format!("-----BEGIN X-----\n{body}\n-----END X-----\n")
}

fn fault(body: &str) -> (FaultKind, u32, usize) {
    let fault = one(block(body)).decoded.unwrap_err();
    (fault.what, fault.place.lines.start, fault.place.bytes.start)
}

#[test]
fn lines_of_any_length_are_read() {
    let text = format!("{LINE_1}{LINE_2}");
    assert_eq!(
        kinds(&read_as_der(block(&text))),
        [LongLines { longest: 80 }]
    );
    let columns: Vec<String> = text.chars().map(String::from).collect();
    assert_eq!(
        kinds(&read_as_der(block(&columns.join("\n")))),
        [ShortLines { shortest: 1 }]
    );
    let (head, tail) = text.split_at(76);
    assert_eq!(
        kinds(&read_as_der(block(&format!("{head}\n{tail}")))),
        [LongLines { longest: 76 }]
    );
}

#[test]
fn white_space_in_and_after_lines_is_skipped() {
    let spaced =
        block(&format!("{LINE_1}  \n{LINE_2}")).replace("WlpaWlpaWlpa//77", "WlpaWlpa Wlpa//77\t");
    let notes = kinds(&read_as_der(spaced));
    assert!(
        notes.contains(&TrailingWhitespace) && notes.contains(&WhitespaceInside),
        "{notes:?}"
    );
}

#[test]
fn blank_lines_behind_begin_or_after_every_line_are_skipped() {
    let behind = |gap| block(&format!("{gap}{LINE_1}\n{LINE_2}"));
    assert_eq!(kinds(&read_as_der(behind("\n"))), [BlankLines]);
    assert_eq!(kinds(&read_as_der(behind("\n\n"))), [DoubleSpaced]);
    let (first, second) = LINE_1.split_at(32);
    let windows = block(&format!("{first}\n{second}\n{LINE_2}")).replace('\n', "\r\r\n");
    assert!(kinds(&read_as_der(windows)).contains(&BlankLines));
    let doubled = block(&format!("\n{first}\n\n{second}\n\n{LINE_2}\n"));
    assert!(kinds(&read_as_der(doubled)).contains(&DoubleSpaced));
}

#[test]
fn a_blank_line_inside_or_before_end_is_a_fault_as_for_openssl() {
    let (first, second) = (fault("AAAA\nAAAA\nAAAA\n"), fault("\nAAAA\nAAAA\n \n"));
    assert_eq!(first, (FaultKind::BlankLine, 5, 33));
    assert_eq!((second.0, second.1), (FaultKind::BlankLine, 5));
    assert_eq!(fault("AAAA\nAAAA\n\nAAAA"), (FaultKind::BlankLine, 4, 28));
    assert_eq!(fault("AAAA\n\nAAAA"), (FaultKind::BlankLine, 3, 23));
}

#[test]
fn a_foreign_character_is_a_fault_with_its_place() {
    assert_eq!(fault("AAAA\nAA*A"), (FaultKind::Character, 3, 25));
    assert_eq!(fault("AAAA\n[cut]\nAAAA"), (FaultKind::Character, 3, 23));
}

#[test]
fn missing_padding_is_supplied_and_extra_padding_is_a_fault() {
    for (body, bytes, notes) in [
        ("AAA=", 2, vec![]),
        ("AAA", 2, vec![MissingPadding]),
        ("AA", 1, vec![MissingPadding]),
        ("AA=", 1, vec![MissingPadding]),
        ("AA=3D=3D", 1, vec![QuotedPrintable]),
    ] {
        let block = one(block(body));
        assert_eq!((block.body.len(), kinds(&block)), (bytes, notes), "{body}");
    }
    assert_eq!(fault("AAA=="), (FaultKind::MisplacedPadding, 2, 21));
    assert_eq!(fault("AAAA="), (FaultKind::MisplacedPadding, 2, 22));
    assert_eq!(fault("AA==AAAA"), (FaultKind::MisplacedPadding, 2, 20));
    assert_eq!(fault("="), (FaultKind::MisplacedPadding, 2, 18));
}

#[test]
fn soft_line_breaks_of_quoted_printable_are_read_where_no_padding_can_be() {
    let whole = format!("{LINE_1}{LINE_2}");
    let broken = |at: &[usize]| {
        let mut text = whole.replace('=', "=3D");
        for at in at.iter().rev() {
            text.insert_str(*at, "=\n");
        }
        text
    };
    for places in [&[10][..], &[3, 10], &[16, 32, 48], &[75, 78]] {
        let read = one(block(&broken(places)));
        assert_eq!(kinds(&read), [QuotedPrintable], "{places:?}");
        assert_eq!(read.body.as_slice(), DER, "{places:?}");
    }
    let windows = one(block(&broken(&[10, 20]).replace('\n', "\r\n")));
    assert_eq!(windows.body.as_slice(), DER);
    assert!(one(block(&broken(&[75]))).decoded.is_err());
    // These could as well be two bodies, of which the first is padded, or have padding on two lines.
    assert_eq!(fault("AAA=\nBBBB"), (FaultKind::MisplacedPadding, 2, 21));
    assert_eq!(fault("AA=\n=\nBBBB"), (FaultKind::MisplacedPadding, 2, 20));
    assert_eq!(fault("AAAA="), (FaultKind::MisplacedPadding, 2, 22));
    assert_eq!(kinds(&one(block("AA=\n="))), [ShortLines { shortest: 3 }]);
}

#[test]
fn a_character_left_over_is_a_fault() {
    assert_eq!(fault("AAAAA"), (FaultKind::LooseCharacter, 2, 22));
}

#[test]
fn unused_bits_are_cleared() {
    let block = one(block("AB=="));
    assert_eq!(
        (block.body.as_slice(), kinds(&block)),
        (&[0][..], vec![NonCanonicalTrailingBits])
    );
}

#[test]
fn the_alphabet_of_base64url_is_read() {
    let url = well_formed("X").replace("//77", "__77");
    assert_eq!(kinds(&read_as_der(url)), [UrlAlphabet]);
}

#[test]
fn an_empty_block_is_a_fault() {
    assert_eq!(fault("").0, FaultKind::Empty);
    assert_eq!(fault("  \n\n").0, FaultKind::Empty);
}

#[test]
fn der_that_does_not_fit_its_block_is_noted() {
    let torn = well_formed("X").replace(&LINE_2[4..], "");
    assert_eq!(
        kinds(&one(torn)),
        [Truncated {
            declared: 60,
            present: 51
        }]
    );
    let longer = well_formed("X").replace("//77", "//77AAAA");
    assert_eq!(kinds(&one(&longer)), [TrailingBytes { count: 3 }]);
    let trusted = longer.replace(" X-", " TRUSTED CERTIFICATE-");
    assert_eq!(kinds(&one(trusted)), []);
}

#[test]
fn headers_are_read_and_unfolded() {
    let block = one(block(&format!(
        "Comment: one\n  two\nx-name:value\n\n{LINE_1}\n{LINE_2}"
    )));
    assert_eq!(*block.body, DER);
    let headers = [("Comment", "onetwo"), ("x-name", "value")];
    assert_eq!(
        block.headers,
        headers.map(|(name, value)| (name.into(), value.into()))
    );
    assert_eq!(kinds(&block), []);
}

#[test]
fn headers_without_a_blank_line_are_noted_and_fatal_for_an_encrypted_block() {
    let plain = one(block(&format!("Comment: x\n{LINE_1}\n{LINE_2}")));
    assert_eq!(
        (kinds(&plain), plain.body.as_slice()),
        (vec![HeaderMalformed], &DER[..])
    );
    let encrypted = format!("Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n{LINE_1}\n{LINE_2}");
    assert_eq!(fault(&encrypted).0, FaultKind::HeaderUnterminated);
}

#[test]
fn headers_of_an_encrypted_block_are_held_to_openssls_spelling() {
    let body = format!("{LINE_1}\n{LINE_2}");
    let (proc, dek) = ("Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-128-CBC,00");
    for head in [
        format!("{proc}\n{dek}"),
        format!("Proc-Type:4,\tENCRYPTED \t\n{dek}\nComment: x"),
    ] {
        assert_eq!(one(block(&format!("{head}\n\n{body}"))).decoded, Ok(()));
    }
    for (head, line) in [
        (format!("{dek}\n{proc}"), 2),
        (format!("Comment: x\n{proc}\n{dek}"), 2),
        (format!("{proc}\nComment: x\n{dek}"), 3),
        (format!("Proc-type: 4,ENCRYPTED\n{dek}"), 2),
        (format!("Proc-Type : 4,ENCRYPTED\n{dek}"), 2),
        (format!("Proc-Type: 4 ,ENCRYPTED\n{dek}"), 2),
        (format!("Proc-Type: 4,\n ENCRYPTED\n{dek}"), 2),
        (format!(" {proc}\n{dek}"), 2),
        (format!("\n{proc}\n{dek}"), 2),
        (format!("{proc}\ndek-info: AES-128-CBC,00"), 3),
    ] {
        let (what, at, _) = fault(&format!("{head}\n\n{body}"));
        assert_eq!((what, at), (FaultKind::HeaderForm, line), "{head}");
    }
    // Indented, it continues the line above.
    let folded = fault(&format!("{proc}\n {dek}\n\n{body}"));
    assert_eq!((folded.0, folded.1), (FaultKind::HeaderIncomplete, 2));
}

#[test]
fn of_a_folded_dek_info_the_first_line_counts() {
    let head = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,\n 00";
    let block = one(block(&format!("{head}\n\n{LINE_1}\n{LINE_2}")));
    assert_eq!(block.header("DEK-Info"), Some("AES-128-CBC,"));
}

#[test]
fn an_encrypted_block_may_be_indented_as_a_whole() {
    let text = format!("Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n{LINE_1}\n{LINE_2}");
    let indented: String = block(&text)
        .lines()
        .map(|line| format!("  {line}\n"))
        .collect();
    assert_eq!(one(indented).body.len(), 60);
}
