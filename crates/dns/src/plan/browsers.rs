//! Where HTTPS records lead browsers, and what they say no more.

use std::collections::BTreeSet;
use std::net::IpAddr;

use keyway_report::{Finding as Found, Locus};

use super::follow::LEAD;
use super::{Plan, Set, State};
use crate::message::Question;
use crate::name::Name;
use crate::rdata::{self, Type};
use crate::rules::Kind;
use crate::rules::https_elsewhere::HttpsElsewhere;
use crate::rules::https_parameter_goes::HttpsParameterGoes;
use crate::rules::https_record_conflict::HttpsRecordConflict;
use crate::view::address;
use crate::wanted::HTTPS_PORT;
use crate::zone::Finding;

/// What is known of HTTPS records that a plan changes, or leaves.
pub(super) fn told(plan: &Plan, state: &State, after: &State) -> Vec<Kind> {
    let mut told = gone(plan);
    told.extend(left(plan, state, after));
    told
}

/// What HTTPS records say of a service, and no more when the plan is carried out.
fn gone(plan: &Plan) -> Vec<Kind> {
    let changes = plan.changes().filter(|it| it.kind == Type::HTTPS);
    let gone = changes.filter_map(|change| {
        let said = |data: &[u8]| rdata::extras(&change.name, data);
        let sets = change.after.iter();
        let left = sets.flat_map(|set| &set.data).flat_map(|data| said(data));
        let left: BTreeSet<String> = left.collect();
        let said: BTreeSet<String> = change.removed().into_iter().flat_map(said).collect();
        let said: Vec<String> = said.difference(&left).cloned().collect();
        let name = change.name.to_string();
        (!said.is_empty()).then(|| HttpsParameterGoes { name, said }.into())
    });
    gone.collect()
}

/// HTTPS records that the plan leaves, and that lead browsers elsewhere than the addresses that it leaves.
fn left(plan: &Plan, state: &State, after: &State) -> Vec<Kind> {
    let names = plan.names();
    let own = after.sets().filter(|(_, kind, _)| *kind == Type::HTTPS);
    let own = own.map(|(name, _, set)| (name, set));
    let others = state.bindings().filter(|(name, _)| {
        // Those of ports stand at names of their own, of which a plan may say nothing.
        !names.contains(name) && names.contains(&rdata::bound(name))
    });
    let found = own.chain(others).flat_map(|(name, https)| {
        let addresses = addresses(plan, state, after, &rdata::bound(name));
        browser(name, https, &addresses)
    });
    found.collect()
}

/// The addresses that a name of a plan leads to when it is carried out, as far as they are known.
fn addresses(plan: &Plan, state: &State, after: &State, name: &Name) -> BTreeSet<IpAddr> {
    let zone = &plan.zone;
    let mut way = after.way(zone, name);
    let alias = way.last().filter(|(_, kind, _)| *kind == Type::CNAME);
    let alias = alias.and_then(|(owner, _, set)| Some((owner.clone(), set.data.first()?.clone())));
    let mut sets: Vec<&Set> = Vec::new();
    let ends = alias
        .iter()
        .flat_map(|(owner, data)| state.leaves(zone, [(owner, data.as_slice())]));
    let ends: Vec<(Name, Name)> = ends.collect();
    for (_, end) in &ends {
        sets.extend(
            [Type::A, Type::AAAA]
                .map(|kind| state.elsewhere(end, kind))
                .into_iter()
                .flatten(),
        );
    }
    if let Some((_, data)) = &alias {
        way.extend(state.way(zone, &Name::of_wire(data)));
    }
    let own = way.iter().filter(|(_, kind, _)| *kind != Type::CNAME);
    sets.extend(own.map(|(_, _, set)| set));
    let data = sets.into_iter().flat_map(|set| &set.data);
    data.filter_map(|data| address(data)).collect()
}

/// What browsers make of an HTTPS record where the host that it is for has these addresses (RFC 9460, sections 3 and 7.3);
/// nothing where it has none.
pub(crate) fn browser(name: &Name, https: &Set, addresses: &BTreeSet<IpAddr>) -> Vec<Kind> {
    let mut found = Vec::new();
    if addresses.is_empty() {
        return found;
    }
    let host = rdata::bound(name);
    let led = |data: &[u8]| rdata::leads(name, data).unwrap_or_else(|| name.clone());
    let (own, others): (Vec<&Vec<u8>>, Vec<&Vec<u8>>) =
        https.data.iter().partition(|data| led(data) == host);
    // The lowest priority comes first (RFC 9460, section 2.4.1): behind the host itself others are where nobody comes to.
    let first = own.iter().filter_map(|data| data.first_chunk::<2>()).min();
    let is_before = |data: &&Vec<u8>| first.is_none_or(|first| data.first_chunk() <= Some(first));
    let others = others.into_iter().filter(is_before);
    let targets: BTreeSet<Name> = others.map(|data| led(data)).collect();
    if !targets.is_empty() {
        let targets = targets.iter().map(ToString::to_string).collect();
        let name = name.to_string();
        found.push(HttpsElsewhere { name, targets }.into());
    }
    // Hints are about the name that the record is about.
    let hints: BTreeSet<IpAddr> = own
        .into_iter()
        .flat_map(|data| rdata::hints(data))
        .collect();
    if !hints.is_subset(addresses) {
        let texts = |all: &BTreeSet<IpAddr>| -> Vec<String> {
            let texts: BTreeSet<String> = all.iter().map(ToString::to_string).collect();
            texts.into_iter().collect()
        };
        let conflict = HttpsRecordConflict {
            name: name.to_string(),
            hints: texts(&hints),
            addresses: texts(addresses),
        };
        found.push(conflict.into());
    }
    found
}

