//! Whether aliases that a plan makes still lead where they led when it was made.

use keyway_dns::name::Name;
use keyway_dns::net::Authority;
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

/// Sets that aliases lead to and that are gone, in words.
pub(super) fn led(astray: &[(Name, Type)]) -> Vec<String> {
    let told = astray
        .iter()
        .map(|(name, kind)| voice::applied::astray(name, *kind));
    told.collect()
}
