//! What became of a plan.

use std::fmt::Write as _;
use std::path::Path;

use keyway_dns::message::Code;
use keyway_dns::name::Name;
use keyway_dns::plan::{Behind, Drift, Plan, Set};
use keyway_dns::rdata::Type;
use keyway_report::{Timestamp, escape};

use super::numbers::{counted, joined};
use super::page::{Page, Tone};
use super::plan::bare;
use crate::formats::applied::{Answer as Applied, Outcome};
use crate::intent::shown;
use crate::terminal::Look;

/// Most sets that a refusal names, and most of the data of one that it shows: it is one line.
const MOST_SETS: usize = 3;
const MOST_DATA: usize = 2;

/// Sets that are not as they are expected, the first of them with what was expected and what was seen.
pub(crate) fn drifts(drifts: &[Drift]) -> Vec<String> {
    let set = |set: &Option<Set>, kind: Type| {
        let Some(set) = set else {
            return "nothing".to_owned();
        };
        let mut data = set.texts(kind);
        let more = data.len().saturating_sub(MOST_DATA);
        data.truncate(MOST_DATA);
        if more > 0 {
            data.push(format!("{more} more"));
        }
        format!("{} (TTL {})", joined(&data), set.ttl)
    };
    let told = drifts.iter().enumerate().map(|(place, drift)| {
        let Drift { name, kind, .. } = drift;
        if place > 0 {
            return format!("{name} {kind}");
        }
        let (expected, seen) = (set(&drift.expected, *kind), set(&drift.seen, *kind));
        format!("{name} {kind}: expected {expected}, seen {seen}")
    });
    told.collect()
}

/// A set that an alias leads to and that is gone.
pub(crate) fn astray(name: &Name, kind: Type) -> String {
    format!("{name} {kind}, which an alias leads to")
}

/// A name of another zone that an alias leads to and that has no address.
pub(crate) fn abroad(name: &Name) -> String {
    format!("an address of {name}, which an alias leads to")
}

fn few(sets: &[String]) -> String {
    let mut few: Vec<String> = sets.iter().take(MOST_SETS).cloned().collect();
    let more = sets.len() - few.len();
    if more > 0 {
        few.push(format!("{more} more"));
    }
    few.join("; ")
}

/// The zone is another one by now: sets that the plan knows of, or what its names have besides.
pub(crate) fn changed(known: &[Drift], others: &[(Name, Type)]) -> String {
    if known.is_empty() {
        changed_beside(others)
    } else {
        changed_since(&drifts(known))
    }
}

/// The zone is another one by now.
pub(crate) fn changed_since(sets: &[String]) -> String {
    format!(
        "the zone has changed since the plan was made ({}); nothing was done. Make a new plan",
        few(sets)
    )
}

/// What the names of a plan have besides is another by now: these sets are there.
fn changed_beside(others: &[(Name, Type)]) -> String {
    let sets: Vec<String> = others
        .iter()
        .map(|(name, kind)| format!("{name} {kind}"))
        .collect();
    let now = if sets.is_empty() {
        "none is there now".to_owned()
    } else {
        format!("there now: {}", few(&sets))
    };
    format!(
        "the zone has changed since the plan was made: names in it had other records besides ({now}); nothing was done. \
         Make a new plan"
    )
}

/// Somebody else has changed the zone while the plan was carried out.
pub(crate) fn changed_meanwhile(sets: &[String]) -> String {
    format!(
        "somebody else changed the zone while the plan was carried out ({}); no further step was made. Run the same \
         command again: it looks at what stands, and goes on from there",
        few(sets)
    )
}

/// The server does not make a step, as what it starts from does not stand.
pub(crate) fn refused_for(code: Code, sets: &[String]) -> String {
    format!(
        "the server says {code}: what the step starts from has changed ({}); it was not made. Make a new plan",
        few(sets)
    )
}

/// The server does not make a step, as a name is there that a wildcard seemed to give.
pub(crate) fn seems(code: Code, name: &Name) -> String {
    format!(
        "the server says {code}: {name} has records itself, which cannot be seen from outside, as a wildcard gives the same; \
         the step was not made. Make a plan with --transfer"
    )
}

/// Nobody sees whether a name is there, and a later step makes a difference to that.
pub(crate) fn untold(name: &Name) -> String {
    format!(
        "whether {name} has its records itself or a wildcard gives them cannot be seen from outside, and a step changes \
         what that gives; no further step was made. Make a plan with --transfer"
    )
}

