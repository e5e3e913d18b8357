//! What the rules of an Ingress lead to (Kubernetes: "Ingress", "Ingress rules"). One service has one group of
//! upstreams: hosts that lead elsewhere, or nobody can tell where, are another service's, and are left behind.

use std::collections::{BTreeMap, BTreeSet};

use super::annotations::Scheme;
use super::objects::{Object, take, text};
use super::ports::{Port, Ports};
use crate::document::{Node, Value};
use crate::forms::left::Left;
use crate::forms::served::Served;
use crate::forms::settings::Covered;
use crate::rules::upstream_left_behind::Reason;

const RULES: &[&str] = &["spec", "rules"];
const PATHS: &[&str] = &["spec", "rules", "http", "paths"];

/// Where something leads.
#[derive(Clone, Default, PartialEq)]
enum Leads {
    /// Nothing is said of it.
    #[default]
    Nowhere,
    /// To what is not read here, at this line.
    Unread(usize),
    /// To a port that has a name here, at this line, and no number.
    Named(usize, String),
    /// To this host and port.
    To(String),
}

/// A rule, with its line; without a host it is for all that no other rule is for.
struct Rule {
    line: usize,
    host: Option<String>,
    leads: Leads,
}

/// The rules of an Ingress.
pub(super) struct Ruled {
    rules: Vec<Rule>,
    /// Where goes what no rule is for, and the line that says so.
    default: Leads,
    line: usize,
}

/// What came of them.
pub(super) struct Led {
    pub(super) upstream: Option<String>,
    /// Hosts that lead there.
    pub(super) hosts: Vec<String>,
    /// The line of the first host that is left behind.
    pub(super) left_out: Option<usize>,
}

/// The Services that may be led to: where they are, and the numbers of their ports.
pub(super) struct Services<'a> {
    pub(super) namespace: Option<&'a str>,
    pub(super) ports: Ports,
}

impl Services<'_> {
    /// Where a backend leads, which stands at a line.
    fn leads(&self, backend: &Node, line: usize) -> Leads {
        let unread = Leads::Unread(line);
        let name = backend.find(&["service", "name"]).cloned().and_then(text);
        let (Some(name), Some(port)) = (name, backend.find(&["service", "port"])) else {
            return unread;
        };
        match self.ports.port(&name, port) {
            None => unread,
            Some(Port::Name(port)) => {
                Leads::Named(line, format!("port {port} of the Service {name}"))
            }
            Some(Port::Number(port)) => Leads::To(match self.namespace {
                Some(namespace) => format!("{name}.{namespace}.svc:{port}"),
                None => format!("{name}:{port}"),
            }),
        }
    }
}

/// Whether a path is the one of everything, and not of the one resource alone that is called so.
fn is_root(path: &Node) -> bool {
    let said = |name: &str| path.find(&[name]).map(|node| &node.value);
    let is_exact = matches!(said("pathType"), Some(Value::Text(text)) if text.as_str() == "Exact");
    match said("path") {
        _ if is_exact => false,
        None => true,
        Some(Value::Text(text)) => text.as_str() == "/",
        Some(_) => false,
    }
}

/// The hosts that `spec.tls` names.
#[derive(Default)]
pub(super) struct Certified {
    /// With their lines.
    pub(super) hosts: Vec<(usize, String)>,
    /// Whether it names none: every host has TLS, or none has.
    pub(super) is_for_all: bool,
}

impl Certified {
    /// Those that have TLS; empty where all have.
    fn served(&self) -> Served {
        let hosts = self.hosts.iter().filter(|_| !self.is_for_all);
        let hosts: Vec<String> = hosts.map(|(_, host)| host.clone()).collect();
        Served::by(&hosts)
    }
}

impl Ruled {
    /// Takes the default backend out of an Ingress.
    pub(super) fn of(object: &mut Object, services: &Services<'_>) -> Self {
        let backend = object.take(&["spec", "defaultBackend"]);
        let line = backend.as_ref().map_or(1, |backend| object.line(backend));
        let default = backend.map_or(Leads::Nowhere, |backend| services.leads(&backend, line));
        Self {
            rules: Vec::new(),
            default,
            line,
        }
    }

    /// Takes a rule in, and its paths.
    pub(super) fn take(
        &mut self,
        mut rule: Node,
        paths: Vec<Node>,
        services: &Services<'_>,
        object: &Object,
        left: &mut Left,
    ) {
        let host = take(&mut rule, &["host"]);
        let line = object.line(host.as_ref().unwrap_or(&rule));
        let mut leads = Leads::Nowhere;
        let is_said = !paths.is_empty();
        for mut path in paths {
            if is_root(&path) && leads == Leads::Nowhere {
                let line = object.line(&path);
                let backend = path.find(&["backend"]);
                let to = backend.map(|backend| services.leads(backend, line));
                leads = to.unwrap_or(Leads::Unread(line));
                if matches!(leads, Leads::To(_)) {
                    for taken in ["path", "pathType", "backend"] {
                        drop(take(&mut path, &[taken]));
                    }
                }
            }
            object.walk(&path, PATHS, left);
        }
        if is_said && leads == Leads::Nowhere {
            // Some of it is led somewhere, and not all.
            leads = Leads::Unread(line);
        }
        object.walk(&rule, RULES, left);
        let host = host.and_then(text);
        self.rules.push(Rule { line, host, leads });
    }

    /// Where goes what no rule with a host is for.
    fn others(&self) -> &Leads {
        let mut rules = self.rules.iter();
        let free = rules.find(|rule| rule.host.is_none() && rule.leads != Leads::Nowhere);
        free.map_or(&self.default, |rule| &rule.leads)
    }

