//! Sockets that outlive the servers which answer at them, as systemd keeps them (sd_listen_fds(3)).
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod serving;
mod stage;
mod trusting;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use rustls::ClientConfig;
use serving::{Ends, Serving, backend, curl, service_file, until};
use stage::Stage;
use trusting::{Client, trusting};

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

/// Asks by one connection, as often as it stays open; gives how often.
fn ask(address: SocketAddr, config: &Arc<ClientConfig>) -> io::Result<usize> {
    let mut client = Client::connect(address, config)?;
    for number in 1..=REQUESTS {
        if !client.get()? {
            return Ok(number);
        }
    }
    Ok(REQUESTS)
}

#[test]
fn the_next_server_takes_over_where_the_last_is_asked_how_it_does() {
    let stage = Stage::new();
    service_file(&stage, &backend("hello"), "");
    let metrics = keyway_testkit::own_port();
    let asked = format!("--metrics 127.0.0.1:{metrics}");
    let ready = || serving::plain(metrics, "/readyz");
    let first = Serving::start(&stage, &asked);
    assert!(ready().ends_with("ready\n"));
    let second = Serving::start(&stage, &asked);
    assert_eq!(first.end().0, Some(0));
    assert!(until(|| ready().ends_with("ready\n")));
    assert_eq!(second.end().0, Some(0));
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
