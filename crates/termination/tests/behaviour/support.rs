//! A server under test, and what stands behind it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use keyway_chain::algorithms::aws_lc_rs;
use keyway_chain::x509::Certificate;
use keyway_chain::{Anchors, CheckOptions, Input, Profile, ReadOptions, Servable, check, read};
use keyway_config::Service;
use keyway_report::Timestamp;
use keyway_termination::observe::{Exchange, Handshake, Passage, Refusal};
use keyway_termination::{Entry, Listener, Observer, Role, Server, Site, Supplies};
use keyway_testkit::{Chain, NOW};
use rustls::pki_types::UnixTime;
use rustls::server::ProducesTickets;
use rustls::time_provider::TimeProvider;

/// Nothing on loopback takes so long, on any machine: a test that waits for it has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The moment of every test.
#[derive(Debug)]
pub(crate) struct Clock;

impl TimeProvider for Clock {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(NOW).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

/// What a check makes of a chain: the only way to a `Servable`.
pub(crate) fn servable(chain: &Chain) -> Servable {
    let files = [chain.fullchain_pem(), chain.key_pem()];
    let inputs = [("fullchain.pem", &files[0]), ("key.pem", &files[1])];
    let inputs = inputs.map(|(name, text)| Input {
        name,
        bytes: text.as_bytes(),
    });
    let bundle = read(&inputs, &ReadOptions::default()).unwrap();
    let mut anchors = Anchors::none();
    anchors
        .add(Certificate::read(chain.root.der()).unwrap())
        .unwrap();
    let now = Timestamp::from_seconds(NOW);
    let mut options = CheckOptions::new(now, &anchors, aws_lc_rs());
    options.profile = Profile::Private;
    check(&bundle, &options).servable(&bundle).unwrap()
}

pub(crate) fn entry(hosts: &[&str], chain: &Chain) -> Entry {
    Entry::new(hosts.iter().copied(), &servable(chain)).unwrap()
}

/// What a server told while it ran.
#[derive(Debug, Default)]
pub(crate) struct Told {
    lines: Mutex<Vec<String>>,
}

impl Told {
    fn add(&self, line: String) {
        self.lines.lock().unwrap().push(line);
    }

    /// Waits until a line holds this.
    pub(crate) fn wait_for(&self, part: &str) -> String {
        let found = || {
            let lines = self.lines.lock().unwrap();
            lines.iter().find(|line| line.contains(part)).cloned()
        };
        wait_for(found).unwrap_or_else(|| panic!("nobody told of {part}: {:?}", self.lines))
    }
}

/// Asks again and again until there is an answer.
pub(crate) fn wait_for<T>(found: impl Fn() -> Option<T>) -> Option<T> {
    const PAUSE: Duration = Duration::from_millis(5);
    (0..PATIENCE.as_millis() / PAUSE.as_millis()).find_map(|_| {
        let found = found();
        if found.is_none() {
            thread::sleep(PAUSE);
        }
        found
    })
}

impl Observer for Told {
    fn shaken(&self, handshake: &Handshake<'_>) {
        let name = handshake.name.unwrap_or("-");
        self.add(format!("shook hands for {name}"));
    }

    fn refused(&self, refusal: &Refusal<'_>) {
        let name = refusal.name.unwrap_or("-");
        self.add(format!("refused {name} {}", refusal.reason.word()));
    }

    fn answered(&self, exchange: &Exchange<'_>) {
        let Exchange {
            host,
            method,
            target,
            version,
            status,
            ..
        } = exchange;
        self.add(format!("{method} {host}{target} {version} {status}"));
    }

    fn passed(&self, passage: &Passage) {
        self.add(format!("passed {} {}", passage.received, passage.sent));
    }

    fn upstream_failed(&self, upstream: &str, why: &str) {
        self.add(format!("upstream {upstream}: {why}"));
    }

    fn upstream_is(&self, upstream: &str, is_up: bool, why: &str) {
        let word = if is_up { "up" } else { "down" };
        self.add(format!("{word} {upstream}: {why}"));
    }
}

/// A server under test.
pub(crate) struct Running {
    pub(crate) server: Option<Server>,
    pub(crate) address: SocketAddr,
    pub(crate) told: Arc<Told>,
    pub(crate) tickets: Arc<dyn ProducesTickets>,
}

pub(crate) fn tickets() -> Arc<dyn ProducesTickets> {
    rustls::crypto::aws_lc_rs::Ticketer::new().unwrap()
}

/// What a service with these certificates needs.
pub(crate) fn supplies(certificates: Vec<Entry>) -> Supplies {
    Supplies {
        certificates,
        clients: keyway_termination::protocol::ClientCas::default(),
        upstream_tls: None,
        clock: Arc::new(Clock),
        key_log: None,
        challenges: None,
    }
}

/// A service as its file says it; the certificate that it names stands for the one of [`supplies`].
pub(crate) fn service(upstream: &str, more: &str) -> Service {
    let text = format!("upstream = {upstream:?}\n{more}");
    keyway_config::read(&text).unwrap().service
}

/// What every service with TLS says here; more of `[tls]` may follow.
pub(crate) const TLS: &str = "[tls]\nstatus = \"enabled\"\n";

impl Running {
    pub(crate) fn start(service: &Service, supplies: &Supplies) -> Self {
        Self::start_as(service, supplies, Role::Service)
    }

