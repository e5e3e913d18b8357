//! Whether a request is of one meaning, whoever reads it.

use http::header::{CONTENT_LENGTH, HOST, MAX_FORWARDS, TRANSFER_ENCODING};
use http::{HeaderValue, Method, Request, StatusCode, Uri};

/// Why a request goes no further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refused(pub(super) StatusCode, pub(super) &'static str);

/// Fields of one request, at most: what hyper takes by HTTP/1.1 unless it is told otherwise, what Envoy
/// (`max_headers_count`) and Apache (`LimitRequestFields`) take as well, and by HTTP/2 no more than that.
const FIELDS: usize = 100;

const fn bad(why: &'static str) -> Refused {
    Refused(StatusCode::BAD_REQUEST, why)
}

/// Makes a request that is of one meaning only, or refuses it (RFC 9112, section 11.2): one host, in a field of
/// its own; what is asked for without it; one length. What hyper refuses before is not seen here: several
/// lengths, spaces before a colon, folded lines, an encoding whose last part is not `chunked`. Gives the host,
/// without its port.
pub(super) fn settle<B>(request: &mut Request<B>) -> Result<String, Refused> {
    if request.method() == Method::CONNECT {
        return Err(Refused(
            StatusCode::METHOD_NOT_ALLOWED,
            "CONNECT is for proxies that clients choose\n",
        ));
    }
    if request.headers().len() > FIELDS {
        let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        return Err(Refused(status, "there are more than 100 fields\n"));
    }
    let scheme = request.uri().scheme_str();
    if scheme.is_some_and(|scheme| {
        !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https")
    }) {
        return Err(bad("what is asked for is neither http nor https\n"));
    }
    one_length(request)?;
    let authority = authority(request)?;
    let host = without_port(authority).filter(|host| is_plain(host));
    let host = host.ok_or(bad("the host is none\n"))?.to_owned();
    if request.uri().authority().is_some() {
        let value = HeaderValue::from_str(authority).map_err(|_| bad("the host is none\n"))?;
        request.headers_mut().insert(HOST, value);
    }
    let is_origin = request.uri().authority().is_none() && request.uri().path().starts_with('/');
    if !is_origin {
        *request.uri_mut() = origin(request.uri(), request.method())?;
    }
    Ok(host)
}

/// Whether a request that asks what is on the way goes no further; else it may go one hop less (RFC 9110, section
/// 7.6.2).
pub(super) fn is_for_us<B>(request: &mut Request<B>) -> bool {
    if ![Method::OPTIONS, Method::TRACE].contains(request.method()) {
        return false;
    }
    let hops = request.headers().get(MAX_FORWARDS);
    let Some(hops) = hops.and_then(|hops| hops.to_str().ok()?.parse::<u32>().ok()) else {
        return false;
    };
    let Some(left) = hops.checked_sub(1) else {
        return true;
    };
    request.headers_mut().insert(MAX_FORWARDS, left.into());
    false
}

fn one_length<B>(request: &Request<B>) -> Result<(), Refused> {
    let headers = request.headers();
    if headers.get_all(CONTENT_LENGTH).iter().count() > 1 {
        return Err(bad("there are several lengths\n"));
    }
    let mut encodings = headers.get_all(TRANSFER_ENCODING).iter();
    let first = encodings.next();
    let is_plain = first.is_none_or(|value| value.as_bytes().eq_ignore_ascii_case(b"chunked"));
    if !is_plain || encodings.next().is_some() {
        return Err(Refused(
            StatusCode::NOT_IMPLEMENTED,
            "of the transfer codings only chunked is known\n",
        ));
    }
    if first.is_some() && headers.contains_key(CONTENT_LENGTH) {
        return Err(bad("there is a length and an encoding\n"));
    }
    Ok(())
}

