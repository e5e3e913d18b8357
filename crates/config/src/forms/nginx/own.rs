//! Locations that nginx answers itself: who is kept out of one is kept out of what nginx has there, and not of a part of the
//! upstream (nginx.org: ngx_http_stub_status_module, ngx_http_api_module, ngx_http_empty_gif_module, ngx_http_core_module).

use super::syntax::Directive;

/// Said behind what keeps somebody out of one.
pub(super) const TOLD: &str = ", of what nginx answers itself: here the upstream is asked for it";

/// What nginx, or a module of others, answers with.
const ANSWERS: &[&str] = &[
    "api",
    "check_status",
    "empty_gif",
    "status",
    "stub_status",
    "vhost_traffic_status_display",
];

/// Where files are that it answers with.
const FILES: &[&str] = &["alias", "root"];

/// Whether directives lead on to an upstream, or to another location.
fn leads_on(block: &[Directive]) -> bool {
    block.iter().any(|directive| {
        let name = directive.name();
        let inside = directive.block.as_deref().unwrap_or_default();
        name.ends_with("_pass") || ["try_files", "rewrite"].contains(&name) || leads_on(inside)
    })
}

/// Whether nobody at all is let in: then it is no matter what would be there.
fn is_closed(block: &[Directive]) -> bool {
    let words = || block.iter().map(Directive::texts);
    let is_denied = words().any(|words| *words == ["deny", "all"]);
    let lets_in = words().any(|words| words.first() == Some(&"allow"));
    let is_refused = |words: Vec<&str>| matches!(*words, ["return", status, ..] if status.starts_with(['4', '5']));
    is_denied && !lets_in || words().any(is_refused)
}

/// Whether a directive is such a location; `is_page` says whether a path is that of what is shown in the place of an
/// error, or, where it is not the whole of it, begins it.
pub(super) fn is_own(
    directive: &Directive,
    block: &[Directive],
    is_page: impl Fn(&str, bool) -> bool,
) -> bool {
    if directive.name() != "location" || leads_on(block) {
        return false;
    }
    let has = |name: &str| block.iter().any(|inner| inner.name() == name);
    let has_files = FILES.iter().any(|name| has(name));
    if ANSWERS.iter().any(|name| has(name)) {
        return true;
    }
    if has("internal") {
        let is_shown = match *directive.arguments() {
            ["=", path] => is_page(path, true),
            [path] | ["^~", path] => is_page(path, false),
            _ => false,
        };
        return has_files || is_shown;
    }
    has_files && !is_closed(block)
}
