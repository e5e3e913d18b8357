//! Whether a CA may issue, for programs, as `keyway dns caa --format json` writes it.

use keyway_dns::caa::{
    Climbed, Dnssec, End, Failed, Finding, Found, Judgement, Limit, Property, Reason, Request,
    Visit, record_text,
};
use keyway_report::{Severity, Verdict, escape};
use schemars::JsonSchema;
use serde::Serialize;

/// The contract's name: fields may be added within it.
pub(crate) const SCHEMA: &str = "keyway.caa/1";

/// All that there is to tell.
pub(crate) struct Answer<'a> {
    /// Who asks the CA, and for what.
    pub(crate) request: &'a Request,
    /// The way up.
    pub(crate) climbed: &'a Climbed,
    /// What comes of it.
    pub(crate) judgement: &'a Judgement,
    /// What signatures are worth.
    pub(crate) dnssec: Dnssec,
    /// What is wrong.
    pub(crate) findings: &'a [Finding],
    /// Whether servers of the zone were asked, in the place of a resolver.
    pub(crate) is_direct: bool,
}

impl Answer<'_> {
    /// Whether something of severity error was found.
    pub(crate) fn has_errors(&self) -> bool {
        let mut severities = self.findings.iter().map(keyway_report::Finding::severity);
        severities.any(|severity| severity == Severity::Error)
    }

    /// How many of the answers came with signatures: `all`, `some` or `none`.
    pub(crate) fn signed(&self) -> &'static str {
        let visits = self.climbed.visits.iter();
        let signed = visits.filter(|visit| visit.lookup.is_signed).count();
        match signed {
            0 => "none",
            all if all == self.climbed.visits.len() => "all",
            _ => "some",
        }
    }

    /// The number of the record that decides, where it is one.
    pub(crate) fn deciding(&self) -> Option<usize> {
        match self.judgement.reason {
            Reason::Allows(number)
            | Reason::Critical(number)
            | Reason::CriticalForSome(number)
            | Reason::Unreadable(number)
            | Reason::Limited(number, _)
            | Reason::Unsaid(number, _) => Some(number),
            Reason::NoRecords | Reason::NotRestricted | Reason::Others(_) | Reason::Failed => None,
        }
    }
}

/// `allowed`, `denied` or `unknown`.
pub(crate) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Yes => "allowed",
        Verdict::No => "denied",
        Verdict::Unknown => "unknown",
    }
}

/// Why a look-up brought nothing, in words.
pub(crate) fn failure(failed: &Failed) -> String {
    match failed {
        Failed::Bogus => "its DNSSEC signatures do not hold".to_owned(),
        Failed::Code(code) => format!("the server says {code}"),
        Failed::NoAnswer(why) => escape::text(why),
        Failed::Aliases => "its aliases lead in a circle, or are too many".to_owned(),
    }
}

/// What is written.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Told<'a> {
    /// `keyway.caa/1`.
    schema: &'static str,
    /// The name of the certificate.
    name: String,
    /// The CA, by the domain that it looks for.
    ca: &'a str,
    /// Whether a wildcard of the name is asked for.
    wildcard: bool,
    /// The account that asks, as a URI.
    account: Option<&'a str>,
    /// The method of validation.
    method: Option<&'a str>,
    /// `allowed`, `denied` or `unknown`.
    verdict: &'static str,
    /// Why, in a word that stays the same.
    reason: &'static str,
    /// The name whose records decide.
    at: Option<String>,
    /// The record that decides, where it is one.
    record: Option<String>,
    /// What that record asks for, or which CAs may.
    allowed: Vec<String>,
    /// The names on the way up, from the certificate's to the one that decides.
    climb: Vec<Rung>,
    /// The smallest change after which the CA surely may issue; nothing where it may.
    change: Vec<Step>,
    /// What signatures are worth.
    dnssec: &'static str,
    /// How many of the answers on the way came with signatures, whoever looked at them: `all`, `some` or `none`.
    signed: &'static str,
    /// What is wrong.
    findings: &'a [Finding],
}

