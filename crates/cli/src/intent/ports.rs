//! Where a service is, as somebody said, and the port that its clients come to.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use keyway_config::Endpoint;
use keyway_config::model::Service;
use keyway_dns::rdata::Type;
use keyway_dns::verify::other_port;
use keyway_dns::wanted::{HTTPS_PORT, common_port};
use keyway_dns::zone::Finding;
use keyway_report::escape;

use crate::arguments::NeedArguments;

/// The port of HTTP without TLS where nobody says another one (RFC 9110, section 4.2.1).
const HTTP_PORT: u16 = 80;

/// Where somebody said that the service is: on the command line, else in its file.
pub(super) fn endpoints<'s>(
    arguments: &'s NeedArguments,
    service: Option<&'s Service>,
) -> Vec<&'s str> {
    if arguments.endpoint.is_empty() {
        let known = service.and_then(|service| service.endpoint.as_deref());
        known.into_iter().collect()
    } else {
        arguments.endpoint.iter().map(String::as_str).collect()
    }
}

/// Whether a place has another port than that of HTTPS, of which nobody says that others have it, too.
fn is_elsewhere(text: &str) -> bool {
    const HTTP: &str = "http://";
    let scheme = text.get(..HTTP.len());
    let is_plain = scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(HTTP));
    match text.get(HTTP.len()..).filter(|_| is_plain) {
        Some(rest) => port_in(rest).is_some_and(|port| port != HTTP_PORT),
        None => port_in(text).is_some_and(|port| port != HTTPS_PORT),
    }
}

/// The port of a place that is written down, be it by its scheme.
fn port_in(text: &str) -> Option<u16> {
    const HTTPS: &str = "https://";
    let scheme = text.trim().get(..HTTPS.len());
    let is_https = scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(HTTPS));
    Endpoint::port(text).or(is_https.then_some(HTTPS_PORT))
}

/// The addresses of an endpoint for which a port is written down, each with it.
pub(super) fn places(arguments: &NeedArguments, service: Option<&Service>) -> BTreeSet<SocketAddr> {
    let typed = endpoints(arguments, service).into_iter();
    let places = typed.filter_map(|text| match Endpoint::parse(text)? {
        Endpoint::Address(address) => Some(SocketAddr::new(address, port_in(text)?)),
        Endpoint::Name(_) => None,
    });
    places.collect()
}

/// The port that clients come to: that of the endpoint, where all of it has one; and what else is said of ports.
pub(super) fn port(arguments: &NeedArguments, service: Option<&Service>) -> (u16, Vec<Finding>) {
    let typed = endpoints(arguments, service);
    if let Some(port) = common_port(typed.iter().map(|text| port_in(text))) {
        return (port, Vec::new());
    }
    let others = typed.iter().filter(|text| is_elsewhere(text));
    let mut said: Vec<String> = others.map(|text| escape::text(text)).collect();
    // What listens is seen from outside at the same port, unless somebody hands another one on to it.
    let listens = service.map(|service| service.listen.iter().collect::<Vec<&str>>());
    let listens = listens.unwrap_or_default();
    let is_usual = |text: &&str| port_in(text) == Some(HTTPS_PORT);
    if said.is_empty() && !listens.iter().any(is_usual) {
        said.extend(listens.into_iter().map(escape::text));
    }
    let kinds = [
        (
            Type::TLSA,
            !arguments.tlsa.is_empty() && arguments.tlsa_port.is_none(),
        ),
        (Type::HTTPS, arguments.https),
    ];
    let kinds = kinds.into_iter().filter(|(_, is_made)| *is_made);
    let kinds: Vec<Type> = kinds.map(|(kind, _)| kind).collect();
    let is_told = !said.is_empty() && !kinds.is_empty();
    let told = is_told.then(|| other_port(&kinds, HTTPS_PORT, said));
    (HTTPS_PORT, told.into_iter().collect())
}
