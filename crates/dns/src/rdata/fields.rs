//! The parts that data is made of, read from words.

use std::net::{Ipv4Addr, Ipv6Addr};

use base64ct::{Base64, Encoding};

use super::kinds::Field;
use super::text::{Fault, Words, decimal};
use super::{Type, bitmap, location, special, svcb};
use crate::name::unescaped;
use crate::ttl;
use crate::zone::Word;

pub(super) fn read(field: Field, words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    match field {
        Field::Name => words.name(out)?,
        Field::U8 => out.push(words.u8("a number up to 255")?),
        Field::U16 => push16(words.u16("a number up to 65535")?, out),
        Field::U32 => push32(words.number("a number of 32 bits", u32::MAX)?, out),
        Field::Seconds => seconds(words, out)?,
        Field::Moment => moment(words, out)?,
        Field::Algorithm => out.push(algorithm(words)?),
        Field::CertificateType => push16(certificate_type(words)?, out),
        Field::Type => push16(type_of(words)?.code(), out),
        Field::V4 => out.extend(v4(words)?.octets()),
        Field::V6 => out.extend(v6(words)?.octets()),
        Field::MaybeText | Field::BareBase64 if words.peek().is_none() => {}
        Field::Text | Field::MaybeText => text(words, out)?,
        Field::Texts => texts(words, out)?,
        Field::Hex => {
            let hex = words.joined("hexadecimal")?;
            push_hex(&hex, out)?;
        }
        Field::Base64 | Field::BareBase64 => base64(words, out)?,
        Field::MaybeBase64 => {
            if words.peek().is_some_and(|word| word.raw == b"-") {
                words.take();
            } else {
                base64(words, out)?;
            }
        }
        Field::Salt => salt(words, out)?,
        Field::Hash => hash(words, out)?,
        Field::SomeTypes if words.peek().is_none() => return Err(Fault::Missing("a type")),
        Field::Types | Field::SomeTypes => bitmap::read(words, out)?,
        Field::Eui(bytes) => eui(words, usize::from(bytes), out)?,
        Field::Node64 => node64(words, out)?,
        Field::Tag => tag(words, out)?,
        Field::Rest => rest(words.next("a value")?, out)?,
        Field::Uri => {
            let word = words.next("a URI in quotes")?;
            if !word.is_quoted() {
                return Err(Fault::not(word.raw, "a URI in quotes"));
            }
            rest(word, out)?;
        }
        Field::Nsap => special::nsap(words, out)?,
        Field::Atm => special::atm(words, out)?,
        Field::Location => location::read(words, out)?,
        Field::GeoPosition => special::geo_position(words, out)?,
        Field::Prefixes => special::prefixes(words, out)?,
        Field::WellKnownServices => special::well_known_services(words, out)?,
        Field::A6 => special::a6(words, out)?,
        Field::IpsecKey => special::ipsec_key(words, out)?,
        Field::AmtRelay => special::amt_relay(words, out)?,
        Field::HostIdentity => special::host_identity(words, out)?,
        Field::ServiceBinding => svcb::read(words, out)?,
        Field::Opaque => return Err(Fault::NoText),
    }
    Ok(())
}

pub(super) fn push16(number: u16, out: &mut Vec<u8>) {
    out.extend(number.to_be_bytes());
}

fn push32(number: u32, out: &mut Vec<u8>) {
    out.extend(number.to_be_bytes());
}

fn seconds(words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    const WHAT: &str = "a time in seconds, or with units";
    let word = words.plain(WHAT)?;
    push32(ttl::read(word).ok_or_else(|| Fault::not(word, WHAT))?, out);
    Ok(())
}

fn moment(words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    const WHAT: &str = "a moment as YYYYMMDDHHmmSS or in seconds";
    let word = words.plain(WHAT)?;
    let number = if word.len() == 14 {
        ttl::moment(word)
    } else {
        decimal(word)
    };
    push32(number.ok_or_else(|| Fault::not(word, WHAT))?, out);
    Ok(())
}

