//! `keyway dns apply`

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use keyway_dns::message::tsig::Key;
use keyway_dns::message::update;
use keyway_dns::name::Name;
use keyway_dns::net::{AskError, Authority, message_id, tell};
use keyway_dns::plan::file::PlanFile;
use keyway_dns::plan::{Drift, LOOKED_FOR, Plan, Progress, Spread, State, Step, older};
use keyway_dns::rdata::Type;
use keyway_report::Timestamp;

use super::earlier::at_resolvers;
use super::everywhere::{Servers, servers};
use super::leads::{astray, led};
use super::plan::{of_kinds_at_primary, primary};
use super::unmet::unmet;
use crate::arguments::{ApplyArguments, ListFormat};
use crate::failure::Failure;
use crate::formats::{applied as form, json};
use crate::intent::service::ServiceFile;
use crate::intent::{Asking, Journal, Known, Turn, asked, moment, read_file, seconds, wait_for};
use crate::terminal::{self, Exit, Look};
use crate::voice;

/// Pause before servers that are behind are asked again, and the longest one: each is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// How long servers that are behind are waited for: the hour in which secondaries ask again by themselves, where
/// the zone says what is usual (RFC 1912, section 2.2).
const LONGEST_SPREAD: Duration = Duration::from_secs(3_600);

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
    // What two note beside one plan would be what one of them has seen.
    let _turn = Turn::take(&arguments.plan)?;
    let (answer, failed) = wait_for(apply(arguments, &plan, &known))??;
    terminal::print(&match arguments.format {
        ListFormat::Text => voice::applied::applied(&answer, &plan, look),
        ListFormat::Json => json::ended(serde_json::to_string_pretty(&answer)),
    })?;
    match failed {
        Some(failure) => Err(failure),
        None if answer.is_complete() => Ok(Exit::Clean),
        None => Ok(Exit::Findings),
    }
}

/// What became of the plan; and why it went no further, where something was done before that.
async fn apply(
    arguments: &ApplyArguments,
    plan: &Plan,
    known: &Known,
) -> Result<(form::Answer, Option<Failure>), Failure> {
    let asking = Asking::resolve(&arguments.ask, &known.resolvers)?.with(known.server.as_deref());
    let key = known.key(&arguments.sign)?;
    let authority = asking.authority(&plan.zone, Some(&plan.zone)).await?;
    let (server, called) = primary(&authority)?;
    let mut journal = Journal::of(&arguments.plan, &plan.checksum().to_string())?;
    if journal.not_ahead(moment(None)?)? {
        terminal::note(voice::applied::was_ahead());
    }
    let refused = |why: String| Failure::Plan {
        path: arguments.plan.clone(),
        why,
    };
    let here = look_again(plan.names(), LOOKED_FOR, &authority, &asking).await?;
    let mut answer = form::Answer::new(plan, called);
    let (first, here, untold) = match plan.progress(&here) {
        Progress::At { step, here, untold } => (step, here, untold),
        Progress::Done { untold } => {
            answer.all_done();
            answer.untold(&untold);
            answer.astray = led(&astray(plan, &authority, &asking).await?);
            answer.behind = Servers::of(&authority).behind(&asking, plan).await;
            return Ok((answer, None));
        }
        Progress::Changed { drifts, others } => {
            return Err(refused(voice::applied::changed(&drifts, &others)));
        }
    };
    if let Some(name) = plan.gives_later(first, &untold) {
        return Err(refused(voice::applied::untold(name)));
    }
    answer.untold(&untold);
    let astray = astray(plan, &authority, &asking).await?;
    if !astray.is_empty() {
        return Err(refused(voice::applied::changed_since(&led(&astray))));
    }
    answer.found_done(first);
    journal.not_made(first)?;
    let servers = servers(arguments, plan, known, &authority, &asking).await;
    // What cannot be noted must not be done: a later step is made so long after the one before.
    journal.keep()?;
    let mut work = Work {
        arguments,
        plan,
        key,
        asking,
        authority,
        server,
        servers,
        here: *here,
        began: Instant::now(),
    };
    match work.steps(first, &mut journal, &mut answer).await {
        Ok(()) => Ok((answer, None)),
        Err(failure) if answer.is_begun() => {
            answer.stopped = true;
            Ok((answer, Some(failure)))
        }
        Err(failure) => Err(failure),
    }
}

/// A plan that is carried out.
struct Work<'a> {
    arguments: &'a ApplyArguments,
    plan: &'a Plan,
    key: Option<Key>,
    asking: Asking,
    authority: Authority,
    server: SocketAddr,
    servers: Servers,
    /// What the zone has by now.
    here: State,
    began: Instant,
}

