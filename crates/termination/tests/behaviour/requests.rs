use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

use keyway_termination::Role;
use keyway_testkit::{Chain, HOST};

use crate::client::{Raw, tls};
use crate::support::{Running, TLS, entry, keeping, service, supplies};

#[test]
fn a_request_is_passed_on_with_its_host_path_body_and_who_asked() {
    let (upstream, kept) = keeping("hello");
    let (running, chain) = Running::before(&upstream);
    let mut client = Raw::new(tls(running.address, &chain));
    let answer = client
        .ask(&format!(
            "POST /a%20b?c=d HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 3\r\nX-Forwarded-For: \
             192.0.2.66\r\nForwarded: for=192.0.2.66\r\nClient-Cert: :AAAA:\r\nX-Own: 1\r\n\r\nabc"
        ))
        .unwrap();
    assert_eq!((answer.status, answer.text()), (200, "hello"));
    let asked = kept.lock().unwrap()[0].clone();
    assert_eq!(asked.head[0], "POST /a%20b?c=d HTTP/1.1");
    assert_eq!(asked.body, b"abc");
    assert_eq!(asked.field("host"), Some(HOST));
    assert_eq!(asked.field("x-own"), Some("1"));
    assert_eq!(
        asked.fields("x-forwarded-for").collect::<Vec<_>>(),
        ["127.0.0.1"]
    );
    assert_eq!(asked.field("x-forwarded-proto"), Some("https"));
    assert_eq!(asked.field("x-forwarded-host"), Some(HOST));
    assert_eq!(
        asked.fields("forwarded").collect::<Vec<_>>(),
        [format!("for=127.0.0.1;host=\"{HOST}\";proto=https")]
    );
    assert_eq!(asked.field("client-cert"), None);
    assert_eq!(asked.field("via"), Some("1.1 keyway"));
    running
        .told
        .wait_for(&format!("POST {HOST}/a%20b?c=d HTTP/1.1 200"));
}

#[test]
fn one_connection_carries_many_requests_and_one_to_the_upstream_carries_them_too() {
    let (upstream, kept) = keeping("hello");
    let (running, chain) = Running::before(&upstream);
    let mut client = Raw::new(tls(running.address, &chain));
    for number in 0..50 {
        let answer = client.get(&format!("/{number}")).unwrap();
        assert_eq!(answer.text(), "hello");
    }
    assert_eq!(kept.lock().unwrap().len(), 50);
}

#[test]
fn a_body_in_chunks_is_passed_on_whole() {
    let (upstream, kept) = keeping("hello");
    let (running, chain) = Running::before(&upstream);
    let mut client = Raw::new(tls(running.address, &chain));
    let answer = client
        .ask(&format!(
            "POST / HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: \
             chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"
        ))
        .unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(kept.lock().unwrap()[0].body, b"abcde");
}

#[test]
fn hsts_is_on_every_answer_by_tls_those_of_ours_too() {
    let more = "[tls]\nstatus = \"enabled\"\nhsts = { max_age = 300, include_subdomains = true }\n";
    let (upstream, _) = keeping("hello");
    let (running, chain) = Running::saying(&upstream, more);
    let mut client = Raw::new(tls(running.address, &chain));
    let hsts = "max-age=300; includeSubDomains";
    let answer = client.get("/").unwrap();
    assert_eq!(answer.field("strict-transport-security"), Some(hsts));
    let ours = client.ask("GET / HTTP/1.1\r\nHost: a b\r\n\r\n").unwrap();
    assert_eq!(ours.status, 400);
    assert_eq!(ours.field("strict-transport-security"), Some(hsts));
}

#[test]
fn a_host_that_is_not_served_here_is_misdirected() {
    let (upstream, kept) = keeping("hello");
    let (running, chain) = Running::saying(&upstream, &format!("host = {HOST:?}\n{TLS}"));
    let mut client = Raw::new(tls(running.address, &chain));
    let stranger = client.ask("GET / HTTP/1.1\r\nHost: stranger.example\r\n\r\n");
    assert_eq!(stranger.unwrap().status, 421);
    assert_eq!(client.get("/").unwrap().status, 200);
    assert_eq!(kept.lock().unwrap().len(), 1);
}

