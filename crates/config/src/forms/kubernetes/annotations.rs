//! What annotations of controllers say of an Ingress: each has names of its own in front of a slash (Kubernetes:
//! ingress-nginx, "Annotations"; docs.nginx.com, haproxy-ingress.github.io, haproxy.org, doc.traefik.io,
//! apisix.apache.org, opensource.zalando.com/skipper).

use super::objects::Object;
use crate::document::{Entry, Node, Value};
use crate::forms::left::Left;
use crate::forms::settings::{self, Covered};
use crate::forms::{haproxy, nginx};
use crate::rules::upstream_left_behind::Reason;

/// Where annotations stand.
const PLACE: &[&str] = &["metadata", "annotations"];

/// Parts of the names of those that keep somebody out.
const GUARDS: &[&str] = &[
    "allow-list",
    "allow_any_authenticated_user",
    "allowed_domains",
    "allowed_groups",
    "allowed_idp_claims",
    "allowed_users",
    "allowlist",
    "app-protect-dos",
    "app-protect-enable",
    "auth-secret",
    "auth-tls-match-cn",
    "auth-tls-secret",
    "auth-tls-verify-client",
    "auth-type",
    "auth-uri",
    "auth-url",
    "basic-auth",
    "blacklist",
    "block-list",
    "blocklist",
    "client-ca",
    "deny-list",
    "denylist",
    "enable-csrf",
    "http-allow-methods",
    "http-block-methods",
    "http-header-match",
    "inbound-cidrs",
    "jwt",
    "limit-connections",
    "limit-req-rate",
    "limit-rpm",
    "limit-rps",
    "middlewares",
    "modsecurity",
    "mutual-authentication",
    "oauth",
    "owasp-core-rules",
    "plugin-config-name",
    "plugins",
    "policies",
    "prefix-list-ids",
    "rate-limit",
    "ratelimit",
    "security-group",
    "ssl-profile",
    "tls.options",
    "waf",
    "whitelist",
];

/// Parts of the names of those by which some addresses alone are let in, and the network of all of them.
const LISTS: &[&str] = &["allow-list", "allowlist", "inbound-cidrs", "whitelist"];
const EVERYBODY: &str = "0.0.0.0/0";

/// Parts of directives in which somebody is kept out, in snippets of a language that is not read here.
const IN_SNIPPETS: &[&str] = &[
    "deny",
    "auth",
    "return 4",
    "verify_client",
    "http-request",
    "tcp-request",
    "limit_req",
    "limit_conn",
    "by_lua",
    "jwt",
];

/// Parts of the names of Skipper's filters and predicates by which somebody is kept out.
const IN_ROUTES: &[&str] = &[
    "authorizerequest",
    "basicauth(",
    "block(",
    "blockcontent",
    "clientip(",
    "jwt",
    "oauth",
    "oidc",
    "ratelimit",
    "source(",
    "sourcefromlast(",
    "status(4",
    "webhook(",
];

/// The same of its predicates: who does not send a field is answered by no route.
const IN_PREDICATES: &[&str] = &["header(", "headerregexp(", "cookie("];

/// How the Services behind an Ingress are spoken to.
#[derive(Default)]
pub(super) enum Scheme {
    #[default]
    Http,
    Https,
    /// HTTP/2 without TLS, as gRPC is mostly spoken.
    H2c,
    /// Nobody is led to them: this annotation of this line sends everybody elsewhere.
    Unreached(usize, String),
    /// Nobody can tell, by the annotation of this line.
    Unclear(usize, String),
}

/// What is read.
#[derive(Default)]
pub(super) struct Said {
    pub(super) redirect: bool,
    pub(super) scheme: Scheme,
    /// Hosts that are served like those of the rules.
    pub(super) aliases: Vec<String>,
    /// The line by which each host with `www.` is redirected to the one without, or the other way round, and how that is
    /// told.
    www: Option<(usize, String)>,
}

