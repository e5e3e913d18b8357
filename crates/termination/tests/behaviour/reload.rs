use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use keyway_testkit::{Chain, DAY, HOST, NOW};

use crate::client::{Raw, shake, tls, trusting};
use crate::support::{Running, TLS, entry, keeping, service, supplies};
use crate::upgrades::UPGRADE;

/// Reloads in a row.
const RELOADS: usize = 100;

/// Asks until it is told to stop: by one connection that stays, and by new ones. Counts what succeeded.
fn load(running: &Running, chain: &Chain, stop: &AtomicBool, done: &AtomicUsize) {
    let config = Arc::new(trusting(chain));
    let mut kept = Raw::new(shake(running.address, &config, HOST).unwrap());
    while !stop.load(Ordering::Relaxed) {
        assert_eq!(kept.get("/kept").unwrap().text(), "hello");
        let mut new = Raw::new(shake(running.address, &config, HOST).unwrap());
        assert_eq!(new.get("/new").unwrap().text(), "hello");
        done.fetch_add(2, Ordering::Relaxed);
    }
}

#[test]
fn a_hundred_reloads_under_load_fail_no_request_and_close_no_connection() {
    let (upstream, _) = keeping("hello");
    let (running, chain) = Running::before(&upstream);
    let (stop, done) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| load(&running, &chain, &stop, &done));
        }
        for _ in 0..RELOADS {
            let before = done.load(Ordering::Relaxed);
            let certificates = vec![entry(&[HOST], &chain)];
            running.replace(&service(&upstream, TLS), &supplies(certificates));
            // Some requests see each of them.
            let served = || (done.load(Ordering::Relaxed) > before).then_some(());
            crate::support::wait_for(served).unwrap();
        }
        stop.store(true, Ordering::Relaxed);
    });
    assert!(done.load(Ordering::Relaxed) >= RELOADS);
}

#[test]
fn a_new_certificate_is_shown_to_who_comes_next_and_the_old_connection_stays() {
    let (upstream, _) = keeping("hello");
    let (running, old) = Running::before(&upstream);
    let mut kept = Raw::new(tls(running.address, &old));
    kept.get("/").unwrap();
    let new = Chain::with_leaf(|leaf| leaf.not_after(NOW + 10 * DAY));
    let certificates = vec![entry(&[HOST], &new)];
    running.server().site().store().unwrap().swap(&certificates);
    let shown = tls(running.address, &new);
    assert_eq!(
        shown.conn.peer_certificates().unwrap()[0].as_ref(),
        new.leaf.der()
    );
    assert_eq!(kept.get("/").unwrap().status, 200);
}

#[test]
fn requests_on_a_connection_that_is_open_go_to_the_new_upstream() {
    let (one, _) = keeping("one");
    let (two, _) = keeping("two");
    let (running, chain) = Running::before(&one);
    let mut kept = Raw::new(tls(running.address, &chain));
    assert_eq!(kept.get("/").unwrap().text(), "one");
    running.replace(&service(&two, TLS), &supplies(vec![entry(&[HOST], &chain)]));
    assert_eq!(kept.get("/").unwrap().text(), "two");
}

#[test]
fn a_websocket_outlives_reloads() {
    use std::io::Write as _;
    let echo = crate::support::upstream(|mut reader, mut stream| {
        crate::support::read_request(&mut reader);
        let head = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
        stream.write_all(head).unwrap();
        let mut bytes = [0; 16];
        while let Ok(count @ 1..) = reader.read(&mut bytes) {
            stream.write_all(&bytes[..count]).unwrap();
        }
    });
    let (running, chain) = Running::before(&echo);
    let mut client = Raw::new(tls(running.address, &chain));
    let request = format!("GET / HTTP/1.1\r\nHost: {HOST}\r\n{UPGRADE}");
    assert_eq!(client.ask(&request).unwrap().status, 101);
    for number in 0..10_u8 {
        running.replace(
            &service(&echo, TLS),
            &supplies(vec![entry(&[HOST], &chain)]),
        );
        client.send(&[number]).unwrap();
        let mut back = [0; 1];
        client.stream.read_exact(&mut back).unwrap();
        assert_eq!(back, [number]);
    }
}

#[test]
fn a_name_that_is_served_no_more_is_refused_though_its_ticket_is_there() {
    let (upstream, _) = keeping("hello");
    let (running, chain) = Running::before(&upstream);
    let config = Arc::new(trusting(&chain));
    Raw::new(shake(running.address, &config, HOST).unwrap())
        .get("/")
        .unwrap();
    let certificates = vec![entry(&["example.com"], &chain)];
    running.replace(&service(&upstream, TLS), &supplies(certificates));
    assert!(shake(running.address, &config, HOST).is_err());
}

#[test]
fn who_came_before_certificates_were_asked_for_has_to_come_anew() {
    let (upstream, kept) = keeping("hello");
    let (running, chain) = Running::before(&upstream);
    let mut client = Raw::new(tls(running.address, &chain));
    assert_eq!(client.get("/").unwrap().status, 200);
    let mut asking = supplies(vec![entry(&[HOST], &chain)]);
    asking.clients.roots = vec![chain.root.der().to_vec().into()];
    let required = format!("{TLS}client = {{ mode = \"required\", ca = \"ca.pem\" }}\n");
    running.replace(&service(&upstream, &required), &asking);
    let answer = client.get("/").unwrap();
    assert_eq!(answer.status, 421);
    assert_eq!(answer.field("connection"), Some("close"));
    assert_eq!(kept.lock().unwrap().len(), 1);
}
