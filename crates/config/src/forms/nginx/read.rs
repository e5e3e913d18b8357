//! A service out of servers of nginx. The first server with TLS is the service's own; others give hosts
//! and certificates of their own. What is said elsewhere or otherwise is left behind.

use std::collections::BTreeSet;

use super::inherited;
use super::listen::Speaking;
use super::server::{Groups, IN_DATA, Server, rest};
use super::syntax::{self, Directive};
use crate::Service;
use crate::forms::left::Left;
use crate::forms::{ImportError, Imported, fields, settings};
use crate::model::{Listed, OwnCertificate, Status};

/// The words of `ssl_verify_client` (nginx.org: ngx_http_ssl_module).
const VERIFY: &[&str] = &["on", "off", "optional", "optional_no_ca"];

/// Servers and groups of upstreams, wherever they stand.
#[derive(Default)]
struct Found {
    /// The lines of directives in `stream`, too.
    servers: Vec<(Directive, bool)>,
    groups: Groups,
    /// Where each group begins.
    lines: Vec<(usize, String)>,
}

/// A server of a group with its port: 80 where none is said, whatever is spoken there (ngx_http_upstream_module).
fn with_port(address: &str) -> String {
    let is_bare = address.ends_with(']') || !address.contains(':');
    let port = if is_bare { ":80" } else { "" };
    format!("{address}{port}")
}

fn collect(
    mut directives: Vec<Directive>,
    in_stream: bool,
    speaking: &Speaking,
    found: &mut Found,
    left: &mut Left,
) {
    let above = inherited::take(&mut directives);
    for mut directive in directives {
        let arguments = directive.arguments().len();
        let block = directive.block.take();
        match (directive.name(), arguments, block) {
            (context @ ("http" | "stream"), 0, Some(block)) => {
                let in_stream = context == "stream";
                collect(block, in_stream, speaking, found, left);
            }
            ("server", 0, Some(block)) => {
                directive.block = Some(inherited::into(block, &above, speaking));
                found.servers.push((directive, in_stream));
            }
            ("upstream", 1, Some(block)) => {
                let mut servers = Vec::new();
                for inner in block {
                    match inner.arguments().as_slice() {
                        [address] if inner.name() == "server" => {
                            servers.push(with_port(address));
                        }
                        _ => left.line(inner.line, &inner.told()),
                    }
                }
                let name = directive.words[1].clone();
                found.lines.push((directive.line, name.clone()));
                found.groups.insert(name, servers);
            }
            (_, _, block) => rest(&directive, block, left),
        }
    }
    for directive in above.unused() {
        left.line(directive.line, &directive.told());
    }
}

/// The same without what a certificate's own server says for itself.
fn shared(service: &Service) -> Service {
    let mut shared = service.clone();
    shared.host = Listed::default();
    shared.tls.certificate = None;
    shared.tls.key = None;
    shared.tls.password = None;
    shared.tls.status = None;
    shared.tls.redirect = false;
    shared.tls.certificates = Vec::new();
    shared
}

/// From where a service is reached: all addresses of one family are those of both.
fn reach(service: &Service) -> BTreeSet<String> {
    let wide = |listen: &str| match listen.strip_prefix("0.0.0.0:") {
        Some(port) => format!("[::]:{port}"),
        None => listen.to_owned(),
    };
    // That address alone is left out, as it is the default.
    let default = ["[::]:443"]
        .into_iter()
        .filter(|_| service.listen.is_empty());
    service.listen.iter().chain(default).map(wide).collect()
}

/// Refuses words that nobody knows where clients are asked for certificates: nginx does, and nobody has to guess
/// whom they let in.
fn asks_clearly(directives: &[Directive]) -> Result<(), ImportError> {
    for directive in directives {
        let arguments = directive.arguments();
        if directive.name() == "ssl_verify_client" && directive.block.is_none() {
            let is_known = |word: &str| VERIFY.contains(&word.to_ascii_lowercase().as_str());
            if !matches!(arguments[..], [word] if is_known(word)) {
                return Err(settings::unclear_verify(
                    directive.line,
                    &directive.told(),
                    VERIFY,
                ));
            }
        }
        let is_data = IN_DATA.contains(&directive.name());
        if let Some(block) = directive.block.as_ref().filter(|_| !is_data) {
            asks_clearly(block)?;
        }
    }
    Ok(())
}

