use std::io::{Read as _, Write as _};
use std::net::Shutdown;

use keyway_testkit::{Chain, HOST};

use crate::client::tls;
use crate::support::{Running, TLS, entry, service, supplies, upstream};

fn passing(upstream: &str) -> (Running, Chain) {
    passing_with(upstream, "")
}

fn passing_with(upstream: &str, more: &str) -> (Running, Chain) {
    let chain = Chain::good();
    let upstream = upstream.strip_prefix("http://").unwrap();
    let service = service(upstream, &format!("mode = \"tcp\"\n{TLS}{more}"));
    let supplies = supplies(vec![entry(&[HOST], &chain)]);
    (Running::start(&service, &supplies), chain)
}

#[test]
fn bytes_pass_both_ways_and_an_end_of_one_side_leaves_the_other_open() {
    let counts = upstream(|mut reader, mut stream| {
        let mut all = Vec::new();
        reader.read_to_end(&mut all).unwrap();
        stream
            .write_all(format!("{} bytes", all.len()).as_bytes())
            .unwrap();
    });
    let (running, chain) = passing(&counts);
    let mut client = tls(running.address, &chain);
    client.write_all(&vec![7; 100_000]).unwrap();
    client.conn.send_close_notify();
    client.flush().unwrap();
    client.sock.shutdown(Shutdown::Write).unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    assert_eq!(answer, "100000 bytes");
    running.told.wait_for("passed 100000 12");
}

#[test]
fn a_server_that_speaks_first_is_heard() {
    let greets = upstream(|_reader, mut stream| {
        stream.write_all(b"220 ready\r\n").unwrap();
    });
    let (running, chain) = passing(&greets);
    let mut client = tls(running.address, &chain);
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    assert_eq!(answer, "220 ready\r\n");
}

#[test]
fn what_was_passed_on_counts_however_it_ends() {
    let greets = upstream(|mut reader, mut stream| {
        stream.write_all(b"220 ready\r\n").unwrap();
        drop(reader.read(&mut [0; 4]));
    });
    let (running, chain) = passing(&greets);
    let mut client = tls(running.address, &chain);
    client.read_exact(&mut [0; 11]).unwrap();
    client.write_all(b"QUIT").unwrap();
    client.flush().unwrap();
    drop(client);
    running.told.wait_for("passed 4 11");
}

#[test]
fn what_was_passed_on_counts_where_the_drain_is_over_before_it_ends() {
    let echoes = upstream(|mut reader, mut stream| {
        let mut word = [0; 4];
        reader.read_exact(&mut word).unwrap();
        stream.write_all(&word).unwrap();
        // Until it is cut.
        drop(reader.read(&mut word));
    });
    let (mut running, chain) = passing_with(&echoes, "[timeouts]\ndrain = 1\n");
    let mut client = tls(running.address, &chain);
    client.write_all(b"ping").unwrap();
    client.read_exact(&mut [0; 4]).unwrap();
    let stopped = running.server.take().unwrap().drain();
    assert_eq!(stopped.cut, 1);
    running.told.wait_for("passed 4 4");
}
