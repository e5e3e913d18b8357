//! What a server leads to, and how that is spoken to (nginx.org: ngx_http_proxy_module, ngx_stream_proxy_module).

use super::groups::Groups;
use super::redirect;
use super::server::Server;
use super::syntax::Directive;
use crate::model::{Mode, ProxyVersion};
use crate::rules::upstream_left_behind::Reason;

/// How upstreams are spoken to.
#[derive(Default)]
pub(super) struct Passing {
    /// Where TLS is spoken to them by https.
    https: Option<usize>,
    /// Whether all are spoken to with TLS, in the context `stream`.
    is_tls: bool,
    is_verified: bool,
    /// The name that a certificate has to be good for, with its line.
    name: Option<(usize, String)>,
    /// Whether upstreams are told a host that is written.
    says_host: bool,
    /// Where it leads, as it is written.
    given: Option<(usize, String)>,
}

impl Passing {
    /// Takes what a directive says; `false` when it has no place here.
    pub(super) fn take(&mut self, line: usize, words: &[&str], in_stream: bool) -> bool {
        let is_on = |flag: &str| flag.eq_ignore_ascii_case("on");
        match *words {
            ["proxy_ssl", flag] if in_stream => self.is_tls = is_on(flag),
            ["proxy_ssl_verify", flag] => self.is_verified = is_on(flag),
            ["proxy_set_header", name, _] => {
                self.says_host |= name.eq_ignore_ascii_case("host");
                return false;
            }
            ["proxy_ssl_name", name] => self.name = Some((line, name.to_owned())),
            _ => return false,
        }
        true
    }
}

impl Server {
    /// Tells where a location leads every path, before that of the service.
    pub(super) fn leads_before(&mut self, location: &Directive, block: &[Directive]) {
        for inner in block.iter().filter(|inner| inner.name() == "proxy_pass") {
            let told = format!("{} {}", location.told(), inner.told());
            let left = &mut self.rest.left;
            left.upstream(inner.line, &told, Reason::Elsewhere);
        }
    }

    /// `proxy_pass`: an address, or a group of them.
    pub(super) fn pass(&mut self, line: usize, given: &str, groups: &Groups) -> bool {
        let in_stream = self.service.mode == Mode::Tcp;
        let (scheme, rest) = match given.split_once("://") {
            // Everything is in `/`: a slash is put in the place of one.
            Some((scheme @ ("http" | "https"), rest)) if !in_stream => (
                format!("{scheme}://"),
                rest.strip_suffix('/').unwrap_or(rest),
            ),
            None if in_stream => (String::new(), given),
            _ => return false,
        };
        let is_odd = given.contains('$') || rest.contains('/') || rest.starts_with("unix:");
        if is_odd || !self.service.upstream.is_empty() {
            return false;
        }
        let addresses = match groups.get(rest) {
            Some(group) => {
                self.group = Some(rest.to_owned());
                self.service.balance = group.balance;
                group.servers.clone()
            }
            None => vec![rest.to_owned()],
        };
        let upstreams = addresses.iter().map(|address| format!("{scheme}{address}"));
        self.service.upstream = upstreams.collect();
        self.passing.given = Some((line, format!("proxy_pass {given}")));
        if scheme == "https://" {
            self.passing.https = Some(line);
        }
        true
    }

    /// `proxy_protocol` of the context `stream`, which writes the first version.
    pub(super) fn says_for_whom(&mut self, flag: &str) -> bool {
        let is_on = flag.eq_ignore_ascii_case("on");
        self.service.proxy_protocol.send = is_on.then_some(ProxyVersion::V1);
        is_on || flag.eq_ignore_ascii_case("off")
    }

    /// What follows from several directives together.
    pub(super) fn settle_passing(&mut self, groups: &Groups) {
        let passing = std::mem::take(&mut self.passing);
        let left = &mut self.rest.left;
        let upstream = &mut self.service.upstream;
        let group = self.group.as_ref().and_then(|name| groups.get(name));
        // What nothing is left of is told with the group.
        let is_nothing_left = group.is_some_and(|group| group.servers.is_empty());
        if let Some((line, told)) = self.sent_on.take() {
            if upstream.is_empty() {
                self.is_sending = true;
                self.sends_to = redirect::host_to(&told);
                left.line(line, &told);
            } else {
                upstream.0.clear();
                left.upstream(line, &told, Reason::Unreached);
            }
        }
        let is_http = self.service.mode == Mode::Http;
        if let Some((line, told)) = &passing.given
            && is_http
            && !passing.says_host
            && !upstream.is_empty()
        {
            let told = format!("{told}, whose Host is the name in it: here the client's");
            left.line(*line, &told);
        }
        if let Some((line, told)) = passing.given.filter(|_| passing.is_tls) {
            upstream.0.clear();
            left.upstream(line, &told, Reason::Tls);
        }
        if let Some(line) = passing.https.filter(|_| !passing.is_verified) {
            let told = "proxy_pass without proxy_ssl_verify: here it is verified";
            left.line(line, told);
        }
        if let Some((line, name)) = passing.name {
            let is_its = |upstream: &str| {
                let authority = upstream.strip_prefix("https://");
                let host = authority.and_then(|authority| authority.rsplit_once(':'));
                authority.is_some_and(|whole| host.map_or(whole, |(host, _)| host) == name)
            };
            if upstream.is_empty() || !upstream.iter().all(is_its) {
                left.line(line, &format!("proxy_ssl_name {name}"));
            }
        }
        for (line, told) in std::mem::take(&mut self.rest.passes) {
            if upstream.is_empty() && !is_nothing_left && !passing.is_tls {
                left.upstream(line, &told, Reason::NoneLeft);
            } else {
                left.line(line, &told);
            }
        }
    }
}