#[test]
fn with_tls_disabled_plain_http_is_served() {
    let (upstream, kept) = keeping("hello");
    let (running, _) = Running::saying(&upstream, "[tls]\nstatus = \"disabled\"\n");
    let mut client = Raw::new(running.connect());
    assert_eq!(client.get("/").unwrap().text(), "hello");
    assert_eq!(
        kept.lock().unwrap()[0].field("x-forwarded-proto"),
        Some("http")
    );
}

#[test]
fn the_port_of_plain_http_leads_to_https_and_spares_the_challenge_of_acme() {
    let chain = Chain::good();
    let supplies = supplies(vec![entry(&[HOST], &chain)]);
    let (behind, asked) = keeping("from behind");
    let service = service(&behind, TLS);
    let running = Running::start_as(&service, &supplies, Role::Redirect { port: 8443 });
    let mut client = Raw::new(running.connect());
    let answer = client.get("/a?b").unwrap();
    assert_eq!(answer.status, 308);
    let place = format!("https://{HOST}:8443/a?b");
    assert_eq!(answer.field("location"), Some(place.as_str()));
    // An own certificate may be renewed behind.
    let challenge = client.get("/.well-known/acme-challenge/to_ken-1").unwrap();
    assert_eq!((challenge.status, challenge.text()), (200, "from behind"));
    for other in ["", "../admin", "a/b", "%2e%2e"] {
        let challenge = client.get(&format!("/.well-known/acme-challenge/{other}"));
        let challenge = challenge.unwrap();
        assert_eq!(challenge.status, 404, "{other}");
        assert_eq!(challenge.field("location"), None);
    }
    assert_eq!(asked.lock().unwrap().len(), 1);
    let nowhere = client.ask("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n").unwrap();
    assert_eq!(nowhere.status, 400);
}

#[test]
fn http_2_is_served_where_it_is_agreed_on() {
    use hyper_util::rt::{TokioExecutor, TokioIo};
    let (upstream, kept) = keeping("hello");
    let (running, chain) = Running::before(&upstream);
    let mut config = crate::client::trusting(&chain);
    config.alpn_protocols = vec![b"h2".to_vec()];
    let address = running.address;
    let runtime = crate::support::runtime();
    let statuses = runtime.block_on(async move {
        let stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
        let stream = connector
            .connect(HOST.try_into().unwrap(), stream)
            .await
            .unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let io = TokioIo::new(stream);
        let (sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), io)
            .await
            .unwrap();
        tokio::spawn(connection);
        let mut statuses = Vec::new();
        for number in 0..20 {
            let request = http::Request::get(format!("https://{HOST}/{number}"));
            let request = request.header("cookie", "a=1").header("cookie", "b=2");
            let request = request.body(String::new()).unwrap();
            let answer = sender.clone().send_request(request).await.unwrap();
            statuses.push(answer.status().as_u16());
        }
        statuses
    });
    assert_eq!(statuses, [200; 20]);
    let asked = kept.lock().unwrap()[3].clone();
    assert_eq!(asked.head[0], "GET /3 HTTP/1.1");
    assert_eq!(asked.field("host"), Some(HOST));
    assert_eq!(asked.fields("cookie").collect::<Vec<_>>(), ["a=1; b=2"]);
}

#[test]
fn bytes_of_requests_and_answers_are_counted_once_also_over_rests() {
    let (upstream, _) = keeping("hello");
    let (running, chain) = Running::before(&upstream);
    let pulse = running.server().pulse();
    let mut client = Raw::new(tls(running.address, &chain));
    let request = format!(
        "GET / HTTP/1.1\r\nHost: {HOST}\r\nX: {}\r\n\r\n",
        "a".repeat(200)
    );
    let asked = u64::try_from(request.len()).unwrap();
    for number in 1..=3 {
        let answer = client.ask(&request).unwrap();
        assert_eq!(answer.text(), "hello");
        assert_eq!(pulse().received, number * asked);
        // What is written is counted when it was.
        let least = number * u64::try_from("HTTP/1.1 200 OK\r\n\r\nhello".len()).unwrap();
        let is_counted = || (pulse().sent >= least).then_some(());
        crate::support::wait_for(is_counted).unwrap();
        assert!(pulse().sent < 20 * least, "{:?}", pulse());
        sleep(A_WHILE);
    }
}

