//! Upstreams that are looked at, and the one that has least to do.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use keyway_testkit::{Chain, HOST};

use crate::client::{Raw, tls};
use crate::support::{
    Running, TLS, entry, keeping, read_request, service, supplies, upstream, wait_for,
};

/// An upstream that is well as long as it is told to be, and says its name to everything else.
fn looked_at(name: &'static str) -> (String, Arc<AtomicBool>) {
    let well = Arc::new(AtomicBool::new(true));
    let is_well = Arc::clone(&well);
    let address = upstream(move |mut reader, mut stream| {
        while let Some(asked) = read_request(&mut reader) {
            let is_look = asked.head[0].starts_with("GET /healthz ");
            assert!(!is_look || asked.field("host") == Some(HOST));
            let status = if is_look && !is_well.load(Ordering::Relaxed) {
                500
            } else {
                200
            };
            let length = name.len();
            let answer = format!("HTTP/1.1 {status} x\r\nContent-Length: {length}\r\n\r\n{name}");
            if stream.write_all(answer.as_bytes()).is_err() {
                return;
            }
        }
    });
    (address, well)
}

fn before(upstreams: &[&str], more: &str) -> (Running, Chain) {
    let chain = Chain::good();
    let text = format!("host = \"{HOST}\"\n{more}{TLS}");
    let mut service = service(upstreams[0], &text);
    service.upstream.0 = upstreams.iter().map(|&one| one.to_owned()).collect();
    let supplies = supplies(vec![entry(&[HOST], &chain)]);
    (Running::start(&service, &supplies), chain)
}

#[test]
fn one_that_does_not_pass_is_left_out_until_it_does() {
    let ((one, first), (two, second)) = (looked_at("one"), looked_at("two"));
    let health = "health = { path = \"/healthz\", every = 1 }\n";
    let (running, chain) = before(&[&one, &two], health);
    let mut client = Raw::new(tls(running.address, &chain));
    let mut names = || [(); 4].map(|()| client.get("/").unwrap().text().to_owned());
    first.store(false, Ordering::Relaxed);
    running
        .told
        .wait_for(&format!("down {one}: it answered 500"));
    assert_eq!(names(), ["two"; 4]);

    second.store(false, Ordering::Relaxed);
    running.told.wait_for(&format!("down {two}"));
    let mut client = Raw::new(tls(running.address, &chain));
    assert_eq!(client.get("/").unwrap().status, 503);

    first.store(true, Ordering::Relaxed);
    running.told.wait_for(&format!("up {one}"));
    assert_eq!(client.get("/").unwrap().text(), "one");
}

#[test]
fn one_that_takes_no_connections_is_down_by_the_first_look() {
    // Nobody listens at port 1 (tcpmux); one that was let go would be somebody else's by now.
    let (running, _) = before(&["http://127.0.0.1:1"], "health = {}\n");
    running.told.wait_for("down http://127.0.0.1:1");
}

#[test]
fn the_least_busy_one_is_asked_while_another_is_at_work() {
    let (quick, _) = keeping("quick");
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let wait = Arc::new(std::sync::Mutex::new(wait));
    let slow = upstream(move |mut reader, mut stream| {
        while read_request(&mut reader).is_some() {
            wait.lock().unwrap().recv().unwrap();
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow";
            stream.write_all(answer).unwrap();
        }
    });
    let (running, chain) = before(&[&slow, &quick], "balance = \"least-busy\"\n");
    let mut first = Raw::new(tls(running.address, &chain));
    let request = format!("GET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    first.send(request.as_bytes()).unwrap();
    let mut others = Raw::new(tls(running.address, &chain));
    // Once the first is at work, everybody else goes to the other, though the turn is not its.
    let is_other = || others_are(&running, &chain, "quick").then_some(());
    wait_for(is_other).unwrap();
    for _ in 0..5 {
        assert_eq!(others.get("/").unwrap().text(), "quick");
    }
    go.send(()).unwrap();
    assert_eq!(first.answer().unwrap().text(), "slow");
}

/// Whether the slow one is at work by now: two new requests in a row are answered by the other.
fn others_are(running: &Running, chain: &Chain, name: &str) -> bool {
    let mut client = Raw::new(tls(running.address, chain));
    let names = [(); 2].map(|()| client.get("/").unwrap().text().to_owned());
    names.iter().all(|answered| answered == name)
}