/// Who works with a plan.
pub(crate) fn holder(process: u32, since: Timestamp) -> String {
    format!("process {process}, since {since}")
}

/// Somebody else works with a plan.
pub(crate) fn taken(who: &str) -> String {
    let who = if who.is_empty() {
        String::new()
    } else {
        format!(" ({})", escape::text(who))
    };
    format!(
        "another keyway command works with this plan{who}; nothing was done. Wait until it has ended, and run the same \
         command again"
    )
}

/// Servers have not said in time what they have.
pub(crate) fn out_of_time() -> &'static str {
    "--deadline was over before the servers had said what they have; nothing was done. Give it more seconds"
}

/// A server does not take an update, and the zone names another one that may.
pub(crate) fn other_primary(error: &str, primary: &str) -> String {
    let stop = if error.ends_with('?') { "" } else { "." };
    format!(
        "{error}{stop} The zone's SOA record names {primary} as its primary server, which its NS records do not: --server {} \
         sends updates there",
        primary.trim_end_matches('.')
    )
}

/// A step is waited for.
pub(crate) fn waiting(step: usize, seconds: i64, is_settled: bool) -> String {
    let known = by_then(is_settled);
    format!(
        "waiting {seconds} seconds before step {step}: then no cache has the records of before{known}"
    )
}

/// What nobody knows of what caches have, unless somebody says that it `is_settled`.
pub(super) fn by_then(is_settled: bool) -> &'static str {
    if is_settled {
        ""
    } else {
        ", save where their TTL was lowered shortly before the plan and nobody here has seen it (--settled at `dns plan` says \
         that none was)"
    }
}

/// What is beside a plan cannot be read.
pub(crate) fn journal_unread(path: &Path) -> String {
    format!(
        "{} does not read as what was noted of a plan, and is passed over: times that steps wait for begin anew",
        shown(path)
    )
}

/// What is noted beside a plan was noted while the clock was wrong.
pub(crate) fn was_ahead() -> &'static str {
    "what is noted beside the plan is of a moment that is still to come, so the clock was ahead: it counts as noted now"
}

/// A server that does not have what was done.
pub(crate) fn behind(behind: &Behind) -> String {
    match &behind.why {
        Some(why) => format!("{} ({why})", behind.server),
        None => behind.server.clone(),
    }
}

/// Nobody says which servers the zone has.
pub(crate) fn others_unknown() -> &'static str {
    "other servers of the zone (the one that was named does not say which they are)"
}

/// Nobody says which servers the zone above names.
pub(crate) fn above_unasked(why: &str) -> String {
    format!("servers that only the zone above names (nobody says whether there are any: {why})")
}

/// What a resolver says of a zone that somebody named.
pub(crate) fn other_zone(zone: &Name, other: &Name) -> String {
    format!(
        "for the resolver {} is in the zone {}",
        bare(zone),
        bare(other)
    )
}

/// How to go on without a server that stays away.
const WAY_OUT: &str = "One that is out of service for good is waited for as long as an NS record names it: take it out of \
                       these, in the zone above too, and name the others, each with --server, and --no-other-servers";

/// Servers are waited for, so many seconds at most.
pub(crate) fn waiting_for(steps: usize, servers: &[String], seconds: u64) -> String {
    format!(
        "waiting until {} ha{} {}, at most {seconds} seconds. {WAY_OUT}",
        joined(servers),
        if servers.len() == 1 { "s" } else { "ve" },
        stage(steps)
    )
}

/// What so many steps leave.
pub(super) fn stage(steps: usize) -> String {
    match steps {
        0 => "what the plan starts from".to_owned(),
        number => format!("what step {number} left"),
    }
}