/// HTTPS records that send browsers to another port than those at which somebody said that the service is; none where nobody
/// did, and none of a name at which clients of those ports do not ask (RFC 9460, section 9.1). Of several records the lowest
/// priority comes first, and a record that names no port leads to the one that was asked for (RFC 9460, sections 2.4.1 and
/// 7.2).
pub(crate) fn other_ports(name: &Name, https: &Set, ports: &BTreeSet<u16>) -> Option<Finding> {
    let first = https
        .data
        .iter()
        .filter_map(|data| data.first_chunk::<2>())
        .min();
    let first = https.data.iter().filter(|data| data.first_chunk() == first);
    let host = rdata::bound(name);
    let own = first.filter(|data| rdata::leads(name, data).is_none_or(|target| target == host));
    let others = own
        .filter_map(|data| rdata::port_of(data))
        .filter(|port| !ports.contains(port));
    let targets: BTreeSet<String> = others
        .map(|port| format!("port {port} of {host}"))
        .collect();
    let is_asked = ports.contains(&rdata::port_asked(name).unwrap_or(HTTPS_PORT));
    let is_any = !targets.is_empty() && is_asked;
    let kind = HttpsElsewhere {
        name: name.to_string(),
        targets: targets.into_iter().collect(),
    };
    is_any.then(|| Found {
        kind: kind.into(),
        at: Locus::default(),
    })
}

/// HTTPS records that a plan leaves, and that send browsers to other ports than those at which somebody said that the service
/// is.
pub fn ports_elsewhere(plan: &Plan, state: &State, ports: &BTreeSet<u16>) -> Vec<Finding> {
    let after = state.after(plan);
    let (names, named) = (plan.names(), after.sets());
    let own = named.filter(|(_, kind, _)| *kind == Type::HTTPS);
    let own = own.map(|(name, _, set)| (name, set));
    let others = state
        .bindings()
        .filter(|(name, _)| !names.contains(name) && names.contains(&rdata::bound(name)));
    let found = own.chain(others);
    found
        .filter_map(|(name, https)| other_ports(name, https, ports))
        .collect()
}

/// What clients of a port ask for beside the addresses of a host, before they come by TLS (RFC 9460, section 9.1); `None` for
/// the port of HTTPS, whose records stand at the host itself, and for what no client asks for.
pub fn binding_of_port(host: &Name, port: u16) -> Option<Question> {
    let is_asked = port != HTTPS_PORT && !host.is_wildcard();
    let name = rdata::binding_at(host, port).ok().filter(|_| is_asked)?;
    let kind = Type::HTTPS;
    Some(Question { name, kind })
}

impl Plan {
    /// The HTTPS records for its port of names that it leads somewhere, as far as it says nothing of them: what to ask, so
    /// that [`foreseen`](super::foreseen) can tell of them.
    pub fn bindings_of_port(&self) -> BTreeSet<Question> {
        let kept = self.kept.iter().map(|kept| (&kept.name, kept.kind));
        let sets = kept.chain(self.changes().map(|change| (&change.name, change.kind)));
        let (mut hosts, mut named) = (BTreeSet::new(), BTreeSet::new());
        for (name, kind) in sets {
            if LEAD.contains(&kind) {
                hosts.insert(name);
            } else if kind == Type::HTTPS {
                named.insert(name);
            }
        }
        let asked = hosts.into_iter();
        let asked = asked.filter_map(|host| binding_of_port(host, self.port));
        asked.filter(|it| !named.contains(&it.name)).collect()
    }
}

impl State {
    /// Notes an HTTPS record at a name that nobody plans for.
    pub fn binds(&mut self, name: Name, set: Set) {
        self.around.bindings.insert(name, set);
    }

    /// All HTTPS records that are known.
    fn bindings(&self) -> impl Iterator<Item = (&Name, &Set)> {
        let own = self
            .sets
            .iter()
            .filter(|((_, kind), _)| *kind == Type::HTTPS);
        let own = own.map(|((name, _), set)| (name, set));
        own.chain(&self.around.bindings)
    }
}
