//! Names of servers (nginx.org: "Server names").

use std::collections::{BTreeMap, BTreeSet};

use super::server::Server;
use super::syntax::Directive;
use crate::forms::left::Left;
use crate::forms::{settings, wild};

/// Whether a name of a server is one that a service has, or stands for none.
fn is_server_name(name: &str) -> bool {
    let bare = name.strip_prefix("*.").unwrap_or(name);
    name == "_"
        || name.is_empty()
        || settings::is_plain(bare.trim_start_matches('[').trim_end_matches(']'))
}

/// The name behind the dot that stands for it and all names below it.
fn dotted(name: &str) -> Option<&str> {
    let host = name.strip_prefix('.')?;
    settings::is_plain(host).then_some(host)
}

/// The host that stands for a pattern: what begins with a dot goes before shorter wildcards, and all else is for names
/// that nobody else has (nginx.org: "Server names").
pub(super) fn sample(pattern: &str) -> String {
    let is_last = pattern.starts_with('~') || pattern.ends_with('*');
    let host = pattern.trim_start_matches('.');
    if is_last { "" } else { host }.to_owned()
}

/// Servers of one name that are looked at for who has it: nginx warns of a second one.
const MAX_NAMESAKES: usize = 8;

/// Takes the names out of servers that others before them have at all of their addresses: the first has them, and the
/// others are ignored (ngx_http_core_module: "conflicting server name"). Returns the numbers of those to which nobody
/// comes for that, each with where the server is that has one of its names.
pub(super) fn settle_claims(servers: &mut [Server], left: &mut Left) -> BTreeMap<usize, String> {
    let mut claims: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut nobody = BTreeMap::new();
    for at in 0..servers.len() {
        let (before, rest) = servers.split_at_mut(at);
        let Some(server) = rest.first_mut() else {
            break;
        };
        let (line, number, addresses) = (server.line, server.number, &server.addresses);
        let is_beside = server.is_beside;
        let mut has_names = None;
        server.service.host.0.retain(|host| {
            let claimed = claims.entry(host.to_ascii_lowercase()).or_default();
            let is_first = |other: &&Server| {
                let own = other.addresses.len();
                own >= addresses.len() && addresses.iter().all(|it| other.addresses.contains(it))
            };
            let mut first = claimed.iter().filter_map(|other| before.get(*other));
            let first = first.find(is_first);
            if let Some(first) = first.filter(|_| !is_beside) {
                let spot = left.spot(first.line);
                let told = format!("server_name {host}, which the server of {spot} has");
                left.line(line, &told);
                has_names = Some(spot);
            }
            if first.is_none() && claimed.len() < MAX_NAMESAKES {
                claimed.push(at);
            }
            first.is_none()
        });
        let is_bare = server.service.host.is_empty() && server.patterns.is_empty();
        if let Some(spot) = has_names.filter(|_| is_bare && server.defaults.is_empty()) {
            nobody.insert(number, spot);
        }
    }
    nobody
}

impl Server {
    /// Whether it sends everybody on to https, to a host of its own that is reached so.
    pub(super) fn redirects_to(&self, secured: &BTreeSet<String>) -> bool {
        let own = &self.service.host;
        self.sends_to.as_ref().is_some_and(|host| {
            let is_own = own.is_empty() || own.iter().any(|own| own.eq_ignore_ascii_case(host));
            is_own && secured.contains(&host.to_ascii_lowercase())
        })
    }

    /// Keeps the names that a service has, of the words of a directive, and notes what the others stand for.
    pub(super) fn name(&mut self, directive: &Directive, words: &mut Vec<&str>) {
        let left = &mut self.rest.left;
        for word in directive.words.iter().filter(|word| word.starts_with("*.")) {
            let told = format!("server_name {word}, {}", wild::WIDE);
            left.line(directive.line, &told);
        }
        // What begins with a dot is short for the name and all below it.
        for host in directive.words.iter().filter_map(|word| dotted(word)) {
            let told = format!("server_name .{host}, {}", wild::WIDE);
            left.line(directive.line, &told);
            let hosts = &mut self.service.host.0;
            hosts.extend([host.to_owned(), format!("*.{host}")]);
        }
        words.retain(|word| dotted(word).is_none());
        // Patterns are no hosts; the names beside them are.
        words.retain(|word| {
            let is_kept = is_server_name(word);
            if !is_kept {
                left.line(directive.line, &format!("server_name {word}"));
                self.patterns.push((*word).to_owned());
            }
            is_kept
        });
    }
}
