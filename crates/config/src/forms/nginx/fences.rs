//! Conditions by which who asks for other hosts than some is turned away, as a service does with all hosts but its own
//! (nginx.org: ngx_http_rewrite_module, "if").

use super::server::Server;
use super::syntax::Directive;
use crate::forms::settings;

/// Such a condition.
pub(super) struct Fence {
    line: usize,
    told: String,
    /// The hosts that are let in.
    hosts: Vec<String>,
}

/// The hosts of a regular expression that stands for some and no others: `^(a\.test|b\.test)$`.
fn hosts_of(pattern: &str) -> Option<Vec<String>> {
    let inner = pattern.strip_prefix('^')?.strip_suffix('$')?;
    let bare = inner.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
    let hosts = bare.unwrap_or(inner).split('|').map(|host| {
        // A dot without a backslash stands for other letters, too.
        let is_exact = host.matches('.').count() == host.matches("\\.").count();
        let host = host.replace("\\.", ".");
        (is_exact && settings::is_plain(&host)).then_some(host)
    });
    hosts.collect()
}

impl Fence {
    /// A condition with what is inside of it: `if ($host != NAME) { return 444; }`.
    pub(super) fn of(directive: &Directive, block: Option<&[Directive]>) -> Option<Self> {
        let [inner] = block? else {
            return None;
        };
        let is_turning = |status: &str| status.len() == 3 && status.starts_with(['4', '5']);
        if !matches!(*inner.texts(), ["return", status] if is_turning(status)) {
            return None;
        }
        let condition = directive.told();
        let condition = condition.strip_prefix("if (")?.strip_suffix(')')?;
        let hosts = match *condition.split_whitespace().collect::<Vec<_>>() {
            ["$host", "!=", host] if settings::is_plain(host) => vec![host.to_owned()],
            ["$host", "!~" | "!~*", pattern] => hosts_of(pattern)?,
            _ => return None,
        };
        Some(Self {
            line: directive.line,
            told: format!("{} {}", directive.told(), inner.told()),
            hosts,
        })
    }
}

impl Server {
    /// Tells of them, as of guards where not all hosts of its own are let in.
    pub(super) fn settle_fences(&mut self) {
        let own = &self.service.host;
        let left = &mut self.rest.left;
        for Fence { line, told, hosts } in std::mem::take(&mut self.fences) {
            let is_in = |host: &str| hosts.iter().any(|it| it.eq_ignore_ascii_case(host));
            if !own.is_empty() && self.patterns.is_empty() && own.iter().all(is_in) {
                left.line(line, &told);
                self.is_for_own_alone = true;
            } else {
                left.guard(line, &told);
            }
        }
    }
}
