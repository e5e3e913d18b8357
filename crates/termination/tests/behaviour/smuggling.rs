//! Requests of two meanings: refused, or of one meaning when they are passed on.

use crate::client::{Raw, tls};
use crate::support::{Asked, Running, keeping};
use keyway_testkit::HOST;

/// What an upstream got of bytes that a client sent, and what the client got back.
fn sent(bytes: &str) -> (Vec<Asked>, String) {
    let (upstream, kept) = keeping("hello");
    let (running, chain) = Running::before(&upstream);
    let mut client = Raw::new(tls(running.address, &chain));
    let bytes = bytes.replace("HOST", HOST).replace('\n', "\r\n");
    client.send(bytes.as_bytes()).unwrap();
    // A GET that says that it is the last one: the answer to everything is there when the connection ends.
    drop(client.send(
        format!("GET /last HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n").as_bytes(),
    ));
    let answers = String::from_utf8_lossy(&client.rest()).into_owned();
    let asked = kept.lock().unwrap().clone();
    (asked, answers)
}

/// Nothing of it reached the upstream, and the client was told that it is bad.
fn refused(bytes: &str) {
    let (asked, answers) = sent(bytes);
    let got: Vec<&str> = asked.iter().map(|asked| asked.head[0].as_str()).collect();
    assert!(
        got.iter().all(|line| line.contains("/last")),
        "{bytes:?} reached it: {got:?}"
    );
    let status = answers.split(' ').nth(1).unwrap_or("");
    assert!(
        ["400", "501", "431"].contains(&status),
        "{bytes:?}: {answers:?}"
    );
}

#[test]
fn a_length_that_is_no_number_or_several_lengths_are_refused() {
    for length in ["+3", "3, 4", "3,3", "0x3", "-1", "3 3", ""] {
        refused(&format!(
            "POST /a HTTP/1.1\nHost: HOST\nContent-Length: {length}\n\nabc"
        ));
    }
    refused("POST /a HTTP/1.1\nHost: HOST\nContent-Length: 3\nContent-Length: 4\n\nabcd");
}

#[test]
fn codings_that_are_not_chunked_alone_are_refused() {
    for coding in [
        "gzip",
        "chunked, gzip",
        "xchunked",
        "chunked;a=b",
        "\u{b}chunked",
        "gzip, chunked",
        "identity",
    ] {
        refused(&format!(
            "POST /a HTTP/1.1\nHost: HOST\nTransfer-Encoding: {coding}\n\n3\nabc\n0\n\n"
        ));
    }
    refused("POST /a HTTP/1.1\nHost: HOST\nTransfer-Encoding : chunked\n\n3\nabc\n0\n\n");
    refused("POST /a HTTP/1.0\nHost: HOST\nTransfer-Encoding: chunked\n\n3\nabc\n0\n\n");
}

#[test]
fn a_length_beside_chunks_never_reaches_the_upstream() {
    let (asked, answers) = sent(
        "POST /a HTTP/1.1\nHost: HOST\nContent-Length: 6\nTransfer-Encoding: chunked\n\n0\n\nGET \
         /smuggled HTTP/1.1\nHost: HOST\n\n",
    );
    for asked in &asked {
        let lengths = asked.fields("content-length").count();
        let codings = asked.fields("transfer-encoding").count();
        assert!(lengths + codings <= 1, "{asked:?}");
    }
    // What follows the last chunk is a request of its own, to everybody.
    assert!(answers.starts_with("HTTP/1.1 "), "{answers:?}");
}

#[test]
fn folded_lines_spaces_before_the_colon_and_bare_line_feeds_are_refused() {
    refused("GET /a HTTP/1.1\nHost: HOST\nX-A: 1\n folded\n\n");
    refused("GET /a HTTP/1.1\nHost: HOST\nX-A : 1\n\n");
    refused("GET /a HTTP/1.1\nHost: HOST\n: 1\n\n");
    refused("GET  /a HTTP/1.1\nHost: HOST\n\n");
    refused("GET /a\u{0} HTTP/1.1\nHost: HOST\n\n");
}

#[test]
fn a_header_with_a_nul_or_a_bare_carriage_return_is_refused() {
    refused("GET /a HTTP/1.1\nHost: HOST\nX-A: a\u{0}b\n\n");
    refused("GET /a HTTP/1.1\nHost: HOST\nX-A: a\rb\n\n");
}

