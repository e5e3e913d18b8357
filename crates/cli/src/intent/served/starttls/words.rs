//! Protocols of words: SMTP, IMAP, POP3, FTP, XMPP.

use super::Fault;
use super::dialogue::Dialogue;

/// A reply of SMTP or FTP: a code, and its lines, of which all but the last have a hyphen behind the code (RFC
/// 5321, section 4.2.1; RFC 959, section 4.2). What begins with no code is no reply.
fn reply(dialogue: &mut Dialogue<'_>) -> Result<Vec<Vec<u8>>, Fault> {
    let is_last = |line: &[u8]| !matches!(line, [b'0'..=b'9', _, _, b'-', ..] | [b' ', ..]);
    let lines = dialogue.lines(is_last)?;
    match lines.last().map(Vec::as_slice) {
        Some([b'1'..=b'5', b'0'..=b'9', b'0'..=b'9', ..]) => Ok(lines),
        _ => Err(Fault::Foreign(shown(&lines))),
    }
}

fn has_code(lines: &[Vec<u8>], code: [u8; 3]) -> bool {
    lines.last().is_some_and(|line| line.starts_with(&code))
}

/// Lines, as one that can be shown.
fn shown(lines: &[Vec<u8>]) -> Vec<u8> {
    lines.join(&b' ')
}

/// Whether a word stands in a line, in whatever case.
fn names(line: &[u8], word: &[u8]) -> bool {
    let words = line.split(|byte| b" -".contains(byte));
    words.into_iter().any(|it| it.eq_ignore_ascii_case(word))
}

/// RFC 3207, section 4.
pub(super) fn smtp(dialogue: &mut Dialogue<'_>) -> Result<(), Fault> {
    let greeting = reply(dialogue)?;
    if !has_code(&greeting, *b"220") {
        return Err(Fault::Foreign(shown(&greeting)));
    }
    let hello = format!("EHLO {}\r\n", dialogue.literal());
    dialogue.say(hello.as_bytes())?;
    let offered = reply(dialogue)?;
    // The first line is a greeting (RFC 5321, section 4.1.1.1).
    let mut keywords = offered.iter().skip(1).filter_map(|line| line.get(4..));
    let is_offered = keywords.any(|keyword| keyword.trim_ascii().eq_ignore_ascii_case(b"STARTTLS"));
    if !has_code(&offered, *b"250") || !is_offered {
        return Err(Fault::NotOffered(shown(&offered)));
    }
    dialogue.say(b"STARTTLS\r\n")?;
    go_ahead(dialogue, *b"220")
}

/// RFC 4217, section 4: `AUTH TLS` may be sent without asking what is offered.
pub(super) fn ftp(dialogue: &mut Dialogue<'_>) -> Result<(), Fault> {
    let mut greeting = reply(dialogue)?;
    // "Ready in nnn minutes" (RFC 959, section 5.4).
    if has_code(&greeting, *b"120") {
        greeting = reply(dialogue)?;
    }
    if !has_code(&greeting, *b"220") {
        return Err(Fault::Foreign(shown(&greeting)));
    }
    dialogue.say(b"AUTH TLS\r\n")?;
    go_ahead(dialogue, *b"234")
}

fn go_ahead(dialogue: &mut Dialogue<'_>, code: [u8; 3]) -> Result<(), Fault> {
    let answer = reply(dialogue)?;
    if has_code(&answer, code) {
        Ok(())
    } else {
        Err(Fault::Refused(shown(&answer)))
    }
}

