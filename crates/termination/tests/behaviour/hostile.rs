//! Clients that mean harm, and failures that have to stay where they are.

use std::io::{Read as _, Write as _};
use std::net::Ipv4Addr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant};

use keyway_termination::observe::{Exchange, Handshake, Passage, Refusal, Silent};
use keyway_termination::{Listener, Observer, Role, Server, Site};
use keyway_testkit::{Chain, HOST};

use crate::client::{Raw, shake, tls, trusting};
use crate::support::{PATIENCE, Running, TLS, entry, keeping, service, supplies, tickets};

/// Panics when it is told of this path.
#[derive(Debug)]
struct Fragile;

const FATAL: &str = "/panic";

impl Observer for Fragile {
    fn shaken(&self, handshake: &Handshake<'_>) {
        Silent.shaken(handshake);
    }

    fn refused(&self, refusal: &Refusal<'_>) {
        Silent.refused(refusal);
    }

    fn answered(&self, exchange: &Exchange<'_>) {
        assert_ne!(exchange.target, FATAL, "as it was asked to");
    }

    fn passed(&self, passage: &Passage) {
        Silent.passed(passage);
    }

    fn upstream_failed(&self, upstream: &str, why: &str) {
        Silent.upstream_failed(upstream, why);
    }

    fn upstream_is(&self, upstream: &str, is_up: bool, why: &str) {
        Silent.upstream_is(upstream, is_up, why);
    }
}

#[test]
fn a_panic_in_one_connection_harms_no_other_and_leaves_nothing_behind() {
    let (upstream, _) = keeping("hello");
    let chain = Chain::good();
    let supplies = supplies(vec![entry(&[HOST], &chain)]);
    let more = format!("{TLS}[limits]\nconnections_per_address = 2\n");
    let site = Site::new(&service(&upstream, &more), &supplies, &tickets()).unwrap();
    // One thread, so that all connections share what may break.
    let server = Server::start(site, &[], NonZeroUsize::MIN, Arc::new(Fragile));
    let mut server = server.unwrap();
    let address = (Ipv4Addr::LOCALHOST, 0).into();
    let role = Role::Service;
    let address = server.listen(Listener { address, role }).unwrap();
    let mut other = Raw::new(tls(address, &chain));
    for _ in 0..5 {
        let mut client = Raw::new(tls(address, &chain));
        assert!(client.get(FATAL).is_err());
        assert_eq!(other.get("/").unwrap().text(), "hello");
        // Its place is free again, or the next one would be turned away.
        let free = || (server.connections() == 1).then_some(());
        crate::support::wait_for(free).unwrap();
    }
}

#[test]
fn records_of_no_length_end_the_connection() {
    let (running, chain) = Running::before("http://127.0.0.1:1");
    let mut client = running.connect();
    // A handshake record of no bytes (RFC 8446, section 5.1, forbids it), again and again.
    let empty = [22, 3, 1, 0, 0].repeat(1000);
    let began = Instant::now();
    // Whether all of it is taken is the server's affair.
    let _ = client.write_all(&empty);
    let mut rest = Vec::new();
    let _ = client.read_to_end(&mut rest);
    assert!(began.elapsed() < PATIENCE);
    running.told.wait_for("refused - ");
    tls(running.address, &chain);
}

#[test]
fn a_client_that_asks_for_much_and_reads_nothing_is_cut_and_others_are_served() {
    let text: &'static str = "0123456789".repeat(2_000_000).leak();
    let (upstream, _) = keeping(text);
    let more = format!("{TLS}[timeouts]\nidle = 1\n");
    let (running, chain) = Running::saying(&upstream, &more);
    let config = Arc::new(trusting(&chain));
    let mut greedy = Raw::new(shake(running.address, &config, HOST).unwrap());
    let request = format!("GET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    greedy.send(request.as_bytes()).unwrap();
    let began = Instant::now();
    let mut other = Raw::new(shake(running.address, &config, HOST).unwrap());
    assert_eq!(other.get("/").unwrap().text().len(), text.len());
    drop(other);
    let cut = || (running.server().connections() == 0).then_some(());
    crate::support::wait_for(cut).unwrap();
    assert!(began.elapsed() >= Duration::from_secs(1));
    assert!(greedy.answer().is_err(), "the rest never came");
}
