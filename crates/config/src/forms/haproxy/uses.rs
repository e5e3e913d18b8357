//! Which backend a frontend leads to, and for which hosts (Configuration Manual, section 4.2: "use_backend").

use std::collections::{BTreeMap, BTreeSet};

use super::barred::Barred;
use super::conditions::About;
use super::fences::Fence;
use super::front::Front;
use super::hosts::{AnyOf, Asked, ByName, hosts, is_wide};
use crate::forms::left::Left;
use crate::forms::served::Served;
use crate::forms::wild;
use crate::rules::upstream_left_behind::Reason;

/// Lines that turn away who asks for other hosts and are understood: each names all of the hosts, and one is enough.
const MAX_FENCES: usize = 32;

/// A line that names a backend.
pub(super) struct Use {
    line: usize,
    backend: String,
    /// The hosts that it is for; empty for all.
    hosts: Vec<String>,
    /// Whether its condition was understood.
    is_clear: bool,
    /// The terms of its condition, where one of them is enough.
    any: Option<AnyOf>,
    /// The words of the condition.
    condition: Vec<String>,
    /// What it asks for, if it is not understood.
    about: About,
    /// Whether it asks for hosts.
    is_of_hosts: bool,
    /// Whether the backend's name is made of what is asked for (section 4.2, "use_backend").
    is_computed: bool,
    /// As it is told.
    told: String,
}

/// A condition that has a name.
pub(super) struct Acl {
    line: usize,
    pub(super) name: String,
    /// The hosts that it asks for; empty where it asks for something else.
    pub(super) hosts: Vec<String>,
    told: String,
}

fn are_all_in(hosts: &[String], let_in: &[String]) -> bool {
    let let_in: BTreeSet<&String> = let_in.iter().collect();
    hosts.iter().all(|host| let_in.contains(host))
}

impl Front {
    /// Whether it leads to a backend that answers, or to servers of its own, and not to the backend of this name.
    pub(super) fn leads_beside(&self, name: &str, is_answering: impl Fn(&str) -> bool) -> bool {
        let mut uses = self.uses.iter();
        let is_beside = |used: &Use| used.backend != name && is_answering(&used.backend);
        !self.servers.is_empty() || uses.any(is_beside)
    }

    /// A line that names a backend, under a condition (`if` or `unless`) or none.
    pub(super) fn uses(&mut self, line: usize, words: &[&str], condition: &[&str]) {
        let condition = match self.named.settled(condition) {
            Some(true) => &[],
            Some(false) => {
                self.left.line(line, &words.join(" "));
                return;
            }
            None => condition,
        };
        let condition: Vec<String> = condition.iter().map(|word| (*word).to_owned()).collect();
        let any = match condition.split_first() {
            Some((word, rest)) if word == "if" => AnyOf::of(rest),
            _ => None,
        };
        if any.iter().flat_map(AnyOf::tests).any(|test| is_wide(&test)) {
            let told = format!("{}, {}", words.join(" "), wild::WIDE);
            self.left.line(line, &told);
        }
        let backend = words.get(1).copied().unwrap_or_default().to_owned();
        let is_computed = backend.contains("%[");
        self.uses.push(Use {
            line,
            backend,
            is_computed,
            is_clear: !is_computed && condition.is_empty(),
            hosts: Vec::new(),
            any,
            condition,
            about: About::Unclear,
            is_of_hosts: false,
            told: words.join(" "),
        });
    }

    /// A condition that is given a name.
    pub(super) fn named(&mut self, line: usize, name: &str, test: &[&str]) {
        self.named.add(name, test);
        if is_wide(test) {
            let told = format!("acl {name} {}, {}", test.join(" "), wild::WIDE);
            self.left.line(line, &told);
        }
        self.acls.push(Acl {
            line,
            name: name.to_owned(),
            hosts: hosts(test),
            told: format!("acl {name} {}", test.join(" ")),
        });
    }

