//! Who will accept it.

use keyway_chain::Report;
use keyway_report::Verdict;

use super::page::{Page, Tone};

/// Draws one entry for each family of clients.
pub(super) fn draw(page: &mut Page, report: &Report) {
    if report.clients.is_empty() {
        return;
    }
    page.heading("Who will accept it");
    for client in &report.clients {
        let (word, tone) = match client.accepts {
            Verdict::Yes => ("  yes  ", Tone::Good),
            Verdict::No => ("  no   ", Tone::Bad),
            Verdict::Unknown => ("  ?    ", Tone::Caution),
        };
        let text = if client.reason.is_empty() {
            client.name.clone()
        } else {
            format!("{}: {}", client.name, client.reason)
        };
        page.paragraph(&[(word, tone)], "       ", &text, Tone::Plain);
    }
}