/// DNS Security Algorithm Numbers, as IANA lists them.
pub(super) const ALGORITHMS: &[(&str, u8)] = &[
    ("DELETE", 0),
    ("RSAMD5", 1),
    ("DH", 2),
    ("DSA", 3),
    ("ECC", 4),
    ("RSASHA1", 5),
    ("DSA-NSEC3-SHA1", 6),
    ("NSEC3DSA", 6),
    ("RSASHA1-NSEC3-SHA1", 7),
    ("NSEC3RSASHA1", 7),
    ("RSASHA256", 8),
    ("RSASHA512", 10),
    ("ECC-GOST", 12),
    ("ECCGOST", 12),
    ("ECDSAP256SHA256", 13),
    ("ECDSAP384SHA384", 14),
    ("ED25519", 15),
    ("ED448", 16),
    ("INDIRECT", 252),
    ("PRIVATEDNS", 253),
    ("PRIVATEOID", 254),
];

pub(super) fn algorithm(words: &mut Words<'_>) -> Result<u8, Fault> {
    const WHAT: &str = "an algorithm's number or mnemonic";
    let word = words.plain(WHAT)?;
    mnemonic(word, ALGORITHMS)
        .or_else(|| decimal(word).and_then(|number| u8::try_from(number).ok()))
        .ok_or_else(|| Fault::not(word, WHAT))
}

/// Certificate types (RFC 4398, section 2.1).
const CERTIFICATE_TYPES: &[(&str, u16)] = &[
    ("PKIX", 1),
    ("SPKI", 2),
    ("PGP", 3),
    ("IPKIX", 4),
    ("ISPKI", 5),
    ("IPGP", 6),
    ("ACPKIX", 7),
    ("IACPKIX", 8),
    ("URI", 253),
    ("OID", 254),
];

fn certificate_type(words: &mut Words<'_>) -> Result<u16, Fault> {
    const WHAT: &str = "a certificate type's number or mnemonic";
    let word = words.plain(WHAT)?;
    mnemonic(word, CERTIFICATE_TYPES)
        .or_else(|| decimal(word).and_then(|number| u16::try_from(number).ok()))
        .ok_or_else(|| Fault::not(word, WHAT))
}

fn mnemonic<N: Copy>(word: &[u8], names: &[(&str, N)]) -> Option<N> {
    let is = |name: &str| name.as_bytes().eq_ignore_ascii_case(word);
    names
        .iter()
        .find(|(name, _)| is(name))
        .map(|(_, number)| *number)
}

pub(super) fn type_of(words: &mut Words<'_>) -> Result<Type, Fault> {
    let word = words.plain("a record type")?;
    Type::read(word).ok_or_else(|| Fault::not(word, "a record type"))
}

pub(super) fn v4(words: &mut Words<'_>) -> Result<Ipv4Addr, Fault> {
    const WHAT: &str = "an IPv4 address";
    let word = words.plain(WHAT)?;
    let text = std::str::from_utf8(word).ok();
    text.and_then(|text| text.parse().ok())
        .ok_or_else(|| Fault::not(word, WHAT))
}

pub(super) fn v6(words: &mut Words<'_>) -> Result<Ipv6Addr, Fault> {
    const WHAT: &str = "an IPv6 address";
    let word = words.plain(WHAT)?;
    let text = std::str::from_utf8(word).ok();
    text.and_then(|text| text.parse().ok())
        .ok_or_else(|| Fault::not(word, WHAT))
}

/// A word's bytes, without its escapes.
pub(super) fn bytes(raw: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::with_capacity(raw.len());
    let mut at = 0;
    while at < raw.len() {
        let (byte, next) = unescaped(raw, at)
            .ok_or_else(|| Fault::not(raw, "text with \\ before a character or three digits"))?;
        out.push(byte);
        at = next;
    }
    Ok(out)
}

/// A byte of length, and that many bytes.
pub(super) fn push_text(bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Fault> {
    out.push(u8::try_from(bytes.len()).map_err(|_| Fault::LongText)?);
    out.extend_from_slice(bytes);
    Ok(())
}

fn text(words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    let word = words.next("a string")?;
    for part in word.parts() {
        push_text(&bytes(part)?, out)?;
    }
    Ok(())
}

fn texts(words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    text(words, out)?;
    while words.peek().is_some() {
        text(words, out)?;
    }
    Ok(())
}

pub(super) fn push_hex(text: &[u8], out: &mut Vec<u8>) -> Result<(), Fault> {
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|it| u8::try_from(it).ok())
    };
    let wrong = || Fault::not(text, "an even number of hexadecimal digits");
    if !text.len().is_multiple_of(2) {
        return Err(wrong());
    }
    for pair in text.chunks_exact(2) {
        let (high, low) = (digit(pair[0]), digit(pair[1]));
        let (Some(high), Some(low)) = (high, low) else {
            return Err(wrong());
        };
        out.push(high << 4 | low);
    }
    Ok(())
}

