//! Data whose form depends on what stands before it.

use std::net::IpAddr;

use super::fields::{self, push_text, push16};
use super::text::{Fault, Words, decimal};

/// NSAP addresses (RFC 1706).
pub(super) fn nsap(words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    const WHAT: &str = "an address that starts with 0x";
    let text = words.joined(WHAT)?;
    let digits = text
        .strip_prefix(b"0x")
        .or_else(|| text.strip_prefix(b"0X"));
    let digits = digits.ok_or_else(|| Fault::not(&text, WHAT))?;
    let digits: Vec<u8> = digits
        .iter()
        .copied()
        .filter(|byte| *byte != b'.')
        .collect();
    if digits.is_empty() {
        return Err(Fault::not(&text, WHAT));
    }
    fields::push_hex(&digits, out)
}

/// ATM addresses: `+` and an E.164 number, or hexadecimal.
pub(super) fn atm(words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    const WHAT: &str = "a number with + in front, or hexadecimal";
    let text = words.plain(WHAT)?;
    let without_dots =
        |text: &[u8]| -> Vec<u8> { text.iter().copied().filter(|byte| *byte != b'.').collect() };
    let wrong = || Fault::not(text, WHAT);
    if let Some(number) = text.strip_prefix(b"+") {
        let digits = without_dots(number);
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return Err(wrong());
        }
        out.push(1);
        out.extend(digits);
    } else {
        let digits = without_dots(text);
        if digits.is_empty() {
            return Err(wrong());
        }
        out.push(0);
        fields::push_hex(&digits, out)?;
    }
    Ok(())
}

/// Two angles in degrees and an altitude in metres, as they are written. RFC 1712, section 3 has the longitude
/// first, and its own example, -32.6882 116.8652 10.0, the latitude: either order is taken.
pub(super) fn geo_numbers(texts: [&[u8]; 3]) -> Option<[&str; 3]> {
    let is_plain = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+');
    let number = |text: &[u8]| -> Option<f64> {
        let is_number = text.iter().all(is_plain);
        std::str::from_utf8(text)
            .ok()?
            .parse()
            .ok()
            .filter(|_| is_number)
    };
    let [one, other, _] = texts.map(number);
    let (one, other) = (one?.abs(), other?.abs());
    number(texts[2])?;
    let is_place = one.max(other) <= 180.0 && one.min(other) <= 90.0;
    let [one, other, altitude] = texts.map(|text| std::str::from_utf8(text).ok());
    is_place.then_some([one?, other?, altitude?])
}

/// Longitude, latitude and altitude as decimal numbers (RFC 1712, section 3).
pub(super) fn geo_position(words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    const WHAT: &str = "degrees, or metres";
    let texts = [words.next(WHAT)?, words.next(WHAT)?, words.next(WHAT)?].map(|word| word.raw);
    if geo_numbers(texts).is_none() {
        return Err(Fault::not(
            &texts.join(&b' '),
            "a longitude, a latitude and an altitude",
        ));
    }
    texts.into_iter().try_for_each(|text| push_text(text, out))
}

/// `[!]family:address/prefix` (RFC 3123, section 5), possibly none.
pub(super) fn prefixes(words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    const WHAT: &str = "a family, an address and a prefix length, as 1:192.0.2.0/24";
    while words.peek().is_some() {
        let word = words.plain(WHAT)?;
        let wrong = || Fault::not(word, WHAT);
        let text = std::str::from_utf8(word).map_err(|_| wrong())?;
        let (is_negated, text) = match text.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (family, rest) = text.split_once(':').ok_or_else(wrong)?;
        let (address, prefix) = rest.split_once('/').ok_or_else(wrong)?;
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let prefix = decimal(prefix.as_bytes()).ok_or_else(wrong)?;
        let (number, octets, bits) = match address {
            IpAddr::V4(four) => ("1", four.octets().to_vec(), 32),
            IpAddr::V6(six) => ("2", six.octets().to_vec(), 128),
        };
        let prefix = u8::try_from(prefix).ok().filter(|prefix| *prefix <= bits);
        let prefix = prefix.filter(|_| family == number).ok_or_else(wrong)?;
        let kept = octets
            .iter()
            .rposition(|octet| *octet != 0)
            .map_or(0, |last| last + 1);
        let negation = if is_negated { 0x80 } else { 0 };
        push16(if number == "1" { 1 } else { 2 }, out);
        out.push(prefix);
        out.push(negation | u8::try_from(kept).unwrap_or_default());
        out.extend_from_slice(&octets[..kept]);
    }
    Ok(())
}

