//! `config.upstream-left-behind`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// An upstream in another tool's form cannot be said in a service file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UpstreamLeftBehind {
    /// As it is written there, escaped.
    pub what: String,
    /// The line there, from 1.
    pub line: usize,
    /// Why it is left behind.
    pub reason: Reason,
}

/// Why an upstream is left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// It is spoken to with TLS, and in TCP mode nothing is.
    Tls,
    /// Nobody can tell how it is spoken to.
    Unclear,
    /// It is another one than the service's, for hosts that the service answers for, too.
    Elsewhere,
    /// It is another one than the service's, for hosts that the service does not answer for.
    Apart,
    /// Which one it is, is made of what is asked for.
    Computed,
    /// It is for hosts that stand elsewhere, or are written in a way that is not read.
    UnreadHosts,
    /// Everybody is sent elsewhere before it is reached.
    Unreached,
    /// Its port has a name, and nobody says the number.
    NamedPort,
    /// It is nothing that a service file can name, and there is no other.
    NoneLeft,
}

impl Evidence for UpstreamLeftBehind {
    const RULE: Rule = Rule {
        code: "config.upstream-left-behind",
        severity: Severity::Error,
        title: "An import leaves an upstream behind",
        why: "A service leads to hosts and ports, by http or https, or in TCP mode without TLS. What is reached otherwise is left out rather than spoken to in plain text, and without an upstream nobody gets an answer. Hosts that lead to another one are no part of the service, and get no answer by it.",
        fix: "Set `upstream` by hand to what is to be led to. Where it speaks TLS and is no web server, put something between that does, on this machine. Give hosts that lead elsewhere a service file of their own.",
        sources: &["Keyway: docs/rules/README.md"],
    };

    fn message(&self) -> String {
        let Self { what, line, reason } = self;
        let why = match reason {
            Reason::Tls => {
                "it is spoken to with TLS, and a service in TCP mode speaks none to an upstream"
            }
            Reason::Unclear => "it may be spoken to with TLS, and nobody can tell from it",
            Reason::Elsewhere => {
                "it is for hosts of its own, and the service answers for them, too, and leads them elsewhere"
            }
            Reason::Apart => {
                "it is for hosts of its own, which get no answer here: a service leads to one, so give them a file of their own"
            }
            Reason::Computed => {
                "which one it is, is made of what is asked for, so nobody can tell where a host leads"
            }
            Reason::UnreadHosts => {
                "nobody can tell from it for which hosts it is: write them in `host`"
            }
            Reason::Unreached => {
                "everybody is sent elsewhere before it is reached, and by a service all would reach it"
            }
            Reason::NamedPort => {
                "the number is in the Service: write it, or import both (`kubectl get ingress,service -o yaml`)"
            }
            Reason::NoneLeft => {
                "it is no host and port that everything is led to, and there is no other"
            }
        };
        format!("The upstream of `{what}` in line {line} is left behind: {why}.")
    }
}
