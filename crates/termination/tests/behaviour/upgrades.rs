use std::io::{Read as _, Write as _};

use keyway_testkit::HOST;

use crate::client::{Raw, tls};
use crate::support::{Running, keeping, read_request, upstream};

/// An upstream that takes an upgrade and then gives back every byte.
fn echoing() -> String {
    upstream(|mut reader, mut stream| {
        let asked = read_request(&mut reader).unwrap();
        assert_eq!(asked.field("upgrade"), Some("websocket"));
        assert_eq!(asked.field("connection"), Some("upgrade"));
        let key = asked
            .field("sec-websocket-key")
            .unwrap_or_default()
            .to_owned();
        let head = format!(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: \
             websocket\r\nSec-WebSocket-Accept: {key}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut byte = [0; 64];
        while let Ok(count @ 1..) = reader.read(&mut byte) {
            stream.write_all(&byte[..count]).unwrap();
        }
    })
}

pub(crate) const UPGRADE: &str =
    "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: abc\r\n\r\n";

#[test]
fn a_websocket_is_open_both_ways_until_one_side_ends_it() {
    let (running, chain) = Running::before(&echoing());
    let mut client = Raw::new(tls(running.address, &chain));
    let answer = client
        .ask(&format!("GET /ws HTTP/1.1\r\nHost: {HOST}\r\n{UPGRADE}"))
        .unwrap();
    assert_eq!(answer.status, 101);
    assert_eq!(answer.field("upgrade"), Some("websocket"));
    assert_eq!(answer.field("sec-websocket-accept"), Some("abc"));
    for number in 0_u8..100 {
        client.send(&[number; 3]).unwrap();
        let mut back = [0; 3];
        client.stream.read_exact(&mut back).unwrap();
        assert_eq!(back, [number; 3]);
    }
}

#[test]
fn an_upstream_that_declines_an_upgrade_answers_as_usual() {
    let (upstream, _) = keeping("no");
    let (running, chain) = Running::before(&upstream);
    let mut client = Raw::new(tls(running.address, &chain));
    let request = format!("GET /ws HTTP/1.1\r\nHost: {HOST}\r\n{UPGRADE}");
    let answer = client.ask(&request).unwrap();
    assert_eq!((answer.status, answer.text()), (200, "no"));
    assert_eq!(client.get("/").unwrap().status, 200);
}

#[test]
fn a_switch_that_nobody_asked_for_is_a_bad_gateway() {
    let switches = upstream(|mut reader, mut stream| {
        read_request(&mut reader);
        let head = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n";
        stream.write_all(head).unwrap();
    });
    let (running, chain) = Running::before(&switches);
    let mut client = Raw::new(tls(running.address, &chain));
    assert_eq!(client.get("/").unwrap().status, 502);
}

#[test]
fn a_websocket_counts_as_a_connection_and_is_cut_at_the_end() {
    let more = format!("{}[timeouts]\ndrain = 1\n", crate::support::TLS);
    let (mut running, chain) = Running::saying(&echoing(), &more);
    let mut client = Raw::new(tls(running.address, &chain));
    let request = format!("GET /ws HTTP/1.1\r\nHost: {HOST}\r\n{UPGRADE}");
    assert_eq!(client.ask(&request).unwrap().status, 101);
    client.send(b"abc").unwrap();
    client.stream.read_exact(&mut [0; 3]).unwrap();
    assert_eq!(running.server().connections(), 1);
    let stopped = running.server.take().unwrap().drain();
    assert_eq!(stopped.cut, 1);
    assert!(client.rest().is_empty());
}

#[test]
fn http_2_in_plain_text_is_no_protocol_to_switch_to() {
    let (upstream, kept) = keeping("hello");
    let (running, chain) = Running::before(&upstream);
    let mut client = Raw::new(tls(running.address, &chain));
    let answer = client
        .ask(&format!(
            "GET / HTTP/1.1\r\nHost: {HOST}\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: \
             h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n"
        ))
        .unwrap();
    assert_eq!(answer.status, 200);
    let asked = kept.lock().unwrap()[0].clone();
    assert_eq!(asked.field("upgrade"), None);
    assert_eq!(asked.field("http2-settings"), None);
}
