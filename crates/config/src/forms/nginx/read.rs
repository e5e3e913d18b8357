//! A service out of servers of nginx. The first server with TLS is the service's own; others give hosts
//! and certificates of their own. What is said elsewhere or otherwise is left behind.

use std::collections::BTreeSet;
use std::rc::Rc;

use keyway_report::escape;

use super::around::BESIDE;
use super::groups::{Group, Groups};
use super::guards::{IN_DATA, Rest};
use super::included;
use super::inherited;
use super::join::Joining;
use super::listen::Speaking;
use super::names;
use super::onward;
use super::server::Server;
use super::syntax::Directive;
use super::telling::Telling;
use crate::forms::{Form, ImportError, Imported, Sources, paths, settings};

/// The words of `ssl_verify_client` (nginx.org: ngx_http_ssl_module).
const VERIFY: &[&str] = &["on", "off", "optional", "optional_no_ca"];

/// Upstreams of all servers together. Each server has those of its group for itself, so that a text of some size
/// names far more of them than it has bytes; two thousand servers with five hundred upstreams each are read.
const MAX_UPSTREAMS: usize = 1_000_000;

/// Servers and groups of upstreams, wherever they stand.
#[derive(Default)]
struct Found {
    /// Each with whether it is in `stream`, and whether it is one of another file.
    servers: Vec<(Directive, bool, bool)>,
    groups: Groups,
}

