//! A service as a frontend and a backend of HAProxy.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use super::back::{announced, hosts, servers, timeouts, uses};
use super::{onward, pairs};
use crate::Service;
use crate::forms::fields::Lost;
use crate::forms::sites::{Chosen, client, sites};
use crate::forms::words::quoted;
use crate::forms::{Exported, called, fields, settings};
use crate::model::{ClientMode, ProtocolVersion, Status};

/// What is said beside what every server says.
const OWN: &[&str] = &[
    "timeouts.header",
    "timeouts.idle",
    "timeouts.connect",
    "limits.connections",
    "health",
    "proxy_protocol.from",
];

/// Where plain http is redirected.
const PLAIN: SocketAddr = SocketAddr::new(IpAddr::V6(Ipv6Addr::UNSPECIFIED), 80);

/// Said above a frontend: the system deals connections out among all that listen at one address.
const ONE: &str = "# An address has one frontend. Where another service is at this one, put the `crt` of both into one `bind`,\n\
    # and lead to both backends from there.";

/// Said above a frontend that stands for another address of the one above it, and has its name taken.
const TOO: &str = "# The frontend above is at this address, too, and nothing else may be.";

/// The same, of redirects.
const ONE_REDIRECT: &str = "# An address has one frontend: of several services, keep one of these.";

/// Bytes of a path; a line of HAProxy is some two thousand (section 2.2).
const MAX_PATH: usize = 512;

/// Words of a line (section 2.2: 64), less the others of `bind`.
const MAX_CERTIFICATES: usize = 16;

/// Whether a path can be said: on one line, within its length, and with nothing that is no file
/// (a slash at the end is a folder's).
pub(in crate::forms) fn is_said(path: &str) -> bool {
    !path.is_empty()
        && path.len() <= MAX_PATH
        && !path.starts_with('@')
        && !path.ends_with('/')
        && !path.contains(char::is_control)
}

/// A key that is not in the file of its certificate.
pub(in crate::forms) struct KeyApart<'s> {
    /// The field that names it.
    pub(in crate::forms) field: String,
    pub(in crate::forms) path: &'s str,
    /// Where HAProxy looks for it: beside the certificate, with `.key` added (`ssl-load-extra-files`, section 3.1).
    pub(in crate::forms) to: String,
}

/// The keys that are not in the files of their certificates.
pub(in crate::forms) fn keys_apart(service: &Service) -> Vec<KeyApart<'_>> {
    let sites = sites(service, is_said, Chosen::Names, &mut Lost::default());
    let apart = sites.into_iter().filter_map(|site| {
        let (certificate, path) = site.pair.filter(|(certificate, key)| certificate != key)?;
        Some(KeyApart {
            field: format!("{}.key", site.table),
            path,
            to: pairs::beside(certificate),
        })
    });
    apart.collect()
}

/// Where HAProxy looks for the OCSP response that a field names: beside the certificate, with `.ocsp` added (`crt`,
/// section 5.1).
pub(in crate::forms) fn response(service: &Service, field: &str) -> Option<String> {
    let certificate = match field {
        "tls.ocsp" => service.tls.certificate.as_ref()?,
        _ => &fields::own_certificate(service, field, "ocsp")?.certificate,
    };
    Some(format!("{}.ocsp", certificate.path()?))
}

fn version(version: ProtocolVersion) -> &'static str {
    match version {
        ProtocolVersion::Tls13 => "TLSv1.3",
        _ => "TLSv1.2",
    }
}

/// The words of `bind` behind the address; `None` where there is no certificate to show.
fn tls(service: &Service, post_quantum: bool, lost: &mut Lost) -> Option<String> {
    let mut certificates = Vec::new();
    let sites = sites(service, is_said, Chosen::Names, lost);
    for (index, own) in service.tls.certificates.iter().enumerate() {
        if own.password.is_some() {
            fields::add(lost, &format!("tls.certificates[{index}].password"));
        }
        if !own.host.is_empty() {
            // The names in a certificate are what it is chosen by.
            fields::add(lost, &format!("tls.certificates[{index}].host"));
        }
        if own.ocsp.is_some() {
            fields::add(lost, &format!("tls.certificates[{index}].ocsp"));
        }
    }
    fields::lose(service, "tls.ocsp", lost);
    for key in keys_apart(service) {
        fields::add(lost, &key.field);
    }
    let is_led_by_host = !service.host.is_empty() && !service.tls.default_certificate;
    for (number, site) in sites.iter().enumerate() {
        let Some((certificate, _)) = site.pair else {
            continue;
        };
        if is_led_by_host && site.hosts.is_empty() && number > 0 {
            // No line would lead the names in it to the backend.
            fields::add(lost, &site.table);
            continue;
        }
        // Once is enough.
        if !certificates.contains(&certificate) && certificates.len() < MAX_CERTIFICATES {
            certificates.push(certificate);
        } else {
            fields::add(lost, &site.table);
        }
    }
    sites.first()?.pair?;
    let mut out = String::from(" ssl");
    for certificate in certificates {
        let _ = write!(out, " crt {}", quoted(certificate));
    }
    if !service.tls.default_certificate {
        let own = service.tls.certificates.iter();
        let own = own.flat_map(|own| own.host.iter());
        if settings::asks_by_name(service.host.iter().chain(own)) {
            out += " strict-sni";
        } else {
            fields::add(lost, "tls.default_certificate");
        }
    }
    let (min, max) = settings::versions(service, lost);
    let _ = write!(
        out,
        " ssl-min-ver {} ssl-max-ver {}",
        version(min),
        version(max)
    );
    let suites = settings::openssl_suites(service);
    if !suites.is_empty() {
        let _ = write!(out, " ciphers {suites}");
    }
    let groups = settings::groups(service, post_quantum, lost);
    let _ = write!(out, " curves {}", groups.join(":"));
    out += " no-tls-tickets";
    let is_token = |token: &&str| {
        !token.is_empty()
            && token.len() < 64
            && token
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-./".contains(&byte))
    };
    let alpn: Vec<&str> = settings::alpn(service)
        .into_iter()
        .filter(is_token)
        .take(8)
        .collect();
    if alpn.len() < settings::alpn(service).len() {
        fields::add(lost, "tls.alpn");
    }
    let alpn = if alpn.is_empty() && service.is_http() {
        vec!["http/1.1"]
    } else {
        alpn
    };
    if !alpn.is_empty() {
        let _ = write!(out, " alpn {}", alpn.join(","));
    }
    let tls_client = &service.tls.client;
    let ca = client(service, is_said, lost);
    match tls_client.crl.0.as_slice() {
        [crl] if is_said(crl) && ca.is_some() => {
            let _ = write!(out, " crl-file {}", quoted(crl));
        }
        [] => {}
        _ => fields::add(lost, "tls.client.crl"),
    }
    match (ca, tls_client.mode) {
        (Some(ca), mode) => {
            let word = match mode {
                ClientMode::None => "none",
                ClientMode::Optional => "optional",
                ClientMode::Required => "required",
            };
            let _ = write!(out, " ca-file {} verify {word}", quoted(ca));
        }
        // Whose certificates are good is not said: nobody gets in.
        (None, ClientMode::Required) => return None,
        (None, _) => {}
    }
    Some(out)
}

