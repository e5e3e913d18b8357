//! HTTP/2 frame by frame, as no client of good will writes it (RFC 9113, sections 8.2, 8.3 and 10.3).

use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use keyway_testkit::{Chain, HOST};

use crate::client::{Tls, shake, trusting};
use crate::support::{Running, keeping};

/// Types of frames (RFC 9113, section 6).
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;

/// Flags of a frame: the end of the stream, and of the fields.
const WHOLE: u8 = 0x5;
const LAST: u8 = 0x1;
const ALL_FIELDS: u8 = 0x4;

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Its fields begin with this octet: 0x88 is `:status: 200` (RFC 7541, appendix A).
    Answered(u8),
    Refused,
}

const OK: Outcome = Outcome::Answered(0x88);

fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let head = [
        length[1], length[2], length[3], kind, flags, 0, 0, 0, stream,
    ];
    [&head, payload].concat()
}

/// Fields as literals without indexing, and without Huffman's code (RFC 7541, section 6.2.2).
fn literals(fields: &[(&str, &str)]) -> Vec<u8> {
    let text = |text: &str| [&[u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
    let fields = fields.iter();
    let fields = fields.flat_map(|(name, value)| [vec![0], text(name), text(value)].concat());
    fields.collect()
}

fn exactly(stream: &mut Tls, count: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; count];
    stream.read_exact(&mut bytes).ok().map(|()| bytes)
}

fn asked(running: &Running, chain: &Chain, fields: &[(&str, &str)]) -> Outcome {
    let mut config = trusting(chain);
    config.alpn_protocols = vec![b"h2".to_vec()];
    let mut stream = shake(running.address, &Arc::new(config), HOST).unwrap();
    let begin = [
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        frame(SETTINGS, 0, 0, &[]),
        frame(HEADERS, WHOLE, 1, &literals(fields)),
    ];
    stream.write_all(&begin.concat()).unwrap();
    loop {
        let Some(head) = exactly(&mut stream, 9) else {
            return Outcome::Refused;
        };
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let payload = exactly(&mut stream, usize::try_from(length).unwrap()).unwrap_or_default();
        match head[3] {
            HEADERS => return Outcome::Answered(payload[0]),
            RST_STREAM | GOAWAY => return Outcome::Refused,
            _ => {}
        }
    }
}

/// The fields of a good request, with some in the place of those of the same names, and more behind.
fn with<'f>(
    changed: &[(&'f str, &'f str)],
    more: &[(&'f str, &'f str)],
) -> Vec<(&'f str, &'f str)> {
    let good = [
        (":method", "GET"),
        (":scheme", "https"),
        (":authority", HOST),
        (":path", "/"),
    ];
    let good = good.map(|(name, value)| {
        let other = changed.iter().find(|(known, _)| *known == name);
        other.copied().unwrap_or((name, value))
    });
    good.into_iter().chain(more.iter().copied()).collect()
}

#[test]
fn what_http_2_hides_in_fields_is_refused_and_never_passed_on() {
    let (upstream, kept) = keeping("hello");
    let (running, chain) = Running::before(&upstream);
    assert_eq!(asked(&running, &chain, &with(&[], &[])), OK);
    assert_eq!(kept.lock().unwrap().len(), 1);
    let smuggled = "/ HTTP/1.1\r\nHost: a.example\r\n\r\nGET /b";
    let mut tricks = vec![
        with(&[], &[("a", "b"), (":path", "/b")]),
        with(&[], &[(":path", "/b")]),
        with(&[], &[(":authority", "a.example")]),
        with(&[], &[(":unknown", "a")]),
        with(&[], &[("host", "a.example")]),
        with(&[], &[("host", HOST), ("host", HOST)]),
        with(&[(":method", "CONNECT")], &[(":protocol", "websocket")]),
        with(&[], &[("content-length", "5")]),
        with(&[], &[("content-length", "0"), ("content-length", "5")]),
        with(&[], &[("content-length", "+0")]),
    ];
    tricks.push(tricks[0][..3].to_vec());
    tricks.push(tricks[0][1..4].to_vec());
    for path in ["", "a", "/ a", smuggled] {
        tricks.push(with(&[(":path", path)], &[]));
    }
    for authority in ["a@b", "a/b", "a b", "a,b", "a\r\nb"] {
        tricks.push(with(&[(":authority", authority)], &[]));
    }
    for method in ["GET /b HTTP/1.1\r\nx:", "G T", ""] {
        tricks.push(with(&[(":method", method)], &[]));
    }
    for name in ["Upper", "a b", "a:", "a\r\nb", ""] {
        tricks.push(with(&[], &[(name, "c")]));
    }
    for value in ["a\r\nb: c", "a\nb", "a\0b"] {
        tricks.push(with(&[], &[("a", value)]));
    }
    // Fields of one connection have no place in HTTP/2 (RFC 9113, section 8.2.2).
    for (name, value) in [
        ("transfer-encoding", "chunked"),
        ("connection", "close"),
        ("keep-alive", "5"),
        ("proxy-connection", "close"),
        ("upgrade", "websocket"),
        ("te", "gzip"),
    ] {
        tricks.push(with(&[], &[(name, value)]));
    }
    for trick in tricks {
        let outcome = asked(&running, &chain, &trick);
        assert_ne!(outcome, OK, "{trick:?}");
        assert_eq!(kept.lock().unwrap().len(), 1, "{trick:?}");
    }
}

#[test]
fn who_still_sends_has_a_while_to_see_the_answer_before_it_is_told_to_stop() {
    let (upstream, _) = keeping("hello");
    let more = "[tls]\nstatus = \"enabled\"\n[limits]\nbody_bytes = 4\n";
    let (running, chain) = Running::saying(&upstream, more);
    for declared in [&[][..], &[("content-length", "100000")]] {
        let mut config = trusting(&chain);
        config.alpn_protocols = vec![b"h2".to_vec()];
        let mut stream = shake(running.address, &Arc::new(config), HOST).unwrap();
        let fields = with(&[(":method", "POST")], declared);
        let begin = [
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
            frame(SETTINGS, 0, 0, &[]),
            frame(HEADERS, ALL_FIELDS, 1, &literals(&fields)),
            frame(DATA, 0, 1, &[b'a'; 1000]),
        ];
        stream.write_all(&begin.concat()).unwrap();
        let mut answered = None;
        loop {
            let head = exactly(&mut stream, 9).unwrap();
            let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
            exactly(&mut stream, usize::try_from(length).unwrap()).unwrap();
            match (head[3], head[4] & LAST) {
                (HEADERS | DATA, LAST) => answered = Some(Instant::now()),
                (RST_STREAM, _) => break,
                _ => {}
            }
        }
        let since = answered.expect("it is answered first").elapsed();
        assert!(since >= Duration::from_millis(500), "{since:?}");
    }
}
