//! `keyway dns apply`

mod times;

use std::collections::BTreeSet;
use std::net::SocketAddr;

use keyway_dns::message::Question;
use keyway_dns::message::tsig::Key;
use keyway_dns::message::update;
use keyway_dns::name::Name;
use keyway_dns::net::{AskError, Authority, message_id, tell};
use keyway_dns::plan::file::PlanFile;
use keyway_dns::plan::{Drift, LOOKED_FOR, Plan, Progress, State};
use keyway_dns::rdata::Type;

use super::deadline::Deadline;
use super::everywhere::Servers;
use super::leads::{astray, gone_abroad, led, nowhere};
use super::plan::{ask_primary, of_kinds_at_primary, primary};
use super::unmet::unmet;
use crate::arguments::{ApplyArguments, ListFormat};
use crate::failure::Failure;
use crate::formats::{applied as form, json};
use crate::intent::{
    Asking, Journal, Known, Turn, asked, moment, read_file, seconds, wait_for, with_slips_told,
};
use crate::terminal::{self, Exit, Look};
use crate::voice;

/// Carries out a plan.
pub(super) fn run(arguments: &ApplyArguments, look: Look) -> Result<Exit, Failure> {
    let given = read_file(&arguments.plan).map_err(|refused| refused.at(&arguments.plan))?;
    let plan = PlanFile::read(&given.bytes).map_err(|error| Failure::Plan {
        path: arguments.plan.clone(),
        why: error.to_string(),
    })?;
    let file = arguments.file.as_deref().map(with_slips_told).transpose()?;
    let known = Known::of(file.as_ref());
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
    let deadline = Deadline::after(arguments.deadline);
    let ready = deadline.bound(prepare(arguments, plan, known, deadline));
    let ready = ready.await.unwrap_or_else(|| {
        let why = voice::applied::out_of_time().to_owned();
        Err(Failure::Ask(why))
    })?;
    let (mut work, first, mut journal, mut answer) = match ready {
        Ready::Stands {
            mut answer,
            asking,
            servers,
        } => {
            answer.behind = servers.behind(&asking, plan, deadline).await;
            return Ok((*answer, None));
        }
        Ready::At {
            work,
            first,
            journal,
            answer,
        } => (*work, first, journal, *answer),
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

/// What there is to do, as far as anybody sees before something is done.
enum Ready<'a> {
    /// Nothing: all of it stands.
    Stands {
        answer: Box<form::Answer>,
        asking: Asking,
        servers: Servers,
    },
    /// The steps from one on.
    At {
        work: Box<Work<'a>>,
        first: usize,
        journal: Journal,
        answer: Box<form::Answer>,
    },
}

/// Looks at what stands.
async fn prepare<'a>(
    arguments: &'a ApplyArguments,
    plan: &'a Plan,
    known: &'a Known,
    deadline: Deadline,
) -> Result<Ready<'a>, Failure> {
    let patient = Asking::resolve(&arguments.ask, &known.resolvers)?.with(known.server.as_deref());
    let key = known.key(&arguments.sign)?;
    let asking = deadline.hurry(&patient);
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
    let mut answer = Box::new(form::Answer::new(plan, called));
    let (first, here, untold) = match plan.progress(&here) {
        Progress::At { step, here, untold } => (step, here, untold),
        Progress::Done { untold } => {
            answer.all_done();
            answer.untold(&untold);
            let all = 0..plan.steps.len();
            answer.astray = nowhere(plan, all, &authority, &asking).await?;
            let servers = Servers::of(&authority);
            return Ok(Ready::Stands {
                answer,
                asking,
                servers,
            });
        }
        Progress::Changed { drifts, others } => {
            return Err(refused(voice::applied::changed(&drifts, &others)));
        }
    };
    if let Some(name) = plan.gives_later(first, &untold) {
        return Err(refused(voice::applied::untold(name)));
    }
    answer.untold(&untold);
    let left = first..plan.steps.len();
    let astray = nowhere(plan, left, &authority, &asking).await?;
    if !astray.is_empty() {
        return Err(refused(voice::applied::changed_since(&astray)));
    }
    answer.found_done(first);
    journal.not_made(first)?;
    // What cannot be noted must not be done: a later step is made so long after the one before.
    journal.keep()?;
    let work = Box::new(Work {
        arguments,
        plan,
        known,
        key,
        asking: patient,
        servers: Servers::of(&authority),
        are_found: false,
        authority,
        server,
        here: *here,
        deadline,
    });
    Ok(Ready::At {
        work,
        first,
        journal,
        answer,
    })
}

