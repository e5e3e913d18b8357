//! Requests as upstreams get them.

use std::mem;

use http::{Method, Request};
use http_body::Body as _;

use super::Target;
use crate::http::{Again, Body, Replay, is_call};

/// Bytes of the messages of a call that are taken for unread: they are small, and come when there is something to say.
const UNREAD_OF_CALL: u64 = 512;

/// Bytes of the body of a request that may lie unread at an upstream, as many as can be where nobody says how many there
/// are; `None`: it has none.
pub(super) fn length(request: &Request<Body>) -> Option<u64> {
    match request.body() {
        Body::Empty => None,
        _ if is_call(request) => Some(UNREAD_OF_CALL),
        body => Some(body.size_hint().exact().unwrap_or(u64::MAX)),
    }
}

/// The same request once more, where that does no harm and nothing of a body is lost.
pub(super) fn again(request: &Request<Body>) -> Option<Request<Body>> {
    let is_bare = matches!(request.body(), Body::Empty);
    (is_bare && request.method().is_idempotent()).then(|| bare(request))
}

/// The same request without its body.
fn bare(request: &Request<Body>) -> Request<Body> {
    let mut bare = Request::new(Body::Empty);
    bare.method_mut().clone_from(request.method());
    bare.uri_mut().clone_from(request.uri());
    *bare.version_mut() = request.version();
    bare.headers_mut().clone_from(request.headers());
    bare
}

/// A request that was sent, to be sent once more.
pub(super) struct Spare {
    bare: Request<Body>,
    /// `None`: it has no body.
    body: Option<Again>,
}

impl Spare {
    /// The request, where all of its body is there still.
    pub(super) fn again(self) -> Option<Request<Body>> {
        let Self { mut bare, body } = self;
        if let Some(body) = body {
            *bare.body_mut() = body.again()?;
        }
        Some(bare)
    }
}

/// A request to be sent, and the same once more.
pub(super) fn repeatable(request: Request<Body>) -> (Request<Body>, Spare) {
    let bare = bare(&request);
    let (parts, body) = request.into_parts();
    let (body, again) = match body {
        Body::Empty => (Body::Empty, None),
        Body::Replay(body) => {
            let again = body.once_more();
            (Body::Replay(body), Some(again))
        }
        body => {
            let (body, again) = Replay::of(body);
            (Body::Replay(body), Some(again))
        }
    };
    let request = Request::from_parts(parts, body);
    (request, Spare { bare, body: again })
}

/// The request as HTTP/1.1 has it: what is asked for without the host, which has a field of its own.
pub(super) fn first(mut request: Request<Body>) -> Request<Body> {
    use http::header::{CONTENT_LENGTH, COOKIE, HeaderValue, TRANSFER_ENCODING};
    *request.version_mut() = http::Version::HTTP_11;
    let has_body = !matches!(request.body(), Body::Empty);
    let expects_body = [Method::POST, Method::PUT, Method::PATCH].contains(request.method());
    let headers = request.headers_mut();
    // HTTP/2 takes cookies apart; here they are one field (RFC 9113, section 8.2.3).
    let mut cookies = headers.get_all(COOKIE).iter();
    if let (Some(first), Some(second)) = (cookies.next(), cookies.next()) {
        let all = [first, second].into_iter().chain(cookies);
        let all: Vec<&[u8]> = all.map(HeaderValue::as_bytes).collect();
        if let Ok(joined) = HeaderValue::from_bytes(&all.join(&b"; "[..])) {
            headers.insert(COOKIE, joined);
        }
    }
    if headers.contains_key(CONTENT_LENGTH) {
        return request;
    }
    if has_body {
        // hyper sends no body with a GET that does not say that it has one.
        headers.insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
    } else if expects_body {
        // RFC 9110, section 8.6: by HTTP/2 the end of the stream says it.
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    request
}

/// As HTTP/2 has it: with the host in front, as `:authority` (RFC 9113, section 8.3.1).
pub(super) fn second(mut request: Request<Body>, target: &Target) -> Request<Body> {
    *request.version_mut() = http::Version::HTTP_2;
    let headers = request.headers_mut();
    // Who asked for another protocol is answered without it.
    headers.remove(http::header::CONNECTION);
    headers.remove(http::header::UPGRADE);
    let host = headers.remove(http::header::HOST);
    let authority = host.as_ref().and_then(|host| host.to_str().ok());
    let mut parts = mem::take(request.uri_mut()).into_parts();
    parts.authority = authority.and_then(|authority| authority.parse().ok());
    let is_tls = target.is_tls();
    parts.scheme = Some(if is_tls {
        http::uri::Scheme::HTTPS
    } else {
        http::uri::Scheme::HTTP
    });
    if parts.authority.is_some() && parts.path_and_query.is_some() {
        *request.uri_mut() = http::Uri::from_parts(parts).unwrap_or_default();
    }
    request
}
