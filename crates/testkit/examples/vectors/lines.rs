//! Vectors of the rules about reading: line ends, files within other files, files behind one another.

use keyway_testkit::{Chain, pem};

use crate::case::Case;

pub(crate) fn cases() -> Vec<Case> {
    let chain = Chain::good();
    let whole = chain.fullchain_pem();
    let one_line = |text: &str| text.replace('\n', " ").trim().to_owned();
    let json = |text: &str| format!("{{\"certificate\": \"{}\"}}\n", text.replace('\n', "\\n"));
    let der: Vec<u8> = chain
        .certificates()
        .iter()
        .take(3)
        .flat_map(|certificate| certificate.der().to_vec())
        .collect();
    let behind_begin = |gap: &str| {
        let begin = "BEGIN CERTIFICATE-----\n";
        whole.replace(begin, &format!("{begin}{gap}"))
    };
    assert!(whole.contains('='), "its padding is what is taken away");
    let secret = format!(
        "apiVersion: v1\nkind: Secret\ndata:\n  tls.crt: {}\n  tls.key: {}\n",
        base64(whole.as_bytes()),
        base64(chain.key_pem().as_bytes()),
    );
    let out = vec![
        Case::fires(
            "pem.lone-cr",
            "on-the-line-ends-of-old-macs",
            "OpenSSL finds no BEGIN line in it.",
        )
        .input("fullchain.pem", whole.replace('\n', "\r"))
        .verdict("accepted", "yes")
        .verdict("servable", "no"),
        Case::silent(
            "pem.lone-cr",
            "when-a-carriage-return-stands-inside-a-body",
            "OpenSSL passes over it there.",
        )
        .input("fullchain.pem", within_body(&whole))
        .verdict("accepted", "yes"),
        Case::silent(
            "pem.lone-cr",
            "on-windows-line-ends",
            "CR LF ends a line everywhere.",
        )
        .input("fullchain.pem", whole.replace('\n', "\r\n"))
        .input("key.pem", chain.key_pem())
        .verdict("servable", "yes"),
        Case::fires(
            "pem.unread-layout",
            "on-a-blank-line-after-every-line",
            "OpenSSL takes the first for the end of headers, and stops at the second.",
        )
        .input("fullchain.pem", whole.replace('\n', "\n\n"))
        .input("key.pem", chain.key_pem())
        .verdict("accepted", "yes")
        .verdict("servable", "no"),
        Case::fires(
            "pem.unread-layout",
            "on-two-blank-lines-behind-begin",
            "OpenSSL reads over one.",
        )
        .input("fullchain.pem", behind_begin("\n\n"))
        .input("key.pem", chain.key_pem())
        .verdict("servable", "no"),
        Case::fires(
            "pem.unread-layout",
            "on-a-blank-line-behind-begin-and-short-lines",
            "Behind the blank line OpenSSL wants 64 characters a line.",
        )
        .input(
            "fullchain.pem",
            behind_begin("\n").replacen("\nMII", "\nMII\n", 1),
        )
        .input("key.pem", chain.key_pem())
        .verdict("servable", "no"),
        Case::fires(
            "pem.unread-layout",
            "on-a-form-feed-inside-a-line",
            "What a page break leaves; to OpenSSL's base64 it is no white space.",
        )
        .input("fullchain.pem", whole.replacen("MII", "MII\u{c}", 1))
        .input("key.pem", chain.key_pem())
        .verdict("accepted", "yes")
        .verdict("servable", "no"),
        Case::fires(
            "pem.unread-layout",
            "on-a-vertical-tab-before-a-line",
            "OpenSSL takes white space off the ends of lines, and not off their beginnings.",
        )
        .input("fullchain.pem", whole.replacen("\nMII", "\n\u{b}MII", 1))
        .input("key.pem", chain.key_pem())
        .verdict("accepted", "yes")
        .verdict("servable", "no"),
        Case::silent(
            "pem.unread-layout",
            "on-a-vertical-tab-behind-a-line",
            "There OpenSSL takes it off.",
        )
        .input("fullchain.pem", whole.replacen("=\n", "=\u{b}\n", 1))
        .input("key.pem", chain.key_pem())
        .verdict("servable", "yes"),
        Case::fires(
            "pem.malformed-boundary",
            "on-a-tab-between-end-and-the-label",
            "OpenSSL looks for a space.",
        )
        .input("fullchain.pem", whole.replacen("END CERT", "END\tCERT", 1))
        .input("key.pem", chain.key_pem())
        .verdict("accepted", "yes")
        .verdict("servable", "no"),
        Case::silent(
            "pem.unread-layout",
            "on-one-blank-line-behind-begin",
            "OpenSSL and rustls read over it.",
        )
        .input("fullchain.pem", behind_begin("\n"))
        .input("key.pem", chain.key_pem())
        .verdict("servable", "yes"),
        Case::silent(
            "pem.unread-layout",
            "on-a-carriage-return-too-many-on-every-line",
            "Only a line feed ends a line for OpenSSL, so that none is blank.",
        )
        .input("fullchain.pem", whole.replace('\n', "\r\r\n"))
        .input("key.pem", chain.key_pem())
        .verdict("servable", "yes"),
        Case::fires(
            "pem.unread-layout",
            "on-certificates-without-their-padding",
            "OpenSSL and GnuTLS do not read them.",
        )
        .input("fullchain.pem", whole.replace('=', ""))
        .input("key.pem", chain.key_pem())
        .verdict("servable", "no"),
        Case::fires(
            "pem.malformed-boundary",
            "on-an-end-line-that-is-indented",
            "Neither OpenSSL nor rustls sees the block's end.",
        )
        .input("fullchain.pem", whole.replace("-----END", "  -----END"))
        .verdict("servable", "no"),
        Case::silent(
            "pem.malformed-boundary",
            "on-boundaries-glued-together",
            "Ten hyphens are five for each.",
        )
        .input("fullchain.pem", whole.replace("-----\n-----", "----------")),
        Case::fires(
            "pem.glued-boundary",
            "on-a-file-of-one-line",
            "A web form made spaces of the line ends.",
        )
        .input("fullchain.pem", one_line(&whole))
        .verdict("accepted", "yes")
        .verdict("servable", "no"),
        Case::silent(
            "pem.glued-boundary",
            "on-a-bundle-inside-json",
            "Without its escapes each boundary has a line; the escapes are told.",
        )
        .input("bundle.json", json(&whole))
        .verdict("accepted", "yes")
        .verdict("servable", "no"),
        Case::silent(
            "pem.indented",
            "on-a-file-of-one-line",
            "A space behind BEGIN is no indentation.",
        )
        .input("fullchain.pem", one_line(&whole)),
        Case::fires(
            "pem.escaped",
            "on-a-kubernetes-secret",
            "Certificates and key are read out of its base64.",
        )
        .input("secret.yaml", secret)
        .verdict("accepted", "yes")
        .verdict("pairs", "yes")
        .verdict("servable", "no"),
        Case::fires(
            "pem.escaped",
            "on-quoted-printable",
            "A mail program wrote =3D for the padding.",
        )
        .input("mail.eml", whole.replace('=', "=3D"))
        .verdict("servable", "no"),
        Case::fires(
            "pem.escaped",
            "on-soft-line-breaks",
            "A mail program broke the lines, with = at the end of each.",
        )
        .input("mail.eml", soft(&whole))
        .verdict("accepted", "yes")
        .verdict("servable", "no"),
        Case::silent(
            "pem.bad-base64",
            "on-soft-line-breaks",
            "They stand where no padding can.",
        )
        .input("mail.eml", soft(&whole))
        .verdict("accepted", "yes"),
        Case::fires(
            "pem.der-not-pem",
            "on-certificates-behind-one-another",
            "Files were joined before they were converted; all of them are read.",
        )
        .input("fullchain.der", der.clone())
        .verdict("accepted", "yes"),
        Case::fires(
            "pem.trailing-bytes",
            "behind-a-certificate-in-der",
            "A line break was written behind it.",
        )
        .input("fullchain.der", [&der[..], b"\n"].concat())
        .verdict("accepted", "yes"),
        Case::fires(
            "pem.strict-reader-differs",
            "on-the-old-label-of-a-certificate",
            "OpenSSL knows X509 CERTIFICATE, rustls does not.",
        )
        .input(
            "fullchain.pem",
            whole.replace(" CERTIFICATE", " X509 CERTIFICATE"),
        )
        .verdict("accepted", "yes")
        .verdict("servable", "no"),
    ];
    out.into_iter()
        .map(|case| case.roots(chain.root_pem()))
        .collect()
}

/// Quoted-printable with lines of 50 characters.
fn soft(pem: &str) -> String {
    const WIDTH: usize = 50;
    let line = |line: &str| {
        let line = line.replace('=', "=3D");
        match line.split_at_checked(WIDTH) {
            Some((start, rest)) if !rest.is_empty() => format!("{start}=\n{rest}\n"),
            _ => format!("{line}\n"),
        }
    };
    pem.lines().map(line).collect()
}

/// One line of a body ends in a carriage return alone.
fn within_body(text: &str) -> String {
    let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    let mut out = text.to_owned();
    out.replace_range(ends[2]..=ends[2], "\r");
    out
}

/// Base64 on one line.
fn base64(bytes: &[u8]) -> String {
    let text = pem::encode("X", bytes);
    text.lines().filter(|line| !line.starts_with('-')).collect()
}
