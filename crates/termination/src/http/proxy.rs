//! One request: judged, passed on, answered.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::header::{
    CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderValue, STRICT_TRANSPORT_SECURITY,
    TRANSFER_ENCODING, UPGRADE,
};
use http::{Request, Response, StatusCode, Uri, Version};

use super::answer::{self, redirect, refusal, text};
use super::body::Fault;
use super::headers::{self, Origin};
use super::inbound::Inbound;
use super::pace::Pace;
use super::traffic::Volume;
use super::{Body, request, upgrade};
use crate::admission::Place;
use crate::listen::Role;
use crate::observe::Exchange;
use crate::site::{Policy, Site};
use crate::upstream::{Answered, Busy, Patience, SendError, Target, Upstream, Way};
use crate::worker::Worker;

/// Whoever sends requests by one connection.
#[derive(Debug)]
pub(crate) struct Client {
    origin: Origin,
    role: Role,
    worker: Worker,
    /// Its place among the connections, which lasts as long as what becomes of it.
    place: Arc<Place>,
    /// What it was let in by.
    policy: Arc<Policy>,
}

/// An answer and where it came from.
struct Outcome {
    response: Response<Body>,
    upstream: Option<Arc<Target>>,
}

impl From<Response<Body>> for Outcome {
    fn from(response: Response<Body>) -> Self {
        Self {
            response,
            upstream: None,
        }
    }
}

impl Client {
    pub(crate) fn new(
        peer: SocketAddr,
        is_tls: bool,
        certificate: Option<&[u8]>,
        role: Role,
        worker: Worker,
        place: Arc<Place>,
        policy: Arc<Policy>,
    ) -> Self {
        Self {
            origin: Origin::new(peer, is_tls, certificate),
            role,
            worker,
            place,
            policy,
        }
    }

    /// Where the bytes of its connection are counted.
    pub(super) fn volume(&self) -> &Arc<Volume> {
        self.worker.volume()
    }

    /// Answers a request, whatever it is.
    pub(crate) async fn answer(&self, mut request: Request<Inbound>) -> Response<Body> {
        let began = Instant::now();
        let site = self.worker.site();
        let version = request.version();
        let method = request.method().clone();
        let target = request.uri().clone();
        let (host, refused) = match request::settle(&mut request) {
            Ok(host) => (host, None),
            Err(refused) => (String::new(), Some(refused)),
        };
        let mut is_last = false;
        let outcome = match refused {
            Some(request::Refused(status, why)) => refusal(status, why).into(),
            None if self.role == Role::Service && !site.lets_in_as(&self.policy) => {
                is_last = true;
                let why = "who is let in is another matter now: come again by a new connection\n";
                refusal(StatusCode::MISDIRECTED_REQUEST, why).into()
            }
            None if let Some(shown) = self.shown(&site, &target) => text(shown).into(),
            None if !site.is_for(&host) => refusal(
                StatusCode::MISDIRECTED_REQUEST,
                "this host is not served here\n",
            )
            .into(),
            None => match self.role {
                // Whoever renews behind is asked there.
                Role::Redirect { .. }
                    if answer::is_challenge(&method, target.path()) && site.asks_nobody() =>
                {
                    self.pass_on(&site, request).await
                }
                Role::Redirect { port } => redirect(&host, request.uri(), port).into(),
                Role::Service => self.pass_on(&site, request).await,
            },
        };
        let mut response = outcome.response;
        if version != Version::HTTP_2 && (is_last || self.worker.is_ending()) {
            let headers = response.headers_mut();
            if !headers.contains_key(UPGRADE) {
                headers.insert(CONNECTION, HeaderValue::from_static("close"));
            }
        }
        // RFC 6797, section 7.2: never in plain text.
        if let Some(hsts) = site.hsts.as_ref().filter(|_| self.origin.is_tls) {
            response
                .headers_mut()
                .insert(STRICT_TRANSPORT_SECURITY, hsts.clone());
        }
        self.worker.observer().answered(&Exchange {
            peer: self.origin.peer,
            host: &host,
            method: method.as_str(),
            target: target.path_and_query().map_or("", |path| path.as_str()),
            version: name(version),
            status: response.status().as_u16(),
            upstream: outcome.upstream.as_deref().map(Target::text),
            time: began.elapsed(),
        });
        response
    }