impl Work<'_> {
    async fn steps(
        &mut self,
        first: usize,
        journal: &mut Journal,
        answer: &mut form::Answer,
    ) -> Result<(), Failure> {
        for (number, step) in self.plan.steps.iter().enumerate().skip(first) {
            if !self.is_time(number, step, journal, answer).await? {
                return Ok(());
            }
            if step.takes_pins() && !self.arguments.key_switched {
                answer.wait_for_key(number);
                return Ok(());
            }
            if step.wait > 0 {
                self.stands_still(number, answer).await?;
            }
            self.send(number).await?;
            answer.made(number, &[]);
            journal.done(number, moment(None)?)?;
            self.here.apply(step);
            if !self.stands(number, answer).await? {
                return Ok(());
            }
        }
        // What hides a wildcard that an alias leads to, no server can be told to look for.
        answer.astray = led(&astray(self.plan, &self.authority, &self.asking).await?);
        answer.behind = self.servers.behind(&self.asking, self.plan).await;
        Ok(())
    }

    /// Looks whether a step stands that was made just now, and after the last one whether all that the plan is about does.
    async fn stands(&self, number: usize, answer: &mut form::Answer) -> Result<bool, Failure> {
        let step = &self.plan.steps[number];
        let next = number + 1;
        let names: BTreeSet<&Name> = step.changes.iter().map(|change| &change.name).collect();
        let all = self.plan.names();
        let is_left = next == self.plan.steps.len() && names != all;
        let changed = self.changed(names, next, answer).await?;
        let own: BTreeSet<(&Name, Type)> =
            step.changes.iter().map(|it| (&it.name, it.kind)).collect();
        let is_own = |drift: &Drift| own.contains(&(&drift.name, drift.kind));
        let (ignored, others): (Vec<_>, Vec<_>) = changed.into_iter().partition(is_own);
        answer.made(number, &sets(&ignored));
        self.refuse_others(&voice::applied::drifts(&others))?;
        if ignored.is_empty() && is_left {
            let changed = self.changed(all, next, answer).await?;
            self.refuse_others(&voice::applied::drifts(&changed))?;
        }
        Ok(ignored.is_empty())
    }

    /// Looks at all that the plan is about again before a step that was waited for: the server is told to make it only
    /// while what it starts from stands, and tells of no more than that.
    async fn stands_still(&self, number: usize, answer: &mut form::Answer) -> Result<(), Failure> {
        let changed = self.changed(self.plan.names(), number, answer).await?;
        let mut told = voice::applied::drifts(&changed);
        let mut astray = astray(self.plan, &self.authority, &self.asking).await?;
        // What is kept may be led to, too.
        let known = sets(&changed);
        astray.retain(|set| !known.contains(set));
        told.extend(led(&astray));
        self.refuse_others(&told)
    }

    /// Sets of names that are not as the steps so far leave them, of the types that the plan is about. What cannot be told
    /// from what a wildcard gives is none of them, save where a later step changes what that gives.
    async fn changed(
        &self,
        names: BTreeSet<&Name>,
        next: usize,
        answer: &mut form::Answer,
    ) -> Result<Vec<Drift>, Failure> {
        let kinds = self.plan.kinds();
        let wanted = self.here.of_names(names.iter().copied()).of_kinds(&kinds);
        let stands = look_again(names, &kinds, &self.authority, &self.asking).await?;
        let (stands, untold) = stands.taking(&wanted);
        if let Some(name) = self.plan.gives_later(next, &untold) {
            return Err(self.refused(voice::applied::untold(name)));
        }
        answer.untold(&untold);
        Ok(stands.unlike(&wanted))
    }

    /// Ends it where somebody else has changed something.
    fn refuse_others(&self, changed: &[String]) -> Result<(), Failure> {
        if changed.is_empty() {
            return Ok(());
        }
        Err(self.refused(voice::applied::changed_meanwhile(changed)))
    }

    fn refused(&self, why: String) -> Failure {
        let path = self.arguments.plan.clone();
        Failure::Plan { path, why }
    }

    /// Whether a step may be made by now, if need be after waiting: its time after every server has what the step
    /// before left.
    async fn is_time(
        &self,
        number: usize,
        step: &Step,
        journal: &mut Journal,
        answer: &mut form::Answer,
    ) -> Result<bool, Failure> {
        if step.wait == 0 {
            return Ok(true);
        }
        let since = match journal.everywhere(number) {
            Some(since) => since,
            None if self.spread(number, journal, answer).await? => {
                // By the clock of the machine, whatever moment signatures are made for.
                let now = moment(None)?;
                journal.seen_everywhere(number, now)?;
                now
            }
            None => return Ok(false),
        };
        let mut due = since.plus(journal.kept_for(step.wait));
        if !self.plan.settled {
            due = due.max(self.remembered(number, journal).await?);
        }
        let now = moment(None)?;
        if due > now {
            let left = due.since(now);
            let pause = Duration::from_secs(u64::try_from(left).unwrap_or(0));
            // What cannot be reached in time is not waited for until then.
            if !self.arguments.wait || self.left().is_some_and(|most| pause > most) {
                answer.not_before(number, due);
                return Ok(false);
            }
            let is_settled = self.plan.settled;
            terminal::note(&voice::applied::waiting(number + 1, left, is_settled));
            tokio::time::sleep(pause).await;
        }
        Ok(true)
    }

    /// How long may be waited yet, where somebody said how long in all.
    fn left(&self) -> Option<Duration> {
        let most = Duration::from_secs(self.arguments.deadline?);
        Some(most.saturating_sub(self.began.elapsed()))
    }

    /// Until when caches are known to have what is older than what the steps before one leave: the resolvers that count are
    /// asked, and what was seen before counts.
    async fn remembered(&self, number: usize, journal: &mut Journal) -> Result<Timestamp, Failure> {
        let spread = self.before(number);
        let views = at_resolvers(self.plan, &self.asking, &spread).await;
        let now = moment(None)?;
        let cached = spread.cached(&views);
        journal.remember(&cached, now)?;
        let seen = cached.into_values().max().unwrap_or(0);
        let made = self.plan.steps[..number].iter();
        let made = made.flat_map(|step| &step.changes);
        let until = journal.remembered(made.map(|change| (&change.name, change.kind)));
        Ok(now.plus(i64::from(seen)).max(until.unwrap_or(now)))
    }

    /// What the steps before one leave.
    fn before(&self, number: usize) -> Spread {
        if number == 0 {
            Spread::start(self.plan)
        } else {
            let made = self.plan.steps[..number].iter();
            Spread::left(made.flat_map(|step| &step.changes))
        }
    }

    /// Whether every server has what the steps before one leave. Who does not is told, where it is not waited for, or
    /// that comes to nothing.
    async fn spread(
        &self,
        number: usize,
        journal: &mut Journal,
        answer: &mut form::Answer,
    ) -> Result<bool, Failure> {
        let spread = self.before(number);
        let limit = self.left().unwrap_or(LONGEST_SPREAD);
        let (start, mut pause, mut before) = (Instant::now(), FIRST_PAUSE, Vec::new());
        loop {
            let views = self.servers.look(&self.asking, &spread).await;
            if let Some(ttl) = older(self.plan, views.all()) {
                journal.seen_older(ttl)?;
            }
            let behind = views.behind(&spread);
            let told: Vec<String> = behind.iter().map(voice::applied::behind).collect();
            let unknown = self.servers.unknown();
            if !unknown.is_empty() && !self.arguments.no_other_servers {
                answer.wait_for_servers(number, [&told, unknown].concat(), true);
                return Ok(false);
            }
            if told.is_empty() {
                return Ok(true);
            }
            let left = limit.saturating_sub(start.elapsed());
            if !self.arguments.wait || left.is_zero() {
                answer.wait_for_servers(number, told, false);
                return Ok(false);
            }
            if told != before {
                terminal::note(&voice::applied::waiting_for(number, &told, left.as_secs()));
            }
            before = told;
            tokio::time::sleep(pause.min(left)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn send(&self, number: usize) -> Result<(), Failure> {
        let bytes = update(message_id(), self.plan, number);
        let bytes = bytes.map_err(|error| Failure::Need(error.to_string()))?;
        let signed_at = seconds(moment(self.arguments.at.as_deref())?);
        let patience = self.asking.patience();
        let told = tell(self.server, &bytes, self.key.as_ref(), signed_at, patience).await;
        let Err(error) = told else {
            return Ok(());
        };
        if let AskError::Refused { code, .. } = error
            && code.is_unmet()
        {
            let unmet = unmet(self.plan, number, code, &self.authority, &self.asking);
            if let Some(why) = unmet.await {
                return Err(self.refused(why));
            }
        }
        Err(asked(&error))
    }
}

/// What names have by now, of some types.
async fn look_again(
    names: BTreeSet<&Name>,
    kinds: &[Type],
    authority: &Authority,
    asking: &Asking,
) -> Result<State, Failure> {
    let asked = names.iter().copied().cloned().collect();
    let state = of_kinds_at_primary(authority, asked, kinds, asking).await?;
    Ok(state.of_names(names).of_kinds(kinds))
}

/// The names and types of sets.
fn sets(drifts: &[Drift]) -> Vec<(Name, Type)> {
    let sets = drifts.iter().map(|drift| (drift.name.clone(), drift.kind));
    sets.collect()
}
