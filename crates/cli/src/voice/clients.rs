//! Who will accept it.

use keyway_chain::Report;
use keyway_chain::clients::Client;
use keyway_report::Verdict;

use super::page::{Page, Tone};

/// Draws the families of clients; those that say the same for the same reason share an entry.
pub(super) fn draw(page: &mut Page, report: &Report) {
    if report.clients.is_empty() {
        return;
    }
    page.heading("Who will accept it");
    for group in groups(&report.clients) {
        let first = group[0];
        let (word, tone) = match first.accepts {
            Verdict::Yes => ("  yes  ", Tone::Good),
            Verdict::No => ("  no   ", Tone::Bad),
            Verdict::Unknown => ("  ?    ", Tone::Caution),
        };
        let names: Vec<&str> = group.iter().map(|client| client.name.as_str()).collect();
        let mut text = names.join(", ");
        // Where all is well, that there is nothing to refuse goes without saying.
        let plain = first.accepts == Verdict::Yes && report.verdicts.accepted != Verdict::No;
        if !plain && !first.reason.is_empty() {
            text = format!("{text}: {}", first.reason);
        }
        page.paragraph(&[(word, tone)], "       ", &text, Tone::Plain);
    }
}

/// Clients with one answer and one reason, in the order of their first.
fn groups(clients: &[Client]) -> Vec<Vec<&Client>> {
    let mut groups: Vec<Vec<&Client>> = Vec::new();
    for client in clients {
        let same = |group: &&mut Vec<&Client>| {
            group[0].accepts == client.accepts && group[0].reason == client.reason
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(client),
            None => groups.push(vec![client]),
        }
    }
    groups
}
