//! What a service is called in the forms of servers, so that two of them fit into one place.

use std::fmt::Write as _;
use std::net::SocketAddr;

use super::settings;
use crate::Service;
use crate::forms::fields::Lost;

/// What parts of a server's configuration are called that are a service's without a name of its own.
const OURS: &str = "keyway";

/// Longest name of a service that is taken over as it stands.
const MAX_CALLED: usize = 64;

/// Whether a name is one that [`called`] or [`at`] makes.
pub(super) fn is_made(name: &str) -> bool {
    let rest = name.strip_prefix(OURS);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
}

/// The name of a service, where it is one that servers can say.
pub(super) fn own_name(service: &Service) -> Option<&str> {
    let name = service.name.as_deref()?;
    let is_said = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let is_good = (1..=MAX_CALLED).contains(&name.len()) && name.bytes().all(is_said);
    (is_good && !is_made(name)).then_some(name)
}

/// A text as a part of a name. What is put in the place of other letters, such as `*`, is no label of a host.
fn part(text: &str) -> String {
    let is_said = |letter: char| letter.is_ascii_alphanumeric() || "-.".contains(letter);
    let letters = text.chars();
    let said = letters.map(|letter| if is_said(letter) { letter } else { '_' });
    said.collect::<String>().to_ascii_lowercase()
}

/// What the parts of a service are called that need a name among those of other services in one place: one of the
/// first host that the form says of it, and of its port where that is another one than is usual.
pub(super) fn called(service: &Service, host: Option<&str>) -> String {
    let mut called = OURS.to_owned();
    if let Some(host) = host {
        called.push('_');
        called += &part(host);
    }
    let listens = settings::listens(service, &mut Lost::default());
    let port = listens.first().map(SocketAddr::port);
    if let Some(port) = port.filter(|port| ![80, 443].contains(port)) {
        // Writing to a string cannot fail.
        let _ = write!(called, "_{port}");
    }
    called
}

/// What a part is called of which an address has only one.
pub(super) fn at(address: &SocketAddr) -> String {
    let ip = address.ip();
    let host = if ip.is_unspecified() {
        String::new()
    } else {
        format!("_{}", part(&ip.to_string()))
    };
    format!("{OURS}{host}_{}", address.port())
}
