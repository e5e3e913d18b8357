//! From data to a zone file's words.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

use base64ct::{Base64, Encoding};

use super::kinds::Field;
use super::special::geo_numbers;
use super::wire::Data;
use super::{Type, bitmap, fields as read, location, svcb};
use crate::name::push_escaped;
use crate::ttl;

/// The data of a record as text. What is no data of its type, and types without words for it, are written
/// as bytes (RFC 3597, section 5).
pub(crate) fn show(kind: Type, data: &[u8]) -> String {
    let known = kind
        .fields()
        .and_then(|known| fields(known, Data::new(data)));
    known.unwrap_or_else(|| {
        let mut out = format!("\\# {}", data.len());
        if !data.is_empty() {
            out.push(' ');
            push_hex(data, &mut out);
        }
        out
    })
}

/// These fields as text; `None` where the data is not made of them.
pub(super) fn fields(fields: &[Field], mut data: Data<'_>) -> Option<String> {
    let mut out = String::new();
    for field in fields {
        let before = out.len();
        if before > 0 {
            out.push(' ');
        }
        one(*field, &mut data, &mut out)?;
        if before > 0 && out.len() == before + 1 {
            out.pop();
        }
    }
    data.is_empty().then_some(out)
}

fn one(field: Field, data: &mut Data<'_>, out: &mut String) -> Option<()> {
    match field {
        Field::Name => out.push_str(&data.name()?),
        Field::U8 | Field::Algorithm => write!(out, "{}", data.u8()?).ok()?,
        Field::U16 | Field::CertificateType => write!(out, "{}", data.u16()?).ok()?,
        Field::U32 | Field::Seconds => write!(out, "{}", data.u32()?).ok()?,
        Field::Moment => out.push_str(&ttl::show_moment(data.u32()?)),
        Field::Type => write!(out, "{}", Type::of(data.u16()?)).ok()?,
        Field::V4 => write!(out, "{}", Ipv4Addr::from(data.array::<4>()?)).ok()?,
        Field::V6 => write!(out, "{}", Ipv6Addr::from(data.array::<16>()?)).ok()?,
        Field::MaybeText if data.is_empty() => {}
        Field::Text | Field::MaybeText => push_quoted(data.text()?, out),
        Field::Texts => texts(data, out)?,
        Field::Hex => push_hex(some(data.all())?, out),
        Field::Base64 => out.push_str(&Base64::encode_string(some(data.all())?)),
        Field::BareBase64 => out.push_str(&Base64::encode_string(data.all())),
        Field::MaybeBase64 => match data.all() {
            [] => out.push('-'),
            bytes => out.push_str(&Base64::encode_string(bytes)),
        },
        Field::Salt => match data.text()? {
            [] => out.push('-'),
            bytes => push_hex(bytes, out),
        },
        Field::Hash => out.push_str(&read::base32_hex(some(data.text()?)?)),
        Field::Types | Field::SomeTypes => {
            let bits = data.all();
            if bits.is_empty() && field == Field::SomeTypes {
                return None;
            }
            let types = bitmap::types(bits)?;
            let types: Vec<String> = types.iter().map(ToString::to_string).collect();
            out.push_str(&types.join(" "));
        }
        Field::Eui(count) => {
            let bytes = data.bytes(usize::from(count))?;
            let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            out.push_str(&bytes.join("-"));
        }
        Field::Node64 => {
            for group in 0..4 {
                let colon = if group == 0 { "" } else { ":" };
                write!(out, "{colon}{:x}", data.u16()?).ok()?;
            }
        }
        Field::Tag => {
            let tag = some(data.text()?)?;
            if !tag.iter().all(u8::is_ascii_alphanumeric) {
                return None;
            }
            out.push_str(std::str::from_utf8(tag).ok()?);
        }
        Field::Rest | Field::Uri => push_quoted(data.all(), out),
        Field::Nsap => {
            out.push_str("0x");
            push_hex(some(data.all())?, out);
        }
        Field::Atm => atm(data, out)?,
        Field::Location => out.push_str(&location::show(data.all())?),
        Field::GeoPosition => {
            let texts = [data.text()?, data.text()?, data.text()?];
            out.push_str(&geo_numbers(texts)?.join(" "));
        }
        Field::Prefixes => prefixes(data, out)?,
        Field::WellKnownServices => services(data, out)?,
        Field::A6 => a6(data, out)?,
        Field::IpsecKey => {
            let (precedence, kind, algorithm) = (data.u8()?, data.u8()?, data.u8()?);
            write!(out, "{precedence} {kind} {algorithm} ").ok()?;
            gateway(kind, data, out)?;
            if !data.is_empty() {
                write!(out, " {}", Base64::encode_string(data.all())).ok()?;
            } else if algorithm != 0 {
                return None;
            }
        }
        Field::AmtRelay => {
            let (precedence, kind) = (data.u8()?, data.u8()?);
            write!(out, "{precedence} {} {} ", kind >> 7, kind & 0x7f).ok()?;
            gateway(kind & 0x7f, data, out)?;
        }
        Field::HostIdentity => host_identity(data, out)?,
        Field::ServiceBinding => svcb::show(data, out)?,
        Field::Opaque => return None,
    }
    Some(())
}

