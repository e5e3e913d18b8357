//! Requests of many clients by connections of HTTP/2 to an upstream.

use std::convert::Infallible;
use std::io::{Read as _, Write as _};
use std::net::Ipv4Addr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use http::{Request, Response, StatusCode};
use http_body::Frame;
use hyper::body::Incoming;
use hyper::client::conn::http2::SendRequest;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::time::timeout;

use crate::second::{Frames, connected, next};
use crate::support::{Running, TLS, runtime};

/// Longer than anything takes that works.
const PATIENCE: Duration = Duration::from_secs(10);

type Answer = Pin<Box<dyn Future<Output = Result<Response<Frames>, Infallible>> + Send>>;

/// An upstream of HTTP/2 in plain text that takes so many requests of a connection at a time, and answers by the number of
/// the connection and what is asked for. With it: how many connections there were.
fn upstream(most: u32, answer: fn(usize, &str) -> Answer) -> (String, Arc<AtomicUsize>) {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    listener.set_nonblocking(true).unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    thread::spawn(move || {
        runtime().block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                let number = count.fetch_add(1, Ordering::Relaxed) + 1;
                let service = service_fn(move |request: Request<Incoming>| {
                    let answer = answer(number, request.uri().path());
                    let reads = request.uri().path() == "/read";
                    async move {
                        // Its body is there until the answer, and read by nobody who is not to read it.
                        let mut body = request.into_body();
                        while reads && next(&mut body).await.is_some() {}
                        answer.await
                    }
                });
                let mut builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
                builder
                    .max_concurrent_streams(most)
                    .initial_stream_window_size(65_535)
                    .initial_connection_window_size(65_535);
                tokio::spawn(builder.serve_connection(TokioIo::new(stream), service));
            }
        });
    });
    (format!("h2c://{address}"), connections)
}

/// An upstream that takes all that it takes unasked of a body, and says then that it has looked at no request of that
/// connection (RFC 9113, section 6.8). By the next one it takes whole bodies, and answers with their length.
fn leaving() -> String {
    const UNASKED: usize = 65_535;
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut left, _) = listener.accept().unwrap();
        left.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).unwrap();
        left.read_exact(&mut [0; 24]).unwrap();
        let mut came = 0;
        while came < UNASKED {
            let mut header = [0; 9];
            left.read_exact(&mut header).unwrap();
            let length = u32::from_be_bytes([0, header[0], header[1], header[2]]);
            let mut payload = vec![0; usize::try_from(length).unwrap()];
            left.read_exact(&mut payload).unwrap();
            came += if header[3] == 0 { payload.len() } else { 0 };
        }
        // More of it waits in front of us by then.
        thread::sleep(Duration::from_millis(300));
        let goes = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        left.write_all(&goes).unwrap();
        let (next_one, _) = listener.accept().unwrap();
        next_one.set_nonblocking(true).unwrap();
        runtime().block_on(async {
            let stream = tokio::net::TcpStream::from_std(next_one).unwrap();
            let service = service_fn(async |request: Request<Incoming>| {
                let (mut body, mut length) = (request.into_body(), 0);
                while let Some(Ok(frame)) = next(&mut body).await {
                    length += frame.into_data().map_or(0, |data| data.len());
                }
                let (frames, answer) = Frames::new();
                drop(frames.send(Frame::data(length.to_string().into())));
                Ok::<_, Infallible>(Response::new(answer))
            });
            let builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
            drop(
                builder
                    .serve_connection(TokioIo::new(stream), service)
                    .await,
            );
        });
    });
    format!("h2c://{address}")
}

fn whole(bytes: usize) -> Answer {
    let (frames, body) = Frames::new();
    drop(frames.send(Frame::data(vec![b'a'; bytes].into())));
    Box::pin(async { Ok(Response::new(body)) })
}

fn never() -> Answer {
    Box::pin(std::future::pending())
}

/// The status of an answer.
async fn status(sender: &mut SendRequest<Frames>, path: &str) -> Option<StatusCode> {
    let answer = timeout(PATIENCE, sender.send_request(get(path))).await;
    Some(answer.ok()?.unwrap().status())
}

