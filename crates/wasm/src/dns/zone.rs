//! A zone as it is: what is wrong with it, and how it gets what a service needs.

use keyway_dns::name::Name;
use keyway_dns::plan::answer::{Planned, Refused};
use keyway_dns::plan::{Share, State, foreseen, plan_possible, refusal};
use keyway_dns::wanted::Wanted;
pub use keyway_dns::zone::ZoneAnswer;
use keyway_dns::zone::{Read, ReadOptions, origin, read};
use keyway_report::escape;
use serde::{Deserialize, Serialize};

use super::NeedFault;
use super::need::{DnsNeed, Resolved, name};
use super::records::{DnsRender, renders, sets};
use crate::problem::{Problem, ServiceProblem};

/// Why nobody says where names lead that are not in the zone.
const UNTRIED: &str = "a zone file says nothing of names that are not in it";

/// How a zone's text is to be taken. Everything may be left out.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ZoneOptions {
    /// What findings call it; `zone` when not given.
    pub input: Option<String>,
    /// The zone's name; as the text says it when not given.
    pub origin: Option<String>,
    /// The zone's name where neither says it.
    pub otherwise: Option<String>,
}

/// How to plan. Everything may be left out.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct DnsPlanOptions {
    /// Whether more than a quarter of the zone may go.
    pub however_much: bool,
}

/// What a plan comes to: it, or why there is none.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DnsPlanned {
    /// The plan, as `keyway dns plan --format json` writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<Planned>,
    /// Why there is none, in the same way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refused>,
    /// The plan for those who carry it out.
    pub renders: Vec<DnsRender>,
}

/// Says what is wrong with a zone.
///
/// # Errors
/// [`ServiceProblem::Zone`] on limits, [`ServiceProblem::Need`] when its name is not known or is none.
pub fn dns_check_zone(text: &str, options: &ZoneOptions) -> Result<ZoneAnswer, Problem> {
    let said = options.origin.as_deref().map(name).transpose()?;
    let otherwise = options.otherwise.as_deref().map(name).transpose()?;
    let read = read_zone(text, said, otherwise)?;
    let input = options.input.as_deref().unwrap_or("zone");
    Ok(ZoneAnswer::of(&read, &escape::text(input)))
}

/// From a zone as it is to one that has what a service needs.
///
/// # Errors
/// As [`super::dns_records`] and [`dns_check_zone`]; [`ServiceProblem::ZoneText`] when a line of the zone is no record,
/// so that it is not known; [`ServiceProblem::Plan`] when no plan leads there.
pub fn dns_plan(
    need: &DnsNeed,
    text: &str,
    options: &DnsPlanOptions,
) -> Result<DnsPlanned, Problem> {
    let Resolved {
        need, zone, guess, ..
    } = need.resolve()?;
    let read = read_zone(text, zone, guess)?;
    if let Some(fault) = read.faults.first() {
        return Err(ServiceProblem::ZoneText(fault.clone()).into());
    }
    let zone = Name::of_origin(&read.zone);
    let sets = sets(&need, &zone)?;
    let state = State::of_zone_at(&read.zone, &Wanted::looked_at(&sets));
    let share = if options.however_much {
        Share::All
    } else {
        Share::Usual
    };
    match plan_possible(&zone, &state, &sets, share) {
        Ok((mut made, left_out)) => {
            made.port = need.port;
            let known = foreseen(&made, &state, &sets, UNTRIED);
            let findings = left_out.into_iter().chain(known).collect();
            Ok(DnsPlanned {
                plan: Some(Planned::new(&made, findings)),
                refusal: None,
                renders: renders(&made, &state),
            })
        }
        Err(error) => match refusal(&error) {
            Some(finding) => Ok(DnsPlanned {
                plan: None,
                refusal: Some(Refused::of(vec![finding])),
                renders: Vec::new(),
            }),
            None => Err(ServiceProblem::Plan(error).into()),
        },
    }
}

/// Reads a zone by the name that was said, or its own, or the one that is left.
fn read_zone(text: &str, said: Option<Name>, otherwise: Option<Name>) -> Result<Read, Problem> {
    let named = said.map(|name| name.to_string());
    let named = named.or_else(|| origin(text.as_bytes()));
    let named = named.or_else(|| otherwise.map(|name| name.to_string()));
    let named = named.ok_or(NeedFault::NoZone)?;
    let read = read(text.as_bytes(), &named, &ReadOptions::default());
    Ok(read.map_err(ServiceProblem::Zone)?)
}
