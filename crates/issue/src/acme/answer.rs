//! What an answer says before its content is read, and beside it.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, DATE, LINK, LOCATION, RETRY_AFTER};
use http::{HeaderMap, HeaderName, Response};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

/// Most of an answer that is no JSON and is shown.
const SHOWN: usize = 200;

/// The media type of a chain (RFC 8555, section 9.1).
const CHAIN: &str = "application/pem-certificate-chain";

/// What an answer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// An answer of no CA: how it begins.
    pub foreign: Option<String>,
    /// After how many seconds it may be asked again (RFC 9110, section 10.2.3).
    pub retry_after: Option<u64>,
    /// Whether it is a chain (RFC 8555, section 7.4.2).
    pub is_chain: bool,
    /// Where other chains are (RFC 8555, section 7.4.2).
    pub alternates: Vec<String>,
    /// What time it was by the server's clock (RFC 9110, section 6.6.1), in seconds since 1970.
    pub date: Option<i64>,
    /// Of a directory: the CA's names in CAA records (RFC 8555, section 7.1.1).
    pub issuers: Option<Vec<String>>,
}

/// A directory, as far as instant-acme does not read it.
#[derive(Deserialize)]
struct Directory {
    #[serde(rename = "newOrder")]
    _new_order: IgnoredAny,
    #[serde(default)]
    meta: Meta,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Meta {
    caa_identities: Vec<String>,
}

/// The CA's names in CAA records, where this is its directory.
fn issuers(body: &[u8]) -> Option<Vec<String>> {
    let directory = serde_json::from_slice::<Directory>(body).ok()?;
    Some(directory.meta.caa_identities)
}

/// Looks at an answer.
pub fn read(answer: &Response<Bytes>) -> Answer {
    let headers = answer.headers();
    Answer {
        foreign: is_foreign(answer).then(|| beginning(answer.body())),
        retry_after: retry_after(headers),
        is_chain: answer.status().is_success() && is_of(headers, CHAIN),
        alternates: alternates(headers),
        date: moment(headers, &DATE).map(OffsetDateTime::unix_timestamp),
        issuers: issuers(answer.body()),
    }
}

fn is_of(headers: &HeaderMap, wanted: &str) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
    kind.is_some_and(|kind| kind.split(';').next().unwrap_or_default().trim() == wanted)
}

/// The same without challenges that instant-acme cannot read: one of a kind that nobody here knows may hold anything
/// (RFC 8555, section 8), and must not hide the others.
pub(super) fn readable(content: Bytes) -> Bytes {
    let Ok(mut value) = serde_json::from_slice::<Value>(&content) else {
        return content;
    };
    let challenges = value.get_mut("challenges").and_then(Value::as_array_mut);
    let Some(challenges) = challenges else {
        return content;
    };
    let number = challenges.len();
    challenges.retain(|challenge| instant_acme::Challenge::deserialize(challenge).is_ok());
    if challenges.len() == number {
        return content;
    }
    value.to_string().into()
}

/// An error that is told in another form than a problem document (RFC 7807), or what is neither JSON nor a chain: of
/// something between here and the CA. A redirect is followed by nobody (RFC 8555, section 6.4.1 knows none of signed
/// requests), unless it tells where a thing is.
fn is_foreign(answer: &Response<Bytes>) -> bool {
    let (status, body) = (answer.status(), answer.body());
    if status.is_client_error() || status.is_server_error() {
        return serde_json::from_slice::<instant_acme::Problem>(body).is_err();
    }
    if status.is_redirection() && !answer.headers().contains_key(LOCATION) {
        return true;
    }
    let is_chain = body.trim_ascii_start().starts_with(b"-----BEGIN ");
    !body.is_empty() && !is_chain && serde_json::from_slice::<IgnoredAny>(body).is_err()
}

/// After how many seconds it may be asked again (RFC 9110, section 10.2.3). A date is held against the answer's own, as
/// nothing here reads the clock.
fn retry_after(headers: &HeaderMap) -> Option<u64> {
    if let Ok(seconds) = text(headers, &RETRY_AFTER)?.parse() {
        return Some(seconds);
    }
    let wait = moment(headers, &RETRY_AFTER)? - moment(headers, &DATE)?;
    Some(u64::try_from(wait.whole_seconds()).unwrap_or(0))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    Some(headers.get(name)?.to_str().ok()?.trim())
}

/// A field that holds a date (RFC 9110, section 5.6.7).
fn moment(headers: &HeaderMap, name: &HeaderName) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text(headers, name)?, &Rfc2822).ok()
}

fn beginning(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(SHOWN).collect()
}

/// The targets of `Link: <URL>;rel="alternate"` (RFC 8288).
fn alternates(headers: &HeaderMap) -> Vec<String> {
    let links = headers.get_all(LINK).iter();
    let links = links.filter_map(|link| link.to_str().ok());
    let links = links.flat_map(|link| link.split(','));
    let targets = links.filter_map(|link| {
        let (target, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
        let is_alternate = parameters.split(';').any(|parameter| {
            let rel = parameter.trim().strip_prefix("rel=");
            rel.is_some_and(|rel| rel.trim_matches('"') == "alternate")
        });
        is_alternate.then(|| target.to_owned())
    });
    targets.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_chains_are_found_in_links() {
        let mut headers = HeaderMap::new();
        for link in [
            "<https://ca.test/dir>;rel=\"index\"",
            "<https://ca.test/c/1/1>;rel=\"alternate\", <https://ca.test/c/1/2>; title=x; rel=alternate",
        ] {
            headers.append(LINK, http::HeaderValue::from_static(link));
        }
        assert_eq!(
            alternates(&headers),
            ["https://ca.test/c/1/1", "https://ca.test/c/1/2"]
        );
    }
}