/// Whom the request is for: in front of the path where it stands there (RFC 9112, section 3.2.2), else in the one
/// field for it.
fn authority<B>(request: &Request<B>) -> Result<&str, Refused> {
    let mut fields = request.headers().get_all(HOST).iter();
    let field = fields.next();
    if fields.next().is_some() {
        return Err(bad("there are several hosts\n"));
    }
    let field = field
        .map(|value| value.to_str().map_err(|_| bad("the host is none\n")))
        .transpose()?;
    let in_front = request.uri().authority().map(http::uri::Authority::as_str);
    match (in_front, field) {
        // A host field that says something else is how requests reach another service than the one asked for.
        (Some(front), Some(field)) if !front.eq_ignore_ascii_case(field) => {
            Err(bad("there are two hosts\n"))
        }
        (Some(one), _) | (None, Some(one)) => Ok(one),
        (None, None) => Err(bad("no host is named\n")),
    }
}

/// Path and query alone; `*` for OPTIONS.
fn origin(uri: &Uri, method: &Method) -> Result<Uri, Refused> {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    if path == "*" && *method != Method::OPTIONS {
        return Err(bad("nothing is asked for\n"));
    }
    let path = if path.is_empty() { "/" } else { path };
    path.parse()
        .map_err(|_| bad("what is asked for is no path\n"))
}

/// A host and port without the port.
pub(super) fn without_port(authority: &str) -> Option<&str> {
    if let Some(rest) = authority.strip_prefix('[') {
        let (inside, after) = rest.split_once(']')?;
        let is_port = after.is_empty() || after.strip_prefix(':').is_some_and(is_port);
        return is_port.then(|| &authority[..inside.len() + 2]);
    }
    match authority.split_once(':') {
        Some((host, port)) => is_port(port).then_some(host),
        None => Some(authority),
    }
}

fn is_port(text: &str) -> bool {
    text.is_empty() || text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

/// Whether a host holds only what hosts hold: letters, digits, `-`, `_`, `.`, and for addresses `:` in brackets.
pub(super) fn is_plain(host: &str) -> bool {
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    if let Some(address) = bare {
        return address.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let is_known = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    !host.is_empty() && host.bytes().all(is_known)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(target: &str, fields: &[(&str, &str)]) -> Request<()> {
        let mut builder = Request::builder().uri(target);
        for (name, value) in fields {
            builder = builder.header(*name, *value);
        }
        builder.body(()).unwrap()
    }

    fn settled(target: &str, fields: &[(&str, &str)]) -> Result<(String, String), Refused> {
        let mut request = request(target, fields);
        let host = settle(&mut request)?;
        Ok((host, request.uri().to_string()))
    }

    #[test]
    fn the_host_stands_in_its_field_and_the_path_alone() {
        let asked = settled("/a?b", &[("host", "www.example.com:8443")]).unwrap();
        assert_eq!(asked, ("www.example.com".into(), "/a?b".into()));
    }

    #[test]
    fn an_absolute_form_is_taken_apart() {
        let asked = settled("http://www.example.com/a", &[("host", "www.example.com")]).unwrap();
        assert_eq!(asked, ("www.example.com".into(), "/a".into()));
    }

    #[test]
    fn two_hosts_are_one_too_many() {
        let front = settled("http://a.example/", &[("host", "b.example")]);
        assert_eq!(front.unwrap_err().0, StatusCode::BAD_REQUEST);
        let fields = settled("/", &[("host", "a.example"), ("host", "a.example")]);
        assert_eq!(fields.unwrap_err().0, StatusCode::BAD_REQUEST);
    }

    #[test]
    fn a_host_is_made_of_letters_digits_and_few_signs() {
        for host in ["", "a b", "a/b", "a@b", "a,b", "a\\b", "a?b", "[::1", "a:b"] {
            let refused = settled("/", &[("host", host)]);
            assert_eq!(refused.unwrap_err().0, StatusCode::BAD_REQUEST, "{host}");
        }
        for host in ["[::1]:443", "127.0.0.1", "a_b.example.", "a:"] {
            assert!(settled("/", &[("host", host)]).is_ok(), "{host}");
        }
    }

    #[test]
    fn a_length_beside_an_encoding_is_refused() {
        let fields = [
            ("host", "a"),
            ("content-length", "3"),
            ("transfer-encoding", "chunked"),
        ];
        assert!(settled("/", &fields).is_err());
        let fields = [("host", "a"), ("transfer-encoding", "gzip, chunked")];
        assert_eq!(
            settled("/", &fields).unwrap_err().0,
            StatusCode::NOT_IMPLEMENTED
        );
    }
}