fn get(path: &str) -> Request<Frames> {
    let uri = format!("https://{}{path}", keyway_testkit::HOST);
    Request::get(uri).body(Frames::new().1).unwrap()
}

#[test]
fn clients_that_take_nothing_hold_up_no_other_s_answer() {
    let (target, _) = upstream(100, |_, path| match path {
        "/big" => whole(8 << 20),
        _ => whole(6),
    });
    let (running, chain) = Running::saying(&target, TLS);
    runtime().block_on(async {
        let mut paused = Vec::new();
        for _ in 0..12 {
            let mut sender = connected(running.address, &chain).await;
            let answer = sender.send_request(get("/big")).await.unwrap();
            paused.push((sender, answer));
        }
        // What they may hold has come by then.
        tokio::time::sleep(Duration::from_millis(500)).await;
        let mut sender = connected(running.address, &chain).await;
        let answer = sender.send_request(get("/small")).await.unwrap();
        let mut body = answer.into_body();
        let first = timeout(PATIENCE, next(&mut body)).await;
        let first = first.expect("it comes").unwrap().unwrap();
        assert_eq!(first.into_data().unwrap().len(), 6);
    });
}

#[test]
fn where_a_connection_is_full_the_next_request_goes_by_another() {
    let (target, connections) = upstream(2, |_, path| match path {
        "/slow" => never(),
        _ => whole(6),
    });
    let (running, chain) = Running::saying(&target, TLS);
    runtime().block_on(async {
        // One thread of the server's has them all.
        let mut sender = connected(running.address, &chain).await;
        assert_eq!(status(&mut sender, "/quick").await, Some(StatusCode::OK));
        let slow = [(); 5].map(|()| tokio::spawn(sender.send_request(get("/slow"))));
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(status(&mut sender, "/quick").await, Some(StatusCode::OK));
        // Those that find none with room at the same time open one each.
        assert!((3..=4).contains(&connections.load(Ordering::Relaxed)));
        drop(slow);
    });
}

#[test]
fn many_requests_at_once_open_as_many_connections_as_they_need() {
    // By how many they may go at a time, and by how much of their bodies may lie there unread.
    for (most, bytes, count, needed) in [(10, 0, 50, 5), (100, 4_000, 32, 2)] {
        let (target, connections) = upstream(most, |_, _| {
            Box::pin(async {
                tokio::time::sleep(Duration::from_millis(500)).await;
                whole(6).await
            })
        });
        let (running, chain) = Running::saying(&target, TLS);
        runtime().block_on(async {
            let mut sender = connected(running.address, &chain).await;
            let mut ask = || {
                let (frames, body) = Frames::new();
                let mut request = get("/").map(|_| body);
                if bytes > 0 {
                    drop(frames.send(Frame::data(vec![b'a'; bytes].into())));
                    *request.method_mut() = http::Method::POST;
                    request.headers_mut().insert("content-length", bytes.into());
                }
                drop(frames);
                tokio::spawn(sender.send_request(request))
            };
            let all: Vec<_> = (0..count).map(|_| ask()).collect();
            for answer in all {
                let answer = timeout(PATIENCE, answer).await.expect("it comes");
                assert_eq!(answer.unwrap().unwrap().status(), StatusCode::OK);
            }
            let opened = connections.load(Ordering::Relaxed);
            assert!((needed..=needed + 1).contains(&opened), "{opened}");
        });
    }
}

#[test]
fn many_requests_at_once_to_nobody_are_all_told_so() {
    let (running, chain) = Running::saying("h2c://127.0.0.1:1", TLS);
    runtime().block_on(async {
        let mut sender = connected(running.address, &chain).await;
        let all: Vec<_> = (0..50)
            .map(|_| tokio::spawn(sender.send_request(get("/"))))
            .collect();
        for answer in all {
            let answer = timeout(PATIENCE, answer).await.expect("it comes");
            assert_eq!(answer.unwrap().unwrap().status(), StatusCode::BAD_GATEWAY);
        }
    });
}

