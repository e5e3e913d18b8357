//! Rules in full.

use keyway_chain::rules::Entry;

use super::findings::tone;
use super::page::{Page, Tone};
use crate::formats::json;
use crate::terminal::Look;

/// The rules, one after the other.
pub(crate) fn explanations(entries: &[&Entry], look: Look) -> String {
    let mut page = Page::new(look);
    for (index, entry) in entries.iter().enumerate() {
        if index > 0 {
            page.blank();
        }
        one(&mut page, entry);
    }
    page.finish()
}

fn one(page: &mut Page, entry: &Entry) {
    let rule = entry.rule;
    let lead = [
        (rule.severity.word(), tone(rule.severity)),
        ("  ", Tone::Plain),
        (rule.code, Tone::Strong),
    ];
    page.row(&lead);
    page.paragraph(&[], "", &format!("{}.", rule.title), Tone::Plain);
    let profiles: Vec<&str> = entry
        .profiles
        .iter()
        .map(|each| json::profile(*each))
        .collect();
    field(page, "why", rule.why);
    field(page, "fix", rule.fix);
    field(
        page,
        "decides",
        &format!("the verdict \"{}\"", entry.aspect.word()),
    );
    field(page, "profiles", &profiles.join(", "));
    for source in rule.sources {
        field(page, "source", source);
    }
}

fn field(page: &mut Page, name: &str, text: &str) {
    let lead = format!("  {name:<9} ");
    page.paragraph(&[(&lead, Tone::Dim)], "            ", text, Tone::Plain);
}
