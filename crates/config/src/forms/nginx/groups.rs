//! Groups of upstreams (nginx.org: ngx_http_upstream_module, ngx_stream_upstream_module).

use std::collections::BTreeMap;

use super::syntax::Directive;
use crate::forms::left::Left;
use crate::model::Balance;

/// What may stand behind a server that shares the load: it changes its share, or what is waited for.
const SHARES: &[&str] = &[
    "weight",
    "max_conns",
    "max_fails",
    "fail_timeout",
    "slow_start",
    "resolve",
    "route",
];

/// Groups by their names.
pub(super) type Groups = BTreeMap<String, Group>;

/// A group.
pub(super) struct Group {
    /// Where it begins.
    pub(super) line: usize,
    /// Hosts and ports.
    pub(super) servers: Vec<String>,
    pub(super) balance: Balance,
    /// What is left behind of it.
    pub(super) left: Left,
    /// Servers that are left out, with their lines.
    pub(super) unread: Vec<(usize, String)>,
}

/// A server of a group with its port: 80 where none is said, whatever is spoken there (ngx_http_upstream_module).
fn with_port(address: &str) -> String {
    let is_bare = address.ends_with(']') || !address.contains(':');
    let port = if is_bare { ":80" } else { "" };
    format!("{address}{port}")
}

impl Group {
    /// Reads the block of a group.
    pub(super) fn read(line: usize, block: Vec<Directive>) -> Self {
        let mut group = Self {
            line,
            servers: Vec::new(),
            balance: Balance::RoundRobin,
            left: Left::of_server(),
            unread: Vec::new(),
        };
        for directive in block {
            match (directive.name(), directive.arguments().as_slice()) {
                ("server", [address, words @ ..]) => group.server(&directive, address, words),
                ("least_conn", []) => group.balance = Balance::LeastBusy,
                _ => group.left.line(directive.line, &directive.told()),
            }
        }
        group
    }

    fn server(&mut self, directive: &Directive, address: &str, words: &[&str]) {
        let is_share = |word: &&str| {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            // As many as nginx gives to one that rests.
            SHARES.contains(&name) && (name, value) != ("weight", "0")
        };
        if address.starts_with("unix:") || !words.iter().all(is_share) {
            // A socket of files, or one that waits until others are down.
            self.unread.push((directive.line, directive.told()));
            return;
        }
        self.servers.push(with_port(address));
        if !words.is_empty() {
            let told = format!("server {address} {}", words.join(" "));
            self.left.line(directive.line, &told);
        }
    }

    /// Tells of a group that is not the service's.
    pub(super) fn leave(self, name: &str, left: &mut Left) {
        left.line(
            self.line,
            &format!("upstream {name}: {}", self.servers.join(" ")),
        );
        left.take_in(self.left, false);
        for (line, told) in self.unread {
            left.line(line, &told);
        }
    }
}
