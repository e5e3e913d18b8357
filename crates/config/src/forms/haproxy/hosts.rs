//! The hosts that conditions ask for, and whether a service answers for them (Configuration Manual, section 7).

use std::collections::{BTreeMap, BTreeSet};

use super::conditions::{Term, alternatives, terms};
use crate::forms::served::Served;
use crate::forms::{settings, wild};

/// What names the host that is asked for, in small letters.
const SAMPLES: &[&str] = &["hdr(host)", "req.hdr(host)", "ssl_fc_sni"];

/// What may be done to it before it is compared, and makes it no other host.
const CONVERTERS: &[&str] = &[",lower", ",field(1,:)", ",host_only", ",regsub([.]$,)"];

/// A dot in a regular expression, without a backslash, which HAProxy takes out of a word.
pub(in crate::forms) const DOT: &str = "[.]";

/// Whether the end of a host is asked for, however many labels are in front of it.
pub(super) fn is_wide(test: &[&str]) -> bool {
    let is_reg = test.contains(&"reg");
    !is_reg && hosts(test).iter().any(|host| host.starts_with('*'))
}

/// Whether a sample is the host that is asked for.
fn is_host(sample: &str) -> bool {
    let mut bare = sample;
    while let Some(rest) = CONVERTERS.iter().find_map(|end| bare.strip_suffix(end)) {
        bare = rest;
    }
    SAMPLES.iter().any(|known| known.eq_ignore_ascii_case(bare))
}

/// Whether a sample is the host that is asked for, or its end.
pub(super) fn is_of_hosts(sample: &str) -> bool {
    is_host(&sample.replacen("hdr_end(", "hdr(", 1))
}

/// How a sample is compared: whether by its end, and with what; `None` for other ways.
fn compared<'a>(given: &'a [&'a str]) -> Option<(bool, &'a [&'a str])> {
    let (mut is_end, mut rest) = (false, given);
    loop {
        rest = match rest {
            ["-i", rest @ ..] | ["-m", "str", rest @ ..] => rest,
            ["-m", "end", rest @ ..] => {
                is_end = true;
                rest
            }
            [flag, ..] if flag.starts_with('-') => return None,
            _ => return Some((is_end, rest)),
        };
    }
}

/// A host without its port, as clients say it where it is another one than is usual.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((bare, port)) if port.parse::<u16>().is_ok() => bare,
        _ => host,
    }
}

/// The hosts that a sample is compared with; empty where something else is asked.
pub(super) fn hosts(test: &[&str]) -> Vec<String> {
    let [sample, given @ ..] = test else {
        return Vec::new();
    };
    if let ["-i", "-m", "reg", pattern] = given {
        let host = wild::host(pattern, DOT).filter(|_| is_host(sample));
        return host.into_iter().collect();
    }
    let (sample, is_end_of) = match *sample {
        "hdr_end(host)" => ("hdr(host)", true),
        "req.hdr_end(host)" => ("req.hdr(host)", true),
        sample => (sample, false),
    };
    let Some((is_end, given)) = compared(given).filter(|_| is_host(sample)) else {
        return Vec::new();
    };
    let end = if is_end || is_end_of { "*" } else { "" };
    let mut known = BTreeSet::new();
    let hosts = given.iter().map(|host| without_port(host));
    let hosts = hosts.filter(|host| known.insert(*host));
    let hosts: Vec<String> = hosts.map(|host| format!("{end}{host}")).collect();
    let is_said = |host: &String| settings::is_plain(host.trim_start_matches("*."));
    if hosts.iter().all(is_said) {
        hosts
    } else {
        Vec::new()
    }
}

/// Terms of a condition of which one is enough, each a test or the name of one: `a or b`.
#[derive(Default)]
pub(super) struct AnyOf(Vec<Vec<String>>);

impl AnyOf {
    /// The terms of a condition behind `if`; `None` where several have to hold together, or one must not.
    pub(super) fn of(condition: &[String]) -> Option<Self> {
        let mut any = Self::default();
        for part in alternatives(condition) {
            match terms(part).as_slice() {
                [(term, false)] => any.add(term),
                _ => return None,
            }
        }
        Some(any)
    }

    /// Adds a term.
    pub(super) fn add(&mut self, term: &Term<'_>) {
        self.0.push(match term {
            Term::Test(test) => test.to_vec(),
            Term::Name(name) => vec![(*name).to_owned()],
        });
    }

    /// The names of conditions that it may ask for.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let names = self.0.iter().filter(|term| term.len() == 1);
        names.map(|term| term[0].as_str())
    }

    /// The tests that stand in it.
    pub(super) fn tests(&self) -> impl Iterator<Item = Vec<&str>> {
        let tests = self.0.iter().filter(|term| term.len() > 1);
        tests.map(|test| test.iter().map(String::as_str).collect())
    }

    /// The hosts of which one is asked for, without those of names that are left out; `None` where something else is asked
    /// for, or nothing is left.
    pub(super) fn hosts(
        &self,
        by_name: &ByName,
        is_left_out: impl Fn(&str) -> bool,
    ) -> Option<Vec<String>> {
        let mut all = Vec::new();
        for name in self.names() {
            let known = by_name.get(name)?.as_deref()?;
            if !is_left_out(name) {
                all.extend(known.iter().cloned());
            }
        }
        for test in self.tests() {
            all.extend(Some(hosts(&test)).filter(|hosts| !hosts.is_empty())?);
        }
        Some(all).filter(|all| !all.is_empty())
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
