//! `keyway dns plan`

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;

use keyway_dns::message::Question;
use keyway_dns::name::Name;
use keyway_dns::net::{Authority, Inquiry, look as look_at, questions, transfer};
use keyway_dns::plan::answer::{Planned, Refused};
use keyway_dns::plan::file::PlanFile;
use keyway_dns::plan::{
    Cached, LEAD, LOOKED_FOR, Plan, PlanError, Share, State, foreseen, pinned_elsewhere,
    plan_possible, ports_elsewhere, refusal, wildcards,
};
use keyway_dns::rdata::Type;
use keyway_dns::render::{Form, render};
use keyway_dns::view::{Role, Said, View};
use keyway_dns::wanted::Wanted;
use keyway_dns::zone::Finding;
use keyway_report::Severity;

use super::around::{beside_aliases, look_around, look_elsewhere};
use super::beside::beside;
use super::cuts::{beyond, is_referred, starts};
use super::earlier::older;
use super::issuance::{barred, barred_in};
use super::targets::{leads_as_an_alias, without_issuers_at_aliases};
use crate::arguments::{ListFormat, PlanArguments, PlanForm, ZoneArguments};
use crate::failure::Failure;
use crate::formats::json;
use crate::intent::service::save_alone;
use crate::intent::{
    Asking, Journal, Needed, STDIN, Turn, ZoneFile, asked, moment, read_file, seconds, wait_for,
};
use crate::terminal::{self, Exit, Look};
use crate::voice;

