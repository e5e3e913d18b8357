//! Plans: what will change, and in which order.

mod forms;
mod refusals;

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;

use keyway_dns::name::Name;
use keyway_dns::plan::answer::Planned;
use keyway_dns::plan::{Change, Plan, Set, Step};
use keyway_dns::wanted::Idle;
use keyway_dns::zone::Finding;
use keyway_report::{Kind as _, Severity, Timestamp, escape};

use super::applied::stage;
use super::findings;
use super::numbers::{counted, joined};
use super::page::{Page, Tone};
use crate::intent::{Nameless, shown};
use crate::terminal::Look;

pub(crate) use forms::{lost, parts, times};
pub(crate) use refusals::{
    below_zone, delegated, faulty_zone, no_origin, no_server, no_such_zone, no_zone,
    not_a_resolver, not_overwritten, of_other_zone, refused, unanswered, unregistered, was_empty,
    zone_unfound,
};

/// How many digits of a checksum tell one plan from another at a glance.
const SHORT: usize = 12;

/// A plan, as a person looks at it before it is carried out. `files` are the service's, which knows server and key, and
/// that of the plan.
pub(crate) fn planned(
    answer: &Planned,
    plan: &Plan,
    files: Option<(Option<&Path>, &Path)>,
    look: Look,
) -> String {
    let mut page = Page::new(look);
    let changes: Vec<&Change> = plan.changes().collect();
    if changes.is_empty() {
        let is_error = |finding: &Finding| finding.severity() == Severity::Error;
        let is_wrong = answer.findings.iter().any(is_error);
        let (tone, rest) = if is_wrong {
            (Tone::Caution, ". Something else is not right")
        } else {
            (Tone::Good, "")
        };
        let text = format!(
            "The zone {} has all that was asked for: {}{rest}.",
            bare(&plan.zone),
            counted(plan.kept.len(), "set of records", "sets of records")
        );
        page.paragraph(
            &[("NOTHING TO DO", tone), ("  ", Tone::Plain)],
            "",
            &text,
            Tone::Plain,
        );
        return ended(page, answer);
    }
    let text = format!(
        "{} in {}, in the zone {}.",
        counted(changes.len(), "change", "changes"),
        counted(plan.steps.len(), "step", "steps"),
        bare(&plan.zone)
    );
    page.paragraph(
        &[("PLAN", Tone::Strong), ("  ", Tone::Plain)],
        "",
        &text,
        Tone::Plain,
    );
    for (number, step) in plan.steps.iter().enumerate() {
        page.heading(&step_title(number, step));
        if step.wait > 0 {
            page.paragraph(
                &[("  ", Tone::Plain)],
                "  ",
                waits_for(number, plan.settled),
                Tone::Caution,
            );
        }
        if step.takes_pins() {
            let text = "Before this step the service has to serve with a key that stays pinned.";
            page.paragraph(&[("  ", Tone::Plain)], "  ", text, Tone::Caution);
        }
        for change in &step.changes {
            self::change(&mut page, change);
        }
    }
    if !plan.kept.is_empty() {
        page.blank();
        let kept: Vec<String> = plan
            .kept
            .iter()
            .map(|kept| format!("{} {}", kept.name, kept.kind))
            .collect();
        let text = format!("Kept as it is: {}.", joined(&kept));
        page.paragraph(&[], "", &text, Tone::Dim);
    }
    page.blank();
    let checksum = &answer.plan.checksum[..SHORT];
    let next = match files {
        Some((service, path)) => format!(
            "Nothing is changed yet. Plan {checksum}; `keyway dns apply {}--plan {}` carries it out.",
            service.map_or_else(String::new, |file| shown(file) + " "),
            shown(path)
        ),
        None => format!(
            "Nothing is changed yet. Plan {checksum}; --out FILE keeps it for `keyway dns apply`, --render \
             card says what to type into a registrar's form."
        ),
    };
    page.paragraph(&[], "", &next, Tone::Dim);
    ended(page, answer)
}

/// A name without the dot at its end, which a sentence has itself.
pub(super) fn bare(name: &Name) -> String {
    let text = name.to_string();
    text.strip_suffix('.').map(str::to_owned).unwrap_or(text)
}

fn ended(mut page: Page, answer: &Planned) -> String {
    findings::list(&mut page, &answer.findings);
    page.finish()
}

fn step_title(number: usize, step: &Step) -> String {
    let mut title = format!("Step {}", number + 1);
    if step.wait > 0 {
        let _ = write!(title, ", {}", waited(number, step.wait));
    }
    title
}

/// Why the time of a step comes no sooner.
fn waits_for(number: usize, is_settled: bool) -> &'static str {
    match (number, is_settled) {
        (0, _) => {
            "Nobody knows since when that, and where names are led, has stood, and caches may know otherwise; --settled \
             says that it has."
        }
        (_, true) => "By then no cache has the records of before.",
        (_, false) => {
            "By then no cache has the records of before, save where their TTL was lowered shortly before this plan and \
             nobody here has seen it; --settled says that none was."
        }
    }
}

/// When the time of a step comes, its number from 0: the same wherever it is said.
fn waited(number: usize, wait: u32) -> String {
    format!("{wait} seconds after every server has {}", stage(number))
}

