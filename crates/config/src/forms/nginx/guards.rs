//! Directives that turn somebody away (nginx.org: ngx_http_access_module, ngx_http_auth_basic_module,
//! ngx_http_auth_request_module, ngx_http_auth_jwt_module, ngx_http_rewrite_module, ngx_http_ssl_module).

use super::syntax::Directive;
use crate::forms::left::Left;

/// Blocks of values, which may be keys, and of no directives (nginx.org: ngx_http_map_module and its kin).
pub(super) const IN_DATA: &[&str] = &["map", "geo", "split_clients", "types"];

/// Variables that say who a client is: an upstream that is told of them believes the header, which a client could
/// send itself where nobody else does.
const WHO: &[&str] = &["$ssl_client_", "$remote_user", "$jwt_"];

/// Whether a directive keeps somebody out.
fn is_guard(words: &[&str]) -> bool {
    match words {
        ["auth_basic" | "auth_request" | "auth_jwt", first, ..] => *first != "off",
        ["deny" | "auth_jwt_require" | "internal" | "js_access", ..] => true,
        ["return", status, ..] => status.len() == 3 && status.starts_with('4'),
        ["ssl_verify_client", word] => word.eq_ignore_ascii_case("optional_no_ca"),
        ["ssl_ocsp", word] => !word.eq_ignore_ascii_case("off"),
        ["proxy_set_header", _, value] => WHO.iter().any(|name| value.contains(name)),
        [name, ..] => name.starts_with("access_by_lua"),
        [] => false,
    }
}

/// What of a server has no place here.
pub(super) struct Rest {
    pub(super) left: Left,
    /// Directives that lead somewhere, with their lines.
    pub(super) passes: Vec<(usize, String)>,
}

impl Rest {
    pub(super) fn new() -> Self {
        Self {
            left: Left::of_server(),
            passes: Vec::new(),
        }
    }

    /// Notes a directive and everything inside it.
    pub(super) fn add(&mut self, directive: &Directive, block: Option<Vec<Directive>>) {
        self.inside(directive, block, "");
    }

    fn inside(&mut self, directive: &Directive, block: Option<Vec<Directive>>, above: &str) {
        let (line, told) = (directive.line, directive.told());
        let words: Vec<&str> = directive.words.iter().map(String::as_str).collect();
        let is_data = IN_DATA.contains(&directive.name());
        if is_guard(&words) {
            // Whom it is for stands around it.
            self.left
                .guard(line, format!("{above} {told}").trim_start());
        } else if directive.name().ends_with("_pass") && block.is_none() {
            self.passes.push((line, told.clone()));
        } else {
            self.left.line(line, &told);
        }
        for mut inner in block.filter(|_| !is_data).unwrap_or_default() {
            let block = inner.block.take();
            self.inside(&inner, block, &told);
        }
    }
}
