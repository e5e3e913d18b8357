//! TLS that begins within another protocol: scripted servers on loopback.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;
mod tls_server;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use keyway_testkit::Chain;
use serde_json::Value;
use stage::Stage;
use tls_server::TlsServer;

/// What a server says after having heard a text, in turns; the first without hearing anything.
type Script = &'static [(&'static [u8], &'static [u8])];

const SMTP: Script = &[
    (b"", b"220-mail.example.com\r\n220 ESMTP\r\n"),
    (
        b"EHLO [127.0.0.1]\r\n",
        b"250-mail.example.com\r\n250-SIZE 1000\r\n250 STARTTLS\r\n",
    ),
    (b"STARTTLS\r\n", b"220 Go ahead\r\n"),
];
const IMAP: Script = &[
    (b"", b"* OK ready\r\n"),
    (
        b"a1 CAPABILITY\r\n",
        b"* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\na1 OK done\r\n",
    ),
    (b"a2 STARTTLS\r\n", b"a2 OK begin\r\n"),
];
const POP3: Script = &[
    (b"", b"+OK ready\r\n"),
    (b"CAPA\r\n", b"+OK\r\nTOP\r\nSTLS\r\n.\r\n"),
    (b"STLS\r\n", b"+OK begin\r\n"),
];
const OLD_POP3: Script = &[
    (b"", b"+OK ready\r\n"),
    (b"CAPA\r\n", b"-ERR what?\r\n"),
    (b"STLS\r\n", b"+OK begin\r\n"),
];
const FTP: Script = &[
    (b"", b"220-Welcome\r\n here\r\n220 ready\r\n"),
    (b"AUTH TLS\r\n", b"234 go\r\n"),
];
const XMPP: Script = &[
    (
        b"<?xml version='1.0'?><stream:stream to='www.example.com' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
        b"<?xml version='1.0'?><stream:stream from='www.example.com' id='1' version='1.0'><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>",
    ),
    (
        b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
        b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
    ),
];
const LDAP: Script = &[(
    b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037",
    b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00",
)];
/// The same with every length written long, as Active Directory does.
const LONG_LDAP: Script = &[(
    b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037",
    b"\x30\x82\x00\x0e\x02\x01\x01\x78\x82\x00\x07\x0a\x01\x00\x04\x00\x04\x00",
)];
const POSTGRES: Script = &[(b"\0\0\0\x08\x04\xd2\x16\x2f", b"S")];
/// Capabilities of 8.4, with and without 0x0800.
const MYSQL: Script = &[
    (
        b"",
        b"\x25\0\0\0\x0a8.4.0\0\x01\0\0\0abcdefgh\0\xff\xff\x2d\x02\0\xff\xdf\x15\0\0\0\0\0\0\0\0\0",
    ),
    (
        b"\x20\0\0\x01\0\x8a\0\0\0\0\0\x01\x2d\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        b"",
    ),
];

/// Plays a script; false where something else is heard.
fn play(stream: &mut TcpStream, script: Script) -> bool {
    script.iter().all(|(heard, said)| {
        let mut text = vec![0; heard.len()];
        stream.read_exact(&mut text).is_ok() && text == *heard && stream.write_all(said).is_ok()
    })
}

fn check(protocol: &str, script: Script, begins: bool) -> (Option<i32>, Value) {
    let stage = Stage::new();
    let server = TlsServer::after(&Chain::good(), move |stream| {
        play(stream, script) && begins || {
            // Whoever is refused leaves.
            let _ = stream.read(&mut [0; 64]);
            false
        }
    });
    let run = stage.check(&format!(
        "--connect 127.0.0.1:{} --sni www.example.com --host www.example.com --starttls {protocol} \
         --timeout 1 --format json",
        server.port
    ));
    (run.code, run.json())
}

#[test]
fn every_protocol_is_spoken_up_to_tls() {
    for (protocol, script) in [
        ("smtp", SMTP),
        ("imap", IMAP),
        ("pop3", POP3),
        ("pop3", OLD_POP3),
        ("ftp", FTP),
        ("xmpp", XMPP),
        ("ldap", LDAP),
        ("ldap", LONG_LDAP),
        ("postgres", POSTGRES),
        ("mysql", MYSQL),
    ] {
        let (code, told) = check(protocol, script, true);
        assert_eq!(code, Some(0), "{protocol}: {told}");
        let at = &told["addresses"][0];
        assert_eq!(at["report"]["verdicts"]["accepted"], "yes", "{protocol}");
        assert_eq!(at["connection"]["resumes"], "yes", "{protocol}");
        assert_eq!(at["connection"]["alpn"].as_array().unwrap().len(), 0);
    }
}

