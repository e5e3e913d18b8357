//! What is answered to requests, and what to connections on which none is made.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use keyway_config::model::{ClientMode, Mode};

use super::proofs::{PATIENCE, place, somebody};
use super::stand_in::WORD;
use super::{Proof, Served, Stage};
use crate::intent::{Place, talk};
use crate::voice::proof as words;

/// Connections that are opened to see a limit, at most: far fewer than a process may have files open.
const MOST_CROWD: usize = 200;

/// Between two looks at who is there.
const LOOK: Duration = Duration::from_millis(5);

/// Whether a whole answer is there: its header, and the one word.
fn is_answered(heard: &[u8], answers: usize) -> bool {
    let text = String::from_utf8_lossy(heard);
    text.matches("\r\n\r\n").count() >= answers
}

fn get(host: &str, more: &str) -> String {
    format!("GET / HTTP/1.1\r\nHost: {host}\r\n{more}\r\n")
}

fn status(heard: &[u8]) -> String {
    let text = String::from_utf8_lossy(heard);
    let status = text
        .strip_prefix("HTTP/1.1 ")
        .and_then(|rest| rest.get(..3));
    status.map_or_else(|| "no answer".to_owned(), str::to_owned)
}

fn field(heard: &[u8], name: &str) -> String {
    let text = String::from_utf8_lossy(heard);
    let mut lines = text.split("\r\n\r\n").next().unwrap_or_default().lines();
    let found = lines.find_map(|line| {
        let (known, value) = line.split_once(':')?;
        known
            .eq_ignore_ascii_case(name)
            .then(|| value.trim().to_owned())
    });
    found.unwrap_or_else(|| "not sent".to_owned())
}

fn asked(place: &Place, request: &str) -> Vec<u8> {
    let heard = talk(
        place,
        &[request.as_bytes()],
        |_, heard| is_answered(heard, 1),
        PATIENCE,
    );
    heard.unwrap_or_default()
}

/// Who shows no certificate.
pub(super) fn clients(stage: &Stage) -> Option<Proof> {
    let closed = stage.closed.as_ref()?;
    let place = somebody(stage, closed.address)?;
    let answer = asked(&place, &get(&place.host, ""));
    let (said, seen) = match stage.service.tls.client.mode {
        ClientMode::Required => ("no answer".to_owned(), status(&answer)),
        ClientMode::Optional | ClientMode::None => ("200".to_owned(), status(&answer)),
    };
    let setting = "tls.client: an answer to who shows no certificate";
    Some(Proof::new(setting, said, seen))
}

/// What is answered to requests.
pub(super) fn exchanges(stage: &Stage, proofs: &mut Vec<Proof>) {
    let address = stage.open.address;
    if stage.leaves.is_empty() {
        let host = first_host(stage);
        let setting = "tls.status: a request in plain text";
        let ask = |more: &str| in_plain_text(address, &get(&host, more));
        proofs.push(Proof::new(setting, "200", status(&ask(""))));
        answers(stage, &ask, proofs);
    } else if let Some(place) = somebody(stage, address) {
        answers(
            stage,
            &|more| asked(&place, &get(&place.host, more)),
            proofs,
        );
    }
}

/// The same, however it is asked: by more fields than the host.
fn answers(stage: &Stage, ask: &dyn Fn(&str) -> Vec<u8>, proofs: &mut Vec<Proof>) {
    let answer = ask("");
    let passed = if answer.ends_with(WORD.as_bytes()) {
        "passed on".to_owned()
    } else {
        status(&answer)
    };
    proofs.push(Proof::new("a request", "passed on", passed));
    if stage.service.mode == Mode::Tcp {
        return;
    }
    let is_tls = !stage.leaves.is_empty();
    if let Some(hsts) = stage.service.tls.hsts.as_ref().filter(|_| is_tls) {
        let seen = field(&answer, "strict-transport-security");
        proofs.push(Proof::new("tls.hsts", words::hsts(hsts), seen));
    }
    let limits = &stage.service.limits;
    if let Some(most) = limits.body_bytes {
        let long = format!("Content-Length: {}\r\n", most.saturating_add(1));
        let setting = "limits.body_bytes: one more";
        proofs.push(Proof::new(setting, "413", status(&ask(&long))));
    }
    if let Some(most) = limits.header_bytes {
        let most = usize::try_from(most).unwrap_or(usize::MAX).min(1 << 20);
        let long = format!("X-Long: {}\r\n", "a".repeat(most));
        let setting = "limits.header_bytes: more than that";
        proofs.push(Proof::new(setting, "431", status(&ask(&long))));
    }
    // A body that does not come, though its length is told: `Stage` gives it a second.
    let may_come = limits.body_bytes != Some(0);
    if let Some(rate) = limits.body_rate.filter(|_| may_come) {
        let said = if rate > 0 { "408" } else { "no answer" };
        let setting = "limits.body_rate: a body that does not come";
        let seen = status(&ask("Content-Length: 1\r\n"));
        proofs.push(Proof::new(setting, said, seen));
    }
}

