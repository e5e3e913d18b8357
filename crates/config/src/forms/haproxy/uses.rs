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
    /// As it is told.
    told: String,
}

/// A condition that has a name.
pub(super) struct Named {
    line: usize,
    name: String,
    /// The hosts that it asks for; empty where it asks for something else.
    hosts: Vec<String>,
    told: String,
}

/// The hosts that a sample is compared with; empty where something else is asked.
fn hosts(test: &[&str]) -> Vec<String> {
    let (sample, given, end) = match test {
        [sample, "-i", "-m", "end", end] => (sample, std::slice::from_ref(end), "*"),
        [sample, "-i", given @ ..] | [sample, given @ ..] => (sample, given, ""),
        [] => return Vec::new(),
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

impl Front {
    /// A line that names a backend, under a condition or none.
    pub(super) fn uses(&mut self, line: usize, words: &[&str], condition: Option<&[&str]>) {
        let (hosts, named) = match condition {
            Some(["{", test @ .., "}"]) => (hosts(test), None),
            Some([name]) => (Vec::new(), Some((*name).to_owned())),
            _ => (Vec::new(), None),
        };
        self.uses.push(Use {
            line,
            backend: words.get(1).copied().unwrap_or_default().to_owned(),
            is_clear: condition.is_none() || !hosts.is_empty(),
            hosts,
            named,
            told: words.join(" "),
        });
    }

    /// A condition that is given a name.
    pub(super) fn named(&mut self, line: usize, name: &str, test: &[&str]) {
        self.named.push(Named {
            line,
            name: name.to_owned(),
            hosts: hosts(test),
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
        let mut others = uses.iter().filter(|used| !is_ours(used));
        for used in others.clone() {
            if used.is_clear && used.hosts.iter().any(|host| covered.has(host)) {
                left.upstream(used.line, &used.told, Reason::Elsewhere);
            } else if used.line != named.1 {
                left.line(used.line, &used.told);
            }
        }
        // Whoever asks for the hosts of others is not led here.
        if let Some(used) = for_all.filter(|_| others.any(|used| !used.hosts.is_empty()))
            && !self.service.host.is_empty()
        {
            self.is_for_all = false;
            left.line(used.line, &format!("{} for all other hosts", used.told));
        }
        Some(named)
    }
}