#[test]
fn what_is_no_request_is_told_with_the_status_that_it_was_answered_with() {
    let (upstream, kept) = keeping("hello");
    let (running, chain) = Running::before(&upstream);
    for (request, status) in [
        ("nonsense\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        (
            &format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(101)),
            431,
        ),
    ] {
        let mut client = Raw::new(tls(running.address, &chain));
        client.send(request.as_bytes()).unwrap();
        let rest = String::from_utf8(client.rest()).unwrap();
        assert!(rest.starts_with(&format!("HTTP/1.1 {status} ")), "{rest}");
        running.told.wait_for(&format!("  HTTP/1.1 {status}"));
    }
    assert!(kept.lock().unwrap().is_empty());
}

#[test]
fn a_request_has_as_many_fields_by_http_2_as_by_http_1() {
    let (upstream, _) = keeping("hello");
    let (running, chain) = Running::before(&upstream);
    // The host is one.
    let fields = |count: usize| "a: b\r\n".repeat(count - 1);
    for (count, status) in [(100, 200), (101, 431)] {
        let mut first = Raw::new(tls(running.address, &chain));
        let request = format!("GET / HTTP/1.1\r\nHost: {HOST}\r\n{}\r\n", fields(count));
        assert_eq!(first.ask(&request).unwrap().status, status);
        let answer = crate::second::ask(running.address, &chain, |mut request| {
            for _ in 0..count {
                request.headers_mut().append("a", "b".parse().unwrap());
            }
            request
        });
        assert_eq!(answer.status().as_u16(), status);
    }
}