/// A name on the way up.
#[derive(Debug, Serialize, JsonSchema)]
struct Rung {
    /// The name.
    name: String,
    /// How many aliases led here.
    aliases: usize,
    /// `records`, `alias`, `nothing` or `failed`.
    found: &'static str,
    /// The name that it is an alias of.
    #[serde(skip_serializing_if = "Option::is_none")]
    alias: Option<String>,
    /// CAA records, as zone files write them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    records: Vec<String>,
    /// Why the look-up brought nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
    /// Whether the answer had signatures.
    signed: bool,
    /// Whether the resolver vouched for them.
    authentic: bool,
}

/// A record to change.
#[derive(Debug, Serialize, JsonSchema)]
struct Step {
    /// The name.
    at: String,
    /// What goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    remove: Option<String>,
    /// What comes in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    add: Option<String>,
    /// The line of a zone file.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<String>,
}

impl<'a> Told<'a> {
    pub(crate) fn of(answer: &Answer<'a>) -> Self {
        let (request, climbed) = (answer.request, answer.climbed);
        let (at, records) = match climbed.end() {
            End::Records { at, records, .. } => (Some(at.to_string()), records),
            End::Failed { at, .. } => (Some(at.to_string()), &[][..]),
            End::Nothing => (None, &[][..]),
        };
        let deciding = answer.deciding().and_then(|number| records.get(number));
        Self {
            schema: SCHEMA,
            name: climbed.name.to_string(),
            ca: request.ca(),
            wildcard: request.is_wildcard(),
            account: request.account(),
            method: request.method(),
            verdict: verdict(answer.judgement.verdict),
            reason: reason(&answer.judgement.reason),
            at,
            record: deciding.map(|data| record_text(data)),
            allowed: allowed(&answer.judgement.reason),
            climb: climbed.visits.iter().map(rung).collect(),
            change: steps(answer.judgement),
            dnssec: answer.dnssec.word(),
            signed: answer.signed(),
            findings: answer.findings,
        }
    }
}

fn reason(reason: &Reason) -> &'static str {
    match reason {
        Reason::NoRecords => "no-records",
        Reason::NotRestricted => "not-restricted",
        Reason::Allows(_) => "allows",
        Reason::Critical(_) => "critical",
        Reason::CriticalForSome(_) => "critical-for-some",
        Reason::Unreadable(_) => "unreadable",
        Reason::Others(_) => "others",
        Reason::Limited(_, limit) => match limit {
            Limit::Account(_) => "account",
            Limit::Methods(_) => "method",
            Limit::Repeated(_) => "repeated",
        },
        Reason::Unsaid(..) => "unsaid",
        Reason::Failed => "failed",
    }
}

fn allowed(reason: &Reason) -> Vec<String> {
    match reason {
        Reason::Others(others) => others.clone(),
        Reason::Limited(_, limit) | Reason::Unsaid(_, limit) => match limit {
            Limit::Account(uri) => vec![uri.clone()],
            Limit::Methods(methods) => methods.clone(),
            Limit::Repeated(_) => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn rung(visit: &Visit) -> Rung {
    let (mut alias, mut records, mut why) = (None, Vec::new(), None);
    let found = match &visit.lookup.found {
        Found::Records(held) => {
            records = held.iter().map(|data| record_text(data)).collect();
            "records"
        }
        Found::Alias(target) => {
            alias = Some(target.to_string());
            "alias"
        }
        Found::Nothing => "nothing",
        Found::Failed(failed) => {
            why = Some(failure(failed));
            "failed"
        }
    };
    Rung {
        name: visit.name.to_string(),
        aliases: visit.aliases,
        found,
        alias,
        records,
        failure: why,
        signed: visit.lookup.is_signed,
        authentic: visit.lookup.is_authentic,
    }
}

fn steps(judgement: &Judgement) -> Vec<Step> {
    let Some(at) = &judgement.change.at else {
        return Vec::new();
    };
    let steps = judgement.change.steps.iter().map(|step| Step {
        at: at.to_string(),
        remove: step.remove.as_ref().map(|data| record_text(data)),
        add: step.add.as_ref().map(Property::to_string),
        line: step.add.as_ref().map(|property| property.line(at)),
    });
    steps.collect()
}
