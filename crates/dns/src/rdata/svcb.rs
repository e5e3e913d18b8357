//! Service bindings (RFC 9460).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

use base64ct::{Base64, Encoding};

use super::fields::{bytes, push_base64, push_text, push16};
use super::text::{Fault, Words, decimal};
use super::wire::Data;
use crate::name::push_escaped;

pub(super) const MANDATORY: u16 = 0;
pub(super) const ALPN: u16 = 1;
pub(super) const NO_DEFAULT_ALPN: u16 = 2;
pub(super) const PORT: u16 = 3;
pub(super) const V4_HINT: u16 = 4;
const ECH: u16 = 5;
pub(super) const V6_HINT: u16 = 6;
const DOH_PATH: u16 = 7;
const OHTTP: u16 = 8;
/// Reserved: "invalid key" (RFC 9460, section 14.3.2). BIND loads it; no client could read it.
const INVALID: u16 = u16::MAX;

/// Keys with names (RFC 9460, section 14.3.2; RFC 9461; RFC 9540).
const KEYS: &[(&str, u16)] = &[
    ("mandatory", MANDATORY),
    ("alpn", ALPN),
    ("no-default-alpn", NO_DEFAULT_ALPN),
    ("port", PORT),
    ("ipv4hint", V4_HINT),
    ("ech", ECH),
    ("ipv6hint", V6_HINT),
    ("dohpath", DOH_PATH),
    ("ohttp", OHTTP),
];

pub(super) type Parameters = BTreeMap<u16, Vec<u8>>;

pub(super) fn read(words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    let priority = words.u16("a priority")?;
    push16(priority, out);
    words.name(out)?;
    let mut parameters = Parameters::new();
    while words.peek().is_some() {
        let (key, value) =
            parameter(words.plain("a parameter, of which only the value has quotes")?)?;
        if parameters.insert(key, value).is_some() {
            return Err(Fault::Parameters("a parameter stands there twice"));
        }
    }
    check(&parameters).map_err(Fault::Parameters)?;
    for (key, value) in parameters {
        push16(key, out);
        push16(u16::try_from(value.len()).map_err(|_| Fault::TooLong)?, out);
        out.extend(value);
    }
    Ok(())
}

/// `key`, `key=value` or `key="value"`.
fn parameter(raw: &[u8]) -> Result<(u16, Vec<u8>), Fault> {
    let (key, value) = match raw.iter().position(|&byte| byte == b'=') {
        Some(at) => (&raw[..at], Some(&raw[at + 1..])),
        None => (raw, None),
    };
    let is_generic = key.starts_with(b"key");
    let key = key_of(key).ok_or_else(|| Fault::not(raw, "a parameter of a service binding"))?;
    let value = value.map(|value| {
        let quoted = value
            .strip_prefix(b"\"")
            .and_then(|rest| rest.strip_suffix(b"\""));
        bytes(quoted.unwrap_or(value))
    });
    let value = value.transpose()?;
    // Behind `key` and a number stands the form of the wire, of known keys too (RFC 9460, section 2.1).
    if is_generic {
        return Ok((key, value.unwrap_or_default()));
    }
    let required = || Fault::Parameters("a parameter lacks its value");
    let encoded = match (key, value) {
        (NO_DEFAULT_ALPN | OHTTP, None) => Vec::new(),
        // `key=` and `key=""` are empty values, too (RFC 9460, section 2.1).
        (NO_DEFAULT_ALPN | OHTTP, Some(value)) if value.is_empty() => value,
        (NO_DEFAULT_ALPN | OHTTP, Some(_)) => {
            return Err(Fault::Parameters(
                "a parameter that has no value is given one",
            ));
        }
        (0..=DOH_PATH, None) => return Err(required()),
        (_, None) => Vec::new(),
        (_, Some(value)) => encode(key, value)?,
    };
    Ok((key, encoded))
}

fn key_of(text: &[u8]) -> Option<u16> {
    let known = KEYS.iter().find(|(name, _)| name.as_bytes() == text);
    let number = || {
        let digits = text.strip_prefix(b"key")?;
        let has_zero_in_front = digits.len() > 1 && digits[0] == b'0';
        decimal(digits)
            .filter(|_| !has_zero_in_front)
            .and_then(|it| u16::try_from(it).ok())
    };
    known.map(|(_, key)| *key).or_else(number)
}

