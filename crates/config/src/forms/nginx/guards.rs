//! Directives that turn somebody away (nginx.org: ngx_http_access_module, ngx_http_auth_basic_module,
//! ngx_http_auth_request_module, ngx_http_auth_jwt_module, ngx_http_rewrite_module, ngx_http_ssl_module,
//! ngx_http_limit_req_module, ngx_http_limit_conn_module).

use std::rc::Rc;

use super::sent::sends_on;
use super::syntax::{self, Directive};
use super::telling::Telling;
use super::{onward, own, redirect};
use crate::forms::left::Left;

/// Blocks of values, which may be keys, and of no directives (nginx.org: ngx_http_map_module and its kin).
pub(super) const IN_DATA: &[&str] = &["map", "geo", "split_clients", "types"];

/// Directives that ask for passwords, tokens or harmless requests where they are not off, of nginx and of modules that
/// others make.
pub(super) const ASKING: &[&str] = &[
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
    "app_protect_enable",
    "waf",
];

/// Directives that keep somebody out wherever they stand, with whatever words: limits of how often somebody may come,
/// a module's rules (naxsi), and programs, of which nobody can tell whom they turn away.
const GUARDS: &[&str] = &[
    "deny",
    "auth_jwt_require",
    "internal",
    "limit_req",
    "limit_conn",
    "dav_access",
    "SecRulesEnabled",
    "perl",
    "js_access",
    "js_content",
    "js_preread",
];

/// Starts of the names of more programs (openresty: lua-nginx-module, stream-lua-nginx-module).
const PROGRAMS: &[&str] = &[
    "access_by_lua",
    "content_by_lua",
    "preread_by_lua",
    "rewrite_by_lua",
    "server_rewrite_by_lua",
    "ssl_client_hello_by_lua",
];

/// Whether a directive leads somewhere else than what stands around its condition.
fn leads_away(words: &[&str]) -> bool {
    let name = words.first().copied().unwrap_or_default();
    ["return", "rewrite"].contains(&name) || name.ends_with("_pass")
}

/// Files that nginx, its packages and certbot come with, by their last parts: what is said to upstreams that are no
/// HTTP, kinds of files, whom a request is from, and versions and ciphers of TLS.
const HARMLESS: &[&str] = &[
    "fastcgi.conf",
    "fastcgi_params",
    "mime.types",
    "options-ssl-nginx.conf",
    "proxy_params",
    "scgi_params",
    "uwsgi_params",
];

/// Whether a file that is included is one of them.
fn is_harmless(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    HARMLESS.contains(&last)
}

/// Whether a directive keeps somebody out.
fn is_guard(words: &[&str], telling: &Telling) -> bool {
    match words {
        [name, first, ..] if ASKING.contains(name) => !first.eq_ignore_ascii_case("off"),
        [name, ..] if GUARDS.contains(name) => true,
        ["return", status, ..] => status.len() == 3 && status.starts_with(['4', '5']),
        ["ssl_ocsp", word] => !word.eq_ignore_ascii_case("off"),
        // An upstream that is told believes the header, which a client could send itself where nobody else does.
        ["proxy_set_header", _, value] => telling.says_who(value),
        [name, ..] => PROGRAMS.iter().any(|start| name.starts_with(start)),
        [] => false,
    }
}

/// Whether a directive keeps somebody out by itself, whatever stands around it.
pub(super) fn keeps_out_alone(directive: &Directive) -> bool {
    is_guard(&directive.texts(), &Telling::default())
}

/// What of a server has no place here.
pub(super) struct Rest {
    telling: Rc<Telling>,
    pub(super) left: Left,
    /// Whether it is of a server, and not of what stands around them.
    pub(super) is_server: bool,
    /// Directives that lead somewhere, with their lines.
    pub(super) passes: Vec<(usize, String)>,
}

impl Rest {
    pub(super) fn new(telling: &Rc<Telling>) -> Self {
        Self {
            telling: Rc::clone(telling),
            left: Left::of_server(),
            is_server: false,
            passes: Vec::new(),
        }
    }

    /// Whether a directive says of what goes on to upstreams what keyway does anyhow.
    pub(super) fn is_onward(&self, words: &[&str]) -> bool {
        onward::is_as_ever(words, |value| self.telling.is_of_upgrade(value))
    }

    /// Notes a directive and everything inside it.
    pub(super) fn add(&mut self, directive: &Directive, block: Option<Vec<Directive>>) {
        self.inside(directive, block, &Above::default());
    }

    fn inside(&mut self, directive: &Directive, block: Option<Vec<Directive>>, above: &Above) {
        let (line, told) = (directive.line, directive.told());
        let words = directive.texts();
        let is_data = IN_DATA.contains(&directive.name());
        // What is gone is there for nobody, and was not kept from some.
        let is_gone = above.is_location && matches!(*words, ["return", "410", ..]);
        let is_guard = is_guard(&words, &self.telling) && !is_gone;
        if is_guard || above.is_about_whom && leads_away(&words) {
            // Whom it is for stands around it.
            let told = format!("{} {told}", above.told);
            let told = told.trim_start();
            if above.is_own {
                self.left.line_with(line, told, own::TOLD);
            } else {
                self.left.guard(line, told);
            }
        } else if let ["include", path] = *words
            && self.is_server
            && !is_harmless(path)
        {
            self.left.include(line, &told);
        } else if above.is_about_hosts && (sends_on(&words) || redirect::is_to_first(&words)) {
            let told = format!("{} {told}", above.told);
            self.left.redirect(line, &told, true);
        } else if directive.name().ends_with("_pass") && block.is_none() {
            self.passes.push((line, told.clone()));
        } else {
            self.left.line(line, &told);
        }
        let block = block.filter(|_| !is_data).unwrap_or_default();
        if block.is_empty() {
            return;
        }
        let is_own = own::is_own(directive, &block, |path, is_whole| {
            self.telling.is_page(path, is_whole)
        });
        let above = Above {
            is_about_whom: directive.name() == "if" && self.telling.is_about_whom(&told),
            is_about_hosts: !above.is_part
                && directive.name() == "if"
                && self.telling.is_about_hosts(&told),
            is_location: directive.name() == "location",
            is_part: above.is_part || directive.name() == "location",
            is_own: above.is_own || is_own,
            told: Left::cut(&told),
        };
        for mut inner in block {
            let block = inner.block.take();
            self.inside(&inner, block, &above);
        }
    }
}

/// Whether directives, as annotations of an Ingress hold them, keep somebody out. Those that cannot be read may.
pub(in crate::forms) fn keeps_out(text: &str) -> bool {
    let Ok(directives) = syntax::read(text) else {
        return true;
    };
    let mut rest = Rest::new(&Rc::new(Telling::among(&directives)));
    for mut directive in directives {
        let asks = |words: &[&str]| matches!(words, ["ssl_verify_client", word] if *word != "off");
        if asks(&directive.texts()) {
            return true;
        }
        let block = directive.block.take();
        rest.add(&directive, block);
    }
    rest.left.keeps_out()
}

/// What stands around a directive.
#[derive(Default)]
struct Above {
    /// As it is told.
    told: String,
    /// Whether it is a condition that tells clients from each other.
    is_about_whom: bool,
    /// Whether it is a condition of the host that is asked for, of all paths.
    is_about_hosts: bool,
    is_location: bool,
    /// Whether it is in a location of some paths.
    is_part: bool,
    /// Whether it is a location that nginx answers itself.
    is_own: bool,
}