    /// Puts the hosts of conditions that have a name into the lines that name them. Several of one name are as one
    /// (section 7.1), so all of them have to ask for hosts.
    fn resolve(&mut self, left: &mut Left) -> ByName {
        let acls = std::mem::take(&mut self.acls);
        let mut hosts = ByName::new();
        for known in &acls {
            let all = hosts.entry(known.name.clone()).or_insert(Some(Vec::new()));
            if known.hosts.is_empty() {
                *all = None;
            } else if let Some(all) = all {
                all.extend(known.hosts.iter().cloned());
            }
        }
        // Those of its backend are others.
        let named = self.named.taken();
        for used in &mut self.uses {
            used.about = named.about(&used.condition);
            let terms = used.condition.get(1..).unwrap_or_default();
            used.is_of_hosts = !used.is_computed && named.is_of_hosts(terms);
        }
        let mut resolved = BTreeSet::new();
        for used in &mut self.uses {
            let Some(any) = &used.any else {
                continue;
            };
            // Of names that are used again nothing new is asked.
            let is_asked = |name: &str| resolved.contains(name);
            if let Some(all) = any.hosts(&hosts, is_asked) {
                resolved.extend(any.names().map(str::to_owned));
                used.hosts = all;
                used.is_clear = !used.is_computed;
            }
        }
        let fences = self.fences.iter().flat_map(Fence::names);
        resolved.extend(fences.map(str::to_owned));
        for known in &acls {
            if !resolved.contains(known.name.as_str()) {
                left.line(known.line, &known.told);
            }
        }
        hosts
    }

    /// What turns away who asks for others than some hosts, where these are the service's: so it is done here. Where it
    /// is for all hosts, those that are let in are its own, but for those that are led elsewhere. Returns whether nobody
    /// else is let in.
    fn fence_in(
        &mut self,
        is_for_all: bool,
        elsewhere: &BTreeSet<&String>,
        by_name: &ByName,
        left: &mut Left,
    ) -> bool {
        let mut is_closed = false;
        for (number, fence) in std::mem::take(&mut self.fences).into_iter().enumerate() {
            let hosts = &mut self.service.host.0;
            let is_looked_at = number < MAX_FENCES;
            match is_looked_at.then(|| fence.hosts(by_name)).flatten() {
                Some(mut let_in)
                    if is_for_all
                        && !is_closed
                        && are_all_in(hosts, &let_in)
                        && !let_in.iter().all(|host| elsewhere.contains(host)) =>
                {
                    let_in.retain(|host| !elsewhere.contains(host));
                    *hosts = let_in;
                    is_closed = true;
                }
                Some(let_in) if !hosts.is_empty() && are_all_in(hosts, &let_in) => {
                    is_closed |= are_all_in(&let_in, hosts);
                }
                _ => {
                    left.guard(fence.line, &fence.told);
                    continue;
                }
            }
            self.is_for_all = false;
        }
        is_closed
    }

    /// Notes them as what keeps somebody out.
    pub(super) fn leave_fences(&mut self, left: &mut Left) {
        for fence in std::mem::take(&mut self.fences) {
            left.guard(fence.line, &fence.told);
        }
    }

    /// The line of a `listen` section itself, which leads to its own servers whatever no other line leads elsewhere.
    fn own(&mut self, left: &mut Left) -> Option<Use> {
        let (line, name) = self.own.take()?;
        if self.servers.is_empty() {
            return None;
        }
        let is_for_all = |used: &Use| used.is_clear && used.hosts.is_empty();
        if self.uses.iter().any(is_for_all) {
            // Nobody comes to them.
            std::mem::take(&mut self.servers).leave(left);
            return None;
        }
        Some(Use {
            line,
            told: format!("listen {name}"),
            backend: name,
            hosts: Vec::new(),
            is_clear: true,
            any: None,
            condition: Vec::new(),
            about: About::Unclear,
            is_of_hosts: false,
            is_computed: false,
        })
    }