fn address(listen: &SocketAddr) -> String {
    if listen.ip().is_unspecified() && listen.is_ipv6() {
        format!("[::]:{} v4v6", listen.port())
    } else {
        listen.to_string()
    }
}

/// The service as a frontend and a backend.
pub(in crate::forms) fn export(service: &Service, post_quantum: bool) -> Exported {
    let mut lost = fields::lost(service, &[settings::SERVED, OWN].concat());
    let is_plain = service.status() == Status::Disabled;
    let hosts = hosts(service, !is_plain, &mut lost);
    let name = match called::own_name(service) {
        Some(name) => {
            lost.retain(|field| field != "name");
            name.to_owned()
        }
        None => called::called(service, hosts.first().map(String::as_str)),
    };
    let name = name.as_str();
    let words = if is_plain {
        drop(sites(service, is_said, Chosen::Names, &mut lost));
        Some(String::new())
    } else {
        tls(service, post_quantum, &mut lost)
    };
    settings::status(service, words.is_some(), &mut lost);
    let mode = if service.is_http() { "http" } else { "tcp" };
    let listens = settings::listens(service, &mut lost);
    let (front, back) = timeouts(service, &mut lost);
    // What an address has only one of is called by it: two in one file, and HAProxy refuses the second.
    let names: Vec<String> = listens.iter().map(called::at).collect();
    let mut out = format!("{ONE}\nfrontend {}\n    mode {mode}\n", names[0]);
    if let Some(words) = &words {
        for listen in &listens {
            let _ = writeln!(out, "    bind {}{words}", address(listen));
        }
    } else {
        let said = fields::said(service);
        for field in said
            .iter()
            .filter(|field| field.starts_with("tls.") || *field == "listen")
        {
            fields::add(&mut lost, field);
        }
    }
    if let Some(most) = service.limits.connections {
        if (1..=1_000_000).contains(&most) {
            let _ = writeln!(out, "    maxconn {most}");
        } else {
            fields::add(&mut lost, "limits.connections");
        }
    }
    out += &announced(service);
    out += &front;
    let is_http_tls = service.is_http() && !is_plain;
    let has_hsts = service
        .tls
        .hsts
        .as_ref()
        .filter(|_| is_http_tls && words.is_some());
    if let Some(hsts) = has_hsts {
        let value = settings::hsts(hsts);
        let _ = writeln!(
            out,
            "    http-response set-header Strict-Transport-Security \"{value}\""
        );
    }
    if service.is_http() {
        out += &onward::lines(is_plain);
    }
    out += &uses(service, name, &hosts);
    for (index, name) in names.iter().enumerate() {
        if words.is_some() && index > 0 && !names[..index].contains(name) {
            let _ = write!(out, "\n{TOO}\nfrontend {name}\n    disabled\n");
        }
    }
    let _ = write!(out, "\nbackend {name}\n    mode {mode}\n{back}");
    out += &servers(service, &mut lost);
    if service.tls.redirect && is_http_tls {
        let to = match settings::port_of_redirect(&listens) {
            None => "scheme https".to_owned(),
            Some(port) => format!("location https://%[req.hdr(host),field(1,:)]:{port}%[pathq]"),
        };
        let _ = write!(
            out,
            "\n{ONE_REDIRECT}\nfrontend {}\n    mode http\n    bind {}\n{}{front}    \
             http-request redirect {to} code 301\n",
            called::at(&PLAIN),
            address(&PLAIN),
            announced(service)
        );
    } else {
        if service.tls.redirect {
            fields::add(&mut lost, "tls.redirect");
        }
        if has_hsts.is_none() {
            fields::lose(service, "tls.hsts", &mut lost);
        }
    }
    Exported::new(out, lost)
}