/// RFC 9051, section 6.2.1.
pub(super) fn imap(dialogue: &mut Dialogue<'_>) -> Result<(), Fault> {
    let greeting = dialogue.line()?;
    if !greeting.starts_with(b"* ") {
        return Err(Fault::Foreign(greeting));
    }
    // Who is known already (PREAUTH) cannot begin TLS any more.
    if !names(&greeting, b"OK") {
        return Err(Fault::NotOffered(greeting));
    }
    dialogue.say(b"a1 CAPABILITY\r\n")?;
    let offered = dialogue.lines(|line| !line.starts_with(b"* "))?;
    let untagged = |line: &&Vec<u8>| line.starts_with(b"* CAPABILITY ");
    let mut capabilities = offered.iter().filter(untagged);
    if !capabilities.any(|line| names(line, b"STARTTLS")) {
        return Err(Fault::NotOffered(shown(&offered)));
    }
    dialogue.say(b"a2 STARTTLS\r\n")?;
    let answer = dialogue.lines(|line| !line.starts_with(b"* "))?;
    match answer.last() {
        Some(last) if last.starts_with(b"a2 ") && names(last, b"OK") => Ok(()),
        _ => Err(Fault::Refused(shown(&answer))),
    }
}

/// RFC 2595, section 4. What is offered is told by `CAPA` (RFC 2449), which not every server knows.
pub(super) fn pop3(dialogue: &mut Dialogue<'_>) -> Result<(), Fault> {
    let greeting = dialogue.line()?;
    if !greeting.starts_with(b"+OK") {
        return Err(Fault::Foreign(greeting));
    }
    dialogue.say(b"CAPA\r\n")?;
    let offered = dialogue.lines(|line| line == b"." || line.starts_with(b"-ERR"))?;
    let is_told = offered.last().is_some_and(|last| last == b".");
    let mut capabilities = offered.iter();
    if is_told && !capabilities.any(|line| line.eq_ignore_ascii_case(b"STLS")) {
        return Err(Fault::NotOffered(shown(&offered)));
    }
    dialogue.say(b"STLS\r\n")?;
    let answer = dialogue.line()?;
    if answer.starts_with(b"+OK") {
        Ok(())
    } else {
        Err(Fault::Refused(answer))
    }
}

/// What an element of XMPP's begins with, and the namespace of TLS.
const TLS: &str = "urn:ietf:params:xml:ns:xmpp-tls";

/// RFC 6120, section 5.4. `host` is a name or an address, which needs no escaping.
pub(super) fn xmpp(dialogue: &mut Dialogue<'_>, host: &str) -> Result<(), Fault> {
    let host = host.trim_end_matches('.');
    let opening = format!(
        "<?xml version='1.0'?><stream:stream to='{host}' version='1.0' xmlns='jabber:client' \
         xmlns:stream='http://etherx.jabber.org/streams'>"
    );
    dialogue.say(opening.as_bytes())?;
    let ends: [&[u8]; 3] = [
        b"</stream:features>",
        b"<stream:features/>",
        b"</stream:stream>",
    ];
    let end = dialogue.until(|heard| {
        let is_foreign = heard.iter().find(|byte| !byte.is_ascii_whitespace());
        if is_foreign.is_some_and(|byte| *byte != b'<') {
            return Some(None);
        }
        let found = ends
            .iter()
            .find_map(|end| Some(find(heard, end)? + end.len()));
        found.map(Some)
    })?;
    let Some(end) = end else {
        return Err(Fault::Foreign(dialogue.line()?));
    };
    let offered = dialogue.take(end)?;
    if find(&offered, TLS.as_bytes()).is_none() {
        return Err(Fault::NotOffered(offered));
    }
    dialogue.say(format!("<starttls xmlns='{TLS}'/>").as_bytes())?;
    let end = dialogue.until(|heard| heard.iter().position(|byte| *byte == b'>'))?;
    let answer = dialogue.take(end + 1)?;
    if !answer.trim_ascii_start().starts_with(b"<proceed") {
        return Err(Fault::Refused(answer));
    }
    if !answer.ends_with(b"/>") {
        // The element may be closed on its own.
        let end = dialogue.until(|heard| heard.iter().position(|byte| *byte == b'>'))?;
        let closed = dialogue.take(end + 1)?;
        if closed.trim_ascii_start() != b"</proceed>" {
            return Err(Fault::Injected(closed));
        }
    }
    Ok(())
}

/// Where one text begins in another.
fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}
