//! Conditions by which one host is sent elsewhere (nginx.org: ngx_http_rewrite_module, "if").

use super::redirect::{self, is_redirect};
use super::server::Server;
use super::syntax::Directive;
use crate::forms::served::Served;

/// A host that is sent elsewhere, whatever else is asked of it.
pub(super) struct Sent {
    line: usize,
    told: String,
    host: String,
}

/// Whether a directive sends somebody to another address.
pub(super) fn sends_on(words: &[&str]) -> bool {
    match *words {
        ["return", "301" | "302" | "303" | "307" | "308", to] => !is_redirect(to),
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
    /// Takes the hosts that are sent elsewhere out, where there are others, and tells of them.
    pub(super) fn settle_sent(&mut self) {
        for Sent { line, told, host } in std::mem::take(&mut self.sent) {
            let hosts = &mut self.service.host.0;
            let is_covered = |hosts: &[String]| Served::by(hosts).has(&host);
            let left = &mut self.rest.left;
            if !is_covered(hosts) && self.patterns.is_empty() {
                left.line(line, &told);
                continue;
            }
            let kept = hosts.iter().filter(|it| !it.eq_ignore_ascii_case(&host));
            let kept: Vec<String> = kept.cloned().collect();
            let is_left_out = !kept.is_empty() && self.patterns.is_empty() && !is_covered(&kept);
            if is_left_out {
                *hosts = kept;
            }
            left.redirect(line, &told, !is_left_out);
        }
    }
}
