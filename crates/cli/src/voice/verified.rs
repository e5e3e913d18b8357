//! What servers say, side by side.

use std::fmt::Write as _;

use keyway_dns::message::Code;
use keyway_dns::name::Name;

use super::findings;
use super::numbers::{counted, joined};
use super::page::{Page, Tone};
use crate::formats::verified::{Answer, Records, Server, Stands, Told};
use crate::terminal::Look;

/// Most sets of records that are shown although they are right everywhere.
const MANY: usize = 50;

/// The progress of one look.
pub(crate) fn asking_template() -> &'static str {
    "asking  {bar:30} {pos}/{len} answers"
}

/// The progress of looking until everybody agrees.
pub(crate) fn waiting_template() -> &'static str {
    "waiting  {bar:30} {pos}/{len} answers are right, {elapsed}"
}

/// What is waited for where nothing differs.
pub(crate) fn all_asked_agree() -> &'static str {
    "all that was asked is right; waiting a while for what could not be asked"
}

/// What a server says in the place of an answer.
pub(crate) fn says(code: Code) -> String {
    format!("it says {code}")
}

/// Nobody has said in time which servers there are.
pub(crate) fn out_of_time() -> &'static str {
    "--deadline was over before anybody had said which servers the zone has; give it more seconds"
}

/// Where an alias leads was not found out in time.
pub(crate) fn no_time_to_follow() -> &'static str {
    "--deadline was over before anybody had said where it leads"
}

/// A server that cannot be asked.
pub(crate) fn no_address() -> &'static str {
    "it has no address"
}

/// Nobody says where a server is.
pub(crate) fn address_unknown(why: &str) -> String {
    format!("nobody can say which address it has ({why})")
}

/// A server of the zone, of which nobody says where it is.
pub(crate) fn unlocated(name: &Name, why: &str) -> String {
    format!("{name} ({})", address_unknown(why))
}

/// A server of the zone, and where it is.
pub(crate) fn located(name: &Name, places: &[String]) -> String {
    format!("{name} ({})", joined(places))
}

/// The progress of connecting.
pub(crate) fn connecting_template() -> &'static str {
    "connecting  {bar:30} {pos}/{len} addresses"
}

/// What all servers say.
pub(crate) fn verified(answer: &Answer, look: Look) -> String {
    let mut page = Page::new(look);
    let (right, all) = answer.right();
    let of = zones(&answer.zones);
    let count = answer.zones.iter().map(|zone| zone.records.len()).sum();
    let sets = counted(count, "set of records", "sets of records");
    let (word, tone, text) = if answer.agrees {
        let text = format!("{sets} {of}: every server has what the service needs.");
        ("ALL AGREE", Tone::Good, text)
    } else if !answer.differs {
        // Nobody promises for what was not asked.
        let text = format!(
            "{sets} {of}: every server that was asked has what the service needs. Nobody knows that of all."
        );
        ("NOT KNOWN", Tone::Caution, text)
    } else if right == all {
        let text = format!("The records {of} are right; something else is not.");
        ("NOT YET", Tone::Bad, text)
    } else {
        let text = format!("{right} of {all} answers about the records {of} are right.");
        ("NOT YET", Tone::Bad, text)
    };
    page.paragraph(&[(word, tone), ("  ", Tone::Plain)], "", &text, Tone::Plain);
    if !answer.unasked.is_empty() {
        let next = if answer.others_unknown {
            "Name them with --server, and a --resolver that can say which others there are; or, where you know that \
             there are none but those that can be named, say --no-other-servers"
        } else {
            "Name them with --server, too, or leave it out"
        };
        let text = format!(
            "Not asked, though resolvers may come to them: {}. {next}.",
            joined(&answer.unasked)
        );
        page.paragraph(&[], "", &text, Tone::Caution);
    }
    if let Some(until) = answer.until {
        let text = format!("The last of these caches has to ask again at {until}.");
        page.paragraph(&[], "", &text, Tone::Caution);
    }
    if let Some(released) = answer.released {
        let end = if answer.released_settled {
            ", and no longer, save at resolvers that give expired answers when they cannot ask anew (RFC 8767)"
        } else {
            "; longer only where a TTL was lowered shortly before the plan was made and nobody here has seen it \
             (--settled at `dns plan` says that none was)"
        };
        let text = format!(
            "Caches that were not asked may have what was there before, or that there was nothing, until {released}{end}."
        );
        page.paragraph(&[], "", &text, Tone::Caution);
    }
    if answer.release_open {
        let text = "Nobody can say yet until when caches have what was there before: a server of the zone may still \
                    give it to whoever asks.";
        page.paragraph(&[], "", text, Tone::Caution);
    }
    if !answer.unreached.is_empty() {
        let text = format!(
            "Not looked at, as there is no way there from this machine: {}.",
            joined(&answer.unreached)
        );
        page.paragraph(&[], "", &text, Tone::Caution);
    }
    let mut unsaid = 0;
    for zone in &answer.zones {
        for records in &zone.records {
            if count > MANY && is_right(records) {
                unsaid += 1;
                continue;
            }
            page.blank();
            set(&mut page, records, &zone.servers);
        }
    }
    if unsaid > 0 {
        page.blank();
        let sets = counted(unsaid, "more set", "more sets");
        let text = format!("{sets} of records, which every server has as they have to be.");
        page.paragraph(&[], "", &text, Tone::Plain);
    }
    findings::list(&mut page, &answer.findings);
    page.finish()
}

fn is_right(records: &Records) -> bool {
    let mut standings = records.standings.iter();
    standings.all(|stands| stands.standing == "right")
}

fn zones(zones: &[Told]) -> String {
    match zones {
        [one] => format!("of the zone {}", one.zone.trim_end_matches('.')),
        many => format!("of {}", counted(many.len(), "zone", "zones")),
    }
}

fn set(page: &mut Page, records: &Records, servers: &[Server]) {
    let wanted = if records.wanted.is_empty() {
        "none".to_owned()
    } else {
        records.wanted.join(", ")
    };
    let title = format!("{} {}: ", records.name, records.kind);
    page.paragraph(&[(&title, Tone::Strong)], "  ", &wanted, Tone::Plain);
    let all = || servers.iter().zip(&records.standings);
    let is_resolver = |server: &Server| server.role == "resolver";
    let is_new = all().all(|(server, stands)| is_resolver(server) || stands.standing == "nothing");
    for (server, stands) in all() {
        let is_left_out = is_new && is_resolver(server) && stands.standing == "unknown";
        one(page, server, stands, is_left_out);
    }
}

fn one(page: &mut Page, server: &Server, stands: &Stands, is_left_out: bool) {
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
    if is_left_out {
        // It would remember that there is nothing.
        text += " is asked when the zone has it";
    }
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