fn some(bytes: &[u8]) -> Option<&[u8]> {
    (!bytes.is_empty()).then_some(bytes)
}

fn push_hex(bytes: &[u8], out: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in bytes {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

fn push_quoted(bytes: &[u8], out: &mut String) {
    out.push('"');
    for &byte in bytes {
        push_escaped(byte, b"\"\\", out);
    }
    out.push('"');
}

fn texts(data: &mut Data<'_>, out: &mut String) -> Option<()> {
    push_quoted(data.text()?, out);
    while !data.is_empty() {
        out.push(' ');
        push_quoted(data.text()?, out);
    }
    Some(())
}

fn atm(data: &mut Data<'_>, out: &mut String) -> Option<()> {
    match data.u8()? {
        0 => push_hex(some(data.all())?, out),
        1 => {
            let digits = some(data.all())?;
            if !digits.iter().all(u8::is_ascii_digit) {
                return None;
            }
            write!(out, "+{}", std::str::from_utf8(digits).ok()?).ok()?;
        }
        _ => return None,
    }
    Some(())
}

fn prefixes(data: &mut Data<'_>, out: &mut String) -> Option<()> {
    while !data.is_empty() {
        if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
        let (family, prefix, length) = (data.u16()?, data.u8()?, data.u8()?);
        let bytes = data.bytes(usize::from(length & 0x7f))?;
        if bytes.last() == Some(&0) {
            return None;
        }
        let mut octets = [0_u8; 16];
        octets.get_mut(..bytes.len())?.copy_from_slice(bytes);
        let (address, bits) = match family {
            1 if bytes.len() <= 4 => (
                Ipv4Addr::new(octets[0], octets[1], octets[2], octets[3]).to_string(),
                32,
            ),
            2 => (Ipv6Addr::from(octets).to_string(), 128),
            _ => return None,
        };
        let negation = if length & 0x80 == 0 { "" } else { "!" };
        if prefix > bits {
            return None;
        }
        write!(out, "{negation}{family}:{address}/{prefix}").ok()?;
    }
    Some(())
}

fn services(data: &mut Data<'_>, out: &mut String) -> Option<()> {
    let (address, protocol) = (Ipv4Addr::from(data.array::<4>()?), data.u8()?);
    write!(out, "{address} {protocol}").ok()?;
    let ports = data.all();
    // A bit for each of 65,536 ports at most, and none behind the last that is set.
    if ports.len() > 8_192 || ports.last() == Some(&0) {
        return None;
    }
    for (at, byte) in ports.iter().enumerate() {
        for bit in 0..8 {
            if byte & (0x80 >> bit) != 0 {
                write!(out, " {}", at * 8 + bit).ok()?;
            }
        }
    }
    Some(())
}

fn a6(data: &mut Data<'_>, out: &mut String) -> Option<()> {
    let prefix = data.u8().filter(|prefix| *prefix <= 128)?;
    write!(out, "{prefix}").ok()?;
    let first = usize::from(prefix) / 8;
    if prefix < 128 {
        let mut octets = [0_u8; 16];
        octets[first..].copy_from_slice(data.bytes(16 - first)?);
        // What the prefix covers is padded with zeros (RFC 2874, section 3.1).
        if octets[first].leading_zeros() < u32::from(prefix % 8) {
            return None;
        }
        write!(out, " {}", Ipv6Addr::from(octets)).ok()?;
    }
    if prefix > 0 {
        write!(out, " {}", data.name()?).ok()?;
    }
    Some(())
}

fn gateway(kind: u8, data: &mut Data<'_>, out: &mut String) -> Option<()> {
    match kind {
        0 => out.push('.'),
        1 => write!(out, "{}", Ipv4Addr::from(data.array::<4>()?)).ok()?,
        2 => write!(out, "{}", Ipv6Addr::from(data.array::<16>()?)).ok()?,
        3 => out.push_str(&data.name()?),
        _ => return None,
    }
    Some(())
}

fn host_identity(data: &mut Data<'_>, out: &mut String) -> Option<()> {
    let (length, algorithm, key) = (data.u8()?, data.u8()?, data.u16()?);
    let tag = some(data.bytes(usize::from(length))?)?;
    let key = some(data.bytes(usize::from(key))?)?;
    write!(out, "{algorithm} ").ok()?;
    push_hex(tag, out);
    write!(out, " {}", Base64::encode_string(key)).ok()?;
    while !data.is_empty() {
        write!(out, " {}", data.name()?).ok()?;
    }
    Some(())
}