#[test]
fn an_interim_answer_is_not_passed_on_and_the_answer_behind_it_is() {
    use std::io::Write as _;
    let upstream = crate::support::upstream(|mut reader, mut stream| {
        while crate::support::read_request(&mut reader).is_some() {
            let hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n";
            let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
            stream.write_all(hints.repeat(2).as_bytes()).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    let (running, chain) = Running::before(&upstream);
    let mut client = Raw::new(tls(running.address, &chain));
    for _ in 0..2 {
        let answer = client.get("/").unwrap();
        assert_eq!((answer.status, answer.text()), (200, "ok"));
    }
}

#[test]
fn a_body_of_a_get_is_passed_on() {
    let (upstream, kept) = keeping("hello");
    let (running, chain) = Running::before(&upstream);
    let mut client = Raw::new(tls(running.address, &chain));
    let head = format!("GET / HTTP/1.1\r\nHost: {HOST}\r\n");
    for body in [
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "Content-Length: 3\r\n\r\nabc",
    ] {
        assert_eq!(client.ask(&format!("{head}{body}")).unwrap().status, 200);
    }
    let bodies: Vec<Vec<u8>> = kept
        .lock()
        .unwrap()
        .iter()
        .map(|it| it.body.clone())
        .collect();
    assert_eq!(bodies, [b"abc", b"abc"]);
}

#[test]
fn what_is_believed_of_a_client_does_not_come_behind_a_body() {
    let trailers = Arc::new(std::sync::Mutex::new(String::new()));
    let keep = Arc::clone(&trailers);
    let upstream = crate::support::upstream(move |mut reader, mut stream| {
        use std::io::{BufRead as _, Write as _};
        let mut lines = Vec::new();
        while !lines.ends_with(&["\r\n".to_owned()]) || lines.iter().all(|line| line != "0\r\n") {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap() == 0 {
                return;
            }
            lines.push(line);
        }
        *keep.lock().unwrap() = lines.concat();
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            .unwrap();
    });
    let (running, chain) = Running::before(&upstream);
    let mut client = Raw::new(tls(running.address, &chain));
    let answer = client
        .ask(&format!(
            "POST / HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\nTrailer: client-cert, \
             x-sum\r\n\r\n3\r\nabc\r\n0\r\nclient-cert: :AAAA:\r\nx-sum: 1\r\n\r\n"
        ))
        .unwrap();
    assert_eq!(answer.status, 200);
    let seen = trailers.lock().unwrap().clone();
    let (_, behind) = seen.split_once("\r\n0\r\n").unwrap();
    assert!(behind.contains("x-sum: 1"), "{seen}");
    assert!(!behind.contains("client-cert"), "{seen}");
}

/// Longer than it takes until nothing is kept for requests on a connection.
const A_WHILE: Duration = Duration::from_millis(1200);

#[test]
fn a_connection_that_rested_is_asked_and_answered_as_before() {
    let (upstream, kept) = keeping("hello");
    let (running, chain) = Running::before(&upstream);
    let mut client = Raw::new(tls(running.address, &chain));
    for number in 0..3 {
        sleep(A_WHILE);
        let path = format!("/{number}{}", "a".repeat(200));
        assert_eq!(client.get(&path).unwrap().text(), "hello");
    }
    let asked = kept.lock().unwrap();
    assert!(asked[2].head[0].starts_with("GET /2aaaa"));
}

#[test]
fn a_request_that_comes_in_parts_between_rests_is_whole() {
    let (upstream, kept) = keeping("hello");
    let (running, chain) = Running::before(&upstream);
    let mut client = Raw::new(tls(running.address, &chain));
    // One request, and the beginning of the next with it.
    let request = format!("GET /one HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    client.send(format!("{request}GET /tw").as_bytes()).unwrap();
    assert_eq!(client.answer().unwrap().text(), "hello");
    sleep(A_WHILE);
    client.send(b"o HTTP/1.1\r\nHo").unwrap();
    sleep(A_WHILE);
    client
        .send(format!("st: {HOST}\r\n\r\n").as_bytes())
        .unwrap();
    assert_eq!(client.answer().unwrap().text(), "hello");
    let asked = kept.lock().unwrap();
    assert_eq!(asked[1].head[0], "GET /two HTTP/1.1");
}

#[test]
fn an_answer_that_is_read_late_is_whole() {
    let text: &'static str = "0123456789".repeat(400_000).leak();
    let (upstream, _) = keeping(text);
    let (running, chain) = Running::before(&upstream);
    let mut client = Raw::new(tls(running.address, &chain));
    let request = format!("GET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    client.send(request.as_bytes()).unwrap();
    sleep(2 * A_WHILE);
    assert_eq!(client.answer().unwrap().text(), text);
    sleep(A_WHILE);
    assert_eq!(client.get("/").unwrap().text(), text);
}

#[test]
fn hosts_with_certificates_of_their_own_are_served_beside_those_of_the_service() {
    let (upstream, _) = keeping("hello");
    let named = |name: &str| {
        let names = [keyway_testkit::GeneralName::dns(name)];
        Chain::with_leaf(|leaf| leaf.san(&names))
    };
    let (first, other) = (named(HOST), named("*.example.org"));
    let text = format!("host = \"{HOST}\"\n{TLS}");
    let certificates = vec![entry(&[HOST], &first), entry(&["*.example.org"], &other)];
    let running = Running::start(&service(&upstream, &text), &supplies(certificates));
    let config = Arc::new(crate::client::trusting(&first));
    let ask = |name: &str, host: &str| {
        let client = crate::client::shake(running.address, &config, name).unwrap();
        let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
        Raw::new(client).ask(&request).unwrap().status
    };
    assert_eq!(ask(HOST, HOST), 200);
    assert_eq!(ask("a.example.org", "a.example.org"), 200);
    assert_eq!(ask(HOST, "stranger.example.net"), 421);
}
