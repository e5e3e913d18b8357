use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_TYPE, LOCATION};
use http::{HeaderValue, Method, Response, StatusCode, Uri};

use super::Body;

/// An answer of ours: the status, and one line that says why.
pub(crate) fn refusal(status: StatusCode, why: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::Text(Bytes::from_static(why.as_bytes())));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    let unread = [
        StatusCode::BAD_REQUEST,
        StatusCode::PAYLOAD_TOO_LARGE,
        StatusCode::REQUEST_TIMEOUT,
    ];
    if unread.contains(&status) {
        // What follows on the connection is of no known shape.
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// What is said to who asks what is on the way, and comes no further: nothing of the request comes back.
pub(crate) fn last_hop(method: &Method) -> Response<Body> {
    if *method == Method::OPTIONS {
        return Response::new(Body::Empty);
    }
    refusal(
        StatusCode::METHOD_NOT_ALLOWED,
        "requests are not sent back\n",
    )
}

/// What a CA is shown.
pub(crate) fn text(shown: String) -> Response<Body> {
    let mut response = Response::new(Body::Text(Bytes::from(shown)));
    let kind = HeaderValue::from_static("application/octet-stream");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

/// The path of ACME's challenge, which is asked for in plain text (RFC 8555, section 8.3).
const CHALLENGE: &str = "/.well-known/acme-challenge/";

/// Whether this is what a CA asks for: a token of base64url there.
pub(crate) fn is_challenge(method: &Method, path: &str) -> bool {
    let token = path.strip_prefix(CHALLENGE).unwrap_or_default();
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    matches!(*method, Method::GET | Method::HEAD)
        && !token.is_empty()
        && token.bytes().all(is_letter)
}

/// The same by https. With 308 a method and its body stay (RFC 9110, section 15.4.9). At the path of ACME's challenge
/// there is nothing.
pub(crate) fn redirect(host: &str, asked: &Uri, port: u16) -> Response<Body> {
    let path = asked.path_and_query().map_or("/", |path| path.as_str());
    if path.starts_with(CHALLENGE) {
        return refusal(StatusCode::NOT_FOUND, "no challenge is under way\n");
    }
    let port = if port == 443 {
        String::new()
    } else {
        format!(":{port}")
    };
    let path = if path == "*" { "/" } else { path };
    let Ok(place) = HeaderValue::from_str(&format!("https://{host}{port}{path}")) else {
        return refusal(StatusCode::BAD_REQUEST, "what is asked for is no path\n");
    };
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
    response.headers_mut().insert(LOCATION, place);
    response
}