    /// The backend that the service is, with the line that names it; `None` where its servers are read already. It is
    /// a `listen` section's own, or the first with servers that is named under a condition which is understood. Its hosts are the
    /// service's; what leads to another one is left behind.
    pub(super) fn choose(
        &mut self,
        barred: &BTreeMap<String, Barred>,
        has_server: impl Fn(&str) -> bool,
        is_answering: impl Fn(&str) -> bool,
        left: &mut Left,
    ) -> Option<(String, usize, String)> {
        let by_name = self.resolve(left);
        let own = self.own(left);
        let is_own = own.is_some();
        let mut uses = std::mem::take(&mut self.uses);
        uses.extend(own);
        let own = uses.last().filter(|_| is_own);
        let is_clear = |used: &&Use| used.is_clear;
        // One that only sends elsewhere, as for names without www, is not what the service is.
        let is_served = |used: &&Use| used.is_clear && has_server(&used.backend);
        let clear = own.or_else(|| uses.iter().find(is_served));
        let clear = clear.or_else(|| uses.iter().find(is_clear));
        let Some(chosen) = clear.or(uses.first()) else {
            self.leave_fences(left);
            return None;
        };
        let named = (chosen.backend.clone(), chosen.line, chosen.told.clone());
        if clear.is_none() && chosen.is_of_hosts && chosen.about == About::Unclear {
            left.upstream(chosen.line, &chosen.told, Reason::UnreadHosts);
        } else if clear.is_none() {
            // Whoever does not fulfil it was led nowhere, or elsewhere.
            left.guard(chosen.line, &chosen.told);
        }
        let is_ours = |used: &&Use| used.is_clear && used.backend == named.0;
        let ours = uses.iter().filter(is_ours);
        let for_all = ours.clone().find(|used| used.hosts.is_empty());
        self.is_for_all = for_all.is_some();
        self.for_all = for_all.map(|used| (used.line, used.told.clone()));
        let hosts = ours.flat_map(|used| used.hosts.clone());
        self.service.host.0.extend(hosts);
        let elsewhere = uses
            .iter()
            .filter(|used| used.is_clear && used.backend != named.0);
        let elsewhere: BTreeSet<&String> = elsewhere.flat_map(|used| &used.hosts).collect();
        let is_closed = self.fence_in(for_all.is_some(), &elsewhere, &by_name, left);
        let asked = Asked::of(Served::by(&self.service.host.0), &by_name);
        // What stands behind all of the service's own comes too late for its hosts; `default_backend` is the last.
        let last = uses.iter().rposition(|used| is_ours(&used));
        let is_before = |at: usize| for_all.is_some() || last.is_some_and(|last| at < last);
        let others = uses.iter().enumerate();
        let others = others.filter(|(_, used)| !is_ours(used) && used.line != named.1);
        // Whoever asks for the hosts of others is not led here.
        let mut is_alone = true;
        for (at, used) in others {
            let is_covered = used.hosts.iter().any(|host| asked.served.covers(host));
            let is_elsewhere = used.backend != named.0;
            // Without hosts it is for all that are let in and led nowhere before.
            let is_apart = !is_closed && used.hosts.is_empty() && has_server(&used.backend)
                || !used.hosts.iter().all(|host| asked.served.has(host));
            match &used.about {
                _ if used.is_clear && is_covered => {
                    left.upstream(used.line, &used.told, Reason::Elsewhere);
                }
                _ if used.is_clear && is_elsewhere && is_apart && is_answering(&used.backend) => {
                    left.upstream(used.line, &used.told, Reason::Apart);
                }
                // Where it is led when nobody of the service's is there.
                About::Down(backend) if *backend == named.0 => {
                    left.line(used.line, &used.told);
                }
                About::Who if !used.is_clear && is_elsewhere && is_before(at) => {
                    left.guard(used.line, &used.told);
                    self.is_for_all = false;
                }
                About::Part
                    if is_elsewhere
                        && is_before(at)
                        && let Some(bar) = barred.get(&used.backend)
                        && !(for_all.is_none() && asked.is_for_others(&used.condition)) =>
                {
                    let told = format!("{} {}", used.told, bar.told);
                    left.guard(bar.line.unwrap_or(used.line), &told);
                }
                // A part of a host of which nothing else is led here.
                About::Part
                    if !is_closed
                        && for_all.is_none()
                        && asked.is_for_others(&used.condition)
                        && is_answering(&used.backend) =>
                {
                    left.upstream(used.line, &used.told, Reason::Apart);
                }
                About::Unclear if used.is_computed => {
                    left.upstream(used.line, &used.told, Reason::Computed);
                    self.is_for_all = false;
                }
                About::Unclear | About::Down(_)
                    if !used.is_clear && is_elsewhere && is_before(at) =>
                {
                    left.upstream(used.line, &used.told, Reason::Elsewhere);
                    self.is_for_all = false;
                }
                // Hosts that cannot be read, and that no line before leads here.
                About::Unclear
                    if !used.is_clear
                        && !is_closed
                        && for_all.is_none()
                        && is_answering(&used.backend) =>
                {
                    left.upstream(used.line, &used.told, Reason::Apart);
                }
                _ => left.line(used.line, &used.told),
            }
            let is_beside = match &used.about {
                About::Part => true,
                About::Down(backend) => *backend == named.0,
                About::Who | About::Unclear => !is_elsewhere,
            };
            is_alone &= !used.is_clear && is_beside;
        }
        if let Some(used) = for_all.filter(|_| !is_alone)
            && !self.service.host.is_empty()
        {
            self.is_for_all = false;
            left.line(used.line, &format!("{} for all other hosts", used.told));
        }
        Some(named).filter(|_| !is_own)
    }
}