impl Said {
    /// Tells of hosts that are redirected to some of these; one that has a rule is not.
    pub(super) fn tell_www(&self, hosts: &[String], left: &mut Left) {
        let Some((line, told)) = &self.www else {
            return;
        };
        let other = |host: &String| match host.strip_prefix("www.") {
            Some(rest) => rest.to_owned(),
            None => format!("www.{host}"),
        };
        let others = hosts.iter().filter(|host| !host.starts_with('*'));
        let mut others = others.map(other).filter(|host| !hosts.contains(host));
        match others.next() {
            Some(host) => {
                let is_served = Covered::by(hosts).has(&host);
                left.redirect(*line, &format!("{told}: {host}"), is_served);
            }
            None => left.line(*line, told),
        }
    }
}

/// By what controllers send everybody elsewhere.
const SENDING: &[&str] = &[
    "permanent-redirect",
    "redirect-to",
    "request-redirect",
    "temporal-redirect",
];

/// By what it sends some of what an Ingress has to other Services on trial.
const CANARY: &str = "nginx.ingress.kubernetes.io/canary";

/// Whether an Ingress only takes a share of what another one of the same host has.
pub(super) fn is_canary(object: &Object) -> bool {
    let annotations = object.find(PLACE).map(|node| &node.value);
    let Some(Value::Table(entries)) = annotations else {
        return false;
    };
    let mut entries = entries.iter();
    entries.any(|entry| entry.key == CANARY && word(&entry.node) == "true")
}

/// The hosts that an annotation names; `None` where one of them is a pattern.
fn aliases(value: &str) -> Option<Vec<String>> {
    let names = value.split(|letter: char| letter == ',' || letter.is_whitespace());
    let names = names.filter(|name| !name.is_empty());
    let host = |name: &str| {
        let bare = name.strip_prefix("*.").unwrap_or(name);
        settings::is_plain(bare).then(|| name.to_owned())
    };
    names.map(host).collect()
}

/// A value as it is compared.
fn word(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => text.trim().to_ascii_lowercase(),
        Value::Truth(true) => "true".to_owned(),
        Value::Integer(number) => number.to_string(),
        _ => String::new(),
    }
}

/// How an annotation says that Services are spoken to; `None` where it is about something else.
fn scheme(name: &str, value: &str) -> Option<Result<Scheme, ()>> {
    let is_on = value == "true" || value == "https";
    Some(match name {
        "backend-protocol" => match value {
            "http" | "h1" => Ok(Scheme::Http),
            "grpc" | "h2" => Ok(Scheme::H2c),
            "https" | "grpcs" | "h1-ssl" | "h2-ssl" => Ok(Scheme::Https),
            _ => Err(()),
        },
        "secure-backends" | "server-ssl" | "service.serversscheme" | "protocol" if is_on => {
            Ok(Scheme::Https)
        }
        // TLS goes through to them as it comes, or to some of them.
        "ssl-passthrough" if is_on => Err(()),
        "ssl-services" | "app-protocols" | "secure_backend" if !value.is_empty() => Err(()),
        _ => return None,
    })
}

/// What else is annotated of what one rule says by two annotations.
#[derive(Clone, Copy)]
struct Beside {
    has_ca: bool,
    has_type: bool,
    /// Whether no client is asked for a certificate.
    asks_nobody: bool,
}

/// Whether the words of a server's own language, which an annotation of this key holds, keep somebody out.
fn keeps_out(key: &str, text: &str) -> bool {
    let prefix = key.split('/').next().unwrap_or_default();
    if prefix.contains("nginx") {
        return nginx::keeps_out(text);
    }
    if prefix.contains("haproxy") {
        return haproxy::keeps_out(text);
    }
    let text = text.to_ascii_lowercase();
    IN_SNIPPETS.iter().any(|word| text.contains(word))
}

