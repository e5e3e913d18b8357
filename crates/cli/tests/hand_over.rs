//! Sockets that outlive the servers which answer at them, as systemd keeps them (sd_listen_fds(3)).
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod serving;
mod stage;

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use keyway_testkit::{Chain, NOW};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::UnixTime;
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serving::{Serving, backend, curl, service_file, until};
use stage::Stage;

/// Longest silence of a server that is there, or will be soon.
const PATIENCE: Duration = Duration::from_secs(20);

/// Requests on one connection.
const REQUESTS: usize = 5;

/// Clients at a time.
const CLIENTS: usize = 4;

/// A server that is handed a socket as its first.
fn server_at(stage: &Stage, socket: &TcpListener) -> Serving {
    let keyway = stage.command();
    let mut command = Command::new("sh");
    let hand_over = "exec env LISTEN_FDS=1 LISTEN_PID=$$ \"$0\" \"$@\" 3<&0";
    command.args(["-c", hand_over]).arg(keyway.get_program());
    command.current_dir(keyway.get_current_dir().unwrap());
    command.stdin(Stdio::from(OwnedFd::from(socket.try_clone().unwrap())));
    Serving::start_by(command, "")
}

#[test]
fn a_socket_that_is_handed_over_outlives_each_server_that_answers_at_it() {
    let stage = Stage::new();
    let port = service_file(&stage, &backend("hello"), "");
    let socket = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let first = server_at(&stage, &socket);
    assert_eq!(curl(&stage, port, &[], "/"), "hello");
    assert_eq!(first.end().0, Some(0));
    // Nobody is there, and nobody is refused: who comes now waits for the next.
    let early = thread::scope(|scope| {
        let early = scope.spawn(|| curl(&stage, port, &[], "/"));
        let _second = server_at(&stage, &socket);
        let answer = early.join().unwrap();
        assert_eq!(curl(&stage, port, &[], "/"), "hello");
        answer
    });
    assert_eq!(early, "hello");
}

/// The moment of the kit.
#[derive(Debug)]
struct Clock;

impl TimeProvider for Clock {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(NOW).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

fn trusting() -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(Chain::good().root.der().to_vec().into()).unwrap();
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_details(provider, Arc::new(Clock))
        .with_safe_default_protocol_versions()
        .unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    Arc::new(config)
}

/// Ends the load, also where a test fails in the middle of it.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Asks by one connection, as often as it stays open; gives how often.
fn ask(address: SocketAddr, config: &Arc<ClientConfig>) -> io::Result<usize> {
    let socket = TcpStream::connect_timeout(&address, PATIENCE)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    let name = "www.example.com".try_into().unwrap();
    let client = ClientConnection::new(Arc::clone(config), name).unwrap();
    let mut stream = BufReader::new(StreamOwned::new(client, socket));
    for number in 1..=REQUESTS {
        let request = b"GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n";
        stream.get_mut().write_all(request)?;
        let mut head = Vec::new();
        while head.last().is_none_or(|line| line != "\r\n") {
            let mut line = String::new();
            if stream.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            head.push(line);
        }
        let mut body = [0; 5];
        stream.read_exact(&mut body)?;
        if !head[0].starts_with("HTTP/1.1 200 ") || body != *b"hello" {
            return Err(io::Error::other(head.concat()));
        }
        if head
            .iter()
            .any(|line| line.eq_ignore_ascii_case("connection: close\r\n"))
        {
            return Ok(number);
        }
    }
    Ok(REQUESTS)
}

#[test]
fn servers_that_follow_each_other_at_one_socket_fail_nobody_under_load() {
    let stage = Stage::new();
    let port = service_file(&stage, &backend("hello"), "");
    let socket = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let address = socket.local_addr().unwrap();
    let (config, over, done) = (trusting(), AtomicBool::new(false), AtomicUsize::new(0));
    let first = server_at(&stage, &socket);
    let failed: Vec<String> = thread::scope(|scope| {
        let ends = Ends(&over);
        let load = || {
            let mut failed = Vec::new();
            while !over.load(Ordering::Relaxed) {
                match ask(address, &config) {
                    Ok(count) => drop(done.fetch_add(count, Ordering::Relaxed)),
                    Err(error) => failed.push(error.to_string()),
                }
            }
            failed
        };
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(load)).collect();
        let goes_on = || {
            let wanted = done.load(Ordering::Relaxed) + 50;
            until(|| done.load(Ordering::Relaxed) >= wanted)
        };
        let mut went_on = vec![goes_on()];
        // One beside the other, as in a rolling restart.
        let second = server_at(&stage, &socket);
        went_on.push(goes_on());
        assert_eq!(first.end().0, Some(0));
        went_on.push(goes_on());
        // One after the other, as systemd restarts a service: who comes in between waits.
        assert_eq!(second.end().0, Some(0));
        let _third = server_at(&stage, &socket);
        went_on.push(goes_on());
        drop(ends);
        let failed = clients
            .into_iter()
            .flat_map(|client| client.join().unwrap());
        let failed = failed.collect();
        assert_eq!(went_on, [true; 4]);
        failed
    });
    assert!(failed.is_empty(), "{failed:?}");
}
