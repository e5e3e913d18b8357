//! What was found on the way, in the words of the rules.

use std::collections::BTreeSet;

use keyway_report::{Finding as Told, Locus, Verdict, escape};

use super::judge::{ACCOUNT, METHODS, deciding};
use super::{
    Climb, Climbed, Dnssec, End, Failed, Found, Judgement, Limit, Property, Reason, Request, Tag,
    judge, malformed, record_text,
};
use crate::name::Name;
use crate::rules::Kind;
use crate::rules::caa_critical::CaaCritical;
use crate::rules::caa_denies::{CaaDenies, Denial};
use crate::rules::caa_malformed::CaaMalformed;
use crate::rules::dnssec_bogus::DnssecBogus;

/// A finding about the way up.
pub type Finding = Told<Kind>;

/// Most records of one name that are looked at one by one: more than fit an answer of 64 KiB that means anything.
pub const MAX_RECORDS: usize = 1_000;

/// Says what is wrong on the way up to the records that decide, and with those.
pub fn check(
    climbed: &Climbed,
    request: &Request,
    judgement: &Judgement,
    dnssec: Dnssec,
) -> Vec<Finding> {
    let mut kinds: Vec<Kind> = Vec::new();
    match climbed.end() {
        End::Records { at, records, .. } => {
            if judgement.verdict == Verdict::No {
                kinds.push(denies(climbed, request, judgement, at, records).into());
            }
            let looked_at = records.iter().take(MAX_RECORDS);
            kinds.extend(looked_at.filter_map(|data| told(at, data)));
        }
        End::Failed { at, why } if *why == Failed::Bogus || dnssec == Dnssec::Bogus => {
            let at = at.to_string();
            let name = climbed.name.to_string();
            kinds.push(DnssecBogus { name, at }.into());
        }
        End::Failed { .. } | End::Nothing => {}
    }
    let at = Locus::default();
    let finding = |kind| Told {
        kind,
        at: at.clone(),
    };
    kinds.into_iter().map(finding).collect()
}

/// Whom the records of a name shut out of those that are to issue, and may shut out. Records that nobody can go by shut out
/// all: of each kind of certificate one is told.
pub(crate) fn shut_out(
    name: &Name,
    records: &BTreeSet<Vec<u8>>,
    requests: &[Request],
) -> Vec<Kind> {
    let all: Vec<Vec<u8>> = records.iter().cloned().collect();
    let climbed = Climb::with(name, |_| Found::Records(all.clone()).into());
    let denied = |is_wildcard| {
        let mut requests = requests
            .iter()
            .filter(move |it| it.is_wildcard() == is_wildcard);
        requests.find_map(|request| {
            let judgement = judge(&climbed, request);
            let is_denied = judgement.verdict == Verdict::No;
            is_denied.then(|| denies(&climbed, request, &judgement, name, &all).into())
        })
    };
    let denied = [false, true].into_iter().filter_map(denied);
    let barred = records.iter().filter(|_| !requests.is_empty());
    let barred = barred.filter_map(|data| told(name, data));
    denied
        .chain(barred.filter(|kind| matches!(kind, Kind::CaaCritical(_))))
        .collect()
}

/// What is wrong with one record: at most one thing is told of it.
pub(crate) fn told(at: &Name, data: &[u8]) -> Option<Kind> {
    if let Some(found) = malformed(data) {
        let told = CaaMalformed {
            name: at.to_string(),
            record: shown(data),
            wrong: found.wrong.iter().map(ToString::to_string).collect(),
            meant: found.meant.iter().map(|one| one.line(at)).collect(),
        };
        return Some(told.into());
    }
    // Of a tag that nobody knows the denial tells, and in a zone it may be one that somebody does.
    let property =
        Property::read(data).filter(|one| one.may_bar() && one.kind() != Tag::Unknown)?;
    let told = CaaCritical {
        name: at.to_string(),
        record: shown(data),
        plain: shown(&property.plain().data()),
    };
    Some(told.into())
}

fn shown(data: &[u8]) -> String {
    escape::text(&record_text(data))
}

fn denies(
    climbed: &Climbed,
    request: &Request,
    judgement: &Judgement,
    at: &Name,
    records: &[Vec<u8>],
) -> CaaDenies {
    let record = |number: &usize| records.get(*number).map(|data| shown(data));
    let (reason, record, allowed) = match &judgement.reason {
        Reason::Critical(number) => (Denial::Critical, record(number), Vec::new()),
        Reason::Unreadable(number) => (Denial::Unreadable, record(number), Vec::new()),
        Reason::Limited(number, limit) => {
            let (reason, allowed) = match limit {
                Limit::Account(uri) => (Denial::Account, vec![escape::text(uri)]),
                Limit::Methods(methods) => {
                    let methods = methods.iter().map(|method| escape::text(method));
                    (Denial::Method, methods.collect())
                }
                Limit::Repeated(tag) if *tag == ACCOUNT => {
                    (Denial::Repeated, vec![ACCOUNT.to_owned()])
                }
                Limit::Repeated(_) => (Denial::Repeated, vec![METHODS.to_owned()]),
            };
            (reason, record(number), allowed)
        }
        Reason::Others(others) => {
            let others = others.iter().map(|other| escape::text(other));
            (Denial::Others, None, others.collect())
        }
        // None of these denies.
        Reason::NoRecords
        | Reason::NotRestricted
        | Reason::Allows(_)
        | Reason::Unsaid(..)
        | Reason::CriticalForSome(_)
        | Reason::Failed => (Denial::Others, None, Vec::new()),
    };
    let added = judgement
        .change
        .steps
        .iter()
        .filter_map(|step| step.add.as_ref());
    let properties: Vec<_> = records.iter().map(|data| Property::read(data)).collect();
    CaaDenies {
        tag: match deciding(&properties, request) {
            Tag::IssueWild => "issuewild",
            _ => "issue",
        },
        name: climbed.name.to_string(),
        ca: request.ca().to_owned(),
        wildcard: request.is_wildcard(),
        at: at.to_string(),
        reason,
        record,
        allowed,
        add: added.map(|property| property.line(at)).collect(),
    }
}
