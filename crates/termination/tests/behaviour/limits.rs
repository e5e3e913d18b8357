use std::io::Read as _;
use std::time::{Duration, Instant};

use keyway_testkit::HOST;

use crate::client::{Raw, tls};
use crate::support::{PATIENCE, Running, TLS, keeping};

fn with(limits: &str) -> (Running, keyway_testkit::Chain) {
    let (upstream, _) = keeping("hello");
    Running::saying(&upstream, &format!("{TLS}{limits}"))
}

/// Whether a connection is ended before anything was said on it.
fn is_turned_away(running: &Running) -> bool {
    let mut stream = running.connect();
    matches!(stream.read(&mut [0; 1]), Ok(0) | Err(_))
}

#[test]
fn a_connection_beyond_the_limit_is_turned_away_and_others_are_served() {
    let (running, chain) = with("[limits]\nconnections = 1\n");
    let mut first = Raw::new(tls(running.address, &chain));
    assert!(is_turned_away(&running));
    running.told.wait_for("refused - connections");
    assert_eq!(first.get("/").unwrap().status, 200);
    drop(first);
    let free = || (running.server().connections() == 0).then_some(());
    crate::support::wait_for(free).unwrap();
    assert_eq!(
        Raw::new(tls(running.address, &chain))
            .get("/")
            .unwrap()
            .status,
        200
    );
}

#[test]
fn one_address_does_not_take_all_places() {
    let (running, chain) = with("[limits]\nconnections_per_address = 1\n");
    let _first = tls(running.address, &chain);
    assert!(is_turned_away(&running));
    running.told.wait_for("refused - connections-per-address");
}

#[test]
fn handshakes_under_way_have_a_limit() {
    let (running, chain) = with("[limits]\nhandshakes = 1\n");
    let silent = running.connect();
    let open = || (running.server().connections() == 1).then_some(());
    crate::support::wait_for(open).unwrap();
    assert!(is_turned_away(&running));
    running.told.wait_for("refused - handshakes");
    drop(silent);
    let free = || (running.server().connections() == 0).then_some(());
    crate::support::wait_for(free).unwrap();
    tls(running.address, &chain);
}

#[test]
fn a_handshake_that_is_not_done_in_time_is_ended() {
    let (running, _) = with("[timeouts]\nhandshake = 1\n");
    let began = Instant::now();
    let mut silent = running.connect();
    assert!(matches!(silent.read(&mut [0; 1]), Ok(0) | Err(_)));
    assert!(began.elapsed() < PATIENCE);
    running.told.wait_for("refused - slow");
}

#[test]
fn a_header_that_is_not_done_in_time_is_ended() {
    let (running, chain) = with("[timeouts]\nheader = 1\n");
    let mut slow = Raw::new(tls(running.address, &chain));
    slow.send(b"GET / HTTP/1.1\r\nHost: ").unwrap();
    let began = Instant::now();
    let rest = slow.rest();
    // A reader that is never answered gives up then, and hears nothing, too.
    assert!(began.elapsed() < PATIENCE);
    assert!(
        rest.is_empty() || rest.starts_with(b"HTTP/1.1 408"),
        "{rest:?}"
    );
}

#[test]
fn a_header_beyond_the_limit_is_refused() {
    let (running, chain) = with("[limits]\nheader_bytes = 8192\n");
    let mut client = Raw::new(tls(running.address, &chain));
    let long = "a".repeat(8_200);
    let sent =
        client.send(format!("GET / HTTP/1.1\r\nHost: {HOST}\r\nX-Long: {long}\r\n\r\n").as_bytes());
    let rest = client.rest();
    assert!(
        sent.is_err() || rest.starts_with(b"HTTP/1.1 431"),
        "{rest:?}"
    );
    let (running, chain) = with("");
    let mut client = Raw::new(tls(running.address, &chain));
    let answer = client.ask(&format!(
        "GET / HTTP/1.1\r\nHost: {HOST}\r\nX-Long: {long}\r\n\r\n"
    ));
    assert_eq!(answer.unwrap().status, 200);
}

#[test]
fn a_body_beyond_the_limit_is_refused_with_and_without_a_length() {
    let (running, chain) = with("[limits]\nbody_bytes = 4\n");
    let post = format!("POST / HTTP/1.1\r\nHost: {HOST}\r\n");
    let ask = |rest: &str| {
        let mut client = Raw::new(tls(running.address, &chain));
        client.ask(&format!("{post}{rest}")).unwrap().status
    };
    assert_eq!(ask("Content-Length: 4\r\n\r\nabcd"), 200);
    assert_eq!(ask("Content-Length: 5\r\n\r\nabcde"), 413);
    let chunked = "Transfer-Encoding: chunked\r\n\r\n";
    assert_eq!(ask(&format!("{chunked}4\r\nabcd\r\n0\r\n\r\n")), 200);
    assert_eq!(
        ask(&format!("{chunked}3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n")),
        413
    );
}