/// An address, a protocol, and a bit for each port.
pub(super) fn well_known_services(words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    /// Names of services that zone files of old spell out, with their ports.
    const SERVICES: &[(&str, u16)] = &[
        ("ftp", 21),
        ("ssh", 22),
        ("telnet", 23),
        ("smtp", 25),
        ("time", 37),
        ("domain", 53),
        ("finger", 79),
        ("http", 80),
        ("pop3", 110),
        ("sunrpc", 111),
        ("nntp", 119),
        ("ntp", 123),
        ("imap", 143),
        ("https", 443),
    ];
    out.extend(fields::v4(words)?.octets());
    let protocol = words.plain("a protocol")?;
    out.push(match protocol.to_ascii_lowercase().as_slice() {
        b"tcp" => 6,
        b"udp" => 17,
        other => decimal(other)
            .and_then(|number| u8::try_from(number).ok())
            .ok_or_else(|| Fault::not(protocol, "a protocol's number, tcp or udp"))?,
    });
    let mut bits = Vec::new();
    while words.peek().is_some() {
        let word = words.plain("a service or a port")?;
        let is = |name: &str| name.as_bytes().eq_ignore_ascii_case(word);
        let known = SERVICES
            .iter()
            .find(|(name, _)| is(name))
            .map(|(_, port)| *port);
        let port = known.or_else(|| decimal(word).and_then(|port| u16::try_from(port).ok()));
        let port = port.ok_or_else(|| Fault::not(word, "a service or a port"))?;
        let (byte, bit) = (usize::from(port / 8), port % 8);
        if bits.len() <= byte {
            bits.resize(byte + 1, 0);
        }
        bits[byte] |= 0x80 >> bit;
    }
    out.extend(bits);
    Ok(())
}

/// `prefix [address] [name]` (RFC 2874, section 3.1).
pub(super) fn a6(words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    let prefix = words.u8("a prefix length up to 128")?;
    if prefix > 128 {
        return Err(Fault::Meaning("the prefix length is above 128"));
    }
    out.push(prefix);
    let hidden = usize::from(prefix);
    if hidden < 128 {
        let octets = fields::v6(words)?.octets();
        let first = hidden / 8;
        let mut suffix = octets[first..].to_vec();
        if let Some(byte) = suffix.first_mut() {
            *byte &= 0xff >> (hidden % 8);
        }
        out.extend(suffix);
    }
    if hidden > 0 {
        words.name(out)?;
    }
    Ok(())
}

/// What stands where a gateway or a relay does: nothing, an address, or a name (RFC 4025, section 2.5).
fn gateway(kind: u8, words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    match kind {
        0 => {
            let word = words.plain("a dot for no gateway")?;
            if word != b"." {
                return Err(Fault::not(word, "a dot for no gateway"));
            }
        }
        1 => out.extend(fields::v4(words)?.octets()),
        2 => out.extend(fields::v6(words)?.octets()),
        3 => words.name(out)?,
        _ => return Err(Fault::Meaning("kinds of gateways are 0 to 3")),
    }
    Ok(())
}

/// `precedence kind algorithm gateway [key]` (RFC 4025, section 3.1).
pub(super) fn ipsec_key(words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    out.push(words.u8("a precedence")?);
    let kind = words.u8("a kind of gateway")?;
    let algorithm = words.u8("an algorithm's number")?;
    out.extend([kind, algorithm]);
    gateway(kind, words, out)?;
    if words.peek().is_none() {
        return if algorithm == 0 {
            Ok(())
        } else {
            Err(Fault::Missing("a key"))
        };
    }
    fields::push_base64(&words.joined("base64")?, out)
}

/// `precedence look-on kind relay` (RFC 8777, section 4.3.1).
pub(super) fn amt_relay(words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    out.push(words.u8("a precedence")?);
    let looks_on = words.number("0 or 1", 1)?;
    let kind = words.u8("a kind of relay")?;
    if kind > 3 {
        return Err(Fault::Meaning("kinds of relays are 0 to 3"));
    }
    out.push(kind | if looks_on == 1 { 0x80 } else { 0 });
    gateway(kind, words, out)
}

/// `algorithm tag key [server…]` (RFC 8005, section 6).
pub(super) fn host_identity(words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    let algorithm = words.u8("an algorithm's number")?;
    let (mut tag, mut key) = (Vec::new(), Vec::new());
    fields::push_hex(words.plain("a host identity tag")?, &mut tag)?;
    fields::push_base64(words.plain("a key")?, &mut key)?;
    let length = u8::try_from(tag.len()).map_err(|_| Fault::LongText)?;
    if length == 0 {
        return Err(Fault::Missing("a host identity tag"));
    }
    out.extend([length, algorithm]);
    push16(u16::try_from(key.len()).map_err(|_| Fault::TooLong)?, out);
    out.extend(tag);
    out.extend(key);
    while words.peek().is_some() {
        words.name(out)?;
    }
    Ok(())
}
