//! Upstreams of `https://` and `h2c://`: hyper over rustls, on loopback.

use std::convert::Infallible;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::thread;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Frame;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use keyway_testkit::{Chain, GeneralName, HOST};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;

use crate::client::{Raw, tls, trusting};
use crate::support::{Running, TLS, entry, runtime, service, supplies};
use crate::upgrades::UPGRADE;

/// A body that says something and, where it is told to, nothing more and no end.
struct Said {
    text: Option<String>,
    stops: bool,
}

impl http_body::Body for Said {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.text.take() {
            Some(text) => Poll::Ready(Some(Ok(Frame::data(text.into())))),
            None if self.stops => Poll::Pending,
            None => Poll::Ready(None),
        }
    }
}

/// Says by which protocol and for whom it was asked; at `/hangs` nothing, at `/stops` half of it, and
/// a WebSocket gives back what it gets.
async fn answer(mut request: Request<Incoming>) -> Result<Response<Said>, Infallible> {
    let path = request.uri().path().to_owned();
    if path == "/hangs" {
        std::future::pending::<()>().await;
    }
    let asks_for = request.headers().get("upgrade").cloned();
    let mut response = Response::builder();
    if let Some(protocol) = asks_for {
        let upgraded = hyper::upgrade::on(&mut request);
        tokio::spawn(async move {
            let mut stream = TokioIo::new(upgraded.await.unwrap());
            let mut bytes = [0; 64];
            while let Ok(count @ 1..) = stream.read(&mut bytes).await {
                stream.write_all(&bytes[..count]).await.unwrap();
            }
        });
        response = response
            .status(101)
            .header("connection", "upgrade")
            .header("upgrade", protocol);
    }
    let host = match request.uri().authority() {
        Some(authority) => authority.to_string(),
        None => request.headers()["host"].to_str().unwrap().to_owned(),
    };
    let text = format!("{:?} {host}", request.version());
    let said = Said {
        text: Some(text),
        stops: path == "/stops",
    };
    Ok(response.body(said).unwrap())
}

/// An upstream that speaks what was agreed on; without TLS, HTTP/2.
fn upstream(tls: Option<(&Chain, &[&str])>) -> u16 {
    let acceptor = tls.map(|(chain, protocols)| {
        let certificates = [&chain.leaf, &chain.issuing, &chain.policy];
        let certificates = certificates.map(|one| one.der().to_vec().into()).to_vec();
        let key = keyway_testkit::pem::decode(&chain.key_pem());
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth();
        let mut config = config.with_single_cert(certificates, key).unwrap();
        let names = protocols.iter().map(|name| name.as_bytes().to_vec());
        config.alpn_protocols = names.collect();
        TlsAcceptor::from(Arc::new(config))
    });
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    listener.set_nonblocking(true).unwrap();
    thread::spawn(move || {
        runtime().block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let Some(acceptor) = acceptor else {
                        let server = http2::Builder::new(TokioExecutor::new());
                        let io = TokioIo::new(stream);
                        return drop(server.serve_connection(io, service_fn(answer)).await);
                    };
                    let Ok(stream) = acceptor.accept(stream).await else {
                        return;
                    };
                    let is_h2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                    let io = TokioIo::new(stream);
                    if is_h2 {
                        let server = http2::Builder::new(TokioExecutor::new());
                        drop(server.serve_connection(io, service_fn(answer)).await);
                    } else {
                        let server = http1::Builder::new();
                        let serving = server.serve_connection(io, service_fn(answer));
                        drop(serving.with_upgrades().await);
                    }
                });
            }
        });
    });
    port
}

/// A server before an upstream of TLS that offers these protocols, and trusts its CA.
fn before(protocols: &[&str], more: &str) -> (Running, Chain) {
    // The server and its upstream show the same certificate.
    let names = [HOST, "localhost"].map(GeneralName::dns);
    let chain = Chain::with_leaf(|leaf| leaf.san(&names));
    let port = upstream(Some((&chain, protocols)));
    let mut supplies = supplies(vec![entry(&[HOST], &chain)]);
    let mut trust = trusting(&chain);
    trust.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    supplies.upstream_tls = Some(Arc::new(trust));
    let upstream = format!("https://localhost:{port}");
    let service = service(&upstream, &format!("{TLS}{more}"));
    (Running::start(&service, &supplies), chain)
}