/// Makes a plan, and changes nothing.
pub(super) fn run(arguments: &PlanArguments, look: Look) -> Result<Exit, Failure> {
    let mut needed = Needed::resolve(&arguments.need)?;
    let asking = asking(arguments, &needed)?;
    let (zone, mut state, authority, barred) = match &asking {
        None => of_file(&needed, arguments.zone_file.as_deref())?,
        Some(asking) => wait_for(live(arguments, &needed, asking))??,
    };
    let is_alias = |name: &Name| state.set(name, Type::CNAME).is_some();
    let (wanted, led) =
        without_issuers_at_aliases(needed.wanted_in(&zone)?, &needed.hosts, is_alias);
    needed.wanted = wanted;
    for name in led {
        terminal::note(&voice::plan::issuers_at_alias(&name));
    }
    if arguments.replace_others {
        Wanted::replace_others(&mut needed.wanted);
    }
    if let Some(note) = needed.left_out(std::iter::once(&zone)) {
        terminal::note(&note);
    }
    if arguments.settled {
        state.has_stood();
    }
    let share = match arguments.max_share {
        _ if arguments.yes_really => Share::All,
        Some(percent) => Share::AtMost(percent),
        None => Share::Usual,
    };
    if let Some(asking) = &asking
        && wait_for(leads_as_an_alias(&zone, &state, &needed.wanted, asking))?
    {
        // It is where it should lead, though no alias: what is beside that is planned.
        needed
            .wanted
            .retain(|want| want.name != zone || !LEAD.contains(&want.kind));
    }
    let (mut made, left_out) = match plan_possible(&zone, &state, &needed.wanted, share) {
        Ok(made) => made,
        Err(error) => return refused(arguments, &error, look),
    };
    let (mut cached, bogus) = wait_for(older(&made, asking.as_ref(), arguments.out.as_deref()))??;
    if arguments.settled {
        cached.clear();
    }
    if !cached.is_empty() {
        state.remembered(cached.clone());
        if let Ok((again, _)) = plan_possible(&zone, &state, &needed.wanted, share) {
            made = again;
        }
    }
    made.leads_clients_to(needed.port, &needed.places);
    let keys = needed.keys();
    let differing = match (&authority, &asking) {
        (Some(authority), Some(asking)) => {
            wait_for(beside(&mut state, &made, keys.keys(), authority, asking))?
        }
        _ => Vec::new(),
    };
    if let Some(first) = made.steps.first_mut().filter(|_| arguments.settled) {
        first.wait = 0;
    }
    if let Some(path) = &arguments.out {
        keep(path, &mut made, &cached)?;
    }
    let untried = voice::plan::file_alone();
    let known = foreseen(&made, &state, &needed.wanted, untried);
    let pinned = pinned_elsewhere(&made, &state, &keys);
    let ports = needed.places.iter().map(SocketAddr::port).collect();
    let ports = ports_elsewhere(&made, &state, &ports);
    let findings = left_out.into_iter().chain(needed.findings).chain(known);
    let findings = findings
        .chain(differing)
        .chain(bogus)
        .chain(barred)
        .chain(pinned)
        .chain(ports);
    let findings: Vec<Finding> = findings.collect();
    let is_error = |finding: &Finding| finding.severity() == Severity::Error;
    let has_errors = findings.iter().any(is_error);
    if let Some(form) = arguments.render {
        // What is printed is for another program: what should be known before it is told beside it.
        for finding in &findings {
            terminal::note(&voice::plan::noted(finding));
        }
        let exit = rendered(&made, &state, form)?;
        return Ok(if has_errors { Exit::Findings } else { exit });
    }
    let answer = Planned::new(&made, findings);
    terminal::print(&match arguments.format {
        ListFormat::Text => {
            let files = arguments.out.as_deref();
            let files = files.map(|out| (Needed::file(&arguments.need), out));
            voice::plan::planned(&answer, &made, files, look)
        }
        ListFormat::Json => json::ended(serde_json::to_string_pretty(&answer)),
    })?;
    Ok(if has_errors {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

/// Writes a plan to a file that is new, or holds an older plan: one that is made anew waits for what the one before it
/// would have waited for, where nobody says that it is settled, and nothing is noted of it yet but what caches have.
fn keep(path: &Path, made: &mut Plan, cached: &Cached) -> Result<(), Failure> {
    let _turn = Turn::take(path)?;
    let older = held(path)?;
    if let Some(older) = older.as_ref().filter(|_| !made.settled) {
        let is_over = Journal::of(path, &older.checksum().to_string())?.has_made(older.steps.len());
        let left = made.wait_as(older);
        if let Some(wait) = left.filter(|_| !is_over && !made.is_empty()) {
            terminal::note(&voice::plan::wait_forgotten(path, wait));
        }
    }
    let journal = Journal::of(path, &made.checksum().to_string())?;
    let text = json::ended(serde_json::to_string_pretty(&PlanFile::of(made)));
    save_alone(path, &text)?;
    journal.renew(cached, moment(None)?)
}

/// The plan that a file holds; nothing where there is none, or it is empty.
fn held(path: &Path) -> Result<Option<Plan>, Failure> {
    if path.try_exists().is_ok_and(|is_there| !is_there) {
        return Ok(None);
    }
    let held = read_file(path).map_err(|refused| refused.at(path))?;
    if held.bytes.is_empty() {
        terminal::note(&voice::plan::was_empty(path));
        return Ok(None);
    }
    let plan = PlanFile::read(&held.bytes).map_err(|error| Failure::Plan {
        path: path.to_owned(),
        why: voice::plan::not_overwritten(&error.to_string()),
    })?;
    Ok(Some(plan))
}

/// No plan leads there.
fn refused(arguments: &PlanArguments, error: &PlanError, look: Look) -> Result<Exit, Failure> {
    let Some(finding) = refusal(error) else {
        return Err(Failure::Need(voice::plan::refused(error)));
    };
    let refused = Refused::of(vec![finding]);
    terminal::print(&match arguments.format {
        ListFormat::Text => voice::plan::no_plan(&refused.findings, look),
        ListFormat::Json => json::ended(serde_json::to_string_pretty(&refused)),
    })?;
    Ok(Exit::Findings)
}

fn rendered(made: &Plan, state: &State, form: PlanForm) -> Result<Exit, Failure> {
    let form = match form {
        PlanForm::Zone => Form::Zone,
        PlanForm::Nsupdate => Form::Nsupdate,
        PlanForm::AzureCli => Form::AzureCli,
        PlanForm::Route53 => Form::Route53,
        PlanForm::Octodns => Form::Octodns,
        PlanForm::Card => Form::Card,
    };
    let rendered = render(made, state, form);
    if let Some(note) = voice::plan::lost(form, &rendered.lost) {
        terminal::note(&note);
    }
    if made.is_empty() {
        terminal::note(voice::plan::nothing_to_do());
    }
    for time in voice::plan::times(form, &rendered) {
        terminal::note(&time);
    }
    terminal::print(&voice::plan::parts(form, &rendered))?;
    let is_whole = rendered.lost.is_empty();
    Ok(if is_whole {
        Exit::Clean
    } else {
        Exit::Findings
    })
}

/// A zone and what it has; where servers were asked, which; and which CAs are shut out where hosts come to lead.
type Seen = (Name, State, Option<Authority>, Vec<Finding>);

/// A zone file, whole.
fn of_file(needed: &Needed, path: Option<&Path>) -> Result<Seen, Failure> {
    let path = path.unwrap_or(Path::new(STDIN));
    let file = ZoneFile::open(
        path,
        &ZoneArguments {
            origin: needed.zone.as_ref().map(ToString::to_string),
            include: None,
        },
    );
    let file = file.map_err(|failure| match failure {
        Failure::NoOrigin(path) => Failure::Need(voice::plan::no_origin(&path)),
        failure => failure,
    })?;
    if let Some(fault) = file.read.faults.first() {
        return Err(Failure::Need(voice::plan::faulty_zone(&file.name, fault)));
    }
    let zone = Name::of_origin(&file.read.zone);
    let starts = file.read.zone.records().filter(|it| it.kind == Type::SOA);
    let mut starts = starts
        .filter_map(|start| Name::read(&start.owner_text()).ok())
        .peekable();
    // One without any is a part of a zone, whose name somebody said.
    if let Some(other) = starts.peek().cloned()
        && starts.all(|start| start != zone)
    {
        let why = voice::plan::of_other_zone(&file.name, &zone, &other);
        return Err(Failure::Need(why));
    }
    let names = Wanted::looked_at(&needed.wanted);
    let state = State::of_zone_at(&file.read.zone, &names);
    let barred = barred_in(needed, &zone, &state);
    Ok((zone, state, None, barred))
}

/// Whom to ask, where no file says what the zone has.
fn asking(arguments: &PlanArguments, needed: &Needed) -> Result<Option<Asking>, Failure> {
    if arguments.zone_file.is_some() {
        return Ok(None);
    }
    let known = &needed.known;
    let asking = Asking::resolve(&arguments.ask, &known.resolvers)?;
    Ok(Some(asking.with(known.server.as_deref())))
}

/// What the zone's primary server has.
async fn live(
    arguments: &PlanArguments,
    needed: &Needed,
    asking: &Asking,
) -> Result<Seen, Failure> {
    let known = &needed.known;
    let authority = asking
        .authority(&needed.hosts[0], needed.zone.as_ref())
        .await?;
    let mut state = if arguments.transfer {
        let key = known.key(&arguments.sign)?;
        let now = seconds(moment(None)?);
        let (server, _) = primary(&authority)?;
        let zone = &authority.zone;
        let state = transfer(server, zone, key.as_ref(), now, asking.patience()).await;
        state.map_err(|error| asked(&error))?
    } else {
        let names = needed.wanted.iter().map(|want| want.name.clone());
        let names = names.filter(|name| name.is_within(&authority.zone));
        let mut state = at_primary(&authority, names.collect(), asking).await?;
        beside_aliases(&mut state, &authority, asking, &needed.wanted).await?;
        look_around(&mut state, &authority, asking, &needed.wanted).await?;
        state
    };
    look_elsewhere(&mut state, &authority, asking, &needed.wanted).await;
    let barred = barred(needed, &authority, asking).await;
    Ok((authority.zone.clone(), state, Some(authority), barred))
}

/// The server that takes updates, and what to call it.
pub(super) fn primary(authority: &Authority) -> Result<(SocketAddr, String), Failure> {
    let all = authority.addresses();
    let first = all.into_iter().next();
    first.ok_or_else(|| Failure::Ask(voice::plan::no_server(&authority.zone)))
}

/// All that names own at the primary server, and the wildcards above them; and where the zone ends.
pub(super) async fn at_primary(
    authority: &Authority,
    names: BTreeSet<Name>,
    asking: &Asking,
) -> Result<State, Failure> {
    of_kinds_at_primary(authority, names, LOOKED_FOR, asking).await
}

/// The same of some types alone.
pub(super) async fn of_kinds_at_primary(
    authority: &Authority,
    mut names: BTreeSet<Name>,
    kinds: &[Type],
    asking: &Asking,
) -> Result<State, Failure> {
    let zone = &authority.zone;
    let wildcards = names.iter().flat_map(|name| wildcards(name, zone));
    let wildcards: Vec<Name> = wildcards.collect();
    let asked = names.clone();
    names.extend(wildcards);
    let mut questions = questions(&names, kinds);
    questions.extend(starts(&asked, zone));
    // Whether it is signed: then it is remembered for longer that there is nothing.
    questions.insert(Question {
        name: zone.clone(),
        kind: Type::DNSKEY,
    });
    let view = ask_primary(authority, asking, questions).await?;
    if let Some(name) = asked.iter().find(|name| is_referred(&view, name, kinds)) {
        return Err(Failure::Ask(voice::plan::delegated(
            &view.server,
            zone,
            name,
        )));
    }
    beyond(&view, &asked, zone)?;
    // Without one it is a name in a zone, or none (RFC 2181, section 6.1).
    if let Some(Said::Nothing(_)) = view.of(zone, Type::SOA) {
        return Err(Failure::Ask(voice::plan::no_zone(&view.server, zone)));
    }
    let mut state = stated(&view)?;
    let is_nothing =
        |name: &Name, kind: Type| matches!(view.of(name, kind), Some(Said::Nothing(_)));
    for name in state.empty(zone, &asked, is_nothing) {
        state.exists(name);
    }
    let given = state.given(zone);
    let told: BTreeMap<Question, &Name> = given
        .iter()
        .filter_map(|(name, told)| {
            let (below, kind) = told.clone()?;
            let question = Question { name: below, kind };
            Some((question, name))
        })
        .collect();
    if told.is_empty() {
        return Ok(state.without_synthesis(zone, &BTreeSet::new()));
    }
    let below = ask_primary(authority, asking, told.keys().cloned().collect()).await?;
    // Nothing, or what another wildcard gives: one below the name, which is there then.
    let is_other = |question: &Question, name: &Name| {
        let said = below.of(&question.name, question.kind);
        let is_answer = matches!(said, Some(Said::Nothing(_) | Said::Records { .. }));
        is_answer && said.and_then(Said::set) != state.set(name, question.kind)
    };
    let exist = told
        .iter()
        .filter(|(question, name)| is_other(question, name));
    let exist = exist.map(|(_, name)| (*name).clone()).collect();
    Ok(state.without_synthesis(zone, &exist))
}

pub(super) async fn ask_primary(
    authority: &Authority,
    asking: &Asking,
    questions: BTreeSet<Question>,
) -> Result<View, Failure> {
    let (server, called) = primary(authority)?;
    let inquiry = Inquiry {
        server,
        called,
        role: Role::Authoritative,
        zone: authority.zone.clone(),
        questions,
    };
    Ok(look_at(inquiry, asking.patience()).await)
}

fn stated(view: &View) -> Result<State, Failure> {
    view.state().map_err(|(name, kind, said)| {
        Failure::Ask(match said {
            Said::Failed(why) | Said::Cut(why) => why.clone(),
            other => voice::plan::unanswered(&view.server, name, kind, other),
        })
    })
}
