//! The records that a service needs, and the same for those who make them.

use keyway_dns::name::Name;
use keyway_dns::plan::{Plan, Share, State, advice, plan_possible, refusal, without_lead};
use keyway_dns::render::{Form, render};
use keyway_dns::wanted::{Wanted, wanted_in};
use keyway_dns::zone::Finding;
use serde::Serialize;

use super::NeedFault;
use super::need::{DnsNeed, Resolved};
use crate::problem::{Problem, ServiceProblem};

/// What a service needs of the DNS.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DnsRecords {
    /// The zone, with a dot at its end.
    pub zone: String,
    /// Whether nobody said it, and the public suffixes did.
    pub guessed: bool,
    /// The sets of records.
    pub records: Vec<DnsRecord>,
    /// What is wished for and comes to nothing: hosts of the service file in other zones, and records that stand elsewhere.
    pub idle: Vec<String>,
    /// What should be known before they are made, or why they cannot be.
    pub findings: Vec<Finding>,
    /// The same for those who make them, where the zone has none of these names.
    pub renders: Vec<DnsRender>,
}

/// Records of one name and type: all of them, and no other.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DnsRecord {
    /// Their name, with a dot at its end.
    pub name: String,
    /// Their type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Their TTL, seconds.
    pub ttl: u32,
    /// Their data, as zone files write it; empty where there may be none.
    pub data: Vec<String>,
    /// Why.
    pub reason: String,
}

/// Changes in the words of somebody who makes them.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DnsRender {
    /// `zone`, `nsupdate`, `azure-cli`, `route53`, `octodns` or `card`.
    pub form: String,
    /// The texts, to be carried out one after the other.
    pub parts: Vec<DnsPart>,
    /// Types that the form has no words for, whose records are left out.
    pub lost: Vec<String>,
}

/// A text that is carried out as a whole.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DnsPart {
    /// Seconds to wait before it, after every server has what the one before left.
    pub wait: u32,
    /// Whether the service has to serve with a key that stays pinned before it.
    pub takes_pins: bool,
    /// The text.
    pub text: String,
}

/// The records that a service needs.
///
/// # Errors
/// [`ServiceProblem::Need`] when something is not known or is none; [`ServiceProblem::File`] as for a check of its file.
pub fn dns_records(need: &DnsNeed) -> Result<DnsRecords, Problem> {
    let Resolved {
        need,
        zone,
        guess,
        idle,
    } = need.resolve()?;
    let is_guessed = zone.is_none();
    let zone = zone.or(guess).ok_or(NeedFault::NoZone)?;
    let mut sets = sets(&need, &zone)?;
    let nothing = State::default();
    let (findings, renders) = match plan_possible(&zone, &nothing, &sets, Share::All) {
        Ok((made, left_out)) => {
            if left_out.is_some() {
                sets = without_lead(&zone, &sets);
            }
            let findings = left_out.into_iter().chain(advice(&made, &nothing));
            (findings.collect(), renders(&made, &nothing))
        }
        Err(error) => match refusal(&error) {
            Some(finding) => (vec![finding], Vec::new()),
            None => return Err(ServiceProblem::Plan(error).into()),
        },
    };
    Ok(DnsRecords {
        zone: zone.to_string(),
        guessed: is_guessed,
        records: sets.iter().map(record).collect(),
        idle,
        findings,
        renders,
    })
}

pub(super) fn sets(need: &keyway_dns::wanted::Need, zone: &Name) -> Result<Vec<Wanted>, NeedFault> {
    wanted_in(need, Some(zone)).map_err(NeedFault::Record)
}

fn record(set: &Wanted) -> DnsRecord {
    DnsRecord {
        name: set.name.to_string(),
        kind: set.kind.to_string(),
        ttl: set.ttl,
        data: set.texts(),
        reason: set.reason.to_owned(),
    }
}

/// A plan from a state of the zone, in every form.
pub(super) fn renders(plan: &Plan, state: &State) -> Vec<DnsRender> {
    let one = |form: &Form| {
        let rendered = render(plan, state, *form);
        let parts = rendered.parts.into_iter();
        DnsRender {
            form: form.name().to_owned(),
            parts: parts
                .map(|part| DnsPart {
                    wait: part.wait,
                    takes_pins: part.takes_pins,
                    text: part.text,
                })
                .collect(),
            lost: rendered.lost.iter().map(ToString::to_string).collect(),
        }
    };
    Form::ALL.iter().map(one).collect()
}
