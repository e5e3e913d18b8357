//! The hosts that conditions ask for, and whether a service answers for them (Configuration Manual, section 7).

use std::collections::{BTreeMap, BTreeSet};

use super::conditions::{Term, alternatives, terms};
use crate::forms::settings::{self, Covered};

/// What names the host that is asked for.
const SAMPLES: &[&str] = &[
    "hdr(host)",
    "req.hdr(host)",
    "req.hdr(host),field(1,:)",
    "ssl_fc_sni",
];

/// The hosts that a sample is compared with; empty where something else is asked.
pub(super) fn hosts(test: &[&str]) -> Vec<String> {
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

/// Whom a service answers for.
pub(super) struct Served<'s> {
    own: BTreeSet<String>,
    pub(super) covered: Covered,
    /// The names of conditions that ask for none of them.
    others: BTreeSet<&'s str>,
}

impl<'s> Served<'s> {
    pub(super) fn by(own: &[String], by_name: &'s ByName) -> Self {
        let mut served = Self {
            own: own.iter().map(|host| host.to_ascii_lowercase()).collect(),
            covered: Covered::by(own),
            others: BTreeSet::new(),
        };
        let others = by_name.iter().filter(|(_, hosts)| {
            let hosts = hosts.as_deref().unwrap_or_default();
            !hosts.is_empty() && !served.any(hosts)
        });
        served.others = others.map(|(name, _)| name.as_str()).collect();
        served
    }

    /// Whether one of these is among them, as far as can be told: what stands for several may be.
    fn any(&self, hosts: &[String]) -> bool {
        let mut hosts = hosts.iter();
        hosts.any(|host| {
            host.starts_with('*')
                || self.covered.has(host)
                || self.own.contains(&host.to_ascii_lowercase())
        })
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
                let hosts = hosts(&test);
                !hosts.is_empty() && !self.any(&hosts)
            }
        };
        let asks = |part| {
            let mut terms = terms(part).into_iter();
            terms.any(|(term, is_turned)| !is_turned && is_other(&term))
        };
        word == "if" && alternatives(rest).all(asks)
    }
}
