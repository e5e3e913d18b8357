//! What the written files have otherwise than what was given: read off the plan, never guessed from
//! findings. A finding is asked only for how the text of a written block stood in its file.

mod heap;
mod key;
mod text;

use super::Form;
use super::plan::{Change, Plan};
use crate::read::{HeldCertificate, Source};

/// Most places, names and left-out things that one list spells out.
const MOST_LISTED: usize = 6;

impl Plan<'_> {
    /// Order, choice, containers, text, key, and what else was left out.
    pub(super) fn changes(&self) -> Vec<Change> {
        let mut out = Vec::new();
        if self.form != Form::Der {
            self.order(&mut out);
        }
        self.copies(&mut out);
        self.certificates_left_out(&mut out);
        self.containers(&mut out);
        self.text(&mut out);
        self.key(&mut out);
        self.rest_left_out(&mut out);
        out
    }

    fn certificate(&self, index: usize) -> &HeldCertificate {
        &self.bundle.certificates[index]
    }

    /// What to call a certificate; escaped.
    fn name(&self, index: usize) -> String {
        let certificate = &self.certificate(index).certificate;
        let own = certificate.dns_names().next();
        let leaf = own.filter(|_| !certificate.is_ca());
        leaf.map_or_else(
            || format!("\"{}\"", certificate.subject.short()),
            |name| format!("\"{}\"", keyway_report::escape::bytes(name)),
        )
    }

    /// `file:line`; escaped.
    fn place(&self, source: &Source) -> String {
        let at = self.bundle.locus(source);
        let input = keyway_report::escape::text(&at.input.unwrap_or_default());
        at.line
            .map_or_else(|| input.clone(), |line| format!("{input}:{line}"))
    }

    fn places<'s>(&self, sources: impl IntoIterator<Item = &'s Source>) -> String {
        let mut counted: Vec<(String, usize)> = Vec::new();
        for source in sources {
            let place = self.place(source);
            match counted.last_mut() {
                Some((last, count)) if *last == place => *count += 1,
                _ => counted.push((place, 1)),
            }
        }
        list(counted.into_iter().map(|(place, count)| match count {
            1 => place,
            // All that is in a container stands where the container does.
            _ => format!("{place} ({count} times)"),
        }))
    }

    /// The places that the written things were taken from: the first of each.
    fn taken_from(&self) -> impl Iterator<Item = &Source> {
        let certificates = self.written.iter().map(|&index| self.certificate(index));
        let certificates = certificates.filter_map(|held| held.sources.first());
        certificates.chain(self.written_key().and_then(|key| key.sources.first()))
    }
}

fn change(what: String, why: &str, code: Option<&'static str>) -> Change {
    Change {
        what,
        why: why.to_owned(),
        code,
    }
}

/// `a, b, c and 4 more`.
fn list(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items.into_iter().collect();
    match items.len().checked_sub(MOST_LISTED) {
        Some(more @ 1..) => format!("{} and {more} more", items[..MOST_LISTED].join(", ")),
        _ => items.join(", "),
    }
}