#[test]
fn a_connection_that_answers_nobody_any_more_gets_no_new_request() {
    let (target, connections) = upstream(100, |number, path| match (number, path) {
        (1, "/lost") => never(),
        _ => whole(6),
    });
    let more = format!("{TLS}[timeouts]\nconnect = 1\n");
    let (running, chain) = Running::saying(&target, &more);
    runtime().block_on(async {
        let mut sender = connected(running.address, &chain).await;
        assert_eq!(status(&mut sender, "/").await, Some(StatusCode::OK));
        let lost = tokio::spawn(sender.send_request(get("/lost")));
        tokio::time::sleep(Duration::from_millis(1500)).await;
        assert_eq!(connections.load(Ordering::Relaxed), 1);
        assert_eq!(status(&mut sender, "/").await, Some(StatusCode::OK));
        assert_eq!(connections.load(Ordering::Relaxed), 2);
        drop(lost);
    });
}

#[test]
fn an_upload_that_an_upstream_does_not_take_holds_up_no_other_s() {
    let (target, connections) = upstream(100, |_, path| match path {
        "/stuck" => never(),
        _ => whole(6),
    });
    let (running, chain) = Running::saying(&target, TLS);
    runtime().block_on(async {
        let mut sender = connected(running.address, &chain).await;
        let mut post = |path: &str, bytes: usize| {
            let (frames, body) = Frames::new();
            drop(frames.send(Frame::data(vec![b'a'; bytes].into())));
            let mut request = get(path).map(|_| body);
            *request.method_mut() = http::Method::POST;
            sender.send_request(request)
        };
        let stuck = tokio::spawn(post("/stuck", 300_000));
        tokio::time::sleep(Duration::from_secs(1)).await;
        let answer = timeout(PATIENCE, post("/quick", 5)).await;
        assert_eq!(answer.unwrap().unwrap().status(), StatusCode::OK);
        assert_eq!(connections.load(Ordering::Relaxed), 2);
        drop(stuck);
    });
}

#[test]
fn an_upload_under_way_is_not_held_up_by_one_that_gets_stuck() {
    let (target, connections) = upstream(100, |_, path| match path {
        "/stuck" => never(),
        _ => whole(6),
    });
    let (running, chain) = Running::saying(&target, TLS);
    runtime().block_on(async {
        let mut sender = connected(running.address, &chain).await;
        let mut post = |path: &str, bytes: usize| {
            let (frames, body) = Frames::new();
            drop(frames.send(Frame::data(vec![b'a'; bytes].into())));
            let mut request = get(path).map(|_| body);
            *request.method_mut() = http::Method::POST;
            (frames, sender.send_request(request))
        };
        let (frames, answer) = post("/read", 40_000);
        let answer = tokio::spawn(answer);
        tokio::time::sleep(Duration::from_millis(200)).await;
        let (_open, stuck) = post("/stuck", 300_000);
        let stuck = tokio::spawn(stuck);
        tokio::time::sleep(Duration::from_millis(200)).await;
        drop(frames.send(Frame::data(vec![b'a'; 200_000].into())));
        drop(frames);
        let answer = timeout(PATIENCE, answer).await.expect("it comes");
        assert_eq!(answer.unwrap().unwrap().status(), StatusCode::OK);
        assert_eq!(connections.load(Ordering::Relaxed), 2);
        drop(stuck);
    });
}

#[test]
fn an_upload_that_an_upstream_did_not_look_at_when_it_left_goes_by_another_connection() {
    const UPLOAD: usize = 300_000;
    let (running, chain) = Running::saying(&leaving(), TLS);
    runtime().block_on(async {
        let mut sender = connected(running.address, &chain).await;
        let (frames, body) = Frames::new();
        drop(frames.send(Frame::data(vec![b'a'; UPLOAD].into())));
        drop(frames);
        let mut request = get("/").map(|_| body);
        *request.method_mut() = http::Method::POST;
        let answer = timeout(PATIENCE, sender.send_request(request)).await;
        let answer = answer.expect("it comes").unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let length = next(&mut answer.into_body()).await.unwrap().unwrap();
        assert_eq!(length.into_data().unwrap(), UPLOAD.to_string());
    });
}
