//! Variables that tell clients from each other, and those that are made of them (nginx.org: ngx_http_map_module,
//! ngx_http_geo_module, ngx_http_rewrite_module, ngx_http_js_module, ngx_http_perl_module).

use std::collections::{BTreeMap, BTreeSet};

use super::guards::IN_DATA;
use super::syntax::Directive;
use crate::forms::asking;

/// Starts of those that say who a client is.
const WHO: &[&str] = &["ssl_client_", "remote_user", "jwt_"];

/// Starts of those that tell clients from each other in a condition, beside that.
const WHOM: &[&str] = &[
    "remote_",
    "realip_",
    "binary_remote_",
    "proxy_protocol_addr",
    "cookie_",
    "geoip",
    "invalid_referer",
    "secure_link",
];

/// Those that say what is asked for: who lacks something in them may be sent away.
const ARGUMENTS: &[&str] = &["arg_", "args", "query_string"];

/// What stands in a condition that holds for whoever lacks something.
const LACKING: &[&str] = &["!=", "!~", "=  )"];

/// Whether a variable tells clients from each other in a condition.
fn is_of_whom(name: &str) -> bool {
    let field = name.strip_prefix("http_");
    begins(name, WHO) || begins(name, WHOM) || field.is_some_and(asking::may_be_secret)
}

/// Those that say which host is asked for.
const HOSTS: &[&str] = &["host", "http_host", "ssl_server_name"];

/// Directives whose first word is a variable that a program, or another server's answer, fills.
const FILLED: &[&str] = &[
    "auth_jwt_claim_set",
    "auth_request_set",
    "js_set",
    "perl_set",
    "set_by_lua",
    "set_by_lua_block",
    "set_by_lua_file",
];

/// The names of the variables in a text: `$name` and `${name}`.
fn variables(text: &str) -> impl Iterator<Item = &str> {
    text.split('$').skip(1).map(|rest| {
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        rest.split(|letter| !is_part(letter)).next().unwrap_or("")
    })
}

/// The variable that a word is.
fn variable(word: &str) -> &str {
    variables(word).next().unwrap_or_default()
}

fn begins(name: &str, starts: &[&str]) -> bool {
    starts.iter().any(|start| name.starts_with(start))
}

/// What variables are made of.
#[derive(Default)]
struct Made {
    /// Those that are made of each.
    of: BTreeMap<String, Vec<String>>,
    /// Those that tell clients from each other by themselves.
    telling: Vec<String>,
    /// How many conditions there are.
    conditions: usize,
    /// What is shown in the place of errors.
    pages: BTreeSet<String>,
}

impl Made {
    /// Finds them, in blocks inside blocks; `around` is the condition that they stand under.
    fn look(&mut self, directives: &[Directive], around: &str) {
        for directive in directives {
            match (directive.name(), directive.arguments().as_slice()) {
                ("map", [from, made]) => self.note(variable(made), variables(from)),
                // Of the client's address, where no other is named.
                ("geo", [.., made]) => self.telling.push(variable(made).to_owned()),
                ("error_page", [.., page]) if page.starts_with('/') => {
                    let path = page.split('?').next().unwrap_or_default();
                    self.pages.insert(path.to_owned());
                }
                ("set", [made, value]) => {
                    let around = [around].into_iter();
                    self.note(variable(made), variables(value).chain(around));
                }
                (name, [made, ..]) if FILLED.contains(&name) => {
                    self.telling.push(variable(made).to_owned());
                }
                _ => {}
            }
            let is_data = IN_DATA.contains(&directive.name());
            let Some(block) = directive.block.as_ref().filter(|_| !is_data) else {
                continue;
            };
            if directive.name() == "if" {
                // A condition stands for all that it looks at. No variable has a blank in its name.
                self.conditions += 1;
                let condition = format!("if {}", self.conditions);
                self.note(&condition, variables(&directive.told()));
                self.look(block, &condition);
            } else {
                self.look(block, around);
            }
        }
    }

    fn note<'f>(&mut self, made: &str, from: impl Iterator<Item = &'f str>) {
        for from in from.filter(|from| !from.is_empty()) {
            let all = self.of.entry(from.to_owned()).or_default();
            all.push(made.to_owned());
        }
    }

    /// All that are made of these, at any remove.
    fn made_of(&self, first: impl Iterator<Item = String>) -> BTreeSet<String> {
        let mut open: Vec<String> = first.collect();
        let mut known = BTreeSet::new();
        while let Some(name) = open.pop() {
            if known.insert(name.clone()) {
                open.extend(self.of.get(&name).into_iter().flatten().cloned());
            }
        }
        known
    }
}

/// The variables of a text that tell clients from each other, beside nginx's own.
#[derive(Default)]
pub(super) struct Telling {
    who: BTreeSet<String>,
    whom: BTreeSet<String>,
    /// Those that are made of the host that is asked for, and it.
    hosts: BTreeSet<String>,
    /// Those that are made of the field `Upgrade`, and it.
    upgrade: BTreeSet<String>,
    /// The paths of what is shown in the place of errors.
    pages: BTreeSet<String>,
}

impl Telling {
    /// Finds them.
    pub(super) fn among(directives: &[Directive]) -> Self {
        let mut made = Made::default();
        made.look(directives, "");
        let named = |starts: &'static [&str]| {
            let names = made.of.keys();
            names.filter(|name| begins(name, starts)).cloned()
        };
        let who = made.made_of(named(WHO));
        let telling = made.telling.iter().cloned();
        let names = made.of.keys().filter(|name| is_of_whom(name));
        let whom = made.made_of(names.cloned().chain(telling));
        let hosts = made.made_of(HOSTS.iter().map(|name| (*name).to_owned()));
        let upgrade = made.made_of(["http_upgrade".to_owned()].into_iter());
        Self {
            who,
            whom,
            hosts,
            upgrade,
            pages: made.pages,
        }
    }

    /// Whether a value says who a client is.
    pub(super) fn says_who(&self, value: &str) -> bool {
        variables(value).any(|name| begins(name, WHO) || self.who.contains(name))
    }

    /// Whether a value is a variable that is made of the field `Upgrade`.
    pub(super) fn is_of_upgrade(&self, value: &str) -> bool {
        value.starts_with('$') && self.upgrade.contains(variable(value))
    }

    /// Whether a path is the one of what is shown in the place of an error, or begins it.
    pub(super) fn is_page(&self, path: &str, is_whole: bool) -> bool {
        let mut from = self.pages.range(path.to_owned()..);
        let first = from.next();
        first.is_some_and(|page| page == path || !is_whole && page.starts_with(path))
    }

    /// Whether a condition looks at the host that is asked for.
    pub(super) fn is_about_hosts(&self, condition: &str) -> bool {
        variables(condition).any(|name| self.hosts.contains(name))
    }

    /// Whether a condition tells clients from each other.
    pub(super) fn is_about_whom(&self, condition: &str) -> bool {
        let is_lacking = LACKING.iter().any(|part| condition.contains(part));
        let is_own = |name: &str| is_of_whom(name) || is_lacking && begins(name, ARGUMENTS);
        variables(condition).any(|name| is_own(name) || self.whom.contains(name))
    }
}