    /// What a CA is shown that looks for it at this path, in plain text.
    fn shown(&self, site: &Site, target: &Uri) -> Option<String> {
        let challenges = site.challenges.as_ref();
        let challenges = challenges.filter(|_| !self.origin.is_tls)?;
        challenges.answer(target.path())
    }

    /// Tells of an answer to what could not be read as a request.
    pub(super) fn answered_unread(&self, status: StatusCode) {
        self.worker.observer().answered(&Exchange {
            peer: self.origin.peer,
            host: "",
            method: "",
            target: "",
            version: name(Version::HTTP_11),
            status: status.as_u16(),
            upstream: None,
            time: Duration::ZERO,
        });
    }

    async fn pass_on(&self, site: &Site, mut request: Request<Inbound>) -> Outcome {
        if request::is_for_us(&mut request) {
            return answer::last_hop(request.method()).into();
        }
        let declared = request.headers().get(CONTENT_LENGTH);
        let declared = declared.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        if let (Some(most), Some(length)) = (site.bounds.body_bytes, declared)
            && length > most
        {
            let why = "the body is larger than the limit\n";
            return refusal(StatusCode::PAYLOAD_TOO_LARGE, why).into();
        }
        let wanted = headers::of_one_hop(request.headers_mut());
        let wanted = wanted.filter(|_| request.version() == Version::HTTP_11);
        if let Some(host) = request.headers().get(HOST).cloned() {
            headers::tell(request.headers_mut(), &self.origin, &host);
        }
        let ours = wanted.is_some().then(|| hyper::upgrade::on(&mut request));
        if let Some(protocol) = &wanted {
            let headers = request.headers_mut();
            headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
            headers.insert(UPGRADE, protocol.clone());
        }
        let way = if ours.is_some() { Way::First } else { Way::Any };
        let pace = Pace::new(site.times.body, site.bounds.body_rate);
        let pace = pace.filter(|_| !is_call(&request));
        let bounds = (site.bounds.body_bytes, pace);
        let mut request = request.map(|body| Body::request(body, bounds));
        let progress = request.body().progress();
        let (sent, upstream) = self.send(site, way, &mut request).await;
        let (upstream, busy) = upstream.unzip();
        let busy = busy.flatten();
        let upstream = upstream.map(|upstream| Arc::clone(&upstream.target));
        let mut answered = match sent {
            Ok(answered) => answered,
            Err(error) => {
                let fault = progress.and_then(|progress| progress.fault());
                let upstream_text = upstream.as_deref().map(Target::text);
                let response = self.excuse(&error, fault, upstream_text);
                return Outcome { response, upstream };
            }
        };
        if answered.response.status() == StatusCode::SWITCHING_PROTOCOLS {
            let theirs = hyper::upgrade::on(&mut answered.response);
            let response = match ours {
                Some(ours) => {
                    let both = upgrade::Both { ours, theirs };
                    let stay = (Arc::clone(&self.place), self.worker.stage(), busy);
                    upgrade::join(both, answered.response, site.times.idle, stay)
                }
                None => self.gives_nonsense(
                    upstream.as_deref(),
                    "the service switched protocols unasked\n",
                ),
            };
            return Outcome { response, upstream };
        }
        if !has_one_length(answered.response.headers()) {
            let why = "the service behind answered something of two lengths\n";
            let response = self.gives_nonsense(upstream.as_deref(), why);
            return Outcome { response, upstream };
        }
        let Answered { response, back } = answered;
        let (mut parts, body) = response.into_parts();
        headers::of_one_hop(&mut parts.headers);
        // Said twice, it is no answer to clients of HTTP/2 (RFC 9113, section 8.1.1).
        if let Some(length) = parts.headers.remove(CONTENT_LENGTH) {
            parts.headers.insert(CONTENT_LENGTH, length);
        }
        if parts.status == StatusCode::NO_CONTENT {
            // RFC 9110, section 8.6: there is none, and clients of HTTP/2 would wait for it.
            parts.headers.remove(CONTENT_LENGTH);
        }
        parts.version = Version::HTTP_11;
        let response =
            Response::from_parts(parts, Body::response(body, (back, busy), site.times.idle));
        Outcome { response, upstream }
    }

