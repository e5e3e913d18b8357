//! HTTP/2 on both sides.

use std::convert::Infallible;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body, Frame};
use hyper::body::Incoming;
use hyper::client::conn::http2::SendRequest;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use keyway_testkit::{Chain, HOST};
use tokio::sync::mpsc;

use crate::support::{Asked, Running, TLS, keeping, read_request, runtime, upstream};

/// A body of frames that come when they are sent, and that ends when nobody sends any.
pub(crate) struct Frames(mpsc::UnboundedReceiver<Frame<Bytes>>);

impl Frames {
    pub(crate) fn new() -> (mpsc::UnboundedSender<Frame<Bytes>>, Self) {
        let (sender, frames) = mpsc::unbounded_channel();
        (sender, Self(frames))
    }
}

impl Body for Frames {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(cx).map(|frame| frame.map(Ok))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_closed() && self.0.is_empty()
    }
}

pub(crate) async fn connected(address: SocketAddr, chain: &Chain) -> SendRequest<Frames> {
    let mut config = crate::client::trusting(chain);
    config.alpn_protocols = vec![b"h2".to_vec()];
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let stream = connector.connect(HOST.try_into().unwrap(), stream);
    let io = TokioIo::new(stream.await.unwrap());
    let handshake = hyper::client::conn::http2::handshake(TokioExecutor::new(), io);
    let (sender, connection) = handshake.await.unwrap();
    tokio::spawn(connection);
    sender
}

pub(crate) fn request() -> http::request::Builder {
    Request::post(format!("https://{HOST}/"))
}

/// The answer to a request without a body.
pub(crate) fn ask(
    address: SocketAddr,
    chain: &Chain,
    change: impl FnOnce(Request<Frames>) -> Request<Frames>,
) -> Response<Incoming> {
    runtime().block_on(async {
        let request = change(request().body(Frames::new().1).unwrap());
        connected(address, chain)
            .await
            .send_request(request)
            .await
            .unwrap()
    })
}

/// An upstream of HTTP/2 in plain text that gives back every byte as it comes, and then a trailer; or one that says
/// nothing before all have come, as the other does of what is put.
fn echoing(is_patient: bool) -> String {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    listener.set_nonblocking(true).unwrap();
    thread::spawn(move || {
        runtime().block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                let service = service_fn(move |request: Request<Incoming>| async move {
                    let is_patient = is_patient || request.method() == http::Method::PUT;
                    let mut body = request.into_body();
                    while is_patient && let Some(frame) = next(&mut body).await {
                        frame?;
                    }
                    Ok::<_, hyper::Error>(Response::new(echo(body)))
                });
                let builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
                tokio::spawn(builder.serve_connection(TokioIo::new(stream), service));
            }
        });
    });
    format!("h2c://{address}")
}

fn echo(mut body: Incoming) -> Frames {
    let (sender, frames) = Frames::new();
    tokio::spawn(async move {
        while let Some(Ok(frame)) = next(&mut body).await {
            drop(sender.send(frame));
        }
        let status = [("grpc-status".parse().unwrap(), "0".parse().unwrap())];
        drop(sender.send(Frame::trailers(status.into_iter().collect())));
    });
    frames
}

pub(crate) async fn next<B: Body + Unpin>(
    body: &mut B,
) -> Option<Result<Frame<B::Data>, B::Error>> {
    std::future::poll_fn(|cx| std::pin::Pin::new(&mut *body).poll_frame(cx)).await
}

#[test]
fn a_call_both_ways_goes_through_message_by_message_with_its_trailers() {
    let more = format!("{TLS}[timeouts]\nbody = 1\n");
    let (running, chain) = Running::saying(&echoing(false), &more);
    runtime().block_on(async {
        let mut sender = connected(running.address, &chain).await;
        let (frames, body) = Frames::new();
        let call = request().header("content-type", "application/grpc+proto");
        let call = call.header("te", "trailers").body(body).unwrap();
        let mut answer = sender.send_request(call).await.unwrap().into_body();
        for number in 0..3_u8 {
            // Nothing is said for longer than another body may take.
            tokio::time::sleep(Duration::from_millis(700)).await;
            drop(frames.send(Frame::data(vec![0, 0, 0, 0, 1, number].into())));
            let message = next(&mut answer).await.unwrap().unwrap();
            assert_eq!(message.into_data().unwrap(), [0, 0, 0, 0, 1, number][..]);
        }
        drop(frames);
        let trailers = next(&mut answer).await.unwrap().unwrap();
        let trailers = trailers.into_trailers().unwrap();
        assert_eq!(trailers.get("grpc-status").unwrap(), "0");
    });
}

