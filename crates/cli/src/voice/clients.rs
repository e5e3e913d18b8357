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
    // Where all is well, that there is nothing to refuse goes without saying.
    let is_plain =
        |client: &Client| client.accepts == Verdict::Yes && report.verdicts.accepted != Verdict::No;
    for group in groups(&report.clients, is_plain) {
        let first = group[0];
        let (word, tone) = match first.accepts {
            Verdict::Yes => ("  yes  ", Tone::Good),
            Verdict::No => ("  no   ", Tone::Bad),
            Verdict::Unknown => ("  ?    ", Tone::Caution),
        };
        let names: Vec<&str> = group.iter().map(|client| client.name).collect();
        let mut text = names.join(", ");
        if !is_plain(first) && !first.reason.is_empty() {
            text = format!("{text}: {}", first.reason);
        }
        page.paragraph(&[(word, tone)], "       ", &text, Tone::Plain);
    }
}

/// Clients with one answer and one reason, or none that is shown, in the order of their first.
fn groups(clients: &[Client], is_plain: impl Fn(&Client) -> bool) -> Vec<Vec<&Client>> {
    let mut groups: Vec<Vec<&Client>> = Vec::new();
    for client in clients {
        let same = |group: &&mut Vec<&Client>| {
            let first = group[0];
            (is_plain(first) && is_plain(client))
                || (first.accepts == client.accepts && first.reason == client.reason)
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(client),
            None => groups.push(vec![client]),
        }
    }
    groups
}
