//! What service bindings say of a service (RFC 9460).

use std::net::IpAddr;

use super::svcb::{
    self, ALPN, MANDATORY, NO_DEFAULT_ALPN, PORT, Parameters, V4_HINT, V6_HINT, key_name,
    show_value,
};
use super::wire::Data;
use crate::name::{self, Name, NameFault};

fn said(data: &[u8]) -> Parameters {
    let mut data = Data::new(data);
    let parameters = match (data.u16(), data.raw_name()) {
        (Some(_), Some(_)) => svcb::parameters(data),
        _ => None,
    };
    parameters.unwrap_or_default()
}

/// What a record says beside protocols and addresses, as text: other parameters, and where it leads.
pub(crate) fn extras(owner: &Name, data: &[u8]) -> Vec<String> {
    let usual = [MANDATORY, ALPN, NO_DEFAULT_ALPN, V4_HINT, V6_HINT];
    let parameters = said(data).into_iter();
    let parameters = parameters.filter(|(key, _)| !usual.contains(key));
    let parameters = parameters.filter_map(shown);
    let target = leads(owner, data).map(|target| target.to_string());
    target.into_iter().chain(parameters).collect()
}

/// The parameters of a record, each as text.
pub(crate) fn parameters(data: &[u8]) -> Vec<String> {
    said(data).into_iter().filter_map(shown).collect()
}

fn shown((key, value): (u16, Vec<u8>)) -> Option<String> {
    let mut text = key_name(key);
    show_value(key, &value, &mut text).map(|()| text)
}

/// Where a record leads: the name of its data, where that is another one than the owner's (RFC 9460, section 2.5).
pub(crate) fn leads(owner: &Name, data: &[u8]) -> Option<Name> {
    let target = Name::of_wire(name::first(data.get(2..)?)?);
    (target.wire() != [0] && target != *owner).then_some(target)
}

/// The name at which clients of a port ask for HTTPS records of a host (RFC 9460, sections 2.3 and 9.1); they ask for those
/// of port 443 at the host itself.
///
/// # Errors
/// [`NameFault`] where no name can be made below the host.
pub(crate) fn at_port(host: &Name, port: u16) -> Result<Name, NameFault> {
    host.child("_https")?.child(&format!("_{port}"))
}

/// The host that an HTTPS record at a name is for: the name itself, save where that is one for a port.
pub(crate) fn bound(owner: &Name) -> Name {
    let above = owner.parent().filter(|_| port_below(owner).is_some());
    above
        .and_then(|https| https.parent())
        .unwrap_or_else(|| owner.clone())
}

/// The port whose clients ask for HTTPS records at a name, where that is one for a port (RFC 9460, section 9.1); 0 where its
/// digits are those of none.
pub(crate) fn port_asked(owner: &Name) -> Option<u16> {
    port_below(owner).map(|digits| digits.parse().unwrap_or(0))
}

/// The digits of the port that a name is for, where it is one for a port.
fn port_below(owner: &Name) -> Option<&str> {
    let mut labels = name::labels(owner.wire());
    let digits = labels.next()?.strip_prefix(b"_")?;
    let is_port = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    let is_for_port = is_port && labels.next() == Some(b"_https");
    str::from_utf8(digits).ok().filter(|_| is_for_port)
}

/// The port that a record leads to, where it says one (RFC 9460, section 7.2).
pub(crate) fn port(data: &[u8]) -> Option<u16> {
    let said = said(data).into_iter().find(|(key, _)| *key == PORT);
    Some(u16::from_be_bytes(*said?.1.first_chunk()?))
}

/// The addresses that a record hints at (RFC 9460, section 7.3).
pub(crate) fn hints(data: &[u8]) -> Vec<IpAddr> {
    let mut hints = Vec::new();
    for (key, value) in said(data) {
        match key {
            V4_HINT => hints.extend(
                value
                    .as_chunks::<4>()
                    .0
                    .iter()
                    .map(|four| IpAddr::from(*four)),
            ),
            V6_HINT => hints.extend(
                value
                    .as_chunks::<16>()
                    .0
                    .iter()
                    .map(|six| IpAddr::from(*six)),
            ),
            _ => {}
        }
    }
    hints
}
