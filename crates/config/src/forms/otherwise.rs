//! What servers do otherwise than the service file says: for names that nobody has, behind proxies, with upstreams
//! that fail, with responses and tickets.

use keyway_report::escape;

use super::{Form, haproxy};
use crate::Service;
use crate::rules::target_cannot_express::Fate;

/// What becomes of a field in the form of a server, where there is more to say than that it has no place.
pub(super) fn fate(service: &Service, form: Form, field: &str) -> Option<(Fate, String)> {
    let (fate, about) = match (form, field) {
        (_, "tls.default_certificate") => (Fate::Partly, strangers(service, form)),
        (Form::Nginx, "proxy_protocol.from") => {
            let about = "nginx believes these networks alone, and serves nobody who comes to the address without \
                         the header";
            (Fate::Partly, about)
        }
        (Form::Nginx, _) if field.starts_with("health") => {
            let about = "nginx looks at no upstream by itself; one that takes no connection rests for ten seconds";
            (Fate::NoPlace, about)
        }
        (Form::Caddy, _) if field.starts_with("health") => {
            let about = "Caddy looks at upstreams by HTTP alone; set `health.path`";
            (Fate::NoPlace, about)
        }
        (Form::Nginx, "tls.ocsp") if !service.is_http() => {
            (Fate::NoPlace, "in TCP mode nginx staples none")
        }
        (Form::Haproxy, _) if field.ends_with("ocsp") => {
            let to = haproxy::response(service, field)?;
            let about = format!(
                "HAProxy looks for it at {}: have it written there",
                escape::text(&to)
            );
            return Some((Fate::Elsewhere, about));
        }
        (Form::Haproxy, _) if is_for_its_names(service, field) => {
            let about = "it is for the names in it, and no line would lead these to the backend; write them in its `host`";
            (Fate::NoPlace, about)
        }
        (Form::Caddy, _) if field.ends_with("ocsp") => {
            (Fate::NoPlace, "Caddy asks the CA for responses itself")
        }
        (Form::Haproxy, "tls.ticket_keys") => {
            let command = haproxy::joined(&service.tls.ticket_keys)?;
            let about = format!(
                "HAProxy takes one file of three keys in base64, a line each, and writes with the second; make it by \
                 `{command}`, and say `tls-ticket-keys FILE` in the place of `no-tls-tickets`"
            );
            return Some((Fate::Elsewhere, about));
        }
        (Form::Nginx | Form::Haproxy, "proxy_protocol.send") if service.is_http() => {
            (Fate::NoPlace, "it is for TCP mode")
        }
        _ => return None,
    };
    Some((fate, about.to_owned()))
}

/// Whether a field is a certificate that says no hosts.
fn is_for_its_names(service: &Service, field: &str) -> bool {
    let number = field.strip_prefix("tls.certificates[");
    let number = number.and_then(|rest| rest.strip_suffix(']')?.parse::<usize>().ok());
    let own = number.and_then(|number| service.tls.certificates.get(number));
    own.is_some_and(|own| own.host.is_empty())
}

/// Why names that nobody has are not turned away.
fn strangers(service: &Service, form: Form) -> &'static str {
    if form == Form::Nginx && !service.is_http() {
        "in TCP mode nginx looks at no names: whoever asks for another one gets the certificate, too"
    } else if service.host.is_empty() {
        "no host is said, and whoever asks for any name gets the certificate; set `host`"
    } else {
        "whoever comes to an address asks for no name: for that, whoever asks for another name gets the \
         certificate, too"
    }
}