#[test]
fn one_host_is_asked_for_and_no_two() {
    refused("GET /a HTTP/1.1\nHost: HOST\nHost: HOST\n\n");
    refused("GET /a HTTP/1.1\n\n");
    refused("GET http://other.example/a HTTP/1.1\nHost: HOST\n\n");
    for host in [
        "a b",
        "HOST/x",
        "user@HOST",
        "HOST:99999",
        "HOST:80:80",
        "a,b",
        "",
    ] {
        refused(&format!("GET /a HTTP/1.1\nHost: {host}\n\n"));
    }
}

#[test]
fn an_absolute_form_is_passed_on_as_a_path() {
    let (asked, _) = sent("GET http://HOST/a HTTP/1.1\nHost: HOST\n\n");
    assert_eq!(asked[0].head[0], "GET /a HTTP/1.1");
    assert_eq!(asked[0].fields("host").collect::<Vec<_>>(), [HOST]);
}

#[test]
fn connect_and_unknown_versions_are_refused() {
    let (asked, answers) = sent("CONNECT HOST:443 HTTP/1.1\nHost: HOST:443\n\n");
    assert!(
        asked
            .iter()
            .all(|asked| !asked.head[0].starts_with("CONNECT")),
        "{asked:?}"
    );
    assert!(answers.starts_with("HTTP/1.1 4"), "{answers:?}");
    refused("GET /a HTTP/1.2\nHost: HOST\n\n");
    refused("GET /a HTTP/9.9\nHost: HOST\n\n");
}

#[test]
fn what_connection_names_is_taken_out_and_never_host_or_length() {
    let (asked, _) = sent(
        "POST /a HTTP/1.1\nHost: HOST\nConnection: Host, Content-Length, X-A\nX-A: 1\nContent-Length: \
         3\n\nabc",
    );
    assert_eq!(asked[0].field("host"), Some(HOST));
    assert_eq!(asked[0].body, b"abc");
    assert_eq!(asked[0].field("x-a"), None);
}

#[test]
fn a_second_request_in_a_body_stays_a_body() {
    let inner = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    let (asked, _) = sent(&format!(
        "GET /a HTTP/1.1\nHost: HOST\nContent-Length: {}\n\n{}",
        inner.len(),
        inner.replace("\r\n", "\n")
    ));
    assert_eq!(asked[0].body, inner.as_bytes());
    assert!(
        asked
            .iter()
            .all(|asked| !asked.head[0].contains("smuggled /"))
    );
    assert_eq!(asked.len(), 2);
}

#[test]
fn the_rest_of_a_body_is_no_request_however_late_it_comes() {
    // An upstream that answers before it has read anything of the body.
    let (told, asked) = std::sync::mpsc::channel();
    let hasty = crate::support::upstream(move |mut reader, mut stream| {
        let mut line = String::new();
        while std::io::BufRead::read_line(&mut reader, &mut line).is_ok_and(|count| count > 2) {}
        told.send(line.lines().next().unwrap_or_default().to_owned())
            .unwrap();
        let answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno";
        drop(std::io::Write::write_all(&mut stream, answer));
        drop(std::io::Read::read_to_end(&mut reader, &mut Vec::new()));
    });
    let smuggled = format!("GET /smuggled HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    let length = smuggled.len();
    for (head, body) in [
        (format!("Content-Length: {length}"), smuggled.clone()),
        (
            "Transfer-Encoding: chunked".to_owned(),
            format!("{length:x}\r\n{smuggled}\r\n0\r\n\r\n"),
        ),
    ] {
        let (running, chain) = Running::before(&hasty);
        let mut client = Raw::new(tls(running.address, &chain));
        let request = format!("POST /early HTTP/1.1\r\nHost: {HOST}\r\n{head}\r\n\r\n");
        assert_eq!(client.ask(&request).unwrap().status, 404);
        assert!(asked.recv().unwrap().starts_with("POST /early"));
        std::thread::sleep(std::time::Duration::from_millis(1500));
        drop(client.send(body.as_bytes()));
        std::thread::sleep(std::time::Duration::from_millis(300));
        assert!(asked.try_recv().is_err(), "{head}: the body was a request");
    }
}