/// A plan that is carried out.
struct Work<'a> {
    arguments: &'a ApplyArguments,
    plan: &'a Plan,
    known: &'a Known,
    key: Option<Key>,
    asking: Asking,
    authority: Authority,
    server: SocketAddr,
    /// Those of the zone, and whether those that nobody named were looked for.
    servers: Servers,
    are_found: bool,
    /// What the zone has by now.
    here: State,
    deadline: Deadline,
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
            } else if self.plan.leads.iter().any(|lead| lead.wildcard.is_some()) {
                // What hides a wildcard no server can be told to look for: the less time, the better.
                let asking = self.deadline.hurry(&self.asking);
                self.refuse_others(&led(&astray(self.plan, &self.authority, &asking).await?))?;
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
        let all = 0..self.plan.steps.len();
        answer.astray = nowhere(self.plan, all, &self.authority, &self.asking).await?;
        self.find_servers().await;
        let asking = self.deadline.hurry(&self.asking);
        let behind = self.servers.behind(&asking, self.plan, self.deadline);
        answer.behind = behind.await;
        Ok(())
    }

    /// Looks whether a step stands that was made just now, and after the last one whether all that the plan is about does.
    async fn stands(&self, number: usize, answer: &mut form::Answer) -> Result<bool, Failure> {
        let step = &self.plan.steps[number];
        let next = number + 1;
        let names: BTreeSet<&Name> = step.changes.iter().map(|change| &change.name).collect();
        let all = self.plan.names();
        let is_left = next == self.plan.steps.len() && names != all;
        let changed = self.changed(&self.asking, names, next, answer).await?;
        let own: BTreeSet<(&Name, Type)> =
            step.changes.iter().map(|it| (&it.name, it.kind)).collect();
        let is_own = |drift: &Drift| own.contains(&(&drift.name, drift.kind));
        let (ignored, others): (Vec<_>, Vec<_>) = changed.into_iter().partition(is_own);
        answer.made(number, &sets(&ignored));
        self.refuse_others(&voice::applied::drifts(&others))?;
        if ignored.is_empty() && is_left {
            let changed = self.changed(&self.asking, all, next, answer).await?;
            self.refuse_others(&voice::applied::drifts(&changed))?;
        }
        Ok(ignored.is_empty())
    }

    /// Looks at all that the plan is about again before a step that was waited for: the server is told to make it only
    /// while what it starts from stands, and tells of no more than that.
    async fn stands_still(&self, number: usize, answer: &mut form::Answer) -> Result<(), Failure> {
        let asking = self.deadline.hurry(&self.asking);
        let changed = self.changed(&asking, self.plan.names(), number, answer);
        let changed = changed.await?;
        let mut told = voice::applied::drifts(&changed);
        let mut astray = astray(self.plan, &self.authority, &asking).await?;
        // What is kept may be led to, too.
        let known = sets(&changed);
        astray.retain(|set| !known.contains(set));
        told.extend(led(&astray));
        let left = number..self.plan.steps.len();
        told.extend(gone_abroad(self.plan, left, &asking).await);
        self.refuse_others(&told)
    }

    /// Sets of names that are not as the steps so far leave them, of the types that the plan is about. What cannot be told
    /// from what a wildcard gives is none of them, save where a later step changes what that gives.
    async fn changed(
        &self,
        asking: &Asking,
        names: BTreeSet<&Name>,
        next: usize,
        answer: &mut form::Answer,
    ) -> Result<Vec<Drift>, Failure> {
        let kinds = self.plan.kinds();
        let wanted = self.here.of_names(names.iter().copied()).of_kinds(&kinds);
        let stands = look_again(names, &kinds, &self.authority, asking).await?;
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

    async fn send(&self, number: usize) -> Result<(), Failure> {
        let bytes = update(message_id(), self.plan, number);
        let bytes = bytes.map_err(|error| Failure::Need(error.to_string()))?;
        let signed_at = seconds(moment(self.arguments.at.as_deref())?);
        let patience = self.asking.patience();
        let told = tell(self.server, &bytes, self.key.as_ref(), signed_at, patience).await;
        let Err(error) = told else {
            return Ok(());
        };
        let AskError::Refused { code, .. } = error else {
            return Err(asked(&error));
        };
        if code.is_unmet() {
            let unmet = unmet(self.plan, number, code, &self.authority, &self.asking);
            if let Some(why) = unmet.await {
                return Err(self.refused(why));
            }
        } else if self.arguments.ask.server.is_empty()
            && let Some(primary) = self.other_primary().await
        {
            let why = voice::applied::other_primary(&error.to_string(), &primary);
            return Err(Failure::Ask(why));
        }
        Err(asked(&error))
    }

    /// The server that the zone's SOA record names as the primary one, where its NS records name it not (a hidden primary).
    async fn other_primary(&self) -> Option<String> {
        let (name, kind) = (self.plan.zone.clone(), Type::SOA);
        let question = BTreeSet::from([Question { name, kind }]);
        let view = ask_primary(&self.authority, &self.asking, question).await;
        let view = view.ok()?;
        let start = view.of(&self.plan.zone, kind)?.set()?.texts(kind);
        let primary = start.first()?.split(' ').next()?.to_owned();
        let mut names = self
            .authority
            .servers
            .iter()
            .filter_map(|it| it.name.as_ref());
        let is_known = names.any(|name| name.to_string() == primary);
        (!is_known).then_some(primary)
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
