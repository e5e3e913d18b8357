use std::io::{Read as _, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::client::{Raw, tls};
use crate::second::{Frames, connected, next, request};
use crate::support::{Running, TLS, keeping, read_request, runtime, service, supplies, upstream};
use keyway_testkit::HOST;

/// The header of a request, without its body.
fn read_head(reader: &mut impl std::io::BufRead) -> String {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).unwrap() > 0 {}
    head
}

/// An address that nobody listens at: that of tcpmux. A port that was let go would be somebody else's by now.
const NOBODY: &str = "http://127.0.0.1:1";

fn status(upstream: &str, more: &str) -> (Running, u16) {
    let (running, chain) = Running::saying(upstream, &format!("{TLS}{more}"));
    let answer = Raw::new(tls(running.address, &chain)).get("/");
    let status = answer.unwrap().status;
    (running, status)
}

#[test]
fn an_upstream_that_is_not_there_is_a_bad_gateway() {
    let (running, status) = status(NOBODY, "");
    assert_eq!(status, 502);
    running.told.wait_for(&format!("upstream {NOBODY}: "));
}

#[test]
fn an_upstream_that_does_not_answer_is_a_timeout() {
    let silent = upstream(|mut reader, _stream| {
        drop(reader.read_to_end(&mut Vec::new()));
    });
    // Clients are told so as well where it takes longer than their own grace.
    for idle in [1, 7] {
        let timeouts = format!("[timeouts]\nidle = {idle}\n");
        let (running, status) = status(&silent, &timeouts);
        assert_eq!(status, 504, "{idle}");
        running
            .told
            .wait_for(&format!("upstream {silent}: no answer came in time"));
    }
}

#[test]
fn an_upstream_that_hangs_up_or_speaks_nonsense_is_a_bad_gateway() {
    let hangs_up = upstream(|mut reader, _stream| {
        read_request(&mut reader);
    });
    assert_eq!(status(&hangs_up, "").1, 502);
    let nonsense = upstream(|mut reader, mut stream| {
        read_request(&mut reader);
        stream.write_all(b"220 smtp.example.com ready\r\n").unwrap();
    });
    assert_eq!(status(&nonsense, "").1, 502);
}

#[test]
fn of_two_upstreams_the_one_that_lives_answers_everything() {
    let (alive, _) = keeping("hello");
    let chain = keyway_testkit::Chain::good();
    let mut service = service(&alive, TLS);
    service.upstream.0.insert(0, NOBODY.to_owned());
    let supplies = supplies(vec![crate::support::entry(&[HOST], &chain)]);
    let running = Running::start(&service, &supplies);
    let mut client = Raw::new(tls(running.address, &chain));
    for _ in 0..10 {
        assert_eq!(client.get("/").unwrap().status, 200);
    }
}

#[test]
fn upstreams_take_turns() {
    let (one, first) = keeping("one");
    let (two, second) = keeping("two");
    let chain = keyway_testkit::Chain::good();
    let mut service = service(&one, TLS);
    service.upstream.0.push(two);
    let supplies = supplies(vec![crate::support::entry(&[HOST], &chain)]);
    let running = Running::start(&service, &supplies);
    let mut client = Raw::new(tls(running.address, &chain));
    for _ in 0..10 {
        client.get("/").unwrap();
    }
    let counts = (first.lock().unwrap().len(), second.lock().unwrap().len());
    assert_eq!(counts, (5, 5));
}

#[test]
fn an_answer_that_is_cut_short_is_never_passed_on_as_whole() {
    let cuts = upstream(|mut reader, mut stream| {
        read_request(&mut reader);
        let head = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf";
        stream.write_all(head).unwrap();
    });
    let (running, chain) = Running::before(&cuts);
    assert!(Raw::new(tls(running.address, &chain)).get("/").is_err());
    let cuts = upstream(|mut reader, mut stream| {
        read_request(&mut reader);
        let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n";
        stream.write_all(head).unwrap();
    });
    let (running, chain) = Running::before(&cuts);
    assert!(Raw::new(tls(running.address, &chain)).get("/").is_err());
    running.told.wait_for(&format!("upstream {cuts}: "));
}

#[test]
fn a_connection_that_the_upstream_closed_meanwhile_costs_no_request() {
    // Each connection answers one request, says nothing of closing, and closes.
    let once = upstream(|mut reader, mut stream| {
        if read_request(&mut reader).is_some() {
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                .unwrap();
        }
    });
    let (running, chain) = Running::before(&once);
    let mut client = Raw::new(tls(running.address, &chain));
    for _ in 0..20 {
        assert_eq!(client.get("/").unwrap().status, 200);
    }
}

#[test]
fn what_an_upstream_says_of_its_connection_stays_there() {
    let says = upstream(|mut reader, mut stream| {
        read_request(&mut reader);
        let answer =
            b"HTTP/1.1 200 OK\r\nConnection: close, X-Inner\r\nX-Inner: 1\r\nKeep-Alive: 5\r\n\
                       X-Outer: 1\r\nContent-Length: 2\r\n\r\nok";
        stream.write_all(answer).unwrap();
    });
    let (running, chain) = Running::before(&says);
    let mut client = Raw::new(tls(running.address, &chain));
    for _ in 0..2 {
        let answer = client.get("/").unwrap();
        assert_eq!(answer.field("x-inner"), None);
        assert_eq!(answer.field("keep-alive"), None);
        assert_eq!(answer.field("connection"), None);
        assert_eq!(answer.field("x-outer"), Some("1"));
    }
}

