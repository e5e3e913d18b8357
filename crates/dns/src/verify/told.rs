//! Findings of what was asked, and what nobody could ask.

use std::collections::BTreeSet;

use keyway_report::{Finding as Found, Locus};

use crate::name::Name;
use crate::plan::{Behind, Plan, Spread, other_ports};
use crate::rdata::{self, Type};
use crate::rules::Kind;
use crate::rules::answer_cut_off::AnswerCutOff;
use crate::rules::certificate_not_for_host::CertificateNotForHost;
use crate::rules::dnssec_bogus::DnssecBogus;
use crate::rules::lame_server::LameServer;
use crate::rules::no_address::NoAddress;
use crate::rules::other_port::OtherPort;
use crate::rules::resolver_fails::ResolverFails;
use crate::rules::servers_differ::ServersDiffer;
use crate::rules::target_unseen::TargetUnseen;
use crate::view::{Role, Said, View};
use crate::wanted::Wanted;
use crate::zone::Finding;

/// A server that could not be asked at all.
pub fn unasked(server: String, why: String) -> Finding {
    found(LameServer { server, why })
}

/// Names whose signatures a resolver does not believe: nobody who checks them is given what they have.
pub fn bogus(views: &[View]) -> Vec<Finding> {
    let said = views.iter().flat_map(|view| &view.said);
    let bogus = said.filter(|(_, said)| **said == Said::Bogus);
    let names: BTreeSet<&Name> = bogus.map(|((name, _), _)| name).collect();
    let found_at = |name: &Name| {
        let (name, at) = (name.to_string(), name.to_string());
        found(DnssecBogus { name, at })
    };
    names.into_iter().map(found_at).collect()
}

/// Answers that do not fit into a message.
pub(super) fn cut_off(views: &[View]) -> Vec<Finding> {
    let said = |view: &View| {
        let cut = view.said.iter();
        let cut = cut.filter(|(_, said)| matches!(said, Said::Cut(_)));
        let cut = cut.map(|((name, kind), _)| {
            found(AnswerCutOff {
                server: view.server.clone(),
                name: name.to_string(),
                kind: kind.to_string(),
            })
        });
        cut.collect::<Vec<Finding>>()
    };
    views.iter().flat_map(said).collect()
}

/// HTTPS records of servers of the zone that send browsers to other ports than those at which somebody said that the service
/// is; each name told once.
pub fn ports_elsewhere(views: &[View], ports: &BTreeSet<u16>) -> Vec<Finding> {
    let masters = views.iter().filter(|view| view.role == Role::Authoritative);
    let said = masters.flat_map(|view| &view.said);
    let https = said.filter(|((_, kind), _)| *kind == Type::HTTPS);
    let https = https.filter_map(|((name, _), said)| Some((name, said.set()?)));
    let mut told = BTreeSet::new();
    let found = https.filter_map(|(name, set)| Some((name, other_ports(name, set, ports)?)));
    let new = found.filter(|(name, _)| told.insert((*name).clone()));
    new.map(|(_, finding)| finding).collect()
}

/// A name of which a server that looks things up for others does not say where it leads; why.
pub fn unanswered(server: String, name: &Name, why: String) -> Finding {
    let name = name.to_string();
    found(ResolverFails { server, name, why })
}

/// A host that a certificate is not for, which is for these names.
pub fn not_for_host(name: &Name, names: Vec<String>) -> Finding {
    let name = name.to_string();
    found(CertificateNotForHost { name, names })
}

/// What servers of a zone give that is not what a plan starts from: of each the views at its addresses. `planned` is the
/// version of the zone that it was made from.
pub fn differing<'v>(
    plan: &Plan,
    servers: impl IntoIterator<Item = &'v [View]>,
    planned: Option<u32>,
) -> Vec<Finding> {
    let start = Spread::start(plan);
    let mut differing = Vec::new();
    for views in servers {
        for Behind { server, why } in start.behind([views]) {
            let view = views.iter().find(|view| view.server == server);
            let sets = view.map_or_else(Vec::new, |view| start.unlike(view));
            let sets = sets
                .into_iter()
                .map(|(name, kind)| format!("{name} {kind}"));
            differing.push(found(ServersDiffer {
                sets: sets.collect(),
                serial: view.and_then(|view| view.serial),
                planned,
                server,
                why,
            }));
        }
    }
    differing
}

/// Records for a port, where the service is said to be at others.
pub fn other_port(kinds: &[Type], port: u16, said: Vec<String>) -> Finding {
    let kinds = kinds.iter().map(ToString::to_string).collect();
    found(OtherPort { kinds, port, said })
}

/// A name that leads to no address, however many aliases are followed.
pub fn nowhere(name: &Name) -> Finding {
    let name = name.to_string();
    found(NoAddress { name })
}

/// An alias that is wanted, and leads to where nobody has looked; why.
pub fn unseen(want: &Wanted, why: &str) -> Vec<Finding> {
    let targets = want.data.iter().map(|data| rdata::show(want.kind, data));
    let unseen = targets.map(|target| TargetUnseen {
        name: want.name.to_string(),
        target,
        why: why.to_owned(),
    });
    unseen.map(found).collect()
}

pub(super) fn found(kind: impl Into<Kind>) -> Finding {
    Found {
        kind: kind.into(),
        at: Locus::default(),
    }
}
