//! Directives that turn somebody away (nginx.org: ngx_http_access_module, ngx_http_auth_basic_module,
//! ngx_http_auth_request_module, ngx_http_auth_jwt_module, ngx_http_rewrite_module, ngx_http_ssl_module).

use super::syntax::Directive;
use crate::forms::left::Left;

/// Blocks of values, which may be keys, and of no directives (nginx.org: ngx_http_map_module and its kin).
pub(super) const IN_DATA: &[&str] = &["map", "geo", "split_clients", "types"];

/// Variables that say who a client is: an upstream that is told of them believes the header, which a client could
/// send itself where nobody else does.
const WHO: &[&str] = &["$ssl_client_", "$remote_user", "$jwt_"];

/// What tells clients from each other in a condition, beside that.
const WHOM: &[&str] = &[
    "$remote_",
    "$realip_",
    "$binary_remote_",
    "$cookie_",
    "$http_cookie",
    "$http_authorization",
    "$geoip",
    "$invalid_referer",
    "$secure_link",
];

/// Directives that ask for passwords, tokens or harmless requests where they are not off, of nginx and of modules that
/// others make.
const ASKING: &[&str] = &[
    "auth_basic",
    "auth_request",
    "auth_jwt",
    "auth_oidc",
    "auth_ldap",
    "auth_pam",
    "auth_gss",
    "auth_digest",
    "testcookie",
    "modsecurity",
    "ModSecurityEnabled",
];

/// Whether a condition is about who asks.
fn is_about_who(condition: &str) -> bool {
    let mut all = WHO.iter().chain(WHOM);
    condition.starts_with("if ") && all.any(|name| condition.contains(name))
}

/// Whether a directive leads somewhere else than what stands around its condition.
fn leads_away(words: &[&str]) -> bool {
    let name = words.first().copied().unwrap_or_default();
    ["return", "rewrite"].contains(&name) || name.ends_with("_pass")
}

/// Whether a directive keeps somebody out.
fn is_guard(words: &[&str]) -> bool {
    match words {
        [name, first, ..] if ASKING.contains(name) => !first.eq_ignore_ascii_case("off"),
        ["deny" | "auth_jwt_require" | "internal" | "js_access", ..] => true,
        ["return", status, ..] => status.len() == 3 && status.starts_with(['4', '5']),
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
        if is_guard(&words) || is_about_who(above) && leads_away(&words) {
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
