//! Somebody between a client and its CA, who hands on what is said until there is trouble.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use keyway_testkit::pebble::{ACME_PORT, Running};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, StreamOwned,
};
use serde_json::{Value, json};

/// Longest silence of a client, or of the CA, before it is left.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long it takes until a CA that is late has come so far, and until one that is away for a moment is back.
const MOMENT: Duration = Duration::from_secs(3);

/// What Let's Encrypt says to who orders the same too often.
const LIMIT: &str = "too many certificates (5) already issued for this exact set of identifiers in the last 168h0m0s, \
                     retry after 2026-11-23 13:00:00 UTC: see \
                     https://letsencrypt.org/docs/rate-limits/#new-certificates-per-exact-set-of-identifiers";

/// Where Pebble takes new orders, is told to look at a challenge, shows an order, and takes what it is to sign.
const NEW_ORDER: &str = "/order-plz";
const CHALLENGE: &str = "/chalZ/";
const ORDER: &str = "/my-order/";
const FINALIZE: &str = "/finalize-order/";

/// What goes wrong at a CA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It takes no new order for an hour (RFC 8555, section 6.6).
    RateLimited,
    /// The same, when it has given one certificate out.
    RateLimitedLater,
    /// It is gone when a challenge is to be looked at, and back in a moment.
    Away,
    /// An order stays `pending` for a moment when all is shown.
    ReadyLate,
    /// An order stays `processing` for a moment.
    ValidLate,
}

/// Who stands before the CA.
pub(crate) struct Front {
    pub(crate) address: SocketAddr,
    way: Arc<Way>,
}

/// What each of its connections knows.
struct Way {
    trouble: Trouble,
    /// Where the CA is.
    ip: Ipv4Addr,
    before: Arc<ServerConfig>,
    behind: Arc<ClientConfig>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// How often an order was asked for.
    orders: usize,
    /// When the trouble began.
    since: Option<Instant>,
    /// Whether it is over.
    is_over: bool,
}

struct Asked {
    head: String,
    path: String,
    body: Vec<u8>,
}

impl Front {
    pub(crate) fn before(pebble: &Running, trouble: Trouble) -> Self {
        let (before, behind) = configured(pebble);
        let way = Arc::new(Way {
            trouble,
            ip: pebble.ip,
            before,
            behind,
            seen: Mutex::default(),
        });
        let listener = TcpListener::bind((pebble.ip, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let each = way.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let way = each.clone();
                // Who comes too late to be answered has gone away.
                thread::spawn(move || drop(way.serve(stream)));
            }
        });
        Self { address, way }
    }

    /// How often an order was asked for.
    pub(crate) fn orders(&self) -> usize {
        self.way.seen.lock().unwrap().orders
    }

    /// Whether there was trouble.
    pub(crate) fn has_met(&self) -> bool {
        self.way.seen.lock().unwrap().since.is_some()
    }

    /// Ends the trouble.
    pub(crate) fn relent(&self) {
        self.way.seen.lock().unwrap().is_over = true;
    }
}

/// How it speaks to clients, by the CA's own certificate as it is at the same address, and how to the CA.
fn configured(pebble: &Running) -> (Arc<ServerConfig>, Arc<ClientConfig>) {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let own = pebble.root().parent().unwrap().to_path_buf();
    let leaf = CertificateDer::from_pem_file(own.join("cert.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(own.join("key.pem")).unwrap();
    let before = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf], key)
        .unwrap();
    let mut roots = RootCertStore::empty();
    let root = CertificateDer::from_pem_file(pebble.root()).unwrap();
    roots.add(root).unwrap();
    let behind = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    (before.into(), behind.into())
}

impl Way {
    /// Answers one request, or nobody.
    fn serve(&self, stream: TcpStream) -> io::Result<()> {
        if self.is_gone() {
            return Ok(());
        }
        stream.set_read_timeout(Some(PATIENCE))?;
        let connection = ServerConnection::new(self.before.clone()).unwrap();
        let mut tls = StreamOwned::new(connection, stream);
        let asked = Asked::read(&mut tls)?;
        if let Some(answer) = self.answer(&asked)? {
            tls.write_all(&answer)?;
            tls.conn.send_close_notify();
            tls.flush()?;
        }
        Ok(())
    }

    fn is_gone(&self) -> bool {
        self.trouble == Trouble::Away && self.is_on()
    }