/// A key as text: its name, or `key` and its number (RFC 9460, section 2.1). `ohttp` is written by its number,
/// as BIND 9.18 does not read the name.
pub(super) fn key_name(key: u16) -> String {
    let known = KEYS
        .iter()
        .find(|(_, number)| *number == key && key != OHTTP);
    known.map_or_else(|| format!("key{key}"), |(name, _)| (*name).to_owned())
}

fn encode(key: u16, value: Vec<u8>) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    let listed = |what: &'static str| list(&value).ok_or(Fault::Parameters(what));
    match key {
        MANDATORY => {
            for item in listed("mandatory lists parameters with commas between")? {
                let key = key_of(&item).ok_or_else(|| Fault::not(&item, "a parameter"))?;
                push16(key, &mut out);
            }
            out = sorted_pairs(&out).ok_or(Fault::Parameters("mandatory names one twice"))?;
        }
        ALPN => {
            for item in listed("alpn lists protocols with commas between")? {
                push_text(&item, &mut out)?;
            }
        }
        PORT => {
            let port = decimal(&value).and_then(|port| u16::try_from(port).ok());
            push16(port.ok_or_else(|| Fault::not(&value, "a port"))?, &mut out);
        }
        V4_HINT | V6_HINT => {
            for item in listed("a hint lists addresses with commas between")? {
                let wrong = || Fault::not(&item, "an address of that family");
                let text = std::str::from_utf8(&item).map_err(|_| wrong())?;
                if key == V4_HINT {
                    out.extend(text.parse::<Ipv4Addr>().map_err(|_| wrong())?.octets());
                } else {
                    out.extend(text.parse::<Ipv6Addr>().map_err(|_| wrong())?.octets());
                }
            }
        }
        ECH => push_base64(&value, &mut out)?,
        _ => out = value,
    }
    Ok(out)
}

/// Keys in order; `None` where one is there twice.
fn sorted_pairs(keys: &[u8]) -> Option<Vec<u8>> {
    let mut pairs: Vec<&[u8]> = keys.chunks_exact(2).collect();
    pairs.sort_unstable();
    let is_unique = pairs.windows(2).all(|two| two[0] != two[1]);
    is_unique.then(|| pairs.concat())
}

/// Items with commas between; `\,` and `\\` stand for themselves (RFC 9460, appendix A.1). `None` where
/// an item is empty or a backslash stands before anything else.
fn list(value: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (mut items, mut item) = (Vec::new(), Vec::new());
    let mut at = value.iter();
    while let Some(&byte) = at.next() {
        match byte {
            b'\\' => item.push(*at.next().filter(|next| matches!(next, b'\\' | b','))?),
            b',' => {
                if item.is_empty() {
                    return None;
                }
                items.push(std::mem::take(&mut item));
            }
            other => item.push(other),
        }
    }
    if item.is_empty() {
        return None;
    }
    items.push(item);
    Some(items)
}

/// What RFC 9460 wants of the parameters together. Those of an alias are ignored by whoever reads them (section
/// 2.4.2), and are held to the same.
fn check(parameters: &Parameters) -> Result<(), &'static str> {
    if parameters.contains_key(&INVALID) {
        return Err("key65535 is reserved (RFC 9460, section 14.3.2)");
    }
    if parameters.contains_key(&NO_DEFAULT_ALPN) && !parameters.contains_key(&ALPN) {
        return Err("no-default-alpn stands with alpn only (RFC 9460, section 7.1.1)");
    }
    for key in parameters
        .get(&MANDATORY)
        .map_or(&[][..], Vec::as_slice)
        .chunks(2)
    {
        let Ok(key) = key.try_into().map(u16::from_be_bytes) else {
            return Err("mandatory is malformed");
        };
        if key == MANDATORY {
            return Err("mandatory does not name itself (RFC 9460, section 8)");
        }
        if !parameters.contains_key(&key) {
            return Err("mandatory names a parameter that is not there (RFC 9460, section 8)");
        }
    }
    let malformed = parameters
        .iter()
        .any(|(key, value)| !is_well_formed(*key, value));
    if malformed {
        Err("a parameter's value is malformed")
    } else {
        Ok(())
    }
}

