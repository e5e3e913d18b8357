//! Which backend a frontend leads to, and for which hosts (Configuration Manual, section 4.2: "use_backend").

use std::collections::{BTreeMap, BTreeSet};

use super::front::Front;
use crate::forms::left::Left;
use crate::forms::settings::{self, Covered};
use crate::rules::upstream_left_behind::Reason;

/// What names the host that is asked for.
const SAMPLES: &[&str] = &[
    "hdr(host)",
    "req.hdr(host)",
    "req.hdr(host),field(1,:)",
    "ssl_fc_sni",
];

/// Samples that tell clients from each other: what they are led by keeps somebody out.
const WHO: &[&str] = &[
    "src",
    "ssl_c_",
    "ssl_fc_has_crt",
    "http_auth",
    "auth_",
    "sc_",
    "sc0_",
    "sc1_",
    "sc2_",
    "cook",
    "req.cook",
    "hdr(cookie",
    "req.hdr(cookie",
    "hdr(authorization",
    "req.hdr(authorization",
    "hdr_ip(",
    "req.hdr_ip(",
];

/// Samples of a part of what a host has: its paths and methods are left behind like a location of nginx.
const PARTS: &[&str] = &[
    "path",
    "url",
    "capture.req.uri",
    "method",
    "query",
    "hdr(upgrade",
    "req.hdr(upgrade",
];

/// What a condition that is no plain list of hosts asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    /// Who asks.
    Who,
    /// A part of what is asked for.
    Part,
    /// Something else, such as hosts that cannot be read, or an address.
    Unclear,
}

/// Whether a test begins with one of such samples.
fn is_one_of(test: &str, samples: &[&str]) -> bool {
    let test = test.to_ascii_lowercase();
    samples.iter().any(|sample| test.starts_with(sample))
}

/// A line that names a backend.
pub(super) struct Use {
    line: usize,
    backend: String,
    /// The hosts that it is for; empty for all.
    hosts: Vec<String>,
    /// Whether its condition was understood.
    is_clear: bool,
    /// The condition's name, where it is defined elsewhere.
    named: Option<String>,
    /// The words of the condition.
    condition: Vec<String>,
    /// What it asks for, if it is not understood.
    about: About,
    /// As it is told.
    told: String,
}

/// A condition that has a name.
pub(super) struct Named {
    line: usize,
    name: String,
    /// The hosts that it asks for; empty where it asks for something else.
    hosts: Vec<String>,
    /// What is looked at.
    sample: String,
    told: String,
}

