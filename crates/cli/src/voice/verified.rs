//! What servers say, side by side.

use std::fmt::Write as _;

use super::findings;
use super::numbers::counted;
use super::page::{Page, Tone};
use crate::formats::verified::{Answer, Records, Server, Stands};
use crate::terminal::Look;

/// The progress of one look.
pub(crate) fn asking_template() -> &'static str {
    "asking  {bar:30} {pos}/{len} answers"
}

/// The progress of looking until everybody agrees.
pub(crate) fn waiting_template() -> &'static str {
    "waiting  {bar:30} {pos}/{len} answers are right, {elapsed}"
}

/// A server that cannot be asked.
pub(crate) fn no_address() -> &'static str {
    "it has no address"
}

/// What all servers say.
pub(crate) fn verified(answer: &Answer, look: Look) -> String {
    let mut page = Page::new(look);
    let (right, all) = answer.right();
    let zone = answer.zone.trim_end_matches('.');
    let (word, tone, text) = if answer.agrees {
        let text = format!(
            "{} of the zone {}: every server has what the service needs.",
            counted(answer.records.len(), "set of records", "sets of records"),
            zone
        );
        ("ALL AGREE", Tone::Good, text)
    } else if right == all {
        let text = format!("The records of the zone {zone} are right; something else is not.");
        ("NOT YET", Tone::Bad, text)
    } else {
        let text = format!("{right} of {all} answers about the zone {zone} are right.");
        ("NOT YET", Tone::Bad, text)
    };
    page.paragraph(&[(word, tone), ("  ", Tone::Plain)], "", &text, Tone::Plain);
    if let Some(until) = answer.until {
        let text = format!("The last of these caches has to ask again at {until}.");
        page.paragraph(&[], "", &text, Tone::Caution);
    }
    for records in &answer.records {
        page.blank();
        set(&mut page, records, &answer.servers);
    }
    findings::list(&mut page, &answer.findings);
    page.finish()
}

fn set(page: &mut Page, records: &Records, servers: &[Server]) {
    let wanted = if records.wanted.is_empty() {
        "none".to_owned()
    } else {
        records.wanted.join(", ")
    };
    let title = format!("{} {}: ", records.name, records.kind);
    page.paragraph(&[(&title, Tone::Strong)], "  ", &wanted, Tone::Plain);
    for (server, stands) in servers.iter().zip(&records.standings) {
        one(page, server, stands);
    }
}

fn one(page: &mut Page, server: &Server, stands: &Stands) {
    let (word, tone) = match stands.standing {
        "right" => ("right  ", Tone::Good),
        "other" => ("other  ", Tone::Bad),
        "nothing" => ("nothing", Tone::Bad),
        _ => ("unknown", Tone::Caution),
    };
    let mut text = match server.role {
        "resolver" => format!("resolver {}", server.called),
        _ => server.called.clone(),
    };
    if !stands.found.is_empty() {
        let _ = write!(text, " has {}", stands.found.join(", "));
    }
    if let Some(ttl) = stands.ttl {
        let _ = write!(text, " (TTL {ttl})");
    }
    page.paragraph(
        &[("  ", Tone::Plain), (word, tone), ("  ", Tone::Plain)],
        "           ",
        &text,
        Tone::Plain,
    );
}