fn is_well_formed(key: u16, value: &[u8]) -> bool {
    let is_list_of = |size: usize| !value.is_empty() && value.len().is_multiple_of(size);
    match key {
        MANDATORY => is_list_of(2) && value.chunks(2).is_sorted_by(|one, next| one < next),
        ALPN => {
            let mut data = Data::new(value);
            let mut protocols = 0;
            while !data.is_empty() {
                if data.text().is_none_or(<[u8]>::is_empty) {
                    return false;
                }
                protocols += 1;
            }
            protocols > 0
        }
        NO_DEFAULT_ALPN | OHTTP => value.is_empty(),
        PORT => value.len() == 2,
        V4_HINT => is_list_of(4),
        V6_HINT => is_list_of(16),
        ECH => !value.is_empty(),
        // A URI template with a variable `dns` (RFC 9461, section 5).
        DOH_PATH => std::str::from_utf8(value).is_ok_and(is_doh_path),
        _ => true,
    }
}

/// Relative, and with a variable called `dns`: a path of literals and expressions, of which none is left open
/// (RFC 6570, section 2).
fn is_doh_path(template: &str) -> bool {
    let is_literal = |text: &str| {
        let is_one = |byte: u8| byte.is_ascii_graphic() && !b"\"'<>\\^`|{}".contains(&byte);
        text.bytes().all(|byte| is_one(byte) || !byte.is_ascii())
    };
    let (mut rest, mut has_variable) = (template, false);
    while let Some((front, after)) = rest.split_once('{') {
        let Some((expression, after)) = after.split_once('}') else {
            return false;
        };
        let names = expression.trim_start_matches(['+', '#', '.', '/', ';', '?', '&']);
        has_variable |= names.split(',').any(|name| name == "dns");
        if names.is_empty() || !is_literal(front) || !is_literal(names) {
            return false;
        }
        rest = after;
    }
    template.starts_with('/') && has_variable && is_literal(rest)
}

/// The parameters in the form of the wire; `None` where they are malformed or out of order.
pub(super) fn parameters(mut data: Data<'_>) -> Option<Parameters> {
    let mut out = Parameters::new();
    while !data.is_empty() {
        let key = data.u16()?;
        let length = data.u16()?;
        let value = data.bytes(usize::from(length))?;
        let in_order = out.last_key_value().is_none_or(|(last, _)| *last < key);
        if !in_order {
            return None;
        }
        out.insert(key, value.to_vec());
    }
    Some(out)
}

/// As text; `None` where it is malformed.
pub(super) fn show(data: &mut Data<'_>, out: &mut String) -> Option<()> {
    let priority = data.u16()?;
    write!(out, "{priority} ").ok()?;
    out.push_str(&data.name()?);
    let parameters = parameters(data.rest())?;
    check(&parameters).ok()?;
    for (key, value) in parameters {
        out.push(' ');
        out.push_str(&key_name(key));
        show_value(key, &value, out)?;
    }
    Some(())
}

pub(super) fn show_value(key: u16, value: &[u8], out: &mut String) -> Option<()> {
    let joined = |items: Vec<String>| format!("={}", items.join(","));
    match key {
        NO_DEFAULT_ALPN | OHTTP => {}
        MANDATORY => {
            let keys = value
                .chunks_exact(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            out.push_str(&joined(keys.map(key_name).collect()));
        }
        PORT => write!(out, "={}", u16::from_be_bytes(value.try_into().ok()?)).ok()?,
        V4_HINT => {
            let octets = value
                .chunks_exact(4)
                .filter_map(|it| <[u8; 4]>::try_from(it).ok());
            out.push_str(&joined(
                octets.map(|it| Ipv4Addr::from(it).to_string()).collect(),
            ));
        }
        V6_HINT => {
            let octets = value
                .chunks_exact(16)
                .filter_map(|it| <[u8; 16]>::try_from(it).ok());
            out.push_str(&joined(
                octets.map(|it| Ipv6Addr::from(it).to_string()).collect(),
            ));
        }
        ECH => write!(out, "={}", Base64::encode_string(value)).ok()?,
        ALPN => {
            let (mut data, mut items) = (Data::new(value), Vec::new());
            while !data.is_empty() {
                let mut item = Vec::new();
                for &byte in data.text()? {
                    if matches!(byte, b'\\' | b',') {
                        item.push(b'\\');
                    }
                    item.push(byte);
                }
                items.push(item);
            }
            push_quoted(&items.join(&b","[..]), out);
        }
        _ if value.is_empty() => {}
        _ => push_quoted(value, out),
    }
    Some(())
}

fn push_quoted(value: &[u8], out: &mut String) {
    out.push_str("=\"");
    for &byte in value {
        push_escaped(byte, b"\"\\", out);
    }
    out.push('"');
}