/// The hosts that a sample is compared with; empty where something else is asked.
fn hosts(test: &[&str]) -> Vec<String> {
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

/// What a condition asks for: words one after the other all have to hold, and those behind `or` instead of them
/// (section 7.2).
fn about(condition: &[String], named: &BTreeMap<&str, Vec<&str>>) -> About {
    let Some((word, tests)) = condition.split_first() else {
        return About::Unclear;
    };
    let mut is_who = false;
    let mut is_part_of_all = word == "if";
    for all in tests.split(|word| word == "or" || word == "||") {
        let mut is_part = false;
        let mut words = all.iter();
        while let Some(word) = words.next() {
            let bare = word.trim_start_matches('!');
            let samples = if bare == "{" {
                let first = words.next().map(String::as_str);
                let _ = words.by_ref().find(|word| *word == "}");
                first.into_iter().collect()
            } else {
                named.get(bare).cloned().unwrap_or_default()
            };
            is_who |= samples.iter().any(|sample| is_one_of(sample, WHO));
            let is_plain = bare == word && !samples.is_empty();
            is_part |= is_plain && samples.iter().all(|sample| is_one_of(sample, PARTS));
        }
        is_part_of_all &= is_part;
    }
    match (is_who, is_part_of_all) {
        (true, _) => About::Who,
        (false, true) => About::Part,
        (false, false) => About::Unclear,
    }
}

/// Whether a line redirects some clients alone, such as those that are not known yet.
pub(super) fn redirects_some(words: &[&str], named: &[Named]) -> bool {
    let words = words.strip_prefix(&["http-request"]).unwrap_or(words);
    let condition = words
        .iter()
        .position(|word| ["if", "unless"].contains(word));
    let Some(at) = condition.filter(|_| words[0] == "redirect") else {
        return false;
    };
    let condition: Vec<String> = words[at..].iter().map(|word| (*word).to_owned()).collect();
    about(&condition, &samples(named)) == About::Who
}

/// What is looked at by conditions that have names.
fn samples(named: &[Named]) -> BTreeMap<&str, Vec<&str>> {
    let mut samples: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for known in named {
        let all = samples.entry(&known.name).or_default();
        all.push(&known.sample);
    }
    samples
}

impl Front {
    /// A line that names a backend, under a condition (`if` or `unless`) or none.
    pub(super) fn uses(&mut self, line: usize, words: &[&str], condition: &[&str]) {
        let (hosts, named) = match condition {
            ["if", "{", test @ .., "}"] => (hosts(test), None),
            ["if", name] => (Vec::new(), Some((*name).to_owned())),
            _ => (Vec::new(), None),
        };
        self.uses.push(Use {
            line,
            backend: words.get(1).copied().unwrap_or_default().to_owned(),
            is_clear: condition.is_empty() || !hosts.is_empty(),
            hosts,
            named,
            condition: condition.iter().map(|word| (*word).to_owned()).collect(),
            about: About::Unclear,
            told: words.join(" "),
        });
    }

    /// A condition that is given a name.
    pub(super) fn named(&mut self, line: usize, name: &str, test: &[&str]) {
        self.named.push(Named {
            line,
            name: name.to_owned(),
            hosts: hosts(test),
            sample: test.first().copied().unwrap_or_default().to_owned(),
            told: format!("acl {name} {}", test.join(" ")),
        });
    }

    /// Puts the hosts of conditions that have a name into the lines that name them. Several of one name are as one
    /// (section 7.1), so all of them have to ask for hosts.
    fn resolve(&mut self, left: &mut Left) {
        let named = std::mem::take(&mut self.named);
        let mut hosts: BTreeMap<&str, Option<Vec<String>>> = BTreeMap::new();
        for known in &named {
            let all = hosts.entry(&known.name).or_insert(Some(Vec::new()));
            if known.hosts.is_empty() {
                *all = None;
            } else if let Some(all) = all {
                all.extend(known.hosts.iter().cloned());
            }
        }
        let samples = samples(&named);
        for used in &mut self.uses {
            used.about = about(&used.condition, &samples);
        }
        let mut resolved = BTreeSet::new();
        for used in &mut self.uses {
            let name = used.named.as_deref();
            let Some((name, Some(all))) = name.and_then(|name| hosts.get_key_value(name)) else {
                continue;
            };
            // Of a name that is used again nothing new is asked.
            if resolved.insert(*name) {
                used.hosts.clone_from(all);
                used.is_clear = true;
            }
        }
        for known in &named {
            if !resolved.contains(known.name.as_str()) {
                left.line(known.line, &known.told);
            }
        }
    }

    /// The backend that the service is, with the line that names it: the first that is named under a condition which
    /// is understood. Its hosts are the service's; what leads to another one is left behind.
    pub(super) fn choose(&mut self, left: &mut Left) -> Option<(String, usize, String)> {
        self.resolve(left);
        let uses = std::mem::take(&mut self.uses);
        let clear = uses.iter().find(|used| used.is_clear);
        let chosen = clear.or(uses.first())?;
        let named = (chosen.backend.clone(), chosen.line, chosen.told.clone());
        if clear.is_none() {
            // Whoever does not fulfil it was led nowhere, or elsewhere.
            left.guard(chosen.line, &chosen.told);
        }
        let is_ours = |used: &&Use| used.is_clear && used.backend == named.0;
        let ours = uses.iter().filter(is_ours);
        let for_all = ours.clone().find(|used| used.hosts.is_empty());
        self.is_for_all = for_all.is_some();
        let hosts = ours.flat_map(|used| used.hosts.clone());
        self.service.host.0.extend(hosts);
        let covered = Covered::by(&self.service.host.0);
        // What stands behind all of the service's own comes too late for its hosts; `default_backend` is the last.
        let last = uses.iter().rposition(|used| is_ours(&used));
        let is_before = |at: usize| for_all.is_some() || last.is_some_and(|last| at < last);
        let others = uses.iter().enumerate();
        let others = others.filter(|(_, used)| !is_ours(used) && used.line != named.1);
        // Whoever asks for the hosts of others is not led here.
        let mut is_alone = true;
        for (at, used) in others {
            let is_covered = used.hosts.iter().any(|host| covered.has(host));
            let is_elsewhere = used.backend != named.0;
            match used.about {
                _ if used.is_clear && is_covered => {
                    left.upstream(used.line, &used.told, Reason::Elsewhere);
                }
                About::Who if !used.is_clear && is_elsewhere && is_before(at) => {
                    left.guard(used.line, &used.told);
                    self.is_for_all = false;
                }
                About::Unclear if !used.is_clear && is_elsewhere && is_before(at) => {
                    left.upstream(used.line, &used.told, Reason::Elsewhere);
                    self.is_for_all = false;
                }
                _ => left.line(used.line, &used.told),
            }
            is_alone &= !used.is_clear && (used.about == About::Part || !is_elsewhere);
        }
        if let Some(used) = for_all.filter(|_| !is_alone)
            && !self.service.host.is_empty()
        {
            self.is_for_all = false;
            left.line(used.line, &format!("{} for all other hosts", used.told));
        }
        Some(named)
    }
}