#[test]
fn silence_on_an_open_connection_ends_it() {
    let (running, chain) = with("[timeouts]\nheader = 60\nidle = 1\n");
    let mut silent = Raw::new(tls(running.address, &chain));
    silent.send(b"GET / HT").unwrap();
    let began = Instant::now();
    assert!(silent.rest().is_empty());
    assert!(began.elapsed() < PATIENCE);
}

#[test]
fn a_request_that_comes_byte_by_byte_is_given_its_time_and_no_more() {
    let (running, chain) = with("[timeouts]\nheader = 2\n");
    drips(Raw::new(tls(running.address, &chain)));
}

#[test]
fn a_body_that_nobody_read_changes_nothing_of_the_time_for_the_next_request() {
    let (running, chain) = with("[timeouts]\nheader = 2\n");
    let mut client = Raw::new(tls(running.address, &chain));
    let head = format!("OPTIONS / HTTP/1.1\r\nHost: {HOST}\r\nMax-Forwards: 0\r\n");
    let unread = client.ask(&format!("{head}Content-Length: 5\r\n\r\nabcde"));
    assert_eq!(unread.unwrap().status, 200);
    drips(client);
}

/// Sends a header byte by byte, and sees that it is not waited for.
fn drips(mut client: Raw<crate::client::Tls>) {
    let began = Instant::now();
    let mut request = b"GET / HTTP/1.1\r\nX: "
        .iter()
        .chain(std::iter::repeat(&b'a'));
    while began.elapsed() < PATIENCE && client.send(&[*request.next().unwrap()]).is_ok() {
        std::thread::sleep(Duration::from_millis(200));
    }
    let taken = began.elapsed();
    assert!(taken < PATIENCE / 2, "{taken:?}");
}

/// A request whose body is to come.
fn slow_body(more: &str, head: &str) -> (Running, Raw<crate::client::Tls>) {
    let (running, chain) = with(more);
    let mut client = Raw::new(tls(running.address, &chain));
    let head = format!("POST / HTTP/1.1\r\nHost: {HOST}\r\n{head}\r\n\r\n");
    client.send(head.as_bytes()).unwrap();
    (running, client)
}

#[test]
fn a_body_that_comes_too_slowly_is_answered_408_and_the_connection_ends() {
    let more = "[timeouts]\nbody = 1\n[limits]\nbody_rate = 100\n";
    for (head, part) in [
        ("Content-Length: 1000", &b"a"[..]),
        ("Transfer-Encoding: chunked", b"1\r\na\r\n"),
    ] {
        let (running, mut client) = slow_body(more, head);
        let began = Instant::now();
        client.send(part).unwrap();
        let answer = client.answer().unwrap();
        assert_eq!(answer.status, 408, "{head}");
        assert_eq!(answer.field("connection"), Some("close"));
        assert!(client.rest().is_empty());
        assert!(began.elapsed() < PATIENCE);
        running.told.wait_for("POST www.example.com/ HTTP/1.1 408");
    }
}

#[test]
fn a_body_that_is_slow_and_keeps_its_pace_is_taken_whole() {
    let more = "[timeouts]\nbody = 1\n[limits]\nbody_rate = 4\n";
    let (_running, mut client) = slow_body(more, "Content-Length: 20");
    for _ in 0..5 {
        std::thread::sleep(Duration::from_millis(500));
        client.send(b"four").unwrap();
    }
    assert_eq!(client.answer().unwrap().status, 200);
}

#[test]
fn without_a_rate_a_body_comes_as_slowly_as_it_likes() {
    let more = "[timeouts]\nbody = 1\n[limits]\nbody_rate = 0\n";
    let (_running, mut client) = slow_body(more, "Content-Length: 2");
    client.send(b"a").unwrap();
    std::thread::sleep(Duration::from_millis(2500));
    client.send(b"b").unwrap();
    assert_eq!(client.answer().unwrap().status, 200);
}

#[test]
fn who_still_sends_a_body_that_is_refused_sees_why_by_http_1() {
    let (upstream, _) = keeping("hello");
    let refuses = format!("{TLS}[limits]\nbody_bytes = 1000\n");
    for (upstream, more, status) in [
        (upstream.as_str(), refuses.as_str(), 413),
        ("http://127.0.0.1:1", TLS, 502),
    ] {
        let (running, chain) = Running::saying(upstream, more);
        let mut client = Raw::new(tls(running.address, &chain));
        let body = vec![b'a'; 300_000];
        let (first, rest) = body.split_at(500);
        let head = format!(
            "POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        client.send(head.as_bytes()).unwrap();
        client.send(first).unwrap();
        // It is answered by then.
        std::thread::sleep(Duration::from_millis(300));
        for part in rest.chunks(10_000) {
            client.send(part).unwrap();
        }
        assert_eq!(client.answer().unwrap().status, status);
    }
}