fn collect(
    mut directives: Vec<Directive>,
    in_stream: bool,
    speaking: &Speaking,
    found: &mut Found,
    rest: &mut Rest,
) {
    let above = inherited::take(&mut directives);
    for mut directive in directives {
        let arguments = directive.arguments().len();
        let block = directive.block.take();
        match (directive.name(), arguments, block) {
            (context @ ("http" | "stream"), 0, Some(block)) => {
                let in_stream = context == "stream";
                collect(block, in_stream, speaking, found, rest);
            }
            ("server", 0, Some(block)) => {
                directive.block = Some(inherited::into(block, &above, speaking));
                found.servers.push((directive, in_stream, false));
            }
            (BESIDE, 0, Some(block)) => {
                directive.block = Some(block);
                found.servers.push((directive, in_stream, true));
            }
            ("upstream", 1, Some(block)) => {
                let group = Group::read(directive.line, block);
                found.groups.insert(directive.words[1].clone(), group);
            }
            _ if onward::is_map(&directive) => {}
            (_, _, None) if rest.is_onward(&directive.texts()) => {}
            (_, _, block) => rest.add(&directive, block),
        }
    }
    for directive in above.unused() {
        rest.left.line(directive.line, &directive.told());
    }
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

/// Reads the servers, in the order in which they stand there.
fn servers(
    found: &mut Found,
    speaking: &Speaking,
    telling: &Rc<Telling>,
) -> Result<Vec<Server>, ImportError> {
    let servers = std::mem::take(&mut found.servers).into_iter();
    let mut upstreams = 0;
    let read = servers
        .enumerate()
        .map(|(number, (server, in_stream, is_beside))| {
            // A server outside of `stream` that passes to no URL is one for `stream`.
            let block = server.block.unwrap_or_default();
            let is_bare = |directive: &Directive| {
                directive.name() == "proxy_pass" && !directive.told().contains("://")
            };
            let in_stream = in_stream || block.iter().any(is_bare);
            let mut read = Server::read(block, in_stream, &found.groups, speaking, telling);
            (read.number, read.line, read.is_beside) = (number, server.line, is_beside);
            upstreams += read.service.upstream.0.len();
            if upstreams > MAX_UPSTREAMS {
                return Err(ImportError::Form {
                    line: server.line,
                    message: format!("more than {MAX_UPSTREAMS} upstreams of all servers together"),
                });
            }
            Ok(read)
        });
    read.collect()
}

/// Reads servers of nginx. Their paths count from its folder.
pub(in crate::forms) fn import(text: &str, sources: &Sources<'_>) -> Result<Imported, ImportError> {
    let whole = included::read(text, sources.included, sources.main)?;
    let folder = whole.folder.or(sources.folder);
    let files = whole.files;
    let read = read(whole.directives, files.clone());
    let mut imported = read.map_err(|error| included::placed(error, &files))?;
    (imported.service, _) = paths::full(&imported.service, Form::Nginx, folder);
    Ok(imported)
}

fn read(directives: Vec<Directive>, files: Vec<(usize, String)>) -> Result<Imported, ImportError> {
    let mut found = Found::default();
    asks_clearly(&directives)?;
    let speaking = Speaking::among(&directives);
    let telling = Rc::new(Telling::among(&directives));
    let mut rest = Rest::new(&telling);
    collect(directives, false, &speaking, &mut found, &mut rest);
    let mut left = rest.left;
    left.among(files);
    for (line, told) in rest.passes {
        left.line(line, &told);
    }
    if found.servers.iter().all(|(.., is_beside)| *is_beside) {
        return Err(ImportError::Form {
            line: 1,
            message: "there is no `server` in it".to_owned(),
        });
    }
    let mut read = servers(&mut found, &speaking, &telling)?;
    let nobody = names::settle_claims(&mut read, &mut left);
    let mut joining = Joining::new(&read, left);
    // Those of other files say which hosts are theirs, and who answers for names that nobody has.
    let (_, read): (Vec<_>, Vec<_>) = read.into_iter().partition(|server| server.is_beside);
    let (namesakes, read): (Vec<_>, Vec<_>) = read
        .into_iter()
        .partition(|server| nobody.contains_key(&server.number));
    // What only sends on to it is nothing without it.
    let is_sending =
        |server: &Server| (server.is_redirect || server.sends_to.is_some()) && !server.has_tls;
    let mut unreached = namesakes.iter();
    let unreached = unreached.find(|server| read.is_empty() || !is_sending(server));
    if let Some(server) = unreached.filter(|_| read.iter().all(is_sending)) {
        let line = server.line;
        let spot = nobody.get(&server.number).map(|spot| escape::text(spot));
        let spot = spot.unwrap_or_default();
        let message = format!(
            "other servers of nginx, such as that of {spot}, have all of its names before it: nobody comes to it"
        );
        return Err(ImportError::Form { line, message });
    }
    for server in namesakes {
        joining.leave(server, "");
    }
    // What listens on no address is no service: in its place one would listen on all of them.
    let (nowhere, read): (Vec<_>, Vec<_>) = read
        .into_iter()
        .partition(|server| server.nowhere.is_some());
    let hosts = read.iter().filter(|server| server.has_tls);
    let hosts = hosts.flat_map(|server| server.service.host.iter());
    let secured: BTreeSet<String> = hosts.map(str::to_ascii_lowercase).collect();
    let (redirects, mut others): (Vec<_>, Vec<_>) = read.into_iter().partition(|server| {
        (server.is_redirect || server.redirects_to(&secured)) && !server.has_tls
    });
    let mut unread = nowhere.iter().filter_map(|server| server.nowhere.as_ref());
    if let Some((line, told)) = unread.next().filter(|_| others.is_empty()) {
        return Err(settings::listens_nowhere(*line, told));
    }
    for server in nowhere {
        joining.leave(server, "");
    }
    // What shows no certificate stands there for the names of nobody, and what leads nowhere is no service.
    others.sort_by_key(|server| {
        let service = &server.service;
        let is_bare = service.tls.certificate.is_none() || server.rejects.is_some();
        (!server.has_tls, is_bare, service.upstream.is_empty())
    });
    let mut others = others.into_iter();
    match others.next() {
        Some(first) => joining.begin(first),
        None => joining.begin_with(&redirects),
    }
    joining.groups(found.groups);
    joining.redirect(!redirects.is_empty());
    joining.join(others);
    Ok(joining.finish(redirects))
}