#[test]
fn an_answer_of_two_lengths_or_of_an_unknown_coding_is_a_bad_gateway() {
    for head in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: gzip, chunked",
    ] {
        let answers = upstream(move |mut reader, mut stream| {
            read_request(&mut reader);
            let answer = format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\na\r\n0123456789\r\n0\r\n\r\n");
            drop(stream.write_all(answer.as_bytes()));
        });
        assert_eq!(status(&answers, "").1, 502, "{head}");
    }
}

#[test]
fn a_body_that_its_client_breaks_off_is_no_fault_of_the_upstream() {
    let (upstream, _) = keeping("hello");
    let (running, chain) = Running::before(&upstream);
    let mut client = Raw::new(tls(running.address, &chain));
    let answer = client
        .ask(&format!(
            "POST / HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\n\r\nno number\r\n"
        ))
        .unwrap();
    assert_eq!(answer.status, 400);
}

#[test]
fn a_connection_that_the_upstream_closes_while_it_is_kept_is_let_go_at_once() {
    let (ended, has_ended) = std::sync::mpsc::channel();
    let once = upstream(move |mut reader, mut stream| {
        read_request(&mut reader);
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            .unwrap();
        // It is kept by then.
        std::thread::sleep(std::time::Duration::from_millis(300));
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        ended.send(reader.read_to_end(&mut Vec::new())).unwrap();
    });
    let (running, chain) = Running::before(&once);
    let mut client = Raw::new(tls(running.address, &chain));
    assert_eq!(client.get("/").unwrap().status, 200);
    let end = has_ended.recv_timeout(std::time::Duration::from_secs(10));
    assert_eq!(end.unwrap().unwrap(), 0);
}

#[test]
fn an_upload_goes_on_while_nobody_reads_the_answer_that_has_begun() {
    const UPLOAD: usize = 4 << 20;
    const ANSWER: usize = 16 << 20;
    let (came, has_come) = std::sync::mpsc::channel();
    let early = upstream(move |mut reader, mut stream| {
        read_head(&mut reader);
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {ANSWER}\r\n\r\n");
        stream.write_all(answer.as_bytes()).unwrap();
        // More than all buffers on the way hold.
        let answering = std::thread::spawn(move || stream.write_all(&vec![b'a'; ANSWER]));
        let mut body = vec![0; UPLOAD];
        came.send(reader.read_exact(&mut body).map(|()| body.len()))
            .unwrap();
        drop(answering.join());
    });
    let (running, chain) = Running::before(&early);
    let mut client = Raw::new(tls(running.address, &chain));
    let head = format!("POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {UPLOAD}\r\n\r\n");
    client.send(head.as_bytes()).unwrap();
    // The answer is under way, and stuck, before the upload is.
    std::thread::sleep(std::time::Duration::from_millis(300));
    client.send(&vec![b'u'; UPLOAD]).unwrap();
    let came = has_come.recv_timeout(std::time::Duration::from_secs(20));
    assert_eq!(came.unwrap().unwrap(), UPLOAD);
}

#[test]
fn an_upload_that_goes_on_after_its_answer_holds_up_nobody_else() {
    const UPLOAD: usize = 1000;
    let (came, has_come) = std::sync::mpsc::channel();
    let early = upstream(move |mut reader, mut stream| {
        let head = read_head(&mut reader);
        stream
            .write_all(b"HTTP/1.1 405 No\r\nContent-Length: 2\r\n\r\nno")
            .unwrap();
        if head.starts_with("POST") {
            let whole = reader.read_exact(&mut [0; UPLOAD]);
            came.send(whole.is_ok()).unwrap();
        }
    });
    let (running, chain) = Running::before(&early);
    let mut slow = Raw::new(tls(running.address, &chain));
    let head = format!("POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {UPLOAD}\r\n\r\n");
    assert_eq!(slow.ask(&head).unwrap().status, 405);
    // By any thread.
    for _ in 0..16 {
        let mut other = Raw::new(tls(running.address, &chain));
        assert_eq!(other.get("/").unwrap().status, 405);
    }
    // Only now.
    slow.send(&[b'u'; UPLOAD]).unwrap();
    assert!(has_come.recv().unwrap(), "the other one waited");
}

#[test]
fn an_upstream_that_forgot_all_kept_connections_costs_no_request() {
    const KEPT: usize = 20;
    let connections = std::sync::Arc::new(AtomicUsize::new(0));
    let forgetful = upstream(move |mut reader, mut stream| {
        let is_old = connections.fetch_add(1, Ordering::Relaxed) < KEPT;
        let mut is_first = true;
        while read_request(&mut reader).is_some() {
            if is_old && !is_first {
                return;
            }
            is_first = false;
            // All are under way at a time.
            std::thread::sleep(std::time::Duration::from_millis(if is_old {
                500
            } else {
                0
            }));
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
            stream.write_all(answer).unwrap();
        }
    });
    let (running, chain) = Running::before(&forgetful);
    runtime().block_on(async {
        // One thread of the server's has them all.
        let mut sender = connected(running.address, &chain).await;
        let mut ask = || {
            let request = request().method("GET").body(Frames::new().1).unwrap();
            let answer = sender.send_request(request);
            tokio::spawn(async move {
                let answer = answer.await.unwrap();
                let status = answer.status();
                let mut body = answer.into_body();
                while next(&mut body).await.is_some() {}
                status
            })
        };
        let all: Vec<_> = (0..KEPT).map(|_| ask()).collect();
        for answer in all {
            assert_eq!(answer.await.unwrap(), 200);
        }
        for _ in 0..KEPT {
            assert_eq!(ask().await.unwrap(), 200);
        }
    });
}
