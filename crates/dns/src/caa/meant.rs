//! Values as they were probably meant.

use keyway_report::spelling;

use super::issuer::{Issuer, IssuerFault, MAX_PARAMETERS, is_domain};
use super::judge::{ACCOUNT, METHODS};
use super::malformed::Wrong;

/// Quotes that people and their editors type.
const QUOTES: [char; 6] = ['"', '\'', '`', '\u{201c}', '\u{201d}', '\u{201e}'];

/// Methods that are in use: IANA's registry of ACME validation methods.
const KNOWN_METHODS: [&str; 6] = [
    "http-01",
    "dns-01",
    "tls-alpn-01",
    "dns-account-01",
    "dns-persist-01",
    "email-reply-00",
];

/// Letters that a parameter's name may be off to be taken for a known one.
const MOST_OFF: usize = 2;

/// Text without the quotes in it.
fn unquoted(value: &[u8], wrong: &mut Vec<Wrong>) -> String {
    let text = String::from_utf8_lossy(value);
    if text.contains(QUOTES) {
        wrong.push(Wrong::Quotes);
    }
    text.replace(QUOTES, "").trim().to_owned()
}

/// Text without the quotes around it: inside an address they may be meant.
fn bare(value: &[u8], wrong: &mut Vec<Wrong>) -> String {
    let text = String::from_utf8_lossy(value);
    let text = text.trim();
    if text.starts_with(QUOTES) || text.ends_with(QUOTES) {
        wrong.push(Wrong::Quotes);
    }
    let is_around = |ch: char| ch.is_whitespace() || QUOTES.contains(&ch);
    text.trim_matches(is_around).to_owned()
}

/// The values of `issue` that were meant by one.
pub(super) fn issuer(value: &[u8], wrong: &mut Vec<Wrong>) -> Vec<Vec<u8>> {
    match Issuer::read(value) {
        Ok(issuer) => {
            let fixed = parameters(&issuer, wrong);
            fixed.into_iter().map(String::into_bytes).collect()
        }
        Err(fault) => {
            let before = wrong.len();
            let issuers = mended(&unquoted(value, wrong), fault, wrong);
            if wrong.len() == before {
                wrong.push(Wrong::Issuer(fault));
            }
            let fixed = issuers
                .iter()
                .filter_map(|issuer| parameters(issuer, wrong));
            fixed.map(String::into_bytes).collect()
        }
    }
}

/// Issuers from what is none.
fn mended(text: &str, fault: IssuerFault, wrong: &mut Vec<Wrong>) -> Vec<Issuer> {
    if fault == IssuerFault::TooMany {
        return Vec::new();
    }
    let (head, tail) = text.split_once(';').unwrap_or((text, ""));
    let is_gap = |ch: char| ch.is_whitespace() || ch == ',';
    let mut domains: Vec<&str> = Vec::new();
    let mut rest: Vec<&str> = Vec::new();
    for word in head
        .split(is_gap)
        .filter(|word| !word.is_empty())
        .take(MAX_PARAMETERS)
    {
        // A URL may have an equals sign in it.
        let is_parameter = word.contains('=') && !domains.is_empty();
        if is_parameter {
            &mut rest
        } else {
            &mut domains
        }
        .push(word);
    }
    if !rest.is_empty() {
        wrong.push(Wrong::Semicolon);
    }
    let parts = tail.split([';', ' ', '\t']).map(str::trim);
    rest.extend(parts.filter(|part| !part.is_empty()).take(MAX_PARAMETERS));
    let mut names: Vec<String> = Vec::new();
    for word in &domains {
        names.push(domain(word, wrong));
    }
    if names.len() > 1 {
        let are_domains = names
            .iter()
            .all(|name| name.contains('.') && is_domain(name));
        wrong.push(if are_domains {
            Wrong::Several
        } else {
            Wrong::Space
        });
        if !are_domains {
            names = vec![names.concat()];
        }
    }
    let read = |name: &String| {
        let parts = std::iter::once(name.as_str()).chain(rest.iter().copied());
        let text = parts.collect::<Vec<_>>().join("; ");
        Issuer::read(text.as_bytes()).ok()
    };
    if names.is_empty() {
        names.push(String::new());
    }
    let all: Option<Vec<Issuer>> = names.iter().map(read).collect();
    // Where one of them cannot be told, none is: half of what was meant is something else.
    all.unwrap_or_default()
}

