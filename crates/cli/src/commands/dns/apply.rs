//! `keyway dns apply`

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use keyway_dns::message::update;
use keyway_dns::name::Name;
use keyway_dns::net::{Authority, message_id, tell};
use keyway_dns::plan::file::PlanFile;
use keyway_dns::plan::{Plan, Set, State, Step};
use keyway_dns::rdata::Type;
use keyway_report::Timestamp;

use super::plan::{at_primary, primary};
use crate::arguments::{ApplyArguments, ListFormat};
use crate::failure::Failure;
use crate::formats::{applied as form, json};
use crate::intent::service::ServiceFile;
use crate::intent::{Asking, Journal, Known, asked, moment, read_file, seconds, wait_for};
use crate::terminal::{self, Exit, Look};
use crate::voice;

/// Carries out a plan.
pub(super) fn run(arguments: &ApplyArguments, look: Look) -> Result<Exit, Failure> {
    let given = read_file(&arguments.plan).map_err(|refused| refused.at(&arguments.plan))?;
    let plan = PlanFile::read(&given.bytes).map_err(|error| Failure::Plan {
        path: arguments.plan.clone(),
        why: error.to_string(),
    })?;
    let file = arguments
        .file
        .as_deref()
        .map(ServiceFile::open)
        .transpose()?;
    let known = Known::of(file.as_ref())?;
    let answer = wait_for(apply(arguments, &plan, &known))??;
    terminal::print(&match arguments.format {
        ListFormat::Text => voice::plan::applied(&answer, &plan, look),
        ListFormat::Json => json::ended(serde_json::to_string_pretty(&answer)),
    })?;
    Ok(if answer.is_complete() {
        Exit::Clean
    } else {
        Exit::Findings
    })
}

async fn apply(
    arguments: &ApplyArguments,
    plan: &Plan,
    known: &Known,
) -> Result<form::Answer, Failure> {
    let asking = Asking::resolve(&arguments.ask, &known.resolvers)?.with(known.server.as_deref());
    let key = known.key(&arguments.sign)?;
    let authority = asking.authority(&plan.zone, Some(&plan.zone)).await?;
    let (server, called) = primary(&authority)?;
    let now = || moment(arguments.at.as_deref());
    let mut journal = Journal::of(&arguments.plan, &plan.checksum().to_string())?;
    let mut here = look_again(plan, &authority, &asking).await?;
    let mut answer = form::Answer::new(plan, called);
    let Some(first) = next_step(plan, &here) else {
        return if is_done(plan, &here) {
            answer.all_done();
            Ok(answer)
        } else {
            Err(Failure::Plan {
                path: arguments.plan.clone(),
                why: voice::plan::changed_since(&differences(plan, &here)),
            })
        };
    };
    answer.found_done(first);
    for (number, step) in plan.steps.iter().enumerate().skip(first) {
        if let Some(due) = due(&journal, number, step, now()?)
            && due > now()?
        {
            if !arguments.wait {
                answer.not_before(number, due);
                return Ok(answer);
            }
            let left = due.since(now()?);
            terminal::note(&voice::plan::waiting(number + 1, left));
            tokio::time::sleep(Duration::from_secs(u64::try_from(left).unwrap_or(0))).await;
        }
        send(server, plan, step, key.as_ref(), now()?, &asking).await?;
        journal.done(number, now()?)?;
        here.apply(step);
        let stands = look_again(plan, &authority, &asking).await?;
        let ignored = unlike(&here, &stands);
        answer.made(number, &ignored);
        if !ignored.is_empty() {
            return Ok(answer);
        }
    }
    Ok(answer)
}

async fn send(
    server: SocketAddr,
    plan: &Plan,
    step: &Step,
    key: Option<&keyway_dns::message::tsig::Key>,
    now: Timestamp,
    asking: &Asking,
) -> Result<(), Failure> {
    let bytes = update(message_id(), &plan.zone, step);
    let bytes = bytes.map_err(|error| Failure::Need(error.to_string()))?;
    let told = tell(server, &bytes, key, seconds(now), asking.patience()).await;
    told.map_err(|error| asked(&error))
}

async fn look_again(plan: &Plan, authority: &Authority, asking: &Asking) -> Result<State, Failure> {
    let names = plan.names().into_iter().cloned().collect();
    let state = at_primary(authority, names, asking).await?;
    Ok(state.of_names(plan.names()))
}

/// The step that the zone is ready for: it has what the plan saw, or what an earlier step left.
fn next_step(plan: &Plan, here: &State) -> Option<usize> {
    let checksum = here.checksum();
    plan.steps.iter().position(|step| step.state == checksum)
}

/// Every set as the plan leaves it at last.
fn last(plan: &Plan) -> BTreeMap<(Name, Type), Option<Set>> {
    let changes = plan.changes();
    let last = changes.map(|change| ((change.name.clone(), change.kind), change.after.clone()));
    last.collect()
}

fn is_done(plan: &Plan, here: &State) -> bool {
    let mut last = last(plan).into_iter();
    last.all(|((name, kind), after)| here.set(&name, kind) == after.as_ref())
}

/// Sets that are neither as the plan saw them nor as it leaves them.
fn differences(plan: &Plan, here: &State) -> Vec<(Name, Type)> {
    let last = last(plan);
    let mut found: Vec<(Name, Type)> = plan
        .changes()
        .filter(|change| {
            let is = here.set(&change.name, change.kind);
            let key = (change.name.clone(), change.kind);
            is != change.before.as_ref() && Some(is) != last.get(&key).map(Option::as_ref)
        })
        .map(|change| (change.name.clone(), change.kind))
        .collect();
    found.dedup();
    found
}

/// Sets that are not as they should be after a step.
fn unlike(wanted: &State, stands: &State) -> Vec<(Name, Type)> {
    let of = |state: &State| -> Vec<(Name, Type, Set)> {
        let sets = state.sets();
        sets.map(|(name, kind, set)| (name.clone(), kind, set.clone()))
            .collect()
    };
    let (wanted, stands) = (of(wanted), of(stands));
    let missing = wanted.iter().filter(|set| !stands.contains(set));
    let surplus = stands.iter().filter(|set| !wanted.contains(set));
    let mut unlike: Vec<(Name, Type)> = missing
        .chain(surplus)
        .map(|(name, kind, _)| (name.clone(), *kind))
        .collect();
    unlike.sort();
    unlike.dedup();
    unlike
}

/// When a step may be made: its time after the one before. Where nobody knows when that was, from now.
fn due(journal: &Journal, number: usize, step: &Step, now: Timestamp) -> Option<Timestamp> {
    if step.wait == 0 || number == 0 {
        return None;
    }
    let made = journal.at(number - 1).unwrap_or(now);
    Some(made.plus(i64::from(step.wait)))
}
