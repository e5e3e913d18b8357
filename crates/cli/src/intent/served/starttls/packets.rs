//! Protocols of packets: LDAP, PostgreSQL, MySQL.

use super::Fault;
use super::dialogue::Dialogue;

/// A request for StartTLS as message 1 (RFC 4511, section 4.14.1): `[APPLICATION 23]` with the object identifier
/// 1.3.6.1.4.1.1466.20037, in 29 bytes.
const START_TLS: &[u8; 31] = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037";

/// What a response to it begins with behind its length: message 1, `[APPLICATION 24]`.
const RESPONSE: &[u8; 4] = b"\x02\x01\x01\x78";

/// Longest message of a directory's that is read, in bytes: a code, and a sentence for people.
const MAX_MESSAGE: usize = 4 << 10;

/// RFC 4511, section 4.14.
pub(super) fn ldap(dialogue: &mut Dialogue<'_>) -> Result<(), Fault> {
    dialogue.say(START_TLS)?;
    let tag = dialogue.take(1)?;
    if tag != [0x30] {
        return Err(Fault::Foreign(tag));
    }
    let length = length(dialogue)?;
    if length > MAX_MESSAGE {
        return Err(Fault::TooMuch(MAX_MESSAGE));
    }
    let message = dialogue.take(length)?;
    let Some(response) = message.strip_prefix(RESPONSE) else {
        return Err(Fault::Foreign(message));
    };
    // The length of the response, then its code: an enumeration of one byte, 0 for success (section 4.1.9).
    let ([0..=0x7f, response @ ..] | [0x81, _, response @ ..] | [0x82, _, _, response @ ..]) =
        response
    else {
        return Err(Fault::Foreign(message));
    };
    match response {
        [0x0a, 1, 0, ..] => Ok(()),
        [0x0a, 1, _, ..] => Err(Fault::Refused(sentence(response).to_vec())),
        _ => Err(Fault::Foreign(message)),
    }
}

/// A length in BER, of at most two bytes (X.690, section 8.1.3).
fn length(dialogue: &mut Dialogue<'_>) -> Result<usize, Fault> {
    let first = dialogue.take(1)?;
    let count = match first.as_slice() {
        [short @ 0..=0x7f] => return Ok(usize::from(*short)),
        [0x81] => 1,
        [0x82] => 2,
        _ => return Err(Fault::TooMuch(MAX_MESSAGE)),
    };
    let bytes = dialogue.take(count)?;
    let value = bytes
        .iter()
        .fold(0, |value, byte| value << 8 | usize::from(*byte));
    Ok(value)
}

/// The sentence of a response: behind the code and a name of up to 127 bytes, in as many.
fn sentence(response: &[u8]) -> &[u8] {
    let text = |bytes: &[u8]| Some(usize::from(*bytes.get(1)?)).filter(|length| *length < 0x80);
    let found = (|| {
        let rest = response.get(3..)?;
        let rest = rest.get(2 + text(rest)?..)?;
        rest.get(2..2 + text(rest)?)
    })();
    found.unwrap_or(response)
}

/// PostgreSQL, "Frontend/Backend Protocol", section "SSL Session Encryption": a length of 8, and 80877103.
const SSL_REQUEST: &[u8; 8] = b"\0\0\0\x08\x04\xd2\x16\x2f";

/// PostgreSQL, "Frontend/Backend Protocol", section "SSL Session Encryption".
pub(super) fn postgres(dialogue: &mut Dialogue<'_>) -> Result<(), Fault> {
    dialogue.say(SSL_REQUEST)?;
    let answer = dialogue.take(1)?;
    match answer.as_slice() {
        b"S" => Ok(()),
        b"N" => Err(Fault::NotOffered(answer)),
        b"E" => Err(Fault::Refused(answer)),
        _ => Err(Fault::Foreign(answer)),
    }
}

/// `CLIENT_SSL` of MySQL's capabilities.
const CLIENT_SSL: u32 = 1 << 11;

/// `CLIENT_PROTOCOL_41` and `CLIENT_SECURE_CONNECTION`, without which servers talk as they did before 4.1.
const CLIENT_41: u32 = 1 << 9 | 1 << 15;

/// Largest packet that a client takes, bytes; servers want to be told one.
const MAX_PACKET: u32 = 1 << 24;

/// utf8mb4_general_ci.
const CHARACTERS: u8 = 45;

/// Longest greeting that is read, in bytes: some hundred are usual.
const MAX_GREETING: usize = 4 << 10;

/// MySQL, "Client/Server Protocol", section "Connection Phase": the greeting, and a request for TLS. There is no
/// go-ahead.
pub(super) fn mysql(dialogue: &mut Dialogue<'_>) -> Result<(), Fault> {
    let head = dialogue.take(4)?;
    let length = match head.as_slice() {
        [low, middle, 0, 0] => usize::from(u16::from_le_bytes([*low, *middle])),
        _ => return Err(Fault::Foreign(head)),
    };
    if length > MAX_GREETING {
        return Err(Fault::TooMuch(MAX_GREETING));
    }
    let greeting = dialogue.take(length)?;
    // An error has a number of two bytes, then a sentence.
    if let [0xff, _, _, sentence @ ..] = greeting.as_slice() {
        return Err(Fault::Refused(sentence.to_vec()));
    }
    let Some((version, capabilities)) = capabilities(&greeting) else {
        return Err(Fault::Foreign(greeting));
    };
    if u32::from(capabilities) & CLIENT_SSL == 0 {
        return Err(Fault::NotOffered(version));
    }
    let mut request = vec![32, 0, 0, 1];
    request.extend((CLIENT_SSL | CLIENT_41).to_le_bytes());
    request.extend(MAX_PACKET.to_le_bytes());
    request.push(CHARACTERS);
    request.extend([0; 23]);
    dialogue.say(&request)
}

/// The server's version, and the lower half of what it is capable of: behind the number of a thread, eight bytes
/// of a challenge and a zero.
fn capabilities(greeting: &[u8]) -> Option<(Vec<u8>, u16)> {
    let rest = greeting.strip_prefix(&[10])?;
    let end = rest.iter().position(|byte| *byte == 0)?;
    let (version, rest) = rest.split_at(end);
    let flags = rest.get(1 + 4 + 8 + 1..)?.first_chunk()?;
    Some((version.to_vec(), u16::from_le_bytes(*flags)))
}
