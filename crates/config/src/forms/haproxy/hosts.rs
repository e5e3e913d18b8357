//! The hosts that conditions ask for, and whether a service answers for them (Configuration Manual, section 7).

use std::collections::{BTreeMap, BTreeSet};

use super::conditions::{Term, alternatives, terms};
use crate::forms::served::Served;
use crate::forms::{settings, wild};

/// What names the host that is asked for.
const SAMPLES: &[&str] = &[
    "hdr(host)",
    "req.hdr(host)",
    "req.hdr(host),field(1,:)",
    "req.hdr(host),field(1,:),regsub([.]$,)",
    "ssl_fc_sni",
];

/// A dot in a regular expression, without a backslash, which HAProxy takes out of a word.
pub(in crate::forms) const DOT: &str = "[.]";

/// Whether the end of a host is asked for, however many labels are in front of it.
pub(super) fn is_wide(test: &[&str]) -> bool {
    let is_reg = test.contains(&"reg");
    !is_reg && hosts(test).iter().any(|host| host.starts_with('*'))
}

/// The hosts that a sample is compared with; empty where something else is asked.
pub(super) fn hosts(test: &[&str]) -> Vec<String> {
    if let [sample, "-i", "-m", "reg", pattern] = test {
        let host = wild::host(pattern, DOT).filter(|_| SAMPLES.contains(sample));
        return host.into_iter().collect();
    }
    let (sample, given, end) = match test {
        [sample, "-i", "-m", "end", end] => (sample, std::slice::from_ref(end), "*"),
        [sample, "-i", given @ ..] | [sample, given @ ..] => (sample, given, ""),
        [] => return Vec::new(),
    };
    let (sample, end) = match sample.strip_suffix("_end(host)") {
        Some("hdr") => (&"hdr(host)", "*"),
        Some("req.hdr") => (&"req.hdr(host)", "*"),
        _ => (sample, end),
    };
    let hosts = given.iter().map(|host| format!("{end}{host}"));
    let hosts: Vec<String> = hosts.collect();
    let is_said = |host: &String| settings::is_plain(host.trim_start_matches("*."));
    if SAMPLES.contains(sample) && hosts.iter().all(is_said) {
        hosts
    } else {
        Vec::new()
    }
}

/// The hosts that conditions with a name ask for; `None` where one asks for something else, too.
pub(super) type ByName = BTreeMap<String, Option<Vec<String>>>;

/// Whether these are hosts, and none of a service's.
pub(super) fn are_others(hosts: &[String], served: &Served) -> bool {
    !hosts.is_empty() && !hosts.iter().any(|host| served.may_have(host))
}

/// What conditions ask of a service's hosts.
pub(super) struct Asked<'s> {
    pub(super) served: Served,
    /// The names of conditions that ask for none of them.
    others: BTreeSet<&'s str>,
}

impl<'s> Asked<'s> {
    pub(super) fn of(served: Served, by_name: &'s ByName) -> Self {
        let others = by_name.iter().filter(|(_, hosts)| {
            let hosts = hosts.as_deref().unwrap_or_default();
            are_others(hosts, &served)
        });
        let others = others.map(|(name, _)| name.as_str()).collect();
        Self { served, others }
    }

    /// Whether a condition asks for other hosts in any case.
    pub(super) fn is_for_others(&self, condition: &[String]) -> bool {
        let Some((word, rest)) = condition.split_first() else {
            return false;
        };
        let is_other = |term: &Term<'_>| match term {
            Term::Name(name) => self.others.contains(name),
            Term::Test(test) => {
                let test: Vec<&str> = test.iter().map(String::as_str).collect();
                are_others(&hosts(&test), &self.served)
            }
        };
        let asks = |part| {
            let mut terms = terms(part).into_iter();
            terms.any(|(term, is_turned)| !is_turned && is_other(&term))
        };
        word == "if" && alternatives(rest).all(asks)
    }
}