    /// Chooses the upstream, and says which of the hosts lead there: those of rules, and those that have a
    /// certificate alone where what no rule is for leads there, too. Lines come with the certified ones.
    pub(super) fn settle(self, certified: Certified, scheme: &Scheme, left: &mut Left) -> Led {
        let others = self.others().clone();
        let leads = |rule: &Rule| match &rule.leads {
            Leads::Nowhere => self.default.clone(),
            leads => leads.clone(),
        };
        let is_to = |leads: &Leads| matches!(leads, Leads::To(_));
        let named = || self.rules.iter().filter(|rule| rule.host.is_some());
        let chosen = named().map(leads).find(is_to);
        let chosen = chosen.or(Some(others.clone()).filter(is_to));
        let is_ours = |leads: &Leads| chosen.is_none() || chosen.as_ref() == Some(leads);
        let mut hosts: Vec<String> = Vec::new();
        let mut strangers: Vec<(usize, &String, Leads)> = Vec::new();
        let has_tls = certified.served();
        let is_for_all = certified.is_for_all;
        for rule in named() {
            let Some(host) = rule.host.as_ref() else {
                continue;
            };
            let to = leads(rule);
            if !is_ours(&to) {
                strangers.push((rule.line, host, to));
                continue;
            }
            if !has_tls.has(host) {
                let told = format!(
                    "spec.rules.host {host}, which spec.tls does not name: here it has TLS, too"
                );
                left.line(rule.line, &told);
            }
            hosts.push(host.clone());
        }
        let by_host: BTreeMap<&String, &Rule> = named()
            .rev()
            .filter_map(|rule| Some((rule.host.as_ref()?, rule)))
            .collect();
        let is_led = |host: &String| {
            let end = host.split_once('.').map(|(_, end)| format!("*.{end}"));
            let wild = || end.and_then(|end| by_host.get(&end));
            match by_host.get(host).or_else(wild) {
                Some(rule) => is_ours(&leads(rule)),
                None => is_ours(&others),
            }
        };
        let (own, unled): (Vec<_>, Vec<_>) = certified
            .hosts
            .into_iter()
            .partition(|(_, host)| is_led(host));
        // Those of rules are told there.
        for (line, host) in unled.iter().filter(|(_, host)| !by_host.contains_key(host)) {
            if others == Leads::Nowhere {
                let told = format!("spec.tls.hosts {host}, which no rule leads to the upstream");
                left.line(*line, &told);
            } else {
                // What is for all other hosts is for it.
                left.upstream(*line, &format!("spec.tls.hosts {host}"), Reason::Apart);
            }
        }
        let own = own.into_iter().map(|(_, host)| host);
        let more = hosts.into_iter();
        let mut seen = BTreeSet::new();
        let hosts = own.chain(more);
        let hosts: Vec<String> = hosts.filter(|host| seen.insert(host.clone())).collect();
        strangers.retain(|(_, host, _)| !seen.contains(*host));
        let covered = Covered::by(&hosts);
        for (line, host, leads) in &strangers {
            let told = match leads {
                Leads::To(to) => format!("spec.rules.host {host}: leads to {to}"),
                _ => format!("spec.rules.host {host}"),
            };
            if covered.has(host) && !hosts.is_empty() {
                left.upstream(*line, &told, Reason::Elsewhere);
            } else if *leads != Leads::Nowhere {
                left.upstream(*line, &told, Reason::Apart);
            } else {
                left.line(*line, &told);
            }
        }
        let left_out = strangers.first().map(|(line, ..)| *line);
        let upstream = self.upstream(chosen.as_ref(), scheme, left);
        if !hosts.is_empty() && others != Leads::Nowhere {
            self.free(is_for_all && !is_ours(&others), left);
        }
        Led {
            upstream,
            hosts,
            left_out,
        }
    }

    /// The upstream with its scheme; what cannot be said is told.
    fn upstream(&self, chosen: Option<&Leads>, scheme: &Scheme, left: &mut Left) -> Option<String> {
        let Some(Leads::To(to)) = chosen else {
            let rules = self
                .rules
                .iter()
                .map(|rule| (&rule.leads, "spec.rules.http.paths"));
            for (leads, told) in rules.chain([(&self.default, "spec.defaultBackend")]) {
                match leads {
                    Leads::Unread(line) => left.upstream(*line, told, Reason::NoneLeft),
                    Leads::Named(line, port) => {
                        left.upstream(*line, &format!("{told}: {port}"), Reason::NamedPort);
                    }
                    Leads::Nowhere | Leads::To(_) => {}
                }
            }
            return None;
        };
        match scheme {
            Scheme::Http => Some(format!("http://{to}")),
            Scheme::Https => Some(format!("https://{to}")),
            Scheme::H2c => Some(format!("h2c://{to}")),
            Scheme::Unreached(line, told) => {
                left.upstream(*line, told, Reason::Unreached);
                None
            }
            Scheme::Unclear(line, told) => {
                left.upstream(*line, told, Reason::Unclear);
                None
            }
        }
    }

    /// Tells where all other hosts go, which is nowhere here. Elsewhere go hosts that a certificate may be for.
    fn free(&self, is_elsewhere: bool, left: &mut Left) {
        let rules = self.rules.iter().filter(|rule| rule.host.is_none());
        let rules = rules.map(|rule| (rule.line, "spec.rules for all other hosts"));
        let default = (self.line, "spec.defaultBackend for all other hosts");
        let default = [default].into_iter();
        for (line, told) in rules.chain(default.filter(|_| self.default != Leads::Nowhere)) {
            if is_elsewhere {
                left.upstream(line, told, Reason::Apart);
            } else {
                left.line(line, told);
            }
        }
    }
}
