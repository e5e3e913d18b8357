//! Conditions by which one host is sent elsewhere (nginx.org: ngx_http_rewrite_module, "if").

use std::collections::BTreeSet;

use super::redirect::{self, is_redirect};
use super::server::Server;
use super::syntax::Directive;
use crate::Service;
use crate::forms::left::Left;
use crate::forms::served::Served;

/// A host that is sent elsewhere, whatever else is asked of it.
pub(super) struct Sent {
    line: usize,
    told: String,
    host: String,
}

/// Whether a directive sends somebody to another address.
pub(super) fn sends_on(words: &[&str]) -> bool {
    if is_redirect(words) {
        return false;
    }
    match *words {
        ["return", "301" | "302" | "303" | "307" | "308", _] => true,
        ["return", to] => to.contains(':'),
        ["rewrite", _, to, ref how @ ..] => {
            matches!(how, ["permanent" | "redirect"]) || to.contains("://")
        }
        _ => false,
    }
}

impl Sent {
    /// The host of a condition with what is inside of it: `if ($host = NAME) { return 301 …; }`.
    pub(super) fn of(directive: &Directive, block: Option<&[Directive]>) -> Option<Self> {
        let [inner] = block? else {
            return None;
        };
        let host = redirect::host_of(directive)?;
        sends_on(&inner.texts()).then(|| Self {
            line: directive.line,
            told: format!("{} {}", directive.told(), inner.told()),
            host: host.to_owned(),
        })
    }
}

impl Server {
    /// Takes the hosts that are sent elsewhere out, where there are others, and tells of them. Those of nobody are kept: it
    /// may be asked for them all the same.
    pub(super) fn settle_sent(&mut self) {
        for Sent { line, told, host } in std::mem::take(&mut self.sent) {
            let hosts = &mut self.service.host.0;
            let is_covered = |hosts: &[String]| Served::by(hosts).has(&host);
            if !is_covered(hosts) && self.patterns.is_empty() {
                self.sent_unnamed.push(Sent { line, told, host });
                continue;
            }
            let kept = hosts.iter().filter(|it| !it.eq_ignore_ascii_case(&host));
            let kept: Vec<String> = kept.cloned().collect();
            let is_left_out = !kept.is_empty() && self.patterns.is_empty() && !is_covered(&kept);
            if is_left_out {
                *hosts = kept;
            }
            self.is_for_own_alone |= is_left_out;
            self.rest.left.redirect(line, &told, !is_left_out);
        }
    }
}

impl Server {
    /// Notes what it sends elsewhere of hosts that it does not name, where it is no part of the service.
    pub(super) fn leave_sent(&mut self) {
        for sent in std::mem::take(&mut self.sent_unnamed) {
            self.rest.left.line(sent.line, &sent.told);
        }
    }
}

/// Whom the servers of a service send elsewhere or turn away: they must not come to the upstream for being nobody's.
#[derive(Default)]
pub(super) struct Unserved {
    /// Whether there are hosts that it does not serve.
    is_some: bool,
    /// Hosts that are sent elsewhere and have no name, with the numbers of the servers.
    unnamed: Vec<(usize, Sent)>,
}

impl Unserved {
    /// Takes in that of a server.
    pub(super) fn add(&mut self, server: &mut Server) {
        self.is_some |= server.is_for_own_alone;
        let unnamed = std::mem::take(&mut server.sent_unnamed).into_iter();
        let unnamed = unnamed.map(|sent| (server.number, sent));
        self.unnamed.extend(unnamed);
    }

    /// Tells of it, by the numbers of the servers that answer for names that nobody has. Returns whether there
    /// are some.
    pub(super) fn tell(
        self,
        answering: &BTreeSet<usize>,
        service: &Service,
        left: &mut Left,
    ) -> bool {
        let own = service.tls.certificates.iter().flat_map(|own| &own.host.0);
        let named = Served::by(service.host.0.iter().chain(own));
        let mut is_some = self.is_some;
        for (number, sent) in self.unnamed {
            if answering.contains(&number) && !named.has(&sent.host) {
                is_some = true;
                left.redirect(sent.line, &sent.told, false);
            } else {
                left.line(sent.line, &sent.told);
            }
        }
        is_some
    }
}
