//! Whether aliases that a plan makes still lead where they led when it was made.

use std::collections::BTreeSet;
use std::ops::Range;

use keyway_dns::name::Name;
use keyway_dns::net::{Authority, follow};
use keyway_dns::plan::{Lead, Plan};
use keyway_dns::rdata::Type;
use keyway_dns::view::Said;

use super::plan::ask_primary;
use crate::failure::Failure;
use crate::intent::Asking;
use crate::voice;

/// Sets that the plan leads to and that do not stand any more, by the primary server.
pub(super) async fn astray(
    plan: &Plan,
    authority: &Authority,
    asking: &Asking,
) -> Result<Vec<(Name, Type)>, Failure> {
    if plan.leads.is_empty() {
        return Ok(Vec::new());
    }
    let questions = plan.leads.iter().map(Lead::question);
    let view = ask_primary(authority, asking, questions.collect()).await?;
    let mut astray = Vec::new();
    for lead in plan.leads.iter().filter(|lead| !lead.is_said(&view)) {
        match view.of(&lead.name, lead.kind) {
            Some(Said::Failed(why) | Said::Cut(why)) => return Err(Failure::Ask(why.clone())),
            Some(said @ (Said::Refused(_) | Said::Bogus)) => {
                let why = voice::plan::unanswered(&view.server, &lead.name, lead.kind, said);
                return Err(Failure::Ask(why));
            }
            _ => astray.push((lead.name.clone(), lead.kind)),
        }
    }
    Ok(astray)
}

/// What the aliases of some steps lead to and that does not stand any more, in words: in the zone, by its primary server, and
/// in other zones, as far as the resolvers say that count.
pub(super) async fn nowhere(
    plan: &Plan,
    steps: Range<usize>,
    authority: &Authority,
    asking: &Asking,
) -> Result<Vec<String>, Failure> {
    let mut told = led(&astray(plan, authority, asking).await?);
    told.extend(gone_abroad(plan, steps, asking).await);
    Ok(told)
}

/// Names of other zones that aliases of some steps lead to and that have no address, in words.
pub(super) async fn gone_abroad(plan: &Plan, steps: Range<usize>, asking: &Asking) -> Vec<String> {
    let resolver = asking.counting();
    let mut told = Vec::new();
    if resolver.servers.is_empty() {
        return told;
    }
    let names: BTreeSet<Name> = steps.flat_map(|number| plan.led_abroad(number)).collect();
    for name in names {
        // What nobody says is told when the plan is made.
        if let Ok(followed) = follow(&resolver, &name).await
            && followed.is_whole
            && followed.addresses.is_empty()
        {
            told.push(voice::applied::abroad(&name));
        }
    }
    told
}

/// Sets that aliases lead to and that are gone, in words.
pub(super) fn led(astray: &[(Name, Type)]) -> Vec<String> {
    let told = astray
        .iter()
        .map(|(name, kind)| voice::applied::astray(name, *kind));
    told.collect()
}
