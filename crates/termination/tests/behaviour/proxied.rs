//! The PROXY protocol, in and out.

use std::io::{BufRead as _, Read as _, Write as _};
use std::net::Shutdown;
use std::sync::Arc;

use keyway_config::model::ProxyVersion;
use keyway_termination::proxy_header;
use keyway_testkit::{Chain, HOST};

use crate::client::{Raw, Tls, shake_on, tls, trusting};
use crate::support::{Running, TLS, entry, keeping, service, supplies, upstream};

const TRUSTED: &str = "[proxy_protocol]\nfrom = \"127.0.0.0/8\"\n";

/// Shakes hands behind a header, written in these pieces.
fn behind(running: &Running, chain: &Chain, pieces: &[&[u8]]) -> std::io::Result<Tls> {
    let mut socket = running.connect();
    for piece in pieces {
        socket.write_all(piece).unwrap();
        socket.flush().unwrap();
    }
    shake_on(socket, &Arc::new(trusting(chain)), HOST)
}

#[test]
fn an_upstream_hears_of_the_client_that_a_trusted_proxy_connects_for() {
    let (upstream, kept) = keeping("hello");
    let (running, chain) = Running::saying(&upstream, &format!("{TLS}{TRUSTED}"));
    let line = b"PROXY TCP4 192.0.2.7 198.51.100.2 51000 443\r\n";
    let ends = ["192.0.2.7:51000", "198.51.100.2:443"].map(|end| end.parse().unwrap());
    let binary = proxy_header::write(ProxyVersion::V2, ends[0], ends[1]);
    let (first, second) = binary.split_at(20);
    for pieces in [
        &[line.as_slice()][..],
        &[&line[..9], &line[9..]],
        &[first, second],
    ] {
        let client = behind(&running, &chain, pieces).unwrap();
        assert_eq!(Raw::new(client).get("/").unwrap().status, 200);
        let asked = kept.lock().unwrap().pop().unwrap();
        assert_eq!(asked.field("x-forwarded-for"), Some("192.0.2.7"));
    }
}

#[test]
fn a_proxy_that_speaks_for_itself_is_the_client() {
    let (upstream, kept) = keeping("hello");
    let (running, chain) = Running::saying(&upstream, &format!("{TLS}{TRUSTED}"));
    let client = behind(&running, &chain, &[b"PROXY UNKNOWN\r\n"]).unwrap();
    assert_eq!(Raw::new(client).get("/").unwrap().status, 200);
    let asked = kept.lock().unwrap().pop().unwrap();
    assert_eq!(asked.field("x-forwarded-for"), Some("127.0.0.1"));
}

#[test]
fn who_is_trusted_and_says_nothing_is_refused_and_who_is_not_trusted_is_not_believed() {
    let (upstream, _) = keeping("hello");
    let (running, chain) = Running::saying(&upstream, &format!("{TLS}{TRUSTED}"));
    assert!(behind(&running, &chain, &[]).is_err());
    running.told.wait_for("refused - no-proxy-header");

    let others = "[proxy_protocol]\nfrom = \"192.0.2.0/24\"\n";
    let (running, chain) = Running::saying(&upstream, &format!("{TLS}{others}"));
    let line = b"PROXY TCP4 192.0.2.7 198.51.100.2 51000 443\r\n";
    assert!(behind(&running, &chain, &[line]).is_err());
    running.told.wait_for("refused - not-tls");
    let mut client = Raw::new(behind(&running, &chain, &[]).unwrap());
    assert_eq!(client.get("/").unwrap().status, 200);
}

#[test]
fn a_header_that_does_not_end_is_given_the_time_of_a_handshake() {
    let limit = "[timeouts]\nhandshake = 1\n";
    let (running, _) = Running::saying("http://127.0.0.1:9", &format!("{TLS}{TRUSTED}{limit}"));
    let mut socket = running.connect();
    socket.write_all(b"PROXY TCP4 ").unwrap();
    assert_eq!(socket.read(&mut [0]).unwrap_or(0), 0);
    running.told.wait_for("refused - slow");
}

#[test]
fn places_of_one_address_are_those_of_the_client_behind_the_proxy() {
    let limit = "[limits]\nconnections_per_address = 1\n";
    let (running, chain) = Running::saying("http://127.0.0.1:9", &format!("{TLS}{TRUSTED}{limit}"));
    let come = |last: u8| {
        let line = format!("PROXY TCP4 192.0.2.{last} 198.51.100.2 51000 443\r\n");
        behind(&running, &chain, &[line.as_bytes()])
    };
    let _first = come(1).unwrap();
    let _other = come(2).unwrap();
    assert!(come(1).is_err());
    running.told.wait_for("refused - connections-per-address");
}

#[test]
fn an_upstream_of_tcp_mode_is_told_for_whom_it_is_connected_to() {
    for (version, known) in [("v1", ProxyVersion::V1), ("v2", ProxyVersion::V2)] {
        let echoes = upstream(|mut reader, mut stream| {
            let mut all = Vec::new();
            reader.read_to_end(&mut all).unwrap();
            stream.write_all(&all).unwrap();
        });
        let chain = Chain::good();
        let more = format!("mode = \"tcp\"\n{TLS}[proxy_protocol]\nsend = \"{version}\"\n");
        let service = service(echoes.strip_prefix("http://").unwrap(), &more);
        let running = Running::start(&service, &supplies(vec![entry(&[HOST], &chain)]));
        let mut client = tls(running.address, &chain);
        let own = client.sock.local_addr().unwrap();
        client.write_all(b"bytes").unwrap();
        client.conn.send_close_notify();
        client.flush().unwrap();
        client.sock.shutdown(Shutdown::Write).unwrap();
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).unwrap();
        let header = proxy_header::write(known, own, running.address);
        assert_eq!(answer, [&header[..], b"bytes"].concat());
    }
}

#[test]
fn a_redirect_is_behind_the_same_proxy() {
    let text = format!("{TLS}redirect = true\n{TRUSTED}");
    let chain = Chain::good();
    let supplies = supplies(vec![entry(&[HOST], &chain)]);
    let role = keyway_termination::Role::Redirect { port: 443 };
    let running = Running::start_as(&service("http://127.0.0.1:9", &text), &supplies, role);
    let mut socket = running.connect();
    let request = format!("PROXY UNKNOWN\r\nGET /a HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    socket.write_all(request.as_bytes()).unwrap();
    let mut line = String::new();
    std::io::BufReader::new(socket)
        .read_line(&mut line)
        .unwrap();
    assert_eq!(line, "HTTP/1.1 308 Permanent Redirect\r\n");
}
