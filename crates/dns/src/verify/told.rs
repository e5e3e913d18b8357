//! Findings of what was asked, and what nobody could ask.

use std::collections::BTreeSet;

use keyway_report::{Finding as Found, Locus};

use crate::name::Name;
use crate::rdata;
use crate::rules::Kind;
use crate::rules::answer_cut_off::AnswerCutOff;
use crate::rules::certificate_not_for_host::CertificateNotForHost;
use crate::rules::dnssec_bogus::DnssecBogus;
use crate::rules::lame_server::LameServer;
use crate::rules::no_address::NoAddress;
use crate::rules::resolver_fails::ResolverFails;
use crate::rules::target_unseen::TargetUnseen;
use crate::view::{Said, View};
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
