//! A service as a frontend and a backend of HAProxy.

use std::fmt::Write as _;
use std::net::SocketAddr;

use super::back::{hosts, servers, timeouts, uses};
use crate::Service;
use crate::forms::sites::{client, sites};
use crate::forms::words::quoted;
use crate::forms::{Exported, called, fields, settings};
use crate::model::{ClientMode, ProtocolVersion, Status};

/// What is said beside what every server says.
const OWN: &[&str] = &[
    "timeouts.header",
    "timeouts.idle",
    "timeouts.connect",
    "limits.connections",
];

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
    let sites = sites(service, is_said, false, &mut Vec::new());
    let apart = sites.into_iter().filter_map(|site| {
        let (certificate, path) = site.pair.filter(|(certificate, key)| certificate != key)?;
        Some(KeyApart {
            field: format!("{}.key", site.table),
            path,
            to: format!("{certificate}.key"),
        })
    });
    apart.collect()
}

fn version(version: ProtocolVersion) -> &'static str {
    match version {
        ProtocolVersion::Tls13 => "TLSv1.3",
        _ => "TLSv1.2",
    }
}

/// The words of `bind` behind the address; `None` where there is no certificate to show.
fn tls(service: &Service, post_quantum: bool, lost: &mut Vec<String>) -> Option<String> {
    let mut certificates = Vec::new();
    let sites = sites(service, is_said, false, lost);
    for (index, own) in service.tls.certificates.iter().enumerate() {
        if own.password.is_some() {
            fields::add(lost, &format!("tls.certificates[{index}].password"));
        }
        if own.ocsp.is_some() {
            fields::add(lost, &format!("tls.certificates[{index}].ocsp"));
        }
        if !own.host.is_empty() {
            // The names in a certificate are what it is chosen by.
            fields::add(lost, &format!("tls.certificates[{index}].host"));
        }
    }
    for key in keys_apart(service) {
        fields::add(lost, &key.field);
    }
    for site in &sites {
        let Some((certificate, _)) = site.pair else {
            continue;
        };
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
        drop(sites(service, is_said, false, &mut lost));
        Some(String::new())
    } else {
        tls(service, post_quantum, &mut lost)
    };
    settings::status(service, words.is_some(), &mut lost);
    let mode = if service.is_http() { "http" } else { "tcp" };
    let listens = settings::listens(service, &mut lost);
    let (front, back) = timeouts(service, &mut lost);
    let mut out = format!("frontend {name}\n    mode {mode}\n");
    if let Some(words) = &words {
        for listen in &listens {
            let _ = writeln!(out, "    bind {}{words}", address(listen));
        }
    } else {
        let said = fields::lost(service, &[]);
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
        out += "    http-request set-header X-Forwarded-Proto ";
        out += if is_plain { "http\n" } else { "https\n" };
        out += "    option forwardfor\n";
    }
    out += &uses(service, name, &hosts);
    let _ = write!(out, "\nbackend {name}\n    mode {mode}\n{back}");
    out += &servers(service, &mut lost);
    if service.tls.redirect && is_http_tls {
        let to = match settings::port_of_redirect(&listens) {
            None => "scheme https".to_owned(),
            Some(port) => format!("location https://%[req.hdr(host),field(1,:)]:{port}%[pathq]"),
        };
        let _ = write!(
            out,
            "\nfrontend {name}-redirect\n    mode http\n    bind [::]:80 v4v6\n{front}    \
             http-request redirect {to} code 301\n"
        );
    } else if service.tls.redirect || (service.tls.hsts.is_some() && has_hsts.is_none()) {
        let said = fields::lost(service, &[]);
        let is_http_only =
            |field: &&String| field.starts_with("tls.hsts") || *field == "tls.redirect";
        for field in said.iter().filter(is_http_only) {
            fields::add(&mut lost, field);
        }
    }
    if !service.is_http() && service.tls.hsts.is_some() {
        for field in fields::lost(service, &[]) {
            if field.starts_with("tls.hsts") {
                fields::add(&mut lost, &field);
            }
        }
    }
    Exported::new(out, lost)
}
