//! What of a request is passed on, and what is answered on the way.

use keyway_testkit::HOST;

use crate::client::{Raw, tls};
use crate::support::{Running, keeping};

#[test]
fn what_others_would_take_for_the_frame_of_a_request_or_for_a_word_of_ours_is_not_passed_on() {
    let (upstream, kept) = keeping("hello");
    let (running, chain) = Running::before(&upstream);
    let mut client = Raw::new(tls(running.address, &chain));
    let fields = "Transfer_Encoding: chunked\r\nContent_Length: 5\r\nX-Scheme: http\r\nRemote-User: root\r\n\
                  TE: gzip, trailers\r\nX-Own_Field: 1\r\n";
    let request = format!("GET / HTTP/1.1\r\nHost: {HOST}\r\n{fields}\r\n");
    assert_eq!(client.ask(&request).unwrap().status, 200);
    let asked = kept.lock().unwrap()[0].clone();
    for field in [
        "transfer_encoding",
        "content_length",
        "x-scheme",
        "remote-user",
    ] {
        assert_eq!(asked.field(field), None, "{field}");
    }
    assert_eq!(asked.field("te"), Some("trailers"));
    assert_eq!(asked.field("x-own_field"), Some("1"));
}

#[test]
fn a_request_goes_as_many_hops_as_it_may() {
    let (upstream, kept) = keeping("hello");
    let (running, chain) = Running::before(&upstream);
    let mut client = Raw::new(tls(running.address, &chain));
    for (method, hops, status) in [
        ("OPTIONS", 0, 200),
        ("OPTIONS", 2, 200),
        ("TRACE", 0, 405),
        ("GET", 0, 200),
    ] {
        let request =
            format!("{method} / HTTP/1.1\r\nHost: {HOST}\r\nMax-Forwards: {hops}\r\n\r\n");
        assert_eq!(
            client.ask(&request).unwrap().status,
            status,
            "{method} {hops}"
        );
    }
    let asked = kept.lock().unwrap();
    let hops: Vec<_> = asked
        .iter()
        .map(|asked| asked.field("max-forwards"))
        .collect();
    assert_eq!(hops, [Some("1"), Some("0")]);
}

#[test]
fn what_is_asked_for_by_another_scheme_is_refused() {
    let (running, chain) = Running::before(&keeping("hello").0);
    let mut client = Raw::new(tls(running.address, &chain));
    let request = format!("GET ftp://{HOST}/ HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    assert_eq!(client.ask(&request).unwrap().status, 400);
}
