//! LOC: where something is (RFC 1876).

use std::fmt::Write as _;

use super::text::{Fault, Words, decimal};

/// The equator and the prime meridian: thousandths of seconds of arc are counted from here.
const MIDDLE: i64 = 1 << 31;
/// Altitudes are counted from 100,000 m below the reference spheroid, in centimetres.
const BELOW: i64 = 10_000_000;
/// One metre; ten kilometres; ten metres: what stands where sizes are left out, in centimetres.
const SIZES: [u64; 3] = [100, 1_000_000, 1_000];
/// Largest size: 9e9 cm.
const MAX_SIZE: u64 = 9_000_000_000;

pub(super) fn read(words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    let latitude = angle(words, 90, [b'N', b'S'])?;
    let longitude = angle(words, 180, [b'E', b'W'])?;
    let altitude = centimetres(words, "an altitude in metres")? + BELOW;
    let altitude = u32::try_from(altitude)
        .map_err(|_| Fault::Meaning("the altitude is out of what LOC can hold"))?;
    let mut sizes = [0_u8; 3];
    for (size, standard) in sizes.iter_mut().zip(SIZES) {
        let given = match words.peek() {
            Some(_) => centimetres(words, "a size in metres")?,
            None => i64::try_from(standard).unwrap_or_default(),
        };
        let given = u64::try_from(given).ok().filter(|size| *size <= MAX_SIZE);
        *size = packed(given.ok_or(Fault::Meaning("sizes are from 0 to 90000000 m"))?);
    }
    out.push(0);
    out.extend(sizes);
    out.extend(latitude.to_be_bytes());
    out.extend(longitude.to_be_bytes());
    out.extend(altitude.to_be_bytes());
    Ok(())
}

/// A digit, and how many zeros come after it (RFC 1876, section 2).
fn packed(size: u64) -> u8 {
    let (mut mantissa, mut exponent) = (size, 0_u8);
    while mantissa > 9 {
        mantissa /= 10;
        exponent += 1;
    }
    u8::try_from(mantissa).unwrap_or(9) << 4 | exponent
}

/// `degrees [minutes [seconds[.fraction]]] letter`
fn angle(words: &mut Words<'_>, limit: u64, letters: [u8; 2]) -> Result<u32, Fault> {
    const WHAT: &str = "degrees, minutes, seconds and one of N, S, E, W";
    let degrees = u64::from(words.number(WHAT, 180)?);
    let (mut arc, mut scale) = (degrees * 3_600_000, 60_000_u64);
    loop {
        let word = words.plain(WHAT)?;
        let upper = word.to_ascii_uppercase();
        if let Some(sign) = letters.iter().position(|letter| upper == [*letter]) {
            if arc > limit * 3_600_000 {
                return Err(Fault::Meaning("the angle is too large"));
            }
            let arc = i64::try_from(arc).unwrap_or_default();
            let arc = if sign == 0 {
                MIDDLE + arc
            } else {
                MIDDLE - arc
            };
            return Ok(u32::try_from(arc).unwrap_or(u32::MAX));
        }
        let wrong = || Fault::not(word, WHAT);
        arc += match scale {
            60_000 => u64::from(decimal(word).filter(|it| *it < 60).ok_or_else(wrong)?) * 60_000,
            1_000 => thousandths(word)
                .filter(|it| *it < 60_000)
                .ok_or_else(wrong)?,
            _ => return Err(wrong()),
        };
        scale = if scale == 60_000 { 1_000 } else { 0 };
    }
}

/// A decimal number with up to three places, in thousandths.
fn thousandths(word: &[u8]) -> Option<u64> {
    fraction(word, 3)
}

fn fraction(word: &[u8], places: usize) -> Option<u64> {
    let mut parts = word.splitn(2, |&byte| byte == b'.');
    let whole = u64::from(decimal(parts.next()?)?);
    let places = u32::try_from(places).ok()?;
    let scale = 10_u64.pow(places);
    let Some(digits) = parts.next() else {
        return Some(whole * scale);
    };
    let count = u32::try_from(digits.len()).ok()?;
    if count > places {
        return None;
    }
    let value = if digits.is_empty() {
        0
    } else {
        decimal(digits)?
    };
    let value = u64::from(value);
    Some(whole * scale + value * 10_u64.pow(places - count))
}

fn centimetres(words: &mut Words<'_>, what: &'static str) -> Result<i64, Fault> {
    let word = words.plain(what)?;
    let text = word.strip_suffix(b"m").unwrap_or(word);
    let (is_negative, text) = match text.strip_prefix(b"-") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let value = fraction(text, 2).and_then(|value| i64::try_from(value).ok());
    let value = value.ok_or_else(|| Fault::not(word, what))?;
    Ok(if is_negative { -value } else { value })
}

/// The sixteen bytes as text; `None` for another version or sizes that are none.
pub(super) fn show(data: &[u8]) -> Option<String> {
    let data: &[u8; 16] = data.try_into().ok()?;
    let number = |at: usize| {
        let bytes = [data[at], data[at + 1], data[at + 2], data[at + 3]];
        i64::from(u32::from_be_bytes(bytes))
    };
    if data[0] != 0 {
        return None;
    }
    let mut out = String::new();
    for (at, limit, [positive, negative]) in [(4, 90, ['N', 'S']), (8, 180, ['E', 'W'])] {
        let arc = number(at) - MIDDLE;
        let letter = if arc < 0 { negative } else { positive };
        let arc = arc.unsigned_abs();
        if arc > limit * 3_600_000 {
            return None;
        }
        let (degrees, rest) = (arc / 3_600_000, arc % 3_600_000);
        let (minutes, rest) = (rest / 60_000, rest % 60_000);
        let (seconds, thousandths) = (rest / 1_000, rest % 1_000);
        write!(
            out,
            "{degrees} {minutes} {seconds}.{thousandths:03} {letter} "
        )
        .ok()?;
    }
    push_metres(number(12) - BELOW, &mut out)?;
    for byte in &data[1..4] {
        let (mantissa, exponent) = (byte >> 4, byte & 15);
        // Nothing has one form: no digit, and no zeros behind it.
        if mantissa > 9 || exponent > 9 || (mantissa == 0 && exponent > 0) {
            return None;
        }
        out.push(' ');
        push_metres(
            i64::from(mantissa) * 10_i64.pow(u32::from(exponent)),
            &mut out,
        )?;
    }
    Some(out)
}

fn push_metres(centimetres: i64, out: &mut String) -> Option<()> {
    let sign = if centimetres < 0 { "-" } else { "" };
    let size = centimetres.unsigned_abs();
    write!(out, "{sign}{}.{:02}m", size / 100, size % 100).ok()
}