#[test]
fn a_server_that_offers_no_tls_is_named_with_its_answer() {
    let cases: [(&str, Script, &str); 8] = [
        (
            "smtp",
            &[(b"", b"220 x\r\n"), (b"EHLO [127.0.0.1]\r\n", b"250-x\r\n250 SIZE 1\x1b[2J\r\n")],
            "it offers no TLS in SMTP: \"250-x 250 SIZE 1\\u{1b}[2J\"",
        ),
        (
            "imap",
            &[(b"", b"* PREAUTH hello\r\n")],
            "it offers no TLS in IMAP: \"* PREAUTH hello\"",
        ),
        (
            "pop3",
            &[(b"", b"+OK\r\n"), (b"CAPA\r\n", b"+OK\r\nTOP\r\n.\r\n")],
            "it offers no TLS in POP3",
        ),
        (
            "ftp",
            &[(b"", b"220 x\r\n"), (b"AUTH TLS\r\n", b"500 no\r\n")],
            "it refuses to begin TLS in FTP: \"500 no\"",
        ),
        ("postgres", &[(b"\0\0\0\x08\x04\xd2\x16\x2f", b"N")], "it offers no TLS in PostgreSQL"),
        (
            "mysql",
            &[(
                b"",
                b"\x25\0\0\0\x0a8.4.0\0\x01\0\0\0abcdefgh\0\xff\xf7\x2d\x02\0\xff\xdf\x15\0\0\0\0\0\0\0\0\0",
            )],
            "it offers no TLS in MySQL: \"8.4.0\"",
        ),
        (
            "ldap",
            &[(
                b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037",
                b"\x30\x0e\x02\x01\x01\x78\x09\x0a\x01\x02\x04\x00\x04\x02no",
            )],
            "it refuses to begin TLS in LDAP: \"no\"",
        ),
        ("smtp", &[(b"", b"SSH-2.0-x\r\n")], "it does not answer as SMTP has it: \"SSH-2.0-x\""),
    ];
    for (protocol, script, why) in cases {
        let (code, told) = check(protocol, script, false);
        assert_eq!(code, Some(1), "{protocol}: {told}");
        let said = told["addresses"][0]["why"].as_str().unwrap();
        assert!(said.contains(why), "{protocol}: {said}");
        assert_eq!(told["findings"][0]["code"], "dns.address-without-service");
    }
}

#[test]
fn plain_text_behind_the_go_ahead_is_an_error() {
    let cases: [(&str, Script); 3] = [
        (
            "smtp",
            &[
                (b"", b"220 x\r\n"),
                (b"EHLO [127.0.0.1]\r\n", b"250-x\r\n250 STARTTLS\r\n"),
                (b"STARTTLS\r\n", b"220 go\r\n250 injected\r\n"),
            ],
        ),
        (
            "imap",
            &[
                (b"", b"* OK\r\n"),
                (b"a1 CAPABILITY\r\n", b"* CAPABILITY STARTTLS\r\na1 OK\r\n"),
                (b"a2 STARTTLS\r\n", b"a2 OK\r\n* injected\r\n"),
            ],
        ),
        (
            "postgres",
            &[(b"\0\0\0\x08\x04\xd2\x16\x2f", b"SE injected")],
        ),
    ];
    for (protocol, script) in cases {
        let (code, told) = check(protocol, script, true);
        assert_eq!(code, Some(1), "{protocol}: {told}");
        let said = told["addresses"][0]["why"].as_str().unwrap();
        assert!(said.contains("between its go-ahead"), "{protocol}: {said}");
        assert!(said.contains("injected"), "{protocol}: {said}");
    }
}

#[test]
fn what_never_ends_is_left() {
    static ENDLESS: [u8; 100_000] = [b'x'; 100_000];
    static SCRIPT: [(&[u8], &[u8]); 1] = [(b"", &ENDLESS)];
    let (code, told) = check("smtp", &SCRIPT, false);
    assert_eq!(code, Some(1), "{told}");
    let said = told["addresses"][0]["why"].as_str().unwrap();
    assert!(said.contains("more than 65536 bytes"), "{said}");
    let (code, told) = check("imap", &[(b"nobody says this", b"")], false);
    assert_eq!(code, Some(1), "{told}");
    let said = told["addresses"][0]["why"].as_str().unwrap();
    assert!(said.contains("within 1 s"), "{said}");
}