const BOTH: &[&str] = &["h2", "http/1.1"];

#[test]
fn an_upstream_of_tls_is_asked_by_http_2_where_it_offers_that_and_else_by_http_1() {
    for (offers, spoken) in [
        (BOTH, "HTTP/2.0"),
        (&["http/1.1"], "HTTP/1.1"),
        (&[], "HTTP/1.1"),
    ] {
        let (running, chain) = before(offers, "");
        let mut client = Raw::new(tls(running.address, &chain));
        for _ in 0..2 {
            let answer = client.get("/").unwrap();
            assert_eq!(answer.text(), format!("{spoken} {HOST}"), "{offers:?}");
        }
    }
}

#[test]
fn an_upstream_in_plain_text_may_speak_http_2_from_the_start() {
    let upstream = format!("h2c://127.0.0.1:{}", upstream(None));
    let (running, chain) = Running::before(&upstream);
    let mut client = Raw::new(tls(running.address, &chain));
    assert_eq!(client.get("/").unwrap().text(), format!("HTTP/2.0 {HOST}"));
    // It has no word for other protocols: whoever asks for one is answered without it.
    let request = format!("GET / HTTP/1.1\r\nHost: {HOST}\r\n{UPGRADE}");
    let answer = client.ask(&request).unwrap();
    assert_eq!((answer.status, answer.field("upgrade")), (200, None));
}

#[test]
fn a_websocket_goes_by_http_1_though_the_upstream_prefers_http_2() {
    let (running, chain) = before(BOTH, "");
    let mut client = Raw::new(tls(running.address, &chain));
    assert_eq!(client.get("/").unwrap().text(), format!("HTTP/2.0 {HOST}"));
    let request = format!("GET /ws HTTP/1.1\r\nHost: {HOST}\r\n{UPGRADE}");
    assert_eq!(client.ask(&request).unwrap().status, 101);
    client.stream.get_mut().write_all(b"abc").unwrap();
    let mut back = [0; 3];
    client.stream.read_exact(&mut back).unwrap();
    assert_eq!(&back, b"abc");
}

#[test]
fn an_upstream_with_a_stranger_s_certificate_is_a_bad_gateway() {
    let (ours, theirs) = (Chain::good(), Chain::good());
    let port = upstream(Some((&theirs, BOTH)));
    let mut supplies = supplies(vec![entry(&[HOST], &ours)]);
    let other = Chain::rsa();
    supplies.upstream_tls = Some(Arc::new(trusting(&other)));
    let upstream = format!("https://localhost:{port}");
    let running = Running::start(&service(&upstream, TLS), &supplies);
    let answer = Raw::new(tls(running.address, &ours)).get("/").unwrap();
    assert_eq!(answer.status, 502);
    running.told.wait_for("TLS to it");
}

#[test]
fn one_that_hangs_among_many_on_one_connection_is_a_timeout_and_the_others_are_answered() {
    let (running, chain) = before(BOTH, "[timeouts]\nidle = 1\n");
    let connect = || Raw::new(tls(running.address, &chain));
    let (mut hung, mut other) = (connect(), connect());
    let asked = format!("GET /hangs HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    hung.send(asked.as_bytes()).unwrap();
    let (told, ended) = std::sync::mpsc::channel();
    let waiting = thread::spawn(move || {
        let status = hung.answer().unwrap().status;
        told.send(()).unwrap();
        status
    });
    // The connection to the upstream is never silent meanwhile.
    while ended.try_recv().is_err() {
        assert_eq!(other.get("/").unwrap().status, 200);
        thread::sleep(std::time::Duration::from_millis(50));
    }
    assert_eq!(waiting.join().unwrap(), 504);
}

#[test]
fn an_answer_that_stops_in_the_middle_among_others_ends_unfinished() {
    let (running, chain) = before(BOTH, "[timeouts]\nidle = 1\n");
    let mut client = Raw::new(tls(running.address, &chain));
    assert!(client.get("/stops").is_err());
}