#[test]
fn what_has_no_body_says_so_to_an_upstream_and_to_a_client_of_the_other_version() {
    let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
    let keep = Arc::clone(&asked);
    let nothing = upstream(move |mut reader, mut stream| {
        while let Some(request) = read_request(&mut reader) {
            keep.lock().unwrap().push(request);
            // What there is not, with a length.
            let answer = b"HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\n";
            stream.write_all(answer).unwrap();
        }
    });
    let (running, chain) = Running::before(&nothing);
    runtime().block_on(async {
        let mut sender = connected(running.address, &chain).await;
        let (end, body) = Frames::new();
        drop(end);
        let mut sent = request().body(body).unwrap();
        *sent.method_mut() = http::Method::PUT;
        let answer = sender.send_request(sent).await.unwrap();
        assert_eq!(answer.status(), 204);
        assert_eq!(answer.headers().get("content-length"), None);
    });
    let asked = asked.lock().unwrap();
    let length = asked[0].field("content-length");
    let is_chunked = asked[0].field("transfer-encoding") == Some("chunked");
    assert!(length == Some("0") || is_chunked, "{asked:?}");
}

#[test]
fn a_length_that_is_said_twice_is_said_once_to_a_client() {
    let twice = upstream(|mut reader, mut stream| {
        while read_request(&mut reader).is_some() {
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok";
            stream.write_all(answer).unwrap();
        }
    });
    let (running, chain) = Running::before(&twice);
    let answer = ask(running.address, &chain, |request| request);
    let lengths: Vec<_> = answer.headers().get_all("content-length").iter().collect();
    assert_eq!(lengths, ["2"]);
}

#[test]
fn a_body_at_fault_is_told_from_an_upstream_at_fault_whatever_the_upstream_speaks() {
    let more = format!("{TLS}[timeouts]\nbody = 1\n[limits]\nbody_bytes = 4\n");
    for upstream in [echoing(true), keeping("hello").0] {
        let (running, chain) = Running::saying(&upstream, &more);
        for (part, status) in [("abcde", 413), ("a", 408)] {
            let seen = runtime().block_on(async {
                let mut sender = connected(running.address, &chain).await;
                let (frames, body) = Frames::new();
                drop(frames.send(Frame::data(part.into())));
                let answer = sender.send_request(request().body(body).unwrap()).await;
                drop(frames);
                answer.unwrap().status().as_u16()
            });
            assert_eq!(seen, status, "{upstream}");
        }
    }
}

#[test]
fn a_client_that_takes_nothing_of_an_answer_loses_that_one_and_nothing_that_moves() {
    let more = format!("{TLS}[timeouts]\nidle = 1\nbody = 60\n");
    let (running, chain) = Running::saying(&echoing(false), &more);
    runtime().block_on(async {
        let mut sender = connected(running.address, &chain).await;
        let mut call = async |method: http::Method| {
            let (frames, body) = Frames::new();
            let mut sent = request().body(body).unwrap();
            *sent.method_mut() = method;
            (frames, sender.send_request(sent))
        };
        let (much, stuck) = call(http::Method::POST).await;
        for _ in 0..64 {
            drop(much.send(Frame::data(vec![0; 64 * 1024].into())));
        }
        let mut stuck = stuck.await.unwrap().into_body();
        let (talk, moving) = call(http::Method::POST).await;
        let mut moving = moving.await.unwrap().into_body();
        let (upload, answer) = call(http::Method::PUT).await;
        // Nothing is taken for twice as long as a connection may be silent.
        for _ in 0..28 {
            tokio::time::sleep(Duration::from_millis(500)).await;
            for frames in [&talk, &upload] {
                drop(frames.send(Frame::data(Bytes::from_static(b"a"))));
            }
            let message = next(&mut moving).await.unwrap().unwrap();
            assert_eq!(message.into_data().unwrap(), "a");
        }
        drop(upload);
        assert_eq!(answer.await.unwrap().status(), 200);
        // It has what it could take, and then the end.
        while next(&mut stuck).await.unwrap().is_ok() {}
        drop(talk);
        assert!(next(&mut moving).await.unwrap().unwrap().is_trailers());
    });
}
