//! Many clients at once, and what they cost who answers.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use http::Request;
use hyper::body::Body as _;
use hyper::client::conn::http2::{Builder, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::task::JoinSet;

use crate::client::{Asker, Greeting};
use crate::process;
use crate::rows::{Row, Work};
use crate::terminator::Running;

/// CPU time of one measurement at least, in microseconds: fifty ticks of the clock that counts it.
const ENOUGH: f64 = 500_000.0;

/// A measurement on a machine that has no time for it ends.
const LONGEST: Duration = Duration::from_secs(15);

/// Connections of HTTP/2; each carries as many requests at once.
const CONNECTIONS: usize = 8;

/// Idle connections; fewer where fewer files may be open, of which a terminator has two for each.
const IDLE: usize = 2000;

/// Connections before the first look at the memory.
const FIRST: usize = 50;

/// One client.
enum Hand {
    /// Connects anew for each request, and gives one name after the other.
    Dialer {
        greeting: Greeting,
        address: SocketAddr,
        names: Vec<String>,
        turn: usize,
        path: &'static str,
    },
    Asker(Box<Asker>),
    Streamer(SendRequest<String>),
}

/// Microseconds of the terminator's CPU time per operation. Names are asked for in turn, so many of them.
pub(crate) fn cost(running: &Running, row: &Row, names: usize, name: fn(usize) -> String) -> f64 {
    runtime().block_on(async {
        let all: Vec<String> = (0..names).map(name).collect();
        let mut hands = open(running, row.work, &all).await;
        // Connections to the service behind, tickets, and whatever else is made once.
        batch(&mut hands, 3, row.work == Work::Full).await;
        let (before, began) = (running.process.cpu(), Instant::now());
        let mut done = 0;
        loop {
            let times = row.work.batch();
            batch(&mut hands, times, true).await;
            done += times * hands.len();
            let spent = running.process.cpu() - before;
            if spent >= ENOUGH || began.elapsed() > LONGEST {
                #[allow(clippy::cast_precision_loss)]
                return spent / done as f64;
            }
        }
    })
}

/// Asks by HTTP/1.1 and by HTTP/2, on connections that stay, until it is over.
pub(crate) fn ask_until(running: &Running, over: &AtomicBool) {
    runtime().block_on(async {
        let names = [keyway_testkit::HOST.to_owned()];
        let mut hands = open(running, Work::Request, &names).await;
        hands.extend(open(running, Work::Stream, &names).await);
        while !over.load(Ordering::Relaxed) {
            batch(&mut hands, 10, true).await;
        }
    });
}

/// KiB of memory that an idle connection costs, after a request.
pub(crate) fn memory_of_idle(running: &Running) -> f64 {
    let most = process::open_files().saturating_sub(FIRST * 4) / 2;
    let count = IDLE.min(most);
    runtime().block_on(async {
        let mut hands = Vec::new();
        let mut before = 0.0;
        for number in 0..FIRST + count {
            if number == FIRST {
                before = settled(running).await;
            }
            let mut asker = keeper(running, Work::Idle).await;
            asker.ask().await;
            hands.push(asker);
        }
        #[allow(clippy::cast_precision_loss)]
        let each = (settled(running).await - before) / count as f64;
        each
    })
}

/// Time until a connection is idle, for whoever gives up something for it: shorter than any keeps a client that asks.
const SETTLED: Duration = Duration::from_secs(2);

/// The memory, once nothing is under way.
async fn settled(running: &Running) -> f64 {
    tokio::time::sleep(SETTLED).await;
    running.process.memory()
}

fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder
        .enable_io()
        .enable_time()
        .build()
        .expect("a runtime")
}

async fn open(running: &Running, work: Work, names: &[String]) -> Vec<Hand> {
    let mut hands = Vec::new();
    let alpn = (!running.is_tcp).then_some("http/1.1");
    match work {
        Work::Full | Work::Resumed => {
            for number in 0..work.hands() {
                let share = names
                    .iter()
                    .skip(number % names.len())
                    .step_by(work.hands());
                hands.push(Hand::Dialer {
                    greeting: Greeting::new(alpn, work == Work::Full),
                    address: running.address,
                    names: share.cloned().collect(),
                    turn: 0,
                    path: work.path(),
                });
            }
        }
        Work::Request | Work::Large | Work::Idle => {
            for _ in 0..work.hands() {
                hands.push(Hand::Asker(Box::new(keeper(running, work).await)));
            }
        }
        Work::Stream => {
            for _ in 0..CONNECTIONS {
                let sender = streamer(running.address).await;
                let streams = work.hands() / CONNECTIONS;
                hands.extend((0..streams).map(|_| Hand::Streamer(sender.clone())));
            }
        }
    }
    hands
}

async fn keeper(running: &Running, work: Work) -> Asker {
    let alpn = (!running.is_tcp).then_some("http/1.1");
    let host = keyway_testkit::HOST;
    let greeting = Greeting::new(alpn, true);
    let (stream, _) = greeting.connect(running.address, host.to_owned()).await;
    Asker::new(stream, host, work.path())
}

async fn streamer(address: SocketAddr) -> SendRequest<String> {
    let greeting = Greeting::new(Some("h2"), true);
    let (stream, _) = greeting
        .connect(address, keyway_testkit::HOST.to_owned())
        .await;
    let agreed = stream.get_ref().1.alpn_protocol();
    assert_eq!(agreed, Some(&b"h2"[..]));
    let builder = Builder::new(TokioExecutor::new());
    let (sender, connection) = builder
        .handshake(TokioIo::new(stream))
        .await
        .expect("a connection of HTTP/2");
    tokio::spawn(connection);
    sender
}

/// Lets each do its work so many times, all of them at once. Where `strictly`, each handshake has to be of the
/// wanted kind.
async fn batch(hands: &mut Vec<Hand>, times: usize, strictly: bool) {
    let mut set = JoinSet::new();
    for mut hand in hands.drain(..) {
        set.spawn(async move {
            for _ in 0..times {
                let was_wanted = hand.once().await;
                assert!(was_wanted || !strictly, "another handshake than was wanted");
            }
            hand
        });
    }
    *hands = set.join_all().await;
}

impl Hand {
    /// Does it once; tells whether the handshake, if any, was of the wanted kind.
    async fn once(&mut self) -> bool {
        match self {
            Self::Dialer {
                greeting,
                address,
                names,
                turn,
                path,
            } => {
                let name = names[*turn % names.len()].clone();
                *turn += 1;
                let (stream, was_wanted) = greeting.connect(*address, name.clone()).await;
                let mut asker = Asker::new(stream, &name, path);
                asker.ask().await;
                asker.leave().await;
                was_wanted
            }
            Self::Asker(asker) => {
                asker.ask().await;
                true
            }
            Self::Streamer(sender) => {
                stream(sender).await;
                true
            }
        }
    }
}

/// A request of HTTP/2, and its answer to the end.
async fn stream(sender: &mut SendRequest<String>) {
    let uri = format!("https://{}/", keyway_testkit::HOST);
    let request = Request::get(uri)
        .header("accept", "*/*")
        .body(String::new());
    sender.ready().await.expect("a connection that is open");
    let answer = sender.send_request(request.expect("a request")).await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.status(), 200);
    let mut body = answer.into_body();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        frame.expect("a frame");
    }
}