/// A CA's domain from what stands in its place.
fn domain(word: &str, wrong: &mut Vec<Wrong>) -> String {
    let mut word = word;
    if let Some((_, behind)) = word.split_once("://") {
        wrong.push(Wrong::Url);
        word = behind
            .split(['/', ':', '?', '#'])
            .next()
            .unwrap_or_default();
    } else if let Some((front, _)) = word.split_once('/') {
        wrong.push(Wrong::Url);
        word = front;
    }
    if let Some((_, behind)) = word.rsplit_once('@') {
        wrong.push(Wrong::Mail);
        word = behind;
    }
    if let Some(behind) = word.strip_prefix("*.") {
        wrong.push(Wrong::Wildcard);
        word = behind;
    }
    if let Some(front) = word.strip_suffix('.') {
        wrong.push(Wrong::Dot);
        word = front;
    }
    word.to_ascii_lowercase()
}

/// The value with parameters as they were meant; `None` where nobody can tell.
fn parameters(issuer: &Issuer, wrong: &mut Vec<Wrong>) -> Option<String> {
    let mut fixed = issuer.clone();
    let mut can_tell = true;
    for parameter in &mut fixed.parameters {
        if let Some(meant) = known_parameter(&parameter.tag)
            && parameter.tag != meant
        {
            wrong.push(Wrong::Parameter(meant));
            meant.clone_into(&mut parameter.tag);
        }
        if parameter.value.contains('"') {
            wrong.push(Wrong::Quotes);
            parameter.value = parameter.value.replace('"', "");
        }
        if parameter.tag == METHODS {
            let labels = parameter.value.split(',').map(|label| {
                let meant = known_method(label).filter(|meant| *meant != label);
                wrong.extend(meant.map(Wrong::Method));
                meant.unwrap_or(label)
            });
            parameter.value = labels.collect::<Vec<_>>().join(",");
        }
        if parameter.tag == ACCOUNT && !parameter.value.contains(':') {
            wrong.push(Wrong::Account);
            can_tell = false;
        }
    }
    for tag in [ACCOUNT, METHODS] {
        if fixed.parameter(tag).count() > 1 {
            wrong.push(Wrong::Repeated(tag));
            can_tell = false;
        }
    }
    can_tell.then(|| fixed.to_string())
}

/// The parameter that a name is, or nearly is.
fn known_parameter(tag: &str) -> Option<&'static str> {
    let letters: String = tag.chars().filter(char::is_ascii_alphanumeric).collect();
    let letters = letters.to_ascii_lowercase();
    let known = [ACCOUNT, METHODS].into_iter();
    known
        .filter(|name| spelling::distance(&letters, name) <= MOST_OFF)
        .min_by_key(|name| spelling::distance(&letters, name))
}

/// The method that a label is, or is but for case and hyphens.
fn known_method(label: &str) -> Option<&'static str> {
    let bare = |text: &str| {
        let letters = text.chars().filter(char::is_ascii_alphanumeric);
        letters.collect::<String>().to_ascii_lowercase()
    };
    let given = bare(label);
    let is = |name: &&str| {
        let name = bare(name);
        name == given || name.trim_end_matches(|ch: char| ch.is_ascii_digit()) == given
    };
    KNOWN_METHODS.into_iter().find(is)
}

/// Where to report to, as it was meant (RFC 8659, section 4.4).
pub(super) fn report(value: &[u8], wrong: &mut Vec<Wrong>) -> Vec<Vec<u8>> {
    let text = bare(value, wrong);
    let begins = |scheme: &str| {
        let head = text.get(..scheme.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(scheme))
    };
    if ["mailto:", "https://", "http://"].into_iter().any(begins) {
        return vec![text.into_bytes()];
    }
    if text.contains(':') {
        wrong.push(Wrong::OtherScheme);
        return Vec::new();
    }
    wrong.push(Wrong::Scheme);
    let is_one_word = text.bytes().all(|byte| byte.is_ascii_graphic());
    let host = text.split('/').next().unwrap_or_default();
    if is_one_word && text.contains('@') {
        vec![format!("mailto:{text}").into_bytes()]
    } else if is_one_word && host.contains('.') && is_domain(host) {
        vec![format!("https://{text}").into_bytes()]
    } else {
        Vec::new()
    }
}

/// An address of mail, as it was meant (CA/B Forum BR, appendix A.1.1).
pub(super) fn mail(value: &[u8], wrong: &mut Vec<Wrong>) -> Vec<Vec<u8>> {
    let text = bare(value, wrong);
    let address = text.trim_start_matches("mailto:");
    let is_address = address.contains('@')
        && !address.starts_with(QUOTES)
        && address.bytes().all(|byte| byte.is_ascii_graphic());
    if address != text || !is_address {
        wrong.push(Wrong::Contact);
    }
    if is_address {
        vec![address.as_bytes().to_vec()]
    } else {
        Vec::new()
    }
}