    /// Sends to the upstream in turn; where that does not take the connection, to the next: nothing of the request
    /// was sent yet.
    async fn send<'s>(
        &self,
        site: &'s Site,
        way: Way,
        request: &mut Request<Body>,
    ) -> (
        Result<Answered, SendError>,
        Option<(&'s Upstream, Option<Busy>)>,
    ) {
        let patience = Patience {
            connect: site.times.connect,
            idle: site.times.idle,
        };
        let mut last = None;
        for upstream in site.upstreams.in_turn() {
            let tls = site.upstream_tls.as_ref();
            let pool = self.worker.pool();
            let how = (way, patience);
            let busy = site.upstreams.busy(upstream);
            match pool.send(&upstream.target, tls, how, request).await {
                Ok(answered) => {
                    upstream.succeeded();
                    return (Ok(answered), Some((&**upstream, busy)));
                }
                Err(error @ SendError::Connect(_)) => {
                    site.upstreams.failed(upstream);
                    let (target, why) = (upstream.target.text(), error.to_string());
                    self.worker.observer().upstream_failed(target, &why);
                    last = Some((error, &**upstream));
                }
                Err(error) => return (Err(error), Some((&**upstream, None))),
            }
        }
        match last {
            Some((error, upstream)) => (Err(error), Some((upstream, None))),
            // All of them are down.
            None => (Err(SendError::Nobody), None),
        }
    }

    /// What is said where an answer came that cannot be passed on.
    fn gives_nonsense(&self, upstream: Option<&Target>, why: &'static str) -> Response<Body> {
        let upstream = upstream.map(Target::text).unwrap_or_default();
        self.worker
            .observer()
            .upstream_failed(upstream, why.trim_end());
        refusal(StatusCode::BAD_GATEWAY, why)
    }

    /// What is said where no answer came.
    fn excuse(
        &self,
        error: &SendError,
        fault: Option<Fault>,
        upstream: Option<&str>,
    ) -> Response<Body> {
        let status = match (fault, error) {
            (Some(Fault::TooLarge), _) => StatusCode::PAYLOAD_TOO_LARGE,
            (Some(Fault::Slow), _) => StatusCode::REQUEST_TIMEOUT,
            (Some(Fault::Broken), _) => StatusCode::BAD_REQUEST,
            (None, SendError::Nobody) => StatusCode::SERVICE_UNAVAILABLE,
            (None, error) if error.is_late() => StatusCode::GATEWAY_TIMEOUT,
            (None, _) => StatusCode::BAD_GATEWAY,
        };
        let why = match status {
            StatusCode::GATEWAY_TIMEOUT => "the service behind did not answer in time\n",
            StatusCode::SERVICE_UNAVAILABLE => "no service behind is up\n",
            StatusCode::PAYLOAD_TOO_LARGE => "the body is larger than the limit\n",
            StatusCode::BAD_REQUEST => "the body did not come whole\n",
            StatusCode::REQUEST_TIMEOUT => "the body came too slowly\n",
            _ if matches!(error, SendError::Broken(_)) => {
                "the service behind broke off, or gave no answer of HTTP\n"
            }
            _ => "the service behind could not be reached\n",
        };
        if matches!(error, SendError::Broken(_) | SendError::Late) && status.is_server_error() {
            let observer = self.worker.observer();
            observer.upstream_failed(upstream.unwrap_or_default(), &error.why());
        }
        refusal(status, why)
    }
}

/// Whether an answer has one length for all (RFC 9112, section 6.3): a number or chunks, and no coding beside them.
fn has_one_length(headers: &http::HeaderMap) -> bool {
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    match codings.next() {
        None => true,
        Some(coding) => {
            coding.as_bytes().eq_ignore_ascii_case(b"chunked")
                && codings.next().is_none()
                && !headers.contains_key(CONTENT_LENGTH)
        }
    }
}

/// Whether it is a call of gRPC, whose messages come when there is something to say.
pub(crate) fn is_call<B>(request: &Request<B>) -> bool {
    let kind = request.headers().get(CONTENT_TYPE);
    let is_grpc = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"));
    is_grpc && request.version() == Version::HTTP_2
}

fn name(version: Version) -> &'static str {
    match version {
        Version::HTTP_2 => "HTTP/2.0",
        Version::HTTP_10 => "HTTP/1.0",
        _ => "HTTP/1.1",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes that are moved and held for each request.
    fn size<F: Future>(_: impl Fn(&'static Client, Request<Inbound>) -> F) -> usize {
        size_of::<F>()
    }

    #[test]
    fn a_request_under_way_takes_little_room_beside_its_body() {
        let bytes = size(Client::answer);
        assert!(bytes <= 3584, "{bytes}");
    }
}
