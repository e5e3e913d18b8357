use std::io::Write as _;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use keyway_termination::observe::Silent;
use keyway_termination::{Listener, Role, Server, Site, Stopped};
use keyway_testkit::HOST;

use crate::client::{Raw, shake, tls, trusting};
use crate::support::{Running, TLS, entry, keeping, read_request, service, supplies, upstream};

#[test]
fn a_request_under_way_is_answered_before_the_end() {
    let (release, wait) = mpsc::channel::<()>();
    let wait = Arc::new(std::sync::Mutex::new(wait));
    let slow = upstream(move |mut reader, mut stream| {
        read_request(&mut reader);
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe")
            .unwrap();
        wait.lock().unwrap().recv().unwrap();
        stream.write_all(b"llo").unwrap();
    });
    let (mut running, chain) = Running::before(&slow);
    let mut client = Raw::new(tls(running.address, &chain));
    client
        .send(format!("GET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n").as_bytes())
        .unwrap();
    running.told.wait_for("HTTP/1.1 200");
    let server = running.server.take().unwrap();
    let draining = thread::spawn(move || server.drain());
    // Nobody new is let in while the old one waits.
    let closed = || {
        std::net::TcpStream::connect(running.address)
            .is_err()
            .then_some(())
    };
    crate::support::wait_for(closed).unwrap();
    release.send(()).unwrap();
    assert_eq!(client.answer().unwrap().text(), "hello");
    assert_eq!(draining.join().unwrap(), Stopped { cut: 0 });
}

#[test]
fn idle_connections_end_soon_and_late_ones_are_cut_when_the_time_is_over() {
    let silent = upstream(
        |mut reader, _stream| {
            while read_request(&mut reader).is_some() {}
        },
    );
    let (mut running, chain) = Running::saying(&silent, &format!("{TLS}[timeouts]\ndrain = 3\n"));
    let _idle = tls(running.address, &chain);
    let mut late = Raw::new(tls(running.address, &chain));
    late.send(format!("GET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n").as_bytes())
        .unwrap();
    let both = || (running.server().connections() == 2).then_some(());
    crate::support::wait_for(both).unwrap();
    let stopped = running.server.take().unwrap().drain();
    assert!(stopped.cut <= 1, "{stopped:?}");
    assert!(late.rest().is_empty());
}

#[test]
fn a_second_server_takes_the_address_over_and_no_request_fails() {
    let (upstream, _) = keeping("hello");
    let (mut running, chain) = Running::before(&upstream);
    let (stop, done) = (AtomicBool::new(false), AtomicUsize::new(0));
    let config = Arc::new(trusting(&chain));
    let address = running.address;
    let successor = thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let mut client = Raw::new(shake(address, &config, HOST).unwrap());
                    assert_eq!(client.get("/").unwrap().text(), "hello");
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let some = |more: usize| {
            let before = done.load(Ordering::Relaxed);
            let served = || (done.load(Ordering::Relaxed) >= before + more).then_some(());
            crate::support::wait_for(served).unwrap();
        };
        some(20);
        let site = Site::new(
            &service(&upstream, TLS),
            &supplies(vec![entry(&[HOST], &chain)]),
            &running.tickets,
        );
        let threads = NonZeroUsize::new(2).unwrap();
        let listener = Listener {
            address,
            role: Role::Service,
        };
        let successor =
            Server::start(site.unwrap(), &[listener], threads, Arc::new(Silent)).unwrap();
        some(20);
        let stopped = running.server.take().unwrap().drain();
        assert_eq!(stopped, Stopped { cut: 0 });
        some(20);
        stop.store(true, Ordering::Relaxed);
        successor
    });
    assert!(done.load(Ordering::Relaxed) >= 60);
    drop(successor);
}
