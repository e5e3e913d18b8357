//! Somebody between a client and its CA, who hands on what is said, changes it, holds it back or makes it up.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use keyway_testkit::pebble::{ACME_PORT, Pebble, Running};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Sleep, sleep};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use super::stage::Stage;

/// What a client asked.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) path: String,
    /// What was signed; null where nothing was, or nothing was said.
    pub(crate) payload: Value,
}

impl Asked {
    /// Whether it is for one of the resources that Pebble has below this.
    pub(crate) fn is(&self, path: &str) -> bool {
        self.path.starts_with(path)
    }
}

/// What is done about it.
pub(crate) enum Turn {
    HandOn,
    Instead(Reply),
    Change(Change),
}

pub(crate) type Change = Box<dyn FnOnce(&mut Reply) + Send>;

impl Turn {
    pub(crate) fn change(change: impl FnOnce(&mut Reply) + Send + 'static) -> Self {
        Self::Change(Box::new(change))
    }

    /// Changes what an answer says that is no error.
    pub(crate) fn edit(change: impl FnOnce(&mut Value) + Send + 'static) -> Self {
        Self::change(|reply| reply.edit(change))
    }
}

/// An answer.
pub(crate) struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    content: Content,
}

/// What an answer holds.
pub(crate) enum Content {
    Whole(Bytes),
    /// The half of it; then the connection is cut.
    Half(Bytes),
    /// The same again and again, after a pause each.
    Endless(Bytes, Duration),
}

impl Reply {
    pub(crate) fn new(status: u16, kind: &str, content: Content) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_str(kind).unwrap());
        Self {
            status: StatusCode::from_u16(status).unwrap(),
            headers,
            content,
        }
    }

    pub(crate) fn json(status: u16, value: &Value) -> Self {
        let content = Content::Whole(value.to_string().into());
        Self::new(status, "application/json", content)
    }

    /// An error as ACME tells it (RFC 8555, section 6.7).
    pub(crate) fn problem(status: u16, kind: &str, detail: &str) -> Self {
        let kind = format!("urn:ietf:params:acme:error:{kind}");
        Self::json(
            status,
            &serde_json::json!({ "type": kind, "detail": detail }),
        )
    }

    /// A page of whoever stands before a CA.
    pub(crate) fn page(status: u16) -> Self {
        let page = "<html><h1>Back in a moment</h1></html>";
        Self::new(status, "text/html", Content::Whole(page.into()))
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    pub(crate) fn set(&mut self, name: &'static str, value: &str) {
        let value = HeaderValue::from_str(value).unwrap();
        self.headers.insert(HeaderName::from_static(name), value);
    }

    /// Changes what it says, where it is no error.
    pub(crate) fn edit(&mut self, change: impl FnOnce(&mut Value)) {
        let Content::Whole(bytes) = &self.content else {
            panic!("it is not whole");
        };
        if !self.status.is_success() {
            return;
        }
        let mut value = serde_json::from_slice(bytes).unwrap();
        change(&mut value);
        self.content = Content::Whole(value.to_string().into());
    }

    /// Cuts the connection in the middle of it.
    pub(crate) fn cut(&mut self) {
        if let Content::Whole(bytes) = &self.content {
            self.content = Content::Half(bytes.clone());
        }
    }

    fn send(mut self) -> Response<Sent> {
        let length = match &self.content {
            Content::Whole(bytes) | Content::Half(bytes) => Some(bytes.len()),
            Content::Endless(..) => None,
        };
        self.headers.remove(TRANSFER_ENCODING);
        self.headers.remove(CONTENT_LENGTH);
        if let Some(length) = length {
            self.headers.insert(CONTENT_LENGTH, length.into());
        }
        let mut answer = Response::new(Sent {
            content: self.content,
            begun: false,
            pause: None,
        });
        *answer.status_mut() = self.status;
        *answer.headers_mut() = self.headers;
        answer
    }
}

/// The content of an answer on its way.
struct Sent {
    content: Content,
    begun: bool,
    pause: Option<Pin<Box<Sleep>>>,
}

impl hyper::body::Body for Sent {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(pause) = &mut self.pause {
            std::task::ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        let again = std::mem::replace(&mut self.begun, true);
        let data = match &self.content {
            Content::Whole(bytes) if !again => bytes.clone(),
            Content::Half(bytes) if !again => bytes.slice(..bytes.len() / 2),
            Content::Whole(_) => return Poll::Ready(None),
            Content::Half(_) => return Poll::Ready(Some(Err(io::Error::other("cut")))),
            Content::Endless(bytes, pause) => {
                let (bytes, pause) = (bytes.clone(), *pause);
                self.pause = Some(Box::pin(sleep(pause)));
                bytes
            }
        };
        Poll::Ready(Some(Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        matches!(&self.content, Content::Whole(bytes) if bytes.is_empty())
    }
}

type Meddler = Box<dyn FnMut(&Asked) -> Turn + Send>;

/// The CA behind.
#[derive(Clone)]
struct Behind {
    tls: TlsConnector,
    ip: std::net::Ipv4Addr,
}

impl Behind {
    fn of(pebble: &Running) -> Self {
        let mut roots = RootCertStore::empty();
        let root = CertificateDer::from_pem_file(pebble.root()).unwrap();
        roots.add(root).unwrap();
        let config = ClientConfig::builder()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self {
            tls: TlsConnector::from(Arc::new(config)),
            ip: pebble.ip,
        }
    }