    /// Whether it has begun, and is not over.
    fn is_on(&self) -> bool {
        let seen = self.seen.lock().unwrap();
        let lasts = |since: Instant| match self.trouble {
            Trouble::RateLimited | Trouble::RateLimitedLater => true,
            Trouble::Away | Trouble::ReadyLate | Trouble::ValidLate => since.elapsed() < MOMENT,
        };
        !seen.is_over && seen.since.is_some_and(lasts)
    }

    /// The same, where it begins by now.
    fn is_on_from_now(&self) -> bool {
        let mut seen = self.seen.lock().unwrap();
        seen.since.get_or_insert_with(Instant::now);
        drop(seen);
        self.is_on()
    }

    fn answer(&self, asked: &Asked) -> io::Result<Option<Vec<u8>>> {
        let is = |path: &str| asked.path.starts_with(path);
        let orders = {
            let mut seen = self.seen.lock().unwrap();
            seen.orders += usize::from(is(NEW_ORDER));
            seen.orders
        };
        let answer = match self.trouble {
            Trouble::RateLimitedLater if is(NEW_ORDER) && orders > 1 && self.is_on_from_now() => {
                problem("429 Too Many Requests", "rateLimited", LIMIT, 3600)
            }
            Trouble::RateLimited if is(NEW_ORDER) && self.is_on_from_now() => {
                problem("429 Too Many Requests", "rateLimited", LIMIT, 3600)
            }
            Trouble::Away if is(CHALLENGE) && self.is_on_from_now() => {
                return Ok(None);
            }
            Trouble::ReadyLate if is(FINALIZE) && self.is_on_from_now() => {
                problem("403 Forbidden", "orderNotReady", "Order is not ready", 1)
            }
            Trouble::ReadyLate if is(ORDER) && self.is_on_from_now() => {
                held(&self.hand_on(asked)?, "ready", "pending")
            }
            Trouble::ValidLate if (is(ORDER) || is(FINALIZE)) && self.is_on_from_now() => {
                held(&self.hand_on(asked)?, "valid", "processing")
            }
            _ => self.hand_on(asked)?,
        };
        Ok(Some(answer))
    }

    /// Asks the CA the same, as the host that the client believes it to be: that is what it makes its URLs of.
    fn hand_on(&self, asked: &Asked) -> io::Result<Vec<u8>> {
        let stream = TcpStream::connect((self.ip, ACME_PORT))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let name = std::net::IpAddr::from(self.ip).into();
        let connection = ClientConnection::new(self.behind.clone(), name).unwrap();
        let mut tls = StreamOwned::new(connection, stream);
        tls.write_all(asked.head.as_bytes())?;
        tls.write_all(&asked.body)?;
        let mut answer = Vec::new();
        tls.read_to_end(&mut answer)?;
        Ok(answer)
    }
}

impl Asked {
    /// Reads a request, and makes it the last of its connection.
    fn read(from: impl io::Read) -> io::Result<Self> {
        let mut from = BufReader::new(from);
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            if from.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let (name, value) = line.split_once(':').unwrap_or_default();
            match name.to_lowercase().as_str() {
                "connection" => continue,
                "content-length" => length = value.trim().parse().unwrap(),
                _ if line == "\r\n" => break,
                _ => {}
            }
            head += &line;
        }
        head += "Connection: close\r\n\r\n";
        let mut body = vec![0; length];
        from.read_exact(&mut body)?;
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        Ok(Self { head, path, body })
    }
}

/// An error as ACME tells it (RFC 8555, section 6.7).
fn problem(status: &str, kind: &str, detail: &str, retry_after: u32) -> Vec<u8> {
    let kind = format!("urn:ietf:params:acme:error:{kind}");
    let body = json!({ "type": kind, "detail": detail }).to_string();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/problem+json\r\nConnection: close\r\n\
         Retry-After: {retry_after}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head, body].concat().into_bytes()
}

/// An order that has come so far, as one that has not.
fn held(answer: &[u8], far: &str, yet: &str) -> Vec<u8> {
    let text = str::from_utf8(answer).unwrap();
    let (head, body) = text.split_at(text.find("\r\n\r\n").unwrap() + 2);
    let mut order: Value = serde_json::from_str(body).unwrap();
    if order["status"] != far {
        return answer.to_vec();
    }
    order["status"] = json!(yet);
    order.as_object_mut().unwrap().remove("certificate");
    let body = order.to_string();
    let head: String = head
        .split_inclusive('\n')
        .filter(|line| !line.to_lowercase().starts_with("content-length:"))
        .collect();
    let length = body.len();
    format!("{head}Retry-After: 1\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
}