fn change(page: &mut Page, change: &Change) {
    let line = |page: &mut Page, sign: &str, tone: Tone, set: &Set, data: &str| {
        let text = format!("{} {} {} {data}", change.name, set.ttl, change.kind);
        page.paragraph(
            &[("  ", Tone::Plain), (sign, tone), (" ", Tone::Plain)],
            "      ",
            &text,
            Tone::Plain,
        );
    };
    let texts = |set: &Option<Set>| {
        let texts = set.as_ref().map(|set| set.texts(change.kind));
        texts.unwrap_or_default()
    };
    let (before, after) = (texts(&change.before), texts(&change.after));
    let same_ttl = match (&change.before, &change.after) {
        (Some(before), Some(after)) => before.ttl == after.ttl,
        _ => false,
    };
    if let Some(set) = &change.before {
        for data in before
            .iter()
            .filter(|data| !same_ttl || !after.contains(data))
        {
            line(page, "-", Tone::Bad, set, data);
        }
    }
    if let Some(set) = &change.after {
        for data in &after {
            let is_kept = same_ttl && before.contains(data);
            let (sign, tone) = if is_kept {
                (" ", Tone::Dim)
            } else {
                ("+", Tone::Good)
            };
            line(page, sign, tone, set, data);
        }
    }
    page.paragraph(
        &[("      ", Tone::Plain)],
        "      ",
        &change.reason,
        Tone::Dim,
    );
}

/// Why there is no plan.
pub(crate) fn no_plan(findings: &[Finding], look: Look) -> String {
    let mut page = Page::new(look);
    let text = "No changes lead there.";
    page.paragraph(
        &[("NO PLAN", Tone::Bad), ("  ", Tone::Plain)],
        "",
        text,
        Tone::Plain,
    );
    findings::refusals(&mut page, findings);
    page.finish()
}

/// What should be known, beside a plan that another program is to carry out.
pub(crate) fn noted(finding: &Finding) -> String {
    format!("{}: {}", finding.code(), finding.kind.message())
}

/// What was wished for and is not planned: hosts in other zones, what comes to nothing, and CAA records of an issuer of
/// which nobody says what it is called there.
pub(crate) fn left_out(
    elsewhere: &[Name],
    idle: &[Idle],
    nameless: Option<&Nameless>,
) -> Option<String> {
    let mut texts: Vec<String> = idle.iter().map(ToString::to_string).collect();
    texts.extend(nameless.map(|nameless| {
        let (issuer, why) = match nameless {
            Nameless::Idle(issuer) => (issuer, "as tls.status is not \"auto\" it issues nothing"),
            Nameless::Unknown(issuer) => (
                issuer,
                "what CAA records call it is not known here; --ca says it",
            ),
        };
        let issuer = escape::text(issuer);
        format!("no CAA record is looked at or planned for tls.issuer, {issuer}: {why}")
    }));
    if !elsewhere.is_empty() {
        let names: Vec<String> = elsewhere.iter().map(bare).collect();
        texts.push(format!("in other zones, and left out: {}", joined(&names)));
    }
    (!texts.is_empty()).then(|| texts.join("; "))
}

/// Fields of a service file that nobody reads.
pub(crate) fn slips(path: &Path, slips: &[String]) -> Option<String> {
    let (path, slips) = (shown(path), slips.join(" "));
    (!slips.is_empty()).then(|| {
        format!("{path} is read without a part of it: {slips} `keyway config check` says where")
    })
}

/// A record that is over before it is made.
pub(crate) fn persists_no_more(until: Timestamp) -> String {
    format!(
        "--persist-until {until} is past: no CA takes such a record; name a later moment, or none"
    )
}

/// CAA records above a zone, of which nobody knows whether there are any.
pub(crate) fn above_unasked(name: &Name, why: &str) -> String {
    format!(
        "whether {} has CAA records was not found out ({why}): what they say of other CAs ends for a name that gets \
         records of its own (RFC 8659, section 3)",
        bare(name)
    )
}

/// Why: nobody is there who could be asked.
///
/// `own` is the resolver of the machine, which does not count where servers are named.
pub(crate) fn no_resolver(own: Option<SocketAddr>) -> String {
    let own = own.map_or_else(String::new, |own| {
        format!(", such as this machine's, {}", own.ip())
    });
    format!("no resolver is named; name one with --resolver{own}")
}

/// A name above a wildcard that is an alias.
pub(crate) fn issuers_at_alias(name: &Name) -> String {
    format!(
        "{name} is an alias: the CAA records for the wildcard below it have to stand where it leads, and are not planned"
    )
}

/// Why: who was asked knows nothing of it.
pub(crate) fn not_followed() -> &'static str {
    "who was asked neither speaks for it nor looks things up for others"
}

/// Why: a file is all that was looked at.
pub(crate) fn file_alone() -> &'static str {
    "a zone file says nothing of names that are not in it"
}

/// An older plan made way for one that does not wait as that did.
pub(crate) fn wait_forgotten(path: &Path, seconds: u32) -> String {
    format!(
        "{} held a plan that is not known to have been carried out: a step of it had to wait for {seconds} seconds, and \
         this plan has none in its place",
        shown(path)
    )
}

/// A plan without changes, in another's words.
pub(crate) fn nothing_to_do() -> &'static str {
    "there is nothing to do: the zone has all that the service needs"
}