/// A connection that is open while another site takes the place of the first.
pub(super) fn reload(stage: &Stage) -> Option<Proof> {
    let place = somebody(stage, stage.open.address)?;
    if stage.service.mode == Mode::Tcp {
        return None;
    }
    let request = get(&place.host, "");
    let server = &stage.open.server;
    let is_enough = |number: usize, heard: &[u8]| {
        let done = is_answered(heard, number + 1);
        if done && number == 0 {
            // Between the two requests, once.
            if let Ok(Some(next)) = stage.next.lock().map(|mut next| next.take()) {
                server.replace(next);
            }
        }
        done
    };
    let heard = talk(
        &place,
        &[request.as_bytes(), request.as_bytes()],
        is_enough,
        PATIENCE,
    );
    let heard = heard.unwrap_or_default();
    let answers = String::from_utf8_lossy(&heard)
        .matches("HTTP/1.1 200")
        .count();
    let seen = if answers == 2 { "stays" } else { "ends" };
    Some(Proof::new("an open connection, at a reload", "stays", seen))
}

fn in_plain_text(address: SocketAddr, request: &str) -> Vec<u8> {
    let mut heard = Vec::new();
    let Ok(mut stream) = TcpStream::connect_timeout(&address, PATIENCE) else {
        return heard;
    };
    let limited = stream.set_read_timeout(Some(PATIENCE));
    if limited.is_ok() {
        // Whoever refuses what comes may hang up before all of it came.
        drop(stream.write_all(request.as_bytes()));
        let mut part = [0; 4096];
        while let Ok(count @ 1..) = stream.read(&mut part) {
            heard.extend_from_slice(&part[..count]);
            if is_answered(&heard, 1) {
                break;
            }
        }
    }
    heard
}

/// The host that a request in plain text is for.
fn first_host(stage: &Stage) -> String {
    let first = stage.service.host.iter().next().unwrap_or("localhost");
    place(first, stage.open.address).host
}

pub(super) fn redirect(stage: &Stage, address: SocketAddr) -> Proof {
    let host = first_host(stage);
    let answer = in_plain_text(address, &get(&host, ""));
    let seen = format!("{} {}", status(&answer), field(&answer, "location"));
    let port = stage.service.listen.iter().next();
    let port = port.and_then(|address| address.rsplit_once(':'));
    let port = match port {
        None | Some((_, "443")) => String::new(),
        Some((_, port)) => format!(":{port}"),
    };
    let said = format!("308 https://{host}{port}/");
    Proof::new("tls.redirect: port 80", said, words::shown(&seen))
}

/// One connection more than the least of the limits lets in, which is met first.
pub(super) fn crowd(stage: &Stage) -> Option<Proof> {
    let limits = &stage.service.limits;
    let handshakes = limits.handshakes.filter(|_| !stage.leaves.is_empty());
    let all = [
        ("limits.connections", limits.connections),
        (
            "limits.connections_per_address",
            limits.connections_per_address,
        ),
        ("limits.handshakes", handshakes),
    ];
    let all = all.into_iter();
    let (name, most) = all
        .filter_map(|(name, most)| Some((name, most?)))
        .min_by_key(|(_, most)| *most)?;
    let most = usize::try_from(most)
        .ok()
        .filter(|most| *most <= MOST_CROWD)?;
    let Served { server, address } = stage.limited.as_ref()?;
    // Those before have gone, and all of these have come.
    let is_full = |count| {
        let end = Instant::now() + PATIENCE;
        while server.connections() != count && Instant::now() < end {
            thread::sleep(LOOK);
        }
    };
    is_full(0);
    let silent = (0..most).map_while(|_| TcpStream::connect_timeout(address, PATIENCE).ok());
    let silent: Vec<TcpStream> = silent.collect();
    is_full(silent.len());
    let seen = match TcpStream::connect_timeout(address, PATIENCE) {
        Ok(one_more) => is_ended(one_more),
        Err(_) => true,
    };
    let words = |is_ended| if is_ended { "turned away" } else { "let in" };
    let setting = format!("{name}: one more");
    Some(Proof::new(setting, words(true), words(seen)))
}

/// Whether nobody waits for what would be said.
fn is_ended(mut stream: TcpStream) -> bool {
    let limited = stream.set_read_timeout(Some(PATIENCE));
    let is_silence =
        |error: &io::Error| matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
    limited.is_ok()
        && match stream.read(&mut [0]) {
            Ok(count) => count == 0,
            Err(error) => !is_silence(&error),
        }
}