    async fn ask(&self, request: Request<Full<Bytes>>) -> Reply {
        let stream = TcpStream::connect((self.ip, ACME_PORT)).await.unwrap();
        let name = ServerName::IpAddress(std::net::IpAddr::from(self.ip).into());
        let stream = self.tls.connect(name, stream).await.unwrap();
        let stream = TokioIo::new(stream);
        let (mut sender, connection) = hyper::client::conn::http1::handshake(stream).await.unwrap();
        tokio::spawn(connection);
        let answer = sender.send_request(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        Reply {
            status: parts.status,
            headers: parts.headers,
            content: Content::Whole(body.collect().await.unwrap().to_bytes()),
        }
    }
}

struct Shared {
    behind: Mutex<Behind>,
    meddler: Mutex<Meddler>,
    asked: Mutex<Vec<Asked>>,
}

/// Somebody who stands before the CA of a stage.
pub(crate) struct Between(Arc<Shared>);

impl Between {
    /// A stage where somebody stands between who answers this.
    pub(crate) fn on_stage(meddler: impl FnMut(&Asked) -> Turn + Send + 'static) -> (Stage, Self) {
        // What is asked is counted.
        Self::on_stage_of(&Pebble::default().refusing_nonces(0), meddler)
    }

    /// The same before a CA that behaves like this.
    pub(crate) fn on_stage_of(
        settings: &Pebble,
        meddler: impl FnMut(&Asked) -> Turn + Send + 'static,
    ) -> (Stage, Self) {
        let mut stage = Stage::with(settings);
        let between = Self::step(&mut stage, meddler);
        (stage, between)
    }

    /// Steps between: from now on, all that the stage asks its CA comes here.
    fn step(stage: &mut Stage, meddler: impl FnMut(&Asked) -> Turn + Send + 'static) -> Self {
        let shared = Arc::new(Shared {
            behind: Mutex::new(Behind::of(&stage.pebble)),
            meddler: Mutex::new(Box::new(meddler)),
            asked: Mutex::default(),
        });
        // Its certificate is that of the CA: it is at the same address.
        let own = stage.pebble.root().parent().unwrap().to_path_buf();
        let leaf = CertificateDer::from_pem_file(own.join("cert.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(own.join("key.pem")).unwrap();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![leaf], key)
            .unwrap();
        let tls = TlsAcceptor::from(Arc::new(config));
        let at = (stage.pebble.ip, 0);
        let listener = stage.runtime.block_on(TcpListener::bind(at)).unwrap();
        stage.url = format!("https://{}/dir", listener.local_addr().unwrap());
        stage.runtime.spawn(listen(listener, tls, shared.clone()));
        Self(shared)
    }

    /// Does something else from now on, and forgets what was asked.
    pub(crate) fn meddle(&self, meddler: impl FnMut(&Asked) -> Turn + Send + 'static) {
        self.0.asked.lock().unwrap().clear();
        *self.0.meddler.lock().unwrap() = Box::new(meddler);
    }

    /// Leads to another CA at once, as one that has lost all that it knew.
    pub(crate) fn lead_to(&self, pebble: &Running) {
        *self.0.behind.lock().unwrap() = Behind::of(pebble);
    }

    /// What was asked below a path.
    pub(crate) fn asked(&self, path: &str) -> Vec<Asked> {
        let asked = self.0.asked.lock().unwrap();
        asked.iter().filter(|it| it.is(path)).cloned().collect()
    }
}

async fn listen(listener: TcpListener, tls: TlsAcceptor, shared: Arc<Shared>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let (tls, shared) = (tls.clone(), shared.clone());
        tokio::spawn(async move {
            // Who does not trust it goes away, and so does who has enough of an answer.
            let Ok(stream) = tls.accept(stream).await else {
                return;
            };
            let service = service_fn(|request| answer(&shared, request));
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(shared: &Shared, request: Request<Incoming>) -> Result<Response<Sent>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let asked = Asked {
        path: parts.uri.path().to_owned(),
        payload: payload(&body),
    };
    shared.asked.lock().unwrap().push(asked.clone());
    let turn = (shared.meddler.lock().unwrap())(&asked);
    if let Turn::Instead(reply) = turn {
        return Ok(reply.send());
    }
    let behind = shared.behind.lock().unwrap().clone();
    let mut reply = behind
        .ask(Request::from_parts(parts, Full::new(body)))
        .await;
    if let Turn::Change(change) = turn {
        change(&mut reply);
    }
    Ok(reply.send())
}

/// What is signed in a JSON Web Signature.
fn payload(body: &[u8]) -> Value {
    let signed: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = signed["payload"].as_str().unwrap_or_default();
    let bytes = Base64UrlUnpadded::decode_vec(text).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}