fn base64(words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    let text = words.joined("base64")?;
    push_base64(&text, out)
}

pub(super) fn push_base64(text: &[u8], out: &mut Vec<u8>) -> Result<(), Fault> {
    let decoded = std::str::from_utf8(text)
        .ok()
        .and_then(|text| Base64::decode_vec(text).ok());
    let decoded = decoded.filter(|bytes| !bytes.is_empty());
    out.extend(decoded.ok_or_else(|| Fault::not(text, "base64"))?);
    Ok(())
}

fn salt(words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    let word = words.plain("a salt, or -")?;
    if word == b"-" {
        out.push(0);
        return Ok(());
    }
    let mut salt = Vec::new();
    push_hex(word, &mut salt)?;
    push_text(&salt, out)
}

const BASE32_HEX: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";

/// Base32 without padding (RFC 5155, section 3.3). Bits that are left over have to be zero.
fn hash(words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    const WHAT: &str = "a hash in base32 without padding";
    let word = words.plain(WHAT)?;
    let wrong = || Fault::not(word, WHAT);
    let (mut decoded, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for byte in word {
        let lower = byte.to_ascii_lowercase();
        let value = BASE32_HEX
            .iter()
            .position(|&digit| digit == lower)
            .ok_or_else(wrong)?;
        held = (held << 5 | u32::try_from(value).unwrap_or_default()) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            decoded.push(u8::try_from(held >> bits & 0xff).unwrap_or_default());
        }
    }
    let rest = held & ((1 << bits) - 1);
    if decoded.is_empty() || rest != 0 || bits >= 5 {
        return Err(wrong());
    }
    push_text(&decoded, out)
}

/// A hash as text.
pub(super) fn base32_hex(bytes: &[u8]) -> String {
    let (mut out, mut bits, mut held) = (String::new(), 0_u32, 0_u32);
    for &byte in bytes {
        held = (held << 8 | u32::from(byte)) & 0xffff;
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(char::from(BASE32_HEX[(held >> bits & 31) as usize]));
        }
    }
    if bits > 0 {
        out.push(char::from(BASE32_HEX[(held << (5 - bits) & 31) as usize]));
    }
    out
}

fn eui(words: &mut Words<'_>, count: usize, out: &mut Vec<u8>) -> Result<(), Fault> {
    const WHAT: &str = "bytes of two hexadecimal digits with hyphens between";
    let word = words.plain(WHAT)?;
    let start = out.len();
    for part in word.split(|&byte| byte == b'-') {
        if part.len() != 2 {
            return Err(Fault::not(word, WHAT));
        }
        push_hex(part, out)?;
    }
    if out.len() - start == count {
        Ok(())
    } else {
        Err(Fault::not(word, WHAT))
    }
}

fn node64(words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    const WHAT: &str = "four groups of hexadecimal digits with colons between";
    let word = words.plain(WHAT)?;
    let groups: Vec<&[u8]> = word.split(|&byte| byte == b':').collect();
    if groups.len() != 4 {
        return Err(Fault::not(word, WHAT));
    }
    for group in groups {
        let text = std::str::from_utf8(group)
            .ok()
            .filter(|text| (1..=4).contains(&text.len()));
        let number = text.and_then(|text| u16::from_str_radix(text, 16).ok());
        let is_hex = group.iter().all(u8::is_ascii_hexdigit);
        push16(
            number
                .filter(|_| is_hex)
                .ok_or_else(|| Fault::not(word, WHAT))?,
            out,
        );
    }
    Ok(())
}

fn tag(words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    const WHAT: &str = "a tag of letters and digits";
    let word = words.plain(WHAT)?;
    let is_tag = !word.is_empty() && word.iter().all(u8::is_ascii_alphanumeric);
    if !is_tag {
        return Err(Fault::not(word, WHAT));
    }
    push_text(word, out)
}

fn rest(word: Word<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    out.extend(bytes(word.raw)?);
    Ok(())
}