/// Reads servers of nginx.
pub(in crate::forms) fn import(text: &str) -> Result<Imported, ImportError> {
    let mut left = Left::of_server();
    let mut found = Found::default();
    let directives = syntax::read(text)?;
    asks_clearly(&directives)?;
    let speaking = Speaking::among(&directives);
    collect(directives, false, &speaking, &mut found, &mut left);
    let servers = std::mem::take(&mut found.servers);
    if servers.is_empty() {
        return Err(ImportError::Form {
            line: 1,
            message: "there is no `server` in it".to_owned(),
        });
    }
    let mut read = Vec::new();
    for (mut server, in_stream) in servers {
        // A server outside of `stream` that passes to no URL is one for `stream`.
        let block = server.block.take().unwrap_or_default();
        let is_bare = |directive: &Directive| {
            directive.name() == "proxy_pass" && !directive.told().contains("://")
        };
        let in_stream = in_stream || block.iter().any(is_bare);
        read.push((
            server.line,
            Server::read(block, in_stream, &found.groups, &speaking, &mut left),
        ));
    }
    // What listens on no address is no service: in its place one would listen on all of them.
    let (nowhere, read): (Vec<_>, Vec<_>) = read
        .into_iter()
        .partition(|(_, server)| server.nowhere.is_some());
    for (line, server) in &nowhere {
        let hosts = server.service.host.0.join(" ");
        left.line(*line, format!("server {hosts}").trim_end());
    }
    let (redirects, mut others): (Vec<_>, Vec<_>) = read
        .into_iter()
        .partition(|(_, server)| server.is_redirect && !server.has_tls);
    // What shows no certificate stands there for the names of nobody.
    others.sort_by_key(|(_, server)| (!server.has_tls, server.service.tls.certificate.is_none()));
    let is_redirect_alone = others.is_empty();
    let mut unread = nowhere
        .iter()
        .filter_map(|(_, server)| server.nowhere.as_ref());
    if let Some((line, told)) = unread.next().filter(|_| is_redirect_alone) {
        return Err(settings::listens_nowhere(*line, told));
    }
    let mut others = others.into_iter();
    let (mut service, group, has_tls) = match others.next() {
        Some((_, first)) => (first.service, first.group, first.has_tls),
        None => (Service::default(), None, true),
    };
    for (line, name) in found.lines {
        // One service has one group of upstreams.
        if Some(&name) != group.as_ref() {
            let servers = found.groups.get(&name).map(|servers| servers.join(" "));
            left.line(
                line,
                &format!("upstream {name}: {}", servers.unwrap_or_default()),
            );
        }
    }
    service.tls.redirect = !redirects.is_empty();
    if !has_tls && service.tls.redirect {
        service.tls.status = Some(Status::Disabled);
    }
    if is_redirect_alone {
        let names = redirects
            .iter()
            .flat_map(|(_, server)| server.service.host.0.clone());
        service.host.0 = names.collect();
    }
    let is_known = |service: &Service, name: &String| {
        let own = &service.tls.certificates;
        service.host.0.contains(name) || own.iter().any(|own| own.host.0.contains(name))
    };
    for (line, server) in others {
        let other = server.service;
        if server.rejects && other.tls.certificate.is_none() {
            left.line(line, "server with ssl_reject_handshake on");
            continue;
        }
        if other.upstream != service.upstream {
            // What leads elsewhere is another service.
            let (hosts, upstreams) = (other.host.0.join(" "), other.upstream.0.join(" "));
            left.line(line, &format!("server {hosts}: passes to {upstreams}"));
            continue;
        }
        let differing = fields::differing(&shared(&other), &shared(&service));
        let lets_in = |field: &String| field.starts_with("tls.client");
        if differing.iter().any(lets_in) || reach(&other) != reach(&service) {
            // Whom it lets in, and from where, is for its hosts alone: a service has one word for all of them.
            let (hosts, differing) = (other.host.0.join(" "), differing.join(", "));
            left.line(
                line,
                &format!("server {hosts} with settings of its own: {differing}"),
            );
            continue;
        }
        if !differing.is_empty() {
            let differing = differing.join(", ");
            left.line(
                line,
                &format!("server with settings of its own: {differing}"),
            );
        }
        match (other.tls.certificate, other.tls.key) {
            (Some(certificate), Some(key)) if server.has_tls => {
                service.tls.certificates.push(OwnCertificate {
                    host: other.host,
                    certificate,
                    key,
                    password: other.tls.password,
                    ocsp: None,
                });
            }
            _ => left.line(line, &format!("server {}", other.host.0.join(" "))),
        }
    }
    for (line, server) in redirects {
        for name in server
            .service
            .host
            .0
            .iter()
            .filter(|name| !is_known(&service, name))
        {
            left.line(line, &format!("redirect of {name}"));
        }
        if !server.service.listen.is_empty() {
            left.line(
                line,
                &format!("redirect from {}", server.service.listen.0.join(" ")),
            );
        }
    }
    Ok(left.imported(service))
}
