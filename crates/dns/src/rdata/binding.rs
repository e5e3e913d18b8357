//! What service bindings say of a service (RFC 9460).

use std::net::IpAddr;

use super::svcb::{
    self, ALPN, MANDATORY, NO_DEFAULT_ALPN, Parameters, V4_HINT, V6_HINT, key_name, show_value,
};
use super::wire::Data;
use crate::name::{self, Name};

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