    pub(crate) fn start_as(service: &Service, supplies: &Supplies, role: Role) -> Self {
        Self::start_with(service, supplies, role, tickets())
    }

    pub(crate) fn start_with(
        service: &Service,
        supplies: &Supplies,
        role: Role,
        tickets: Arc<dyn ProducesTickets>,
    ) -> Self {
        let site = Site::new(service, supplies, &tickets).unwrap();
        let told = Arc::new(Told::default());
        let observer: Arc<dyn Observer> = Arc::clone(&told) as _;
        let threads = NonZeroUsize::new(2).unwrap();
        let mut server = Server::start(site, &[], threads, observer).unwrap();
        let address = (Ipv4Addr::LOCALHOST, 0).into();
        let address = server.listen(Listener { address, role }).unwrap();
        Self {
            server: Some(server),
            address,
            told,
            tickets,
        }
    }

    /// The usual one: a good chain for its host, in front of this upstream.
    pub(crate) fn before(upstream: &str) -> (Self, Chain) {
        Self::saying(upstream, TLS)
    }

    pub(crate) fn saying(upstream: &str, more: &str) -> (Self, Chain) {
        let chain = Chain::good();
        let supplies = supplies(vec![entry(&[keyway_testkit::HOST], &chain)]);
        (Self::start(&service(upstream, more), &supplies), chain)
    }

    pub(crate) fn server(&self) -> &Server {
        self.server.as_ref().unwrap()
    }

    /// Puts a service in the place of what is served.
    pub(crate) fn replace(&self, service: &Service, supplies: &Supplies) {
        let site = Site::new(service, supplies, &self.tickets).unwrap();
        self.server().replace(site);
    }

    pub(crate) fn connect(&self) -> TcpStream {
        connect(self.address)
    }
}

pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_io().enable_time().build().unwrap()
}

/// A request as an upstream reads it: its head, line by line, and its body.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    pub(crate) head: Vec<String>,
    pub(crate) body: Vec<u8>,
}

impl Asked {
    /// The value of a field, by its name in lower case.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields(name).next()
    }

    pub(crate) fn fields(&self, name: &str) -> impl Iterator<Item = &str> {
        let fields = self.head.iter().skip(1);
        fields.filter_map(move |line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// Reads one request of HTTP/1.1 with a length or chunks; `None` at the end of the connection.
pub(crate) fn read_request(reader: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut asked = Asked::default();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end_matches("\r\n");
        if line.is_empty() {
            break;
        }
        asked.head.push(line.to_owned());
    }
    if let Some(length) = asked.field("content-length") {
        let mut body = vec![0; length.parse().unwrap()];
        reader.read_exact(&mut body).ok()?;
        asked.body = body;
    } else if asked.field("transfer-encoding").is_some() {
        asked.body = read_chunks(reader)?;
    }
    Some(asked)
}

fn read_chunks(reader: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let length = usize::from_str_radix(line.trim_end().split(';').next()?, 16).ok()?;
        let mut chunk = vec![0; length + 2];
        reader.read_exact(&mut chunk).ok()?;
        if length == 0 {
            return Some(body);
        }
        body.extend(&chunk[..length]);
    }
}

/// An upstream that does with each connection what it is told, in a thread of its own.
pub(crate) fn upstream(
    serve: impl Fn(BufReader<TcpStream>, TcpStream) + Clone + Send + 'static,
) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(stream) = stream else { return };
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            let (reader, serve) = (stream.try_clone().unwrap(), serve.clone());
            thread::spawn(move || serve(BufReader::new(reader), stream));
        }
    });
    format!("http://{address}")
}

/// An upstream that keeps every request, and answers each with this text.
pub(crate) fn keeping(text: &'static str) -> (String, Arc<Mutex<Vec<Asked>>>) {
    let kept: Arc<Mutex<Vec<Asked>>> = Arc::default();
    let keep = Arc::clone(&kept);
    let address = upstream(move |mut reader, mut stream| {
        while let Some(asked) = read_request(&mut reader) {
            keep.lock().unwrap().push(asked);
            let length = text.len();
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{text}");
            if stream.write_all(answer.as_bytes()).is_err() {
                return;
            }
        }
    });
    (address, kept)
}