/// Whether an annotation keeps somebody out.
fn is_guard(entry: &Entry, name: &str, value: &str, beside: Beside) -> bool {
    let holds = |words: &[&str]| words.iter().any(|word| value.contains(word));
    if name.contains("snippet") || name.starts_with("config-") {
        let is_guard = |text: &str| keeps_out(&entry.key, text);
        return matches!(&entry.node.value, Value::Text(text) if is_guard(text));
    }
    if name.starts_with("skipper-") {
        return holds(IN_ROUTES) || name == "skipper-predicate" && holds(IN_PREDICATES);
    }
    if name == "policy" && entry.key.starts_with("ingress.pomerium.io/") {
        return !value.is_empty();
    }
    if name.starts_with("headers.") && entry.key.starts_with("konghq.com/") {
        return !value.is_empty();
    }
    if name.starts_with("conditions.") {
        return value.contains("source-ip") || value.contains("http-header");
    }
    let is_off = ["", "0", "off", "false", "none"].contains(&value);
    // Exceptions from a limit let somebody in, and what is asked of clients is one rule in two annotations.
    let is_other = name.starts_with("limit-whitelist")
        || name.starts_with("limit-allowlist")
        || (name == "auth-tls-secret" && beside.asks_nobody)
        || (name.ends_with("auth-tls-verify-client") && beside.has_ca)
        || (name.starts_with("auth-secret") && (beside.has_type || name != "auth-secret"));
    let is_list = LISTS.iter().any(|part| name.contains(part));
    let mut networks = value.split(|letter: char| letter == ',' || letter.is_whitespace());
    let lets_all_in = is_list && networks.any(|network| network == EVERYBODY);
    !is_off && !is_other && !lets_all_in && GUARDS.iter().any(|part| name.contains(part))
}

/// Reads the annotations of an Ingress.
pub(super) fn take(object: &mut Object, left: &mut Left) -> Said {
    let mut said = Said::default();
    let Some(node) = object.take(PLACE) else {
        return said;
    };
    let Value::Table(entries) = node.value else {
        object.walk(&node, PLACE, left);
        return said;
    };
    let name = |entry: &Entry| entry.key.rsplit('/').next().unwrap_or_default().to_owned();
    let has = |wanted| entries.iter().any(|entry| name(entry) == wanted);
    let mut all = entries.iter();
    let asked = all.find(|entry| name(entry) == "auth-tls-verify-client");
    let beside = Beside {
        has_ca: has("auth-tls-secret"),
        has_type: has("auth-type"),
        asks_nobody: asked.is_some_and(|entry| word(&entry.node) == "off"),
    };
    for entry in &entries {
        let (name, value, line) = (name(entry), word(&entry.node), object.line(&entry.node));
        let told = format!("metadata.annotations.{}", entry.key);
        let is_nginx = entry.key.starts_with("nginx.ingress.kubernetes.io/");
        let is_redirect = is_nginx && ["ssl-redirect", "force-ssl-redirect"].contains(&&*name);
        if is_nginx && name == "server-alias" {
            match aliases(&value) {
                Some(hosts) => said.aliases.extend(hosts),
                None => left.upstream(line, &told, Reason::Apart),
            }
            continue;
        }
        if is_nginx && name == "from-to-www-redirect" && value == "true" {
            said.www = Some((line, told));
            continue;
        }
        if SENDING.contains(&&*name) && !value.is_empty() {
            said.scheme = Scheme::Unreached(line, told);
            continue;
        }
        match (value.as_str(), scheme(&name, &value)) {
            ("true" | "false", _) if is_redirect => said.redirect |= value == "true",
            (_, Some(Ok(Scheme::Https))) => {
                said.scheme = match said.scheme {
                    Scheme::Http | Scheme::H2c => Scheme::Https,
                    unsaid => unsaid,
                };
                left.line(line, &format!("{told}: here the certificate is verified"));
            }
            ("http", Some(Ok(_))) => {}
            (_, Some(Ok(Scheme::H2c))) => {
                if matches!(said.scheme, Scheme::Http) {
                    said.scheme = Scheme::H2c;
                }
            }
            (_, Some(Err(()))) if !matches!(said.scheme, Scheme::Unreached(..)) => {
                said.scheme = Scheme::Unclear(line, told);
            }
            _ if is_guard(entry, &name, &value, beside) => left.guard(line, &told),
            _ => object.walk(&entry.node, &[PLACE, &[&entry.key]].concat(), left),
        }
    }
    said
}