/// What became of a plan.
pub(crate) fn applied(answer: &Applied, plan: &Plan, look: Look) -> String {
    let mut page = Page::new(look);
    let outcomes: Vec<Outcome> = answer.steps.iter().map(|step| step.outcome).collect();
    let made = outcomes
        .iter()
        .filter(|outcome| **outcome == Outcome::Made)
        .count();
    let (word, tone, text) = if outcomes.contains(&Outcome::Ignored) {
        (
            "IGNORED",
            Tone::Bad,
            "The server said that it was done, and it does not stand.".to_owned(),
        )
    } else if answer.stopped {
        let steps = counted(made, "step was", "steps were");
        let text = format!("{steps} made, and something else is not as it has to be.");
        ("STOPPED", Tone::Bad, text)
    } else if !answer.astray.is_empty() {
        (
            "LEADS NOWHERE",
            Tone::Bad,
            "The records of the plan stand, and what they lead to does not.".to_owned(),
        )
    } else if !answer.is_complete() {
        (
            "NOT YET ALL",
            Tone::Caution,
            format!("{} made.", counted(made, "step was", "steps were")),
        )
    } else if made == 0 {
        (
            "STANDS",
            Tone::Good,
            format!("The zone {} had all of it already.", bare(&plan.zone)),
        )
    } else {
        (
            "DONE",
            Tone::Good,
            if made == 1 {
                "1 step was made, and stands.".to_owned()
            } else {
                format!("{made} steps were made, and stand.")
            },
        )
    };
    page.paragraph(&[(word, tone), ("  ", Tone::Plain)], "", &text, Tone::Plain);
    page.row(&[(
        &format!("zone {} at {}", bare(&plan.zone), answer.server),
        Tone::Dim,
    )]);
    page.blank();
    for (made, step) in answer.steps.iter().zip(&plan.steps) {
        let (word, tone) = match made.outcome {
            Outcome::Stood => ("stood", Tone::Dim),
            Outcome::Made => ("made", Tone::Good),
            Outcome::Ignored => ("ignored", Tone::Bad),
            Outcome::Later => ("later", Tone::Caution),
        };
        let mut text = counted(step.changes.len(), "change", "changes");
        if let Some(due) = made.not_before {
            let _ = write!(
                text,
                ": not before {due}, when no cache has the records of before{}. Run the same command then, or with --wait",
                by_then(plan.settled)
            );
        } else if !made.behind.is_empty() {
            let next = if made.others_unknown {
                "Run the same command with a --resolver that knows them; or, where you know that resolvers come to no \
                 other servers than those that were asked, with --no-other-servers"
                    .to_owned()
            } else {
                format!("Run the same command when they have it, or with --wait. {WAY_OUT}")
            };
            let _ = write!(
                text,
                ": {} seconds after every server of the zone has {}. Not known to have it: {}. {next}",
                step.wait,
                stage(made.number - 1),
                joined(&made.behind)
            );
        } else if made.needs_key_switched {
            let _ = write!(
                text,
                ": takes pins away. When the service serves with a key that stays pinned, run the same command \
                 with --key-switched"
            );
        } else if made.outcome == Outcome::Later {
            let _ = write!(text, ", {} seconds after the step before", step.wait);
        }
        if !made.ignored.is_empty() {
            let _ = write!(
                text,
                "; the server answered NOERROR, and these are not as they should be: {}; look at what the names have",
                joined(&made.ignored)
            );
            if made.ignored.iter().any(|set| set.ends_with(" CNAME")) {
                text.push_str(". A CNAME beside other records is ignored so");
            }
        }
        let lead = format!("Step {} ", made.number);
        page.paragraph(
            &[(&lead, Tone::Plain), (word, tone), (": ", Tone::Plain)],
            "  ",
            &text,
            Tone::Plain,
        );
    }
    if !answer.astray.is_empty() {
        page.blank();
        let text = format!(
            "Not there any more: {}. Whoever asks for a name that becomes such an alias gets nothing. Make a new plan, with \
             an endpoint that is there; records below a name hide what a wildcard gives it.",
            joined(&answer.astray)
        );
        page.paragraph(&[], "", &text, Tone::Bad);
    }
    if !answer.behind.is_empty() {
        page.blank();
        let text = format!(
            "Not known to have all of it yet: {}. Whoever asks there may be given the records of before; `keyway dns wait \
             --plan` waits until all servers agree.",
            joined(&answer.behind)
        );
        page.paragraph(&[], "", &text, Tone::Caution);
    }
    if !answer.untold.is_empty() {
        page.blank();
        let text = format!(
            "Whether {} {} these records, or a wildcard gives the same, cannot be seen from outside. Whoever asks is given the \
             right answer.",
            joined(&answer.untold),
            if answer.untold.len() == 1 {
                "has"
            } else {
                "have"
            }
        );
        page.paragraph(&[], "", &text, Tone::Dim);
    }
    page.finish()
}
