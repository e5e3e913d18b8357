//! The data of records in the words of forms that take it apart.

use crate::name::{self, Name};
use crate::plan::Change;
use crate::rdata::{self, Type};

/// A property of CAA: flags, tag and value (RFC 8659, section 4.1).
pub(super) struct Caa {
    pub(super) flags: u8,
    pub(super) tag: String,
    pub(super) value: String,
}

pub(super) fn caa(data: &[u8]) -> Option<Caa> {
    let (&flags, rest) = data.split_first()?;
    let (&length, rest) = rest.split_first()?;
    let (tag, value) = rest.split_at_checked(usize::from(length))?;
    Some(Caa {
        flags,
        tag: String::from_utf8_lossy(tag).into_owned(),
        value: String::from_utf8_lossy(value).into_owned(),
    })
}

/// Usage, selector and matching type of TLSA, and what they are about, as hexadecimal.
pub(super) fn tlsa(data: &[u8]) -> Option<([u8; 3], String)> {
    let (&head, rest) = data.split_first_chunk::<3>()?;
    Some((head, hex(rest)))
}

/// The strings of TXT, put together as most who read it do.
pub(super) fn txt(data: &[u8]) -> Option<String> {
    let (mut out, mut rest) = (Vec::new(), data);
    while let Some((&length, after)) = rest.split_first() {
        let (text, next) = after.split_at_checked(usize::from(length))?;
        out.extend_from_slice(text);
        rest = next;
    }
    Some(String::from_utf8_lossy(&out).into_owned())
}

/// The part of a name that forms ask for: that in front of the zone's, `@` for the zone itself.
pub(super) fn host_part(name: &Name, zone: &Name) -> String {
    if name == zone {
        return "@".to_owned();
    }
    let end = name.wire().len() - zone.wire().len();
    let mut front = name.wire()[..end].to_vec();
    front.push(0);
    let text = name::show(&front);
    text.trim_end_matches('.').to_owned()
}

/// Data as one line of text.
pub(super) fn text(kind: Type, data: &[u8]) -> String {
    rdata::show(kind, data)
}

/// The TTL that a set gets.
pub(super) fn ttl(change: &Change) -> u32 {
    let set = change.after.as_ref().or(change.before.as_ref());
    set.map_or(0, |set| set.ttl)
}

fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    let pair = |byte: &u8| [digit(byte >> 4), digit(byte & 15)];
    bytes.iter().flat_map(pair).collect()
}
